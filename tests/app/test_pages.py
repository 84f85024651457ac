"""Every page, in both languages, for nothing, one and all; links that lie; the way out of an empty result."""

import csv

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language, Level
from tests.app.conftest import PAGES
from tests.app.reading import page_text, query_of, read
from tests.factories import CATALOGUE
from tests.forbidden import find_forbidden

ROWS = {row["id"]: row for row in csv.DictReader(CATALOGUE.open(encoding="utf-8"))}
RESULTS = {
    "empty": ({"q": "parola-che-non-esiste"}, 0),
    "one": ({"q": "Gocciolino"}, 1),
    "all": ({}, 35),
    "some": ({"theme": "housing", "region": "03,18,19"}, 4),
}
CARD = "gocciolino-resta-a-casa-corato"


def metric(app, label):
    return next(read(m.value) for m in app.metric if label in m.label)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("result", sorted(RESULTS))
def test_every_page_says_what_it_shows(open_page, page, language, result):
    query, n = RESULTS[result]
    app = open_page(page, lang=language.value, **query)
    words, text = translator(language), page_text(app)
    assert not app.exception and not app.error
    assert find_forbidden(text, language) == []
    assert len(app.title) == 1
    assert (words("filter.title") in [read(head.value) for head in app.sidebar.header]) == (
        page not in ("dati", "metodo", "proponi", "accessibilita")  # no filter changes them
    )
    if page == "metodo":
        assert words("method.counting_title") in text and words.number(35) in text
    if page not in ("mappa", "regioni", "catalogo"):
        return  # they have more to show than the selection: the tests of each page say what
    assert (words("empty.title") in text) == (n == 0)
    assert any(button.key == "empty_clear" for button in app.button) == (n == 0)
    if page == "mappa":
        assert metric(app, {Language.IT: "iniziativ", Language.EN: "initiative"}[words.language]) == str(n)
    if page != "regioni" and n:
        assert words.plural("list.title", n) in [read(s.value) for s in app.header]
        shown = [button for button in app.button if str(button.key).startswith("open_")]
        assert len(shown) == min(n, 8)


@pytest.mark.parametrize("page", PAGES)
def test_the_two_languages_say_the_same_in_other_words(open_page, page):
    italian, english = (open_page(page, lang=language, theme="housing") for language in ("it", "en"))
    assert page_text(italian) != page_text(english)
    assert [m.value.replace(",", ".") for m in italian.metric] == [m.value.replace(",", ".") for m in english.metric]
    assert [b.key for b in italian.button] == [b.key for b in english.button]
    assert english.query_params["theme"] == italian.query_params["theme"]


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("id_", sorted(ROWS))
def test_every_card_opens_with_its_title_and_its_facts(open_page, language, id_):
    app = open_page("catalogo", lang=language, id=id_)
    text, row = page_text(app), ROWS[id_]
    assert not app.exception
    for column in (f"title_{language}", f"summary_{language}", "lead_organisation", "funding_source"):
        assert " ".join(row[column].split()) in text
    for column in ("partners", "documents"):
        assert all(part in text for part in row[column].split(";"))
    assert "nan" not in text.lower().split() and "<NA>" not in text and "None" not in text.split()


def test_a_filter_changes_figures_list_and_link(open_page):
    app = open_page()
    app.multiselect(key="filter_themes").select("housing").run()
    assert not app.exception
    assert metric(app, "iniziative") == "4"
    assert query_of(app) == {"theme": "housing"}
    app.button(key="chip_themes_housing").click().run()
    assert metric(app, "iniziative") == "35"
    assert not dict(app.query_params)


def test_counts_of_options_say_how_many_would_remain(open_page):
    app = open_page()
    options = app.multiselect(key="filter_themes").options
    label = next(option for option in options if option.startswith("Casa ("))
    app.multiselect(key="filter_themes").select("housing").run()
    assert label == f"Casa ({metric(app, 'iniziative')})"


