"""The page of a municipality: any of them, by link or by search, with and without initiatives or population."""

import re

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.links import UNLISTED
from atlas.words.sources import say_days
from tests import factories
from tests.app.reading import page_text, query_of, read

CREMA, BOLOGNA, AGLIE, MISILISCEMI = "019035", "037006", "001001", "081025"


def keys(app, prefix):
    return [button.key for button in app.button if str(button.key).startswith(prefix)]


def peers_of(app):
    return [key for key in keys(app, "peer_") if re.fullmatch(r"peer_\d{6}", key)]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", [CREMA, BOLOGNA, AGLIE, "058091", "080063", "021008", "007003", "001168"])
def test_a_link_opens_a_municipality(open_page, code, language):
    app = open_page("comune", place=code, lang=language.value)
    words, text = translator(language), page_text(app)
    one = factories.real_territory().municipalities.loc[code]
    assert not app.exception
    assert len(app.title) == 1 and f"({one['province_abbr']})" in read(app.title[0].value)
    assert words.number(float(one["population"])) in [read(metric.value) for metric in app.metric]
    assert (
        words("figures.inhabitants_date", **say_days(factories.real_territory(), words)) in text
        and words("municipality.peers_intro") in text
    )
    assert len(peers_of(app)) == 6
    assert "nan" not in text.lower().split()
    assert query_of(app) == {"place": code} | ({"lang": "en"} if language is Language.EN else {})


def test_without_population_it_is_not_compared_and_says_so(open_page):
    app = open_page("comune", place=MISILISCEMI)
    words, text = translator(Language.IT), page_text(app)
    assert not app.exception and not app.metric and not peers_of(app)
    assert (
        words("municipality.no_population", **say_days(factories.real_territory(), words)) in text
        and words("municipality.no_peers_population") in text
    )


def test_without_initiatives_it_says_what_that_means(open_page):
    app = open_page("comune", place=AGLIE)
    text = page_text(app)
    assert not keys(app, "open_") and "non un censimento" in text and "Nessuna iniziativa nel catalogo ad Agliè" in text
    assert "filtri attivi" not in text
    assert "filtri attivi" in page_text(open_page("comune", place=AGLIE, theme="digital"))


def test_what_comes_through_a_wider_territory_is_said(open_page):
    assert "soltanto attraverso un territorio più vasto" in page_text(open_page("comune", place=CREMA))
    assert "soltanto attraverso" not in page_text(open_page("comune", place=BOLOGNA))


def test_national_programmes_stand_apart(open_page):
    app = open_page("comune", place=BOLOGNA)
    assert keys(app, "open_") == ["open_garsia-bologna"] and keys(app, "national_") == ["national_siproimi-italia"]
    assert not keys(open_page("comune", place=BOLOGNA, theme="digital"), "national_")


def test_the_search_finds_while_it_is_typed_and_chooses_in_the_address(open_page):
    app = open_page("comune")
    app.text_input(key="comune_text").set_value("crem").run()
    found = keys(app, "comune_text_")
    assert found[0] == f"comune_text_{CREMA}" and len(found) == 19
    app.button(key=f"comune_text_{CREMA}").click().run()
    assert not app.exception
    assert query_of(app) == {"municipality": CREMA}
    assert read(app.title[0].value) == "Crema (CR)" and app.text_input(key="comune_text").value == ""


def test_a_wrong_letter_gives_suggestions_and_nonsense_a_sentence(open_page):
    app = open_page("comune")
    app.text_input(key="comune_text").set_value("Cremma").run()
    assert f"comune_text_{CREMA}" in keys(app, "comune_text_")
    app.text_input(key="comune_text").set_value("<b>![x](https://e.org)").run()
    assert not app.exception and translator(Language.IT)("finder.not_found") in page_text(app)


def test_the_place_does_not_filter_its_peers_away_but_other_filters_do(open_page):
    alone = open_page("comune", place=BOLOGNA)
    with_region = open_page("comune", place=BOLOGNA, region="08")
    assert peers_of(alone) == peers_of(with_region)
    digital = open_page("comune", place=BOLOGNA, theme="digital")
    assert peers_of(digital) and peers_of(digital) != peers_of(alone)
    nothing = open_page("comune", place=BOLOGNA, q="parola-che-non-esiste")
    assert not peers_of(nothing) and translator(Language.IT)("municipality.no_peers") in page_text(nothing)


