"""The first screen, the link that is copied, the way of counting and the help beside every picture of data."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.words.sources import say_days
from tests.browser.conftest import new_visit
from tests.factories import real_territory

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

FILTERS = ("filter_text", "filter_themes", "filter_targets", "filter_regions")
WINDOW = (1280, 800)


@pytest.fixture(scope="module")
def visit(server, browser):
    with new_visit(server, browser, *WINDOW, permissions=["clipboard-read", "clipboard-write"]) as visit:
        yield visit


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(
    "path", ["", "?lang=en", "?lang=en&theme=housing", "?theme=digital&level=region&measure=per_million"]
)
def test_the_first_screen_holds_title_words_figures_filters_and_the_whole_map(visit, path):
    visit.open(path)
    visit.shown()
    page = visit.page
    parts = [page.locator("h1"), visit.key("view_words"), visit.key("figures"), visit.key("map_controls")]
    parts += [page.locator("iframe[src*=streamlit_folium]"), visit.key("stop_bar"), *map(visit.key, FILTERS)]
    for part in parts:
        expect(part).to_be_visible()
        assert bottom(part) <= WINDOW[1]
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollTop") == 0
    # None lies over another; boxes may share their paddings, letters not.
    assert all(bottom(above) <= below.bounding_box()["y"] + 8 for above, below in pairwise(parts[:5]))
    legend = visit.map().locator(".atlas-legend").bounding_box()
    assert legend["y"] + legend["height"] <= WINDOW[1]


def test_the_whole_of_italy_is_inside_the_frame_and_beside_the_legend(visit):
    visit.open("?level=region")
    visit.shown()
    frame = visit.map().locator("#map_div").bounding_box()
    points = [visit.point_of(code) for code in ("02", "04", "16", "19", "20")]  # corners: Aosta, Bolzano, Bari, Sicily…
    assert all(0 < x < frame["width"] and 0 < y < frame["height"] for x, y in points)
    legend = visit.map().locator(".atlas-legend").bounding_box()
    left, below = legend["x"] - frame["x"], legend["y"] + legend["height"] - frame["y"]
    assert all(x < left or y > below for x, y in points)


def test_share_copies_the_link_and_shows_it(visit):
    visit.open("?theme=digital&region=05")
    visit.page.wait_for_function("() => window.atlasPage")
    visit.key("share").get_by_role("button").click()
    expect(visit.page.get_by_role("status").filter(has_text="Collegamento copiato")).to_be_visible()
    assert visit.page.evaluate("navigator.clipboard.readText()") == visit.page.url
    shown = visit.page.get_by_test_id("stPopoverBody").locator("code")
    expect(shown).to_have_text(f"{visit.address}/?theme=digital&region=05")


def test_the_buttons_beside_the_title_go_with_it(visit):
    visit.open()
    visit.shown()
    bar, title = visit.key("stop_bar"), visit.page.locator("h1")
    before = [part.bounding_box()["y"] for part in (bar, title)]
    visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 60)")
    assert [part.bounding_box()["y"] for part in (bar, title)] == pytest.approx([y - 60 for y in before], abs=1)


def test_where_nothing_can_be_copied_the_link_is_shown(server, browser):
    with new_visit(server, browser, *WINDOW) as visit:
        visit.page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });document.execCommand = () => false;"
        )
        visit.open("catalogo?lang=en&q=Gocciolino")
        visit.page.wait_for_function("() => window.atlasPage")
        visit.key("share").get_by_role("button").click()
        expect(visit.page.get_by_text(translator(Language.EN)("share.not_copied"))).to_be_visible()
        shown = visit.page.get_by_test_id("stPopoverBody").locator("code")
        expect(shown).to_have_text(f"{visit.address}/catalogo?lang=en&q=Gocciolino")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1366, 768)])
@pytest.mark.parametrize("language", list(Language))
def test_the_first_screen_says_whose_collection_it_is_and_shows_initiatives(server, browser, width, height, language):
    with new_visit(server, browser, width, height) as visit:
        visit.open(f"?lang={language.value}")
        visit.shown()
        origin, title = visit.key("origin"), visit.page.locator("h1")
        expect(origin).to_contain_text("I Comuni italiani e la crisi pandemica")
        expect(origin).to_contain_text(translator(language)("origin.situation", situation="2020"))
        assert bottom(title) <= origin.bounding_box()["y"] + 8
        assert bottom(origin) <= visit.key("view_words").bounding_box()["y"] + 8
        assert title.bounding_box()["x"] + title.evaluate("h => h.firstElementChild.offsetWidth") <= width
        titles = visit.page.locator("[class*=st-key-open_] button")
        assert sum(bottom(one) <= height for one in titles.all()) >= 3


def test_the_way_of_counting_is_one_control_that_says_the_choice(visit):
    visit.open("?level=region&measure=per_million&rule=lead")
    visit.settle()
    words, control = translator(Language.IT), visit.key("counting").get_by_role("button").first
    for key in ("map.region", "map.per_million", "map.lead"):
        assert words(key).lower() in control.inner_text().lower()
    visit.open_counting()
    visit.key("map_rule").get_by_text(words("map.share"), exact=True).click()
    visit.wait_query(level="region", measure="per_million", rule="share")
    body = visit.page.get_by_test_id("stPopoverBody")
    expect(body).to_contain_text(words("map.share_note"))  # the control stays open for the next choice
    visit.press("map_level", words("map.province"))
    visit.wait_query(level="province", measure="per_million", rule="share")


@pytest.mark.parametrize(
    ("path", "subject"),
    [("", "map"), ("regioni", "ranking"), ("regioni?face=matrix", "targets"), ("comune?place=058091", "ages")],
)
def test_every_picture_of_data_says_how_to_read_it(visit, path, subject):
    visit.open(path)
    words = translator(Language.IT)
    visit.page.get_by_role("button", name=words("about.button")).first.click()
    body = visit.page.get_by_test_id("stPopoverBody")
    for part in ("read", "counted", "caution"):
        expect(body).to_contain_text(words(f"about.{subject}_{part}", **say_days(real_territory(), words)))


def test_the_map_is_written_in_the_letters_of_the_page(visit):
    visit.open()
    visit.shown()
    frame = visit.map()
    frame.wait_for_function("() => document.fonts.check(\"600 12px 'Source Sans'\")")
    loaded = frame.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert [name.strip('"') for name in loaded] == ["Source Sans"]
    assert visit.foreign() == []


ENGLISH = ("Press Enter", "No results", "Choose an option", "Upload", "Remove ", "Help for", "Clear all", "App pages")
ENGLISH += ("Navigate to", "Sidebar", "Collapse", "Expand", "Pagination", "Previous page", "Next page", "Page 2")
SAID = """() => [
  ...[...document.querySelectorAll('[aria-label]')].map(element => element.ariaLabel),
  ...[...document.querySelectorAll('[placeholder]')].map(element => element.placeholder),
  ...document.body.innerText.split('\\n'),
].filter(Boolean)"""


@pytest.mark.parametrize("path", ["?theme=housing&region=03", "catalogo", "dati", "regioni?face=compare&compare=08,12"])
def test_what_streamlit_says_is_in_the_readers_language(visit, path):
    visit.open(path)
    if path == "dati":  # the page of one's own file has no filters
        visit.page.wait_for_function("() => window.atlasPage")
        visit.settle()
    else:
        visit.page.get_by_label("Cerca", exact=True).fill("ab")  # it then says how to apply
        expect(visit.page.get_by_text(translator(Language.IT)("streamlit.enter"))).to_be_visible()
    said = visit.page.evaluate(SAID)
    assert ("Cerca" in said) == (path != "dati") and translator(Language.IT)("app.data") in said
    assert [text for text in said if text.startswith(ENGLISH) or "per file" in text] == []


def test_mended_words_follow_the_language(visit):
    visit.open("catalogo")
    for language in (Language.EN, Language.IT):
        visit.press("language", "English" if language is Language.EN else "Italiano")
        words = translator(language)
        expect(visit.page.get_by_label(words("streamlit.next"))).to_be_visible()
        expect(visit.page.get_by_label(words("streamlit.page").replace("{}", "2"), exact=True)).to_be_visible()