def test_the_language_switch_keeps_the_view(open_page):
    app = open_page(theme="housing", region="19", level="province", rule="share", id="")
    app.segmented_control(key="language").set_value(Language.EN).run()
    assert not app.exception
    found = query_of(app)
    assert found == {"lang": "en", "theme": "housing", "region": "19", "level": "province", "rule": "share"}
    assert list(app.multiselect(key="filter_themes").value) == ["housing"]
    assert "Filters" in page_text(app)


def test_the_way_out_of_an_empty_result_shows_everything(open_page):
    app = open_page(q="parola-che-non-esiste", theme="housing")
    app.button(key="empty_clear").click().run()
    assert metric(app, "iniziative") == "35"
    assert app.text_input(key="filter_text").value == ""


@pytest.mark.parametrize(
    "query",
    [
        {"theme": "nonsense", "region": "99", "place": "000000", "id": "no-such-initiative"},
        {"lang": "xx", "level": "planet", "measure": "{{7*7}}", "rule": "<script>"},
        {"year": "1492", "type": "unknown-type", "channel": ",,,", "scale": "NATIONAL"},
        {"utm_source": "x", "theme": "", "place": "08"},
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_unknown_values_of_a_link_are_dropped(open_page, page, query):
    app = open_page(page, **query)
    assert not app.exception and not app.error
    assert dict(app.query_params) == {}


def test_known_values_beside_unknown_ones_stay(open_page):
    app = open_page(theme="housing,nonsense", lang="en", region="99,19")
    found = query_of(app)
    assert found == {"theme": "housing", "region": "19", "lang": "en"}


@pytest.mark.parametrize("level", ["region", "province", "municipality"])
@pytest.mark.parametrize("measure", ["count", "per_million", "per_100_municipalities", "per_100k_target"])
@pytest.mark.parametrize("rule", ["presence", "share", "lead"])
def test_every_reading_of_the_map(open_page, level, measure, rule):
    lang = "en" if rule == "share" else "it"
    app = open_page(level=level, measure=measure, rule=rule, target="elderly", lang=lang)
    assert not app.exception and not app.error


@pytest.mark.parametrize("place", ["08", "037", "037006", "099030", "", "zz"])
def test_places_without_initiatives_open_too(open_page, place):
    for measure in ("count", "per_million"):
        app = open_page(place=place, region=place[:2] if len(place) == 2 else "", measure=measure)
        assert not app.exception


def test_a_card_closes_and_the_list_is_where_it_was(open_page):
    app = open_page(id=CARD)
    app.button(key="card_back").click().run()
    assert not app.exception
    assert "id" not in dict(app.query_params)
    assert any(str(button.key).startswith("open_") for button in app.button)


def test_the_national_initiative_stands_on_the_shelf(open_page):
    app = open_page(theme="reception")
    assert [b.key for b in app.button if str(b.key).startswith("shelf_")] == ["shelf_siproimi-italia"]
    app.button(key="shelf_siproimi-italia").click().run()
    assert query_of(app)["id"] == "siproimi-italia"
    assert ROWS["siproimi-italia"]["title_it"] in page_text(app)
    gone = open_page(theme="reception", region="03")
    assert not [b for b in gone.button if str(b.key).startswith("shelf_")]


# The runner adds a count of its own, so that this arrives as "Casa (0)".
@pytest.mark.parametrize("label", ["Casa", "Housing"])
def test_a_label_of_a_moment_ago_still_means_its_option(open_page, label):
    app = open_page(region="19")
    app.multiselect(key="filter_themes").set_value([label]).run()
    assert not app.exception
    found = query_of(app)
    assert found == {"region": "19", "theme": "housing"}


def test_a_label_that_never_was_means_nothing(open_page):
    app = open_page()
    app.multiselect(key="filter_themes").set_value(["<b>Casa", "x"]).run()
    assert not app.exception
    assert dict(app.query_params) == {}


def test_one_choice_after_another_keeps_them_all(open_page):
    app = open_page()
    app.multiselect(key="filter_themes").select("digital").run()
    app.multiselect(key="filter_regions").select("05").run()
    app.segmented_control(key="language").set_value(Language.EN).run()
    app.segmented_control(key="map_level").set_value(Level.PROVINCE).run()
    found = query_of(app)
    assert found == {"theme": "digital", "region": "05", "lang": "en", "level": "province"}
