"""Everyone can use it: axe finds nothing, tasks need no mouse, nothing is lost when enlarged or in other colours."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from atlas.ui.shell import PAGES
from tests.browser import recount
from tests.browser.conftest import PATIENCE, Visit, new_visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EMPTY = "q=parola-che-non-esiste"
VIEWS = [
    "",
    f"?{EMPTY}",
    "?level=region&measure=per_million&theme=housing",
    "regioni",
    f"regioni?{EMPTY}",
    "regioni?face=matrix",
    "regioni?face=mix",
    "regioni?face=compare",
    "regioni?face=compare&compare=12,05",
    "comune",
    "comune?place=058091",
    "catalogo",
    f"catalogo?{EMPTY}",
    "catalogo?id=gocciolino-resta-a-casa-corato",
    "indovina",
    "presenta",
    "dati",
    "metodo",
    "accessibilita",
]
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 26, 38)"}
# Around each theme only one width changes: a change of theme runs the page again.
LOOKS = [(1280, "light"), (360, "light"), (360, "dark"), (1280, "dark")]
FILE = "titolo;comune;tema\nSpesa a casa;Reggio Emilia;Casa\nMensa;Nonesiste;Casa\n"


def look_at(visit: Visit, width: int, theme: str) -> None:
    """Show the same page at another width and in another theme, and wait until it is there."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    ground = "g => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === g"
    visit.page.wait_for_function(ground, arg=GROUNDS[theme])
    visit.settle()
    if visit.page.locator("iframe[src*=streamlit_folium]:visible").count():
        visit.wait_shown(f"m.theme === '{theme}'")


def faults(page: Page) -> list[str]:
    """Return what axe finds in the page and in the map's frame, one line for each element."""
    run = "options => axe.run(document, options).then(found => found.violations)"
    options = {"runOnly": RULES, "resultTypes": ["violations"], "iframes": False}
    frames = [frame for frame in page.frames if "streamlit_folium" in frame.url]
    for frame in frames:  # also one out of sight is painted, and gets its words
        frame.wait_for_function("() => document.title", timeout=PATIENCE)
    documents = [page.main_frame, *frames]
    for document in documents:
        document.evaluate(AXE_SCRIPT)
    rules = [rule for document in documents for rule in document.evaluate(run, options)]
    return [f"{rule['id']}: {node['target']} {node['html'][:160]}" for rule in rules for node in rule["nodes"]]


def is_in_order(page: Page) -> bool:
    """Tell whether there is one main title and no heading is two levels below the one before it."""
    levels = (
        page.get_by_test_id("stMain")
        .locator("h1, h2, h3, h4, h5, h6")
        .evaluate_all("all => all.filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))")
    )
    return levels[:1] == [1] and levels.count(1) == 1 and all(b <= a + 1 for a, b in pairwise(levels))


@pytest.fixture(scope="module")
def reader(server, browser):
    """One window for all the checks, which asks nobody else anything."""
    with new_visit(server, browser) as visit:
        yield visit


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(reader, view):
    reader.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    reader.open(view)
    found = []
    for width, theme in LOOKS:
        look_at(reader, width, theme)
        # Only what is still there on a second look counts: a busy machine may be drawing yet.
        found += [f"{width} {theme} {fault}" for fault in faults(reader.page) and faults(reader.page)]
    assert found == []
    assert is_in_order(reader.page)


def test_axe_would_see_a_fault_in_the_page_and_in_the_map(reader):
    reader.open()
    spoil = "document.body.insertAdjacentHTML('beforeend', '<button></button>')"
    frame = reader.map()
    for place in (reader.page, frame):
        place.evaluate(spoil)
    assert sum(fault.startswith("button-name") for fault in faults(reader.page)) == 2


@pytest.mark.parametrize("page", sorted(PAGES))
def test_enlarged_four_times_nothing_scrolls_sideways(reader, page):
    reader.page.set_viewport_size({"width": 320, "height": 640})
    reader.open("comune?place=058091" if page == "comune" else page)
    wide = reader.page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert max(wide) <= 0


def test_the_frame_of_the_map_is_named_and_described_in_the_readers_language(visit):
    visit.open("?theme=housing")
    visit.wait_counts(recount.count(theme="housing"))
    frame = visit.page.locator("iframe[src*=streamlit_folium]")
    expect(frame).to_have_attribute("title", "Mappa delle iniziative: Iniziative per Comune")
    expect(frame).to_have_accessible_description(re.compile("Casa|casa"))
    visit.press("language", "English")
    expect(frame).to_have_attribute("title", re.compile("^Map of "))
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.page.locator(".atlas-skip")).to_have_text("Skip the map")


