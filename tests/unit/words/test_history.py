"""The page of a municipality says what it was, with the last day of each name and code; so does an initiative's."""

import json
from datetime import date

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language, View
from atlas.publish.export import build_table, to_geojson
from atlas.publish.site.contents import build_page
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.story import Stop, StopKind
from atlas.territory.codes import CodeChange, read_code_changes
from atlas.territory.vintage import CodeYears
from atlas.words.card import build_card
from atlas.words.history import SHOWN, say_before, say_places_then
from tests.factories import DATA_DIR, make_row, real_territory, real_world

IT, EN = translator(Language.IT), translator(Language.EN)


def before(code):
    territory = real_territory()
    years = CodeYears(territory.municipalities.index, read_code_changes(DATA_DIR), 2026)
    return years.before(code), territory.name_of(code)


def test_municipalities_that_merged_have_their_names():
    assert say_before(*before("024129"), IT) == (
        "Prima: Castegnero (024027) fino al 20 febbraio 2026, Nanto (024071) fino al 20 febbraio 2026."
    )


def test_an_older_code_of_the_same_municipality_is_a_code():
    assert say_before(*before("113017"), EN) == "Before: 090047 until 31 December 2025, 104017 until 31 December 2016."


def test_nothing_is_said_where_nothing_changed():
    assert say_before(*before("058091"), IT) == ""


def test_a_day_that_is_not_known_and_a_long_list_are_not_made_up():
    changes = [CodeChange(f"{n:06}", "000099", f"Comune {n}", "merged", "") for n in range(SHOWN + 1)]
    said = say_before(changes, "Nuovo", IT)
    assert said.startswith("Prima: Comune 0 (000000), Comune 1 (000001)") and said.endswith(", ….")


@pytest.mark.parametrize(
    ("places", "day", "italian", "english"),
    [
        (
            "119003",
            "2020",
            "Nel 2020: Carbonia in provincia del Sud Sardegna (codice 111009).",
            "In 2020: Carbonia in the province of Sud Sardegna (code 111009).",
        ),
        (
            "015146;024129",
            "2020-12-31",
            "Il 31 dicembre 2020: Castegnero e Nanto, oggi parte di Castegnero Nanto, Comuni a sé.",
            "On 31 December 2020: Castegnero and Nanto, now part of Castegnero Nanto, municipalities of their own.",
        ),
        ("015146", "2020", "", ""),
        ("20", "2020", "", ""),
        ("IT", "2020", "", ""),
        ("119003", "", "", ""),
    ],
)
def test_what_the_places_of_an_initiative_were(places, day, italian, english):
    said = [say_places_then(places, day, real_territory(), translator(language)) for language in Language]
    assert said == [italian, english]


def test_every_form_says_both_provinces_of_a_sardinian_initiative_of_2020():
    world = real_world(make_row("miniera", places="119003", lead_place="119003", places_date="2020"), make_row("oggi"))
    then = "Nel 2020: Carbonia in provincia del Sud Sardegna (codice 111009)."
    say = translator(Language.IT)
    facts = dict(build_card(world, "miniera", say).facts)
    assert facts[say("card.where")] == "Carbonia (CI), Sardegna" and facts[say("then.title")] == then
    assert say("then.title") not in dict(build_card(world, "oggi", say).facts)
    assert build_table(world.catalogue, world)["places_then"].tolist() == [then, ""]
    features = {
        one["properties"]["istat_code"]: one["properties"]["places_then"]
        for one in json.loads(to_geojson(world.catalogue, world.territory, ()))["features"]
    }
    assert features["119003"] == then and set(features.values()) == {then, ""}
    view = View(initiative="miniera")
    content = build_content(Stop(StopKind.CATALOGUE, view), world, date(2026, 5, 4))
    assert content.card and (say("then.title"), then) in content.card.slide_facts
    assert then in str(build_page("catalogo", view, world).facts)