def test_a_peer_opens_its_own_page_and_a_title_its_card(open_page):
    app = open_page("comune", place=CREMA)
    app.button(key=peers_of(app)[0]).click().run()
    peer = peers_of(open_page("comune", place=CREMA))[0].removeprefix("peer_")
    assert query_of(app) == {"place": CREMA, "municipality": peer}  # what was filtered stays filtered
    app.button(key=keys(app, "open_")[0]).click().run()
    assert not app.exception and app.button(key="card_back")
    app.button(key="card_back").click().run()
    assert len(app.metric) == 4


def test_a_gap_links_to_the_catalogue_with_its_filter(open_page):
    app = open_page("comune", place=CREMA, channel="digital", lang="en")
    # The form for proposals and the accessibility statement are linked at the foot of every page.
    links = [link.proto for link in app.get("page_link") if not link.proto.page.endswith(tuple(UNLISTED))]
    assert links and all(link.page.endswith("catalogo") for link in links)
    queries = [link.query_string for link in links]
    assert all("channel=digital" in query and "lang=en" in query and "place=" not in query for query in queries)
    assert any("theme=" in query for query in queries) and any("target=" in query for query in queries)


def test_the_tables_say_the_same_numbers(open_page):
    app = open_page("comune", place=CREMA)
    text = page_text(app)
    for key in ("ages_fold", "peers_fold"):
        app.session_state[key] = True
    app.run()
    peers, ages = (frame.value for frame in app.dataframe)
    assert list(ages.columns)[1:] == ["Crema", "Lombardia", "Italia"] and ages.iloc[-1]["Crema"] in text
    assert peers["Nome"].iloc[0] == "Crema (CR)" and len(peers) == 7
    assert all(f"distanza {distance}" in text for distance in list(peers["Distanza"])[1:])


def test_it_filters_the_other_pages_only_when_asked(open_page):
    app = open_page("comune", municipality=BOLOGNA)
    assert "garsia-bologna" in keys(app, "open_")[0]
    assert len(open_page("catalogo", municipality=BOLOGNA).get("pagination")) == 1  # all 35
    app.button(key="comune_filter").click().run()
    assert not app.exception
    assert query_of(app) == {"municipality": BOLOGNA, "place": BOLOGNA, "region": "08"}
    assert not keys(app, "comune_filter")


@pytest.mark.parametrize("region", ["", "16"])
def test_a_size_and_a_region_are_enough(open_page, region):
    app = open_page("comune")
    app.number_input(key="comune_size").set_value(14_000)
    app.selectbox(key="comune_region").set_value(region).run()
    assert not app.exception
    frame = factories.real_territory().municipalities
    offered = [key.removeprefix("size_") for key in keys(app, "size_")]
    assert len(offered) == 6 and all(abs(frame.at[code, "population"] - 14_000) < 2_000 for code in offered)
    assert not region or {frame.at[code, "region_code"] for code in offered} == {region}
    assert keys(app, "open_")
    app.button(key=f"size_{offered[0]}").click().run()
    assert query_of(app) == {"municipality": offered[0]}


@pytest.mark.parametrize("target", ["", "families"])
def test_an_initiative_that_several_of_a_size_share_stands_once(open_page, target):
    app = open_page("comune", **({"target": target} if target else {}))
    repeated = False
    for size in (1, 14_000, 20_000, 30_000, 45_000, 60_000, 5_000_000):
        app.number_input(key="comune_size").set_value(size).run()
        assert not app.exception
        lines, titles = keys(app, "open_"), keys(app, "near_")
        assert lines and len(set(lines)) == len(lines)
        repeated |= bool(titles)
        assert {key.split("_", 2)[2] for key in titles} <= {key.removeprefix("open_") for key in lines}
    assert repeated


@pytest.mark.parametrize("size", [0, -5, 5_000_001])
def test_a_size_that_no_municipality_has_says_what_to_write(open_page, size):
    app = open_page("comune")
    app.number_input(key="comune_size").set_value(size).run()
    assert not app.exception and not keys(app, "size_")
    assert "Scrivi un numero di abitanti da 1 a 5.000.000." in page_text(app)


def test_on_paper_it_is_the_answers_without_lists_and_tables(open_page):
    app = open_page("comune", municipality=BOLOGNA)
    app.session_state["atlas_prints"] = True
    app.run()
    assert not app.exception and not app.metric and not peers_of(app)
    text = page_text(app)
    assert "GARSIA" in text and translator(Language.IT)("municipality.gaps_themes") in text


@pytest.mark.parametrize("query", [{}, {"place": "037"}, {"place": "999999"}, {"region": "08"}])
def test_without_a_municipality_the_page_asks_for_one(open_page, query):
    app = open_page("comune", **query)
    words = translator(Language.IT)
    assert not app.exception and read(app.title[0].value) == words("municipality.title")
    assert keys(app, "example_")[0] == "example_058091"
