"""Stops survive a file, a link and every change of order; what is damaged is told and takes nothing away."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.i18n import translator
from atlas.base.model import CountingRule, Face, Language, Level, Measure, Selection, View, ViewOptions
from atlas.catalogue.source.bundle import published_world
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import (
    LINK_LIMIT,
    NOTES_LIMIT,
    STOPS_AT_MOST,
    Stop,
    StopKind,
    Story,
    StoryError,
    add_stop,
    annotate_stop,
    clean_notes,
    clean_title,
    copy_stop,
    delete_stop,
    from_json,
    from_link,
    move_stop,
    rename_stop,
    to_json,
    to_link,
    to_position,
)
from tests.factories import small_world

WORLD = small_world()

selections = st.builds(
    Selection,
    text=st.sampled_from(["", "orto", "caffè di comunità"]),
    themes=st.sampled_from([(), ("housing",), ("digital", "poverty")]),
    targets=st.sampled_from([(), ("elderly",)]),
    regions=st.sampled_from([(), ("08",), ("01", "04")]),
)
views = st.builds(
    View,
    language=st.sampled_from(Language),
    selection=selections,
    options=st.builds(
        ViewOptions,
        level=st.sampled_from(Level),
        measure=st.sampled_from(Measure),
        rule=st.sampled_from(CountingRule),
    ),
    initiative=st.sampled_from(["", "bologna"]),
    face=st.sampled_from(Face),
)
positions = st.none() | st.tuples(
    st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 40).map(lambda quarter: quarter / 4)
)
stops = st.builds(
    Stop,
    kind=st.sampled_from(StopKind),
    view=views,
    title=st.text(max_size=60).map(clean_title),
    notes=st.text(max_size=120).map(clean_notes),
    map_position=positions,
)
headings = st.text(max_size=60).map(clean_title)
stories = st.builds(
    Story, title=headings, occasion=headings, author=headings, stops=st.lists(stops, max_size=5).map(tuple)
)


def named(*titles):
    return Story("Serie", tuple(Stop(StopKind.MAP, View(), title) for title in titles))


def titles(story):
    return [stop.title for stop in story.stops]


@given(stories)
def test_a_file_gives_the_same_stops_back(story):
    assert from_json(to_json(story), WORLD) == story
    assert from_json(to_json(story).encode("utf-8-sig"), WORLD) == story


@given(stories)
def test_a_link_gives_the_same_stops_back_or_says_that_it_is_too_long(story):
    link = to_link(story)
    if link is None:
        return
    assert len(link) <= LINK_LIMIT and link.removeprefix("2.").replace("-", "").replace("_", "").isalnum()
    assert from_link(link, WORLD) == story


def test_a_link_that_would_be_too_long_is_none():
    text = " ".join(f"{n * 7919 % 99991:x}" for n in range(600))
    assert to_link(annotate_stop(named("una"), 0, text)) is None
    assert to_link(named("una")) is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        ("[" * 100_000, "damaged"),
        ("[]", "other_file"),
        ('{"stops": []}', "other_file"),
        ('{"type": "FeatureCollection", "features": []}', "other_file"),
        ('{"format": "atlante-presentazione", "version": 2, "stops": []}', "other_version"),
        ('{"format": "atlante-presentazione", "stops": []}', "other_version"),
        ('{"format": "atlante-presentazione", "version": 1}', "damaged"),
        ('{"format": "atlante-presentazione", "version": 1, "stops": [1]}', "damaged"),
        ("x" * 1_000_001, "too_large"),
    ],
)
def test_what_is_no_presentation_is_told(text, reason):
    with pytest.raises(StoryError) as error:
        from_json(text, WORLD)
    assert error.value.reason == reason
    for language in Language:
        assert translator(language)(f"story.fault.{reason}")


@given(st.text(max_size=80) | st.text("abcdefgABCDEFG0123-_", max_size=80))
def test_any_text_is_a_link_or_a_clear_error(link):
    try:
        story = from_link(link, WORLD)
    except StoryError as error:
        assert error.reason in ("damaged", "damaged_link", "other_file", "other_version", "too_large")
    else:
        assert isinstance(story, Story)


@given(stories, st.data())
def test_a_file_cut_anywhere_is_an_error_and_never_half_a_presentation(story, data):
    text = to_json(story)
    cut = data.draw(st.integers(0, len(text) - 3))
    with pytest.raises(StoryError):
        from_json(text[:cut], WORLD)


def test_a_link_that_unpacks_to_a_flood_is_refused():
    import base64
    import zlib

    flood = base64.urlsafe_b64encode(zlib.compress(b" " * 1_200_000, 9)).decode().rstrip("=")
    assert len(flood) <= LINK_LIMIT
    with pytest.raises(StoryError):
        from_link(flood, WORLD)


def test_what_does_not_exist_any_more_is_dropped_and_the_stop_stays():
    document = json.loads(to_json(named("una")))
    document["stops"][0] |= {
        "page": "altrove",
        "view": {"theme": "housing,gone", "region": "99", "id": "gone", "level": "moon", "extra": ["x"]},
        "map": [1, 2],
        "notes": 7,
    }
    stop = from_json(json.dumps(document), WORLD).stops[0]
    assert stop == Stop(StopKind.MAP, View(selection=Selection(themes=("housing",))), "una")


@pytest.mark.parametrize(
    "value",
    [None, 1, "abc", [], [1, 2], [1, 2, "3"], [True, 2, 3], [91, 0, 5], [0, 181, 5], [0, 0, 21], [math.nan, 0, 5],
     [10**400, 0, 5], [math.inf, 0, 5], {"lat": 1}],
)  # fmt: skip
def test_no_position_comes_of_anything_else(value):
    assert to_position(value) is None


def test_stops_are_moved_renamed_and_deleted():
    story = named("a", "b", "c")
    assert titles(move_stop(story, 2, -1)) == ["a", "c", "b"]
    assert titles(move_stop(story, 0, 1)) == ["b", "a", "c"]
    assert titles(delete_stop(story, 1)) == ["a", "c"]
    assert titles(rename_stop(story, 1, "  nuovo\ntitolo ")) == ["a", "nuovo titolo", "c"]
    assert titles(rename_stop(story, 1, " ")) == ["a", "", "c"]
    assert annotate_stop(story, 0, "prima\n\nseconda\x00 ").stops[0].notes == "prima\n\nseconda"
    assert len(annotate_stop(story, 0, "x" * 9_999).stops[0].notes) == NOTES_LIMIT
    assert titles(story) == ["a", "b", "c"]


@given(st.integers(-1, 4), st.integers(-4, 4))
def test_a_move_loses_nothing(at, by):
    assert sorted(titles(move_stop(named("a", "b", "c"), at, by))) == ["a", "b", "c"]


def test_a_full_presentation_takes_no_more():
    story = Story()
    for n in range(STOPS_AT_MOST):
        story = add_stop(story, Stop(StopKind.MAP, View(), str(n)))
    with pytest.raises(StoryError) as error:
        add_stop(story, Stop(StopKind.MAP, View(), "una di troppo"))
    assert error.value.reason == "too_many"


def test_a_link_of_an_earlier_version_still_opens():
    """Links of 2026 were the whole file, compressed: people have them in their mail."""
    import base64
    import zlib

    story = named("una", "due")
    link = base64.urlsafe_b64encode(zlib.compress(to_json(story).encode(), 9)).decode().rstrip("=")
    assert from_link(link, WORLD) == story


def test_eight_usual_stops_are_a_short_link():
    story = propose_story(View(), published_world())
    assert len(story.stops) == 8
    link = to_link(story)
    assert link is not None and len(link) <= 500
    assert from_link(link, published_world()) == story


def test_a_copy_stands_after_its_stop():
    assert titles(copy_stop(named("a", "b"), 0)) == ["a", "a", "b"]
