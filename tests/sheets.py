"""Sheets and presentations of the bundled catalogue, as the tests of pictures, slides, handouts and pages need them."""

from datetime import date
from functools import cache
from urllib.parse import parse_qsl

from atlas.catalogue.links import from_query
from atlas.catalogue.source.bundle import published_world
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import Stop, StopKind

TODAY = date(2026, 11, 22)
BASE = "https://atlante.example.org/"


@cache
def world():
    return published_world()


def make_view(query):
    return from_query(dict(parse_qsl(query)), world())


def make_content(query="", page="mappa", title="", notes="", today=TODAY, position=None):
    return build_content(Stop(StopKind(page), make_view(query), title, notes, position), world(), today, BASE)


def prepared(query=""):
    return propose_story(make_view(query), world())