def test_the_window_is_named_after_the_view(visit):
    visit.open("?theme=housing")
    expect(visit.page).to_have_title(re.compile(r".*casa.* · Mappa · Atlante", re.I))
    visit.page.get_by_role("link", name="Metodo").click()
    expect(visit.page).to_have_title("Metodo · Atlante")


def test_the_first_stops_of_tab_lead_past_the_map_and_past_the_filters(visit):
    visit.open()
    visit.shown()
    past_map = visit.page.get_by_role("link", name="Salta la mappa")
    past_all = visit.page.get_by_role("link", name="Vai al contenuto")
    for link in (past_map, past_all):
        visit.page.keyboard.press("Tab")
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name="35 iniziative")).to_be_focused()
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.activeElement.tagName") == "BUTTON"


def test_single_letters_do_nothing_and_are_typed_where_one_types(visit):
    visit.open()
    visit.shown()
    visit.page.evaluate(
        """() => { const app = document.querySelector('[data-testid=stApp]'); window.runs = 0;
        new MutationObserver(() => { window.runs += 1; })
          .observe(app, {attributeFilter: ['data-test-script-state']}); }"""
    )
    for key in "rcRC":
        visit.page.keyboard.press(key)
    field = visit.page.get_by_label("Cerca", exact=True)
    field.press_sequentially("ricerca")
    expect(field).to_have_value("ricerca")
    assert visit.page.evaluate("() => window.runs") == 0
    expect(visit.page.get_by_role("dialog")).to_have_count(0)


# ---- without a mouse

LOOK_OF_FOCUS = """element => {
  const looks = [];
  for (let node = element, i = 0; node && i < 6; node = node.parentElement, i += 1) {
    const s = getComputedStyle(node);
    looks.push([s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join());
  }
  return looks.join(';');
}"""


