"""The catalogue as cards, list and table, the search it understands, and the whole card of one initiative."""

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from tests.app.reading import page_text, read

IT = translator(Language.IT)
CARD = "digitale-a-domicilio-capannori"


def keys(app, prefix):
    return [button.key for button in app.button if str(button.key).startswith(prefix)]


def query_of(app):
    return {name: value[0] if isinstance(value, list) else value for name, value in dict(app.query_params).items()}


@pytest.mark.parametrize("language", list(Language))
def test_cards_have_summaries_and_choices_that_filter(open_page, language):
    app = open_page("catalogo", q="Capannori", lang=language.value)
    assert not app.exception and keys(app, "open_") == [f"open_{CARD}"]
    text = page_text(app)
    assert ("Toscana" if language is Language.IT else "Tuscany") in text and "2016" in text
    choices = next(group for group in app.button_group if group.key == f"choices_{CARD}")
    choices.set_value(("themes", "digital")).run()
    assert not app.exception and query_of(app)["theme"] == "digital"


def test_the_list_is_sorted_by_what_is_chosen(open_page):
    app = open_page("catalogo")
    order = app.selectbox(key="catalogue_order_all")
    assert "relevance" not in [str(option) for option in order.options]
    assert "Pertinenza" in open_page("catalogo", q="casa").selectbox(key="catalogue_order_search").options
    order.set_value("title").run()
    titles = [read(button.label).strip("*").casefold() for button in app.button if str(button.key).startswith("open_")]
    assert not app.exception and titles == sorted(titles) and len(titles) == 8
    assert query_of(app) == {"sort": "title"}


def test_the_table_has_the_columns_of_the_files(open_page):
    app = open_page("catalogo", theme="housing")
    next(group for group in app.button_group if group.key == "catalogue_look").set_value("table").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert {"id", "title_it", "places", "theme_labels"} <= set(table.columns) and len(table) == 4
    assert query_of(app) == {"theme": "housing", "list": "table"}


@pytest.mark.parametrize(("look", "shown"), [("cards", 8), ("table", 0)])
def test_a_sheet_with_a_part_of_the_list_says_so_and_one_with_all_of_it_does_not(look, shown, open_page):
    app = open_page("catalogo", list=look)
    n = int(read(app.header[0].value).split()[0])
    told = IT("share.printed_part", n=shown, total=n)
    assert told in page_text(app)
    app.session_state["atlas_prints"] = True
    app.run()
    assert not app.exception and told not in page_text(app)
    assert len(keys(app, "open_") or keys(app, "title_")) == n


def test_a_link_opens_the_look_and_the_order_it_names(open_page):
    app = open_page("catalogo", list="list", sort="title")
    titles = [read(button.label).strip("*").casefold() for button in app.button if str(button.key).startswith("title_")]
    assert not app.exception and titles == sorted(titles) and len(titles) == 35
    assert app.selectbox(key="catalogue_order_all").value == "title"
    without_a_search = open_page("catalogo", sort="relevance")
    assert without_a_search.selectbox(key="catalogue_order_all").value == "source"


def test_the_page_says_what_a_search_was_understood_as(open_page):
    assert "«profughi»: cercato anche il gruppo" in page_text(open_page("catalogo", q="profughi"))
    assert "Provincia di Roma" in page_text(open_page("catalogo", q="Roma"))


def test_a_card_names_source_and_date_and_leads_on(open_page):
    app = open_page("catalogo", id=CARD)
    text = page_text(app)
    assert not app.exception
    assert IT("card.as_of") in text and "I Comuni italiani e la crisi pandemica" in text
    links = {link.proto.page.rpartition("/")[2]: link.query_string for link in app.get("page_link")}
    assert "municipality=046007" in links["comune"] and "metodo" in links
    similar = keys(app, "similar_")
    assert len(similar) == 3
    app.button(key=similar[0]).click().run()
    assert not app.exception and query_of(app)["id"] == similar[0].removeprefix("similar_")


def test_an_address_to_copy_has_no_hidden_character(open_page):
    app = open_page("catalogo", id=CARD)
    cited = [markdown.value for markdown in app.markdown if IT("card.cite") in markdown.value]
    assert len(cited) == 1
    address = cited[0].rpartition("](")[2].partition(")")[0]
    assert address.endswith(f"id={CARD}") and "\u2060" not in address


@pytest.mark.parametrize("language", list(Language))
def test_a_link_to_an_initiative_that_is_not_there_says_so_once(open_page, language):
    app = open_page("catalogo", id="mai-esistita", lang=language.value)
    said = translator(language)("card.lost")
    assert [box.value for box in app.info] == [said] and keys(app, "open_")
    app.run()
    assert said not in page_text(app)
    assert said not in page_text(open_page("catalogo", id=CARD, lang=language.value))
