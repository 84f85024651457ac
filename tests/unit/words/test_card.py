from datetime import date

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.words.card import build_card, place_of, row_of
from atlas.words.citation import cite_initiative
from atlas.words.sources import say_sources
from tests import factories
from tests.factories import make_row

IT, EN = translator(Language.IT), translator(Language.EN)


CREMASCO = "ambito-cremasco"


@pytest.fixture(scope="module")
def world():
    return factories.real_world(
        make_row("capannori", places="046007", lead_place="046007", themes="digital", targets="elderly"),
        make_row("bolzano", places="021008", themes="health", targets="", start_year=""),
        make_row("italia", places="IT", scale="national", themes="reception"),
        make_row("ambito", places=CREMASCO, scale="intermunicipal", themes="work"),
        make_row("pochi", places="072020;110009", scale="intermunicipal", themes="health", undisclosed_partners="3"),
    )


@pytest.mark.parametrize(
    ("id_", "italian", "english"),
    [
        ("capannori", "Capannori (LU), Toscana", "Capannori (LU), Tuscany"),
        ("bolzano", "Bolzano (BZ), Trentino-Alto Adige", "Bolzano (BZ), Trentino-South Tyrol"),
        ("italia", IT("list.national"), EN("list.national")),
        ("pochi", "Corato e Trani, Puglia", "Corato and Trani, Apulia"),
    ],
)
def test_a_place_is_said_with_its_region_in_the_language(world, id_, italian, english):
    row = row_of(world, id_)
    assert (place_of(row, world, IT), place_of(row, world, EN)) == (italian, english)


def test_many_places_are_counted_under_the_name_of_their_area(world):
    n = len(world.territory.areas[CREMASCO])
    assert build_card(world, "ambito", IT).place.endswith(f"({n} Comuni), Lombardia")


def test_unknown_facts_are_left_out_and_nothing_is_nan(world):
    for id_ in world.catalogue.store.initiatives.index:
        for say in (IT, EN):
            card = build_card(world, str(id_), say)
            facts = [*card.facts, *card.more]
            assert all(what and words and "nan" not in words.lower().split() for what, words in facts)
            assert card.title and card.summary and card.place


def test_a_citation_ends_with_the_address_as_it_is_and_says_source_and_day(world):
    address = "https://atlante.example.org/catalogo?id=x"
    text = cite_initiative("Titolo", 3, world, IT, date(2026, 11, 28), address)
    assert text.endswith(f" {address}") and "28 novembre 2026" in text and say_sources(world, IT) in text
    assert text.isprintable() and "\u2060" not in text


def test_one_that_no_collection_has_numbered_is_cited_without_a_number(world):
    text = cite_initiative("Titolo", None, world, IT, date(2026, 11, 28), "")
    assert "scheda dell'Atlante" in text and "None" not in text and "n. " not in text.split("Atlante")[0]