def tab_to(visit: Visit, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus, and see that it looks different then."""
    visit.settle()
    expect(target).to_be_visible()
    has_focus, before = "element => element === document.activeElement", target.evaluate(LOOK_OF_FOCUS)
    if target.evaluate(has_focus):
        return
    for _ in range(80):
        visit.page.keyboard.press(key)
        if target.evaluate(has_focus):
            break
    expect(target).to_be_focused(timeout=2_000)
    expect(target).to_be_in_viewport()
    visit.page.wait_for_function(
        f"([element, before]) => ({LOOK_OF_FOCUS})(element) !== before", arg=[target.element_handle(), before]
    )


def press_button(visit: Visit, target: Locator, key: str = "Tab") -> None:
    tab_to(visit, target, key)
    visit.page.keyboard.press("Enter")


def test_filter_by_theme_with_the_keyboard(visit):
    visit.open()
    visit.shown()
    tab_to(visit, visit.key("filter_themes").locator("input"))
    visit.page.keyboard.type("Casa")
    expect(visit.page.get_by_role("option")).to_have_count(1)
    visit.page.keyboard.press("Enter")
    visit.wait_query(theme="housing")
    visit.wait_counts(recount.count(theme="housing"))


def test_find_a_municipality_and_read_with_the_keyboard(visit):
    visit.open("comune")
    tab_to(visit, visit.page.get_by_test_id("stMain").locator("input").first)
    visit.page.keyboard.type("Corato")
    press_button(visit, visit.page.get_by_role("button", name="Corato (BA)"))
    expect(visit.page.get_by_role("heading", level=1, name="Corato")).to_be_visible()
    press_button(visit, visit.key("open_gocciolino-resta-a-casa-corato").get_by_role("button"))
    expect(visit.page.get_by_role("heading", name="Gocciolino resta a casa")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.key("open_gocciolino-resta-a-casa-corato")).to_be_visible()


def test_compare_two_regions_with_the_keyboard(visit):
    visit.open("regioni?face=compare")
    field = visit.page.get_by_test_id("stMain").get_by_role("combobox")
    for name in ("Veneto", "Lazio"):
        tab_to(visit, field)
        visit.page.keyboard.type(name)
        expect(visit.page.get_by_role("option", name=name, exact=True)).to_be_visible()
        visit.page.keyboard.press("Enter")
        visit.settle()
    visit.page.keyboard.press("Escape")  # an open list hides the rest of the page from a screen reader
    for name in ("Veneto", "Lazio"):
        expect(visit.key("sides").get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_present_three_stops_with_the_keyboard(visit):
    visit.open("presenta")
    press_button(visit, visit.key("story_prepare").get_by_role("button"))
    expect(visit.key("stop_2")).to_be_visible()
    assert faults(visit.page) == []
    press_button(visit, visit.key("story_present").get_by_role("button"), "Shift+Tab")
    titles = []
    for at in (1, 2, 3):
        expect(visit.key("stage_foot")).to_contain_text(re.compile(rf"\b{at} (di|/) "))
        visit.settle()
        titles.append(visit.page.get_by_role("heading", level=1).inner_text())
        assert faults(visit.page) == []
        visit.page.keyboard.press("ArrowRight")
    assert len(set(titles)) == 3
    visit.page.keyboard.press("Escape")
    expect(visit.key("story_present")).to_be_visible()


def test_take_a_file_away_with_the_keyboard(visit):
    visit.open("presenta?theme=housing")
    tab_to(visit, visit.key("selection_csv").get_by_role("button"))
    with visit.page.expect_download(timeout=PATIENCE) as download:
        visit.page.keyboard.press("Enter")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert all(row["id"] in text for row in recount.chosen(theme="housing"))


def test_give_a_file_and_read_its_report_with_the_keyboard(visit):
    visit.open("dati")
    tab_to(visit, visit.page.get_by_test_id("stFileUploader").get_by_role("button", name="Scegli un file", exact=True))
    with visit.page.expect_file_chooser() as chooser:
        visit.page.keyboard.press("Enter")
    chooser.value.set_files({"name": "elenco.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    expect(visit.key("own_figures")).to_be_visible()
    assert is_in_order(visit.page)
    assert faults(visit.page) == []


# ---- settings of the reader's own


MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
    const {transitionDuration, animationDuration} = getComputedStyle(e);
    return `${transitionDuration},${animationDuration}`.split(',').some(d => parseFloat(d) > 0.001);
  }).map(e => e.outerHTML.slice(0, 120))"""


def test_with_reduced_motion_nothing_moves_from_the_first_paint(visit):
    visit.page.emulate_media(reduced_motion="reduce")
    held = []  # what Streamlit loads apart comes late on a busy machine
    visit.page.route("**/Html.*.js", lambda route: held.append(route))
    visit.open("regioni")
    assert visit.page.evaluate(MOVING) == []
    assert held
    for late in held:
        late.continue_()
    expect(visit.page.locator(".atlas-skip")).to_be_attached()  # comes with what was held
    assert visit.page.evaluate(MOVING) == []


def test_the_check_for_movement_would_see_some(visit):
    visit.page.emulate_media(reduced_motion="no-preference")
    visit.open("regioni")
    assert visit.page.evaluate(MOVING) != []


def test_with_reduced_motion_the_map_is_there_at_once(visit):
    visit.page.emulate_media(reduced_motion="reduce")
    visit.open()
    frame, before = visit.map(), visit.view()
    assert frame.evaluate(MOVING) == []
    press = "() => { document.querySelector('.atlas-button-in').click(); return window.atlasMap.view(); }"
    assert frame.evaluate(press)[2] > before[2]
    pan = """() => { const box = document.querySelector('#map_div'); box.focus();
        box.dispatchEvent(new KeyboardEvent('keydown', {keyCode: 39, key: 'ArrowRight', bubbles: true}));
        return window.atlasMap.view(); }"""
    assert frame.evaluate(pan)[1] > before[1]


def test_in_forced_colours_controls_keep_an_edge_and_the_map_its_buttons(visit):
    visit.page.emulate_media(forced_colors="active")
    visit.open()
    frame = visit.map()
    edge = "e => [getComputedStyle(e).borderTopStyle, parseFloat(getComputedStyle(e).borderTopWidth) > 0]"
    for control in (
        visit.page.get_by_test_id("stMain").get_by_role("button").first,
        frame.locator(".atlas-button").first,
    ):
        assert control.evaluate(edge) == ["solid", True]
    chosen = visit.key("map_level").locator('[aria-checked="true"], [kind$="Active"]').first
    assert chosen.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
