"""Everyone can use it: axe finds nothing, tasks need no mouse, nothing is lost when enlarged or in other colours."""

import os
import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser import recount
from tests.browser.conftest import Visit, new_visit
from tests.browser.measures import documents, measure, measure_spaced

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

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
    "indovina?question=rarest_theme",
    "presenta",
    "dati",
    "metodo",
    "proponi",
    "accessibilita",
]
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 26, 38)"}
# Around each theme only one width changes: a change of theme runs the page again. 320 is 1280 enlarged four times.
EVERY_LOOK = [(1280, "light"), (360, "light"), (360, "dark"), (320, "dark"), (1280, "dark")]
# Alone, a test looks at the two that differ most; `make test-access`, which CI runs, at all of them.
LOOKS = EVERY_LOOK if os.environ.get("ATLAS_EVERY_LOOK") else [(1280, "light"), (320, "dark")]
SPREAD = (1280, 320)
MEASURES = ("smallTargets", "cutTexts", "sideways", "faintEdges")
FILE = "titolo;comune;tema\nSpesa a casa;Reggio Emilia;Casa\nMensa;Nonesiste;Casa\n"
ONE_FILE = {"name": "elenco.csv", "mimeType": "text/csv", "buffer": FILE.encode()}


def look_at(visit: Visit, width: int, theme: str) -> None:
    """Show the same page at another width and in another theme, and wait until it is there."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    ground = "g => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === g"
    visit.page.wait_for_function(ground, arg=GROUNDS[theme])
    folded = """() => { const bar = document.querySelector('[data-testid=stSidebar]');
        return innerWidth > 768 || !bar?.getClientRects().length || bar.dataset.collapsed === 'true'; }"""
    visit.page.wait_for_function(folded)
    visit.stand_still()
    if visit.page.locator("iframe[src*=streamlit_folium]:visible").count():
        visit.wait_shown(f"m.theme === '{theme}'")


def faults(page: Page) -> list[str]:
    """Return what axe finds in the page and in the map's frame, one line for each element."""
    run = "options => axe.run(document, options).then(found => found.violations)"
    options = {"runOnly": RULES, "resultTypes": ["violations"], "iframes": False}
    for document in documents(page):
        document.evaluate(AXE_SCRIPT)
    rules = [rule for document in documents(page) for rule in document.evaluate(run, options)]
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


def look_over(visit: Visit, looks: Iterable[tuple[int, str]] = LOOKS) -> list[str]:
    """Return what stands in anybody's way on the page that is open: light and dark, wide, narrow and enlarged."""
    found = []
    for width, theme in looks:
        look_at(visit, width, theme)
        # Only what is still there on a second look counts: a busy machine may be drawing yet.
        checks = [lambda: faults(visit.page), lambda: measure(visit.page, *MEASURES)]
        if width in SPREAD:
            checks.append(lambda: measure_spaced(visit.page))
        found += [f"{width} {theme} {fault}" for check in checks for fault in check() and check()]
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_stands_in_anybodys_way(reader, view):
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    reader.open(view)
    assert look_over(reader) == []
    assert is_in_order(reader.page)


def test_nothing_stands_in_the_way_of_a_presentation(visit):
    visit.open("presenta")
    visit.key("story_prepare").get_by_role("button").click()
    expect(visit.key("stop_2")).to_be_visible()
    assert look_over(visit) == []
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.key("story_present").get_by_role("button").click()
    for at in (1, 2, 3):
        expect(visit.key("stage_foot")).to_contain_text(re.compile(rf"(?<!\d){at} (di|/) "))
        assert look_over(visit, [(1280, "light"), (320, "dark")]) == [], f"stop {at}"
        visit.page.keyboard.press("ArrowRight")


def test_nothing_stands_in_the_way_of_a_report(visit):
    visit.open("dati")
    visit.page.locator("input[type=file]").set_input_files(ONE_FILE)
    expect(visit.key("own_figures")).to_be_visible()
    assert look_over(visit) == []
    assert is_in_order(visit.page)


def test_axe_would_see_a_fault_in_the_page_and_in_the_map(reader):
    reader.open()
    spoil = "document.body.insertAdjacentHTML('beforeend', '<button></button>')"
    frame = reader.map()
    for place in (reader.page, frame):
        place.evaluate(spoil)
    assert sum(fault.startswith("button-name") for fault in faults(reader.page)) == 2


def test_the_measures_would_see_what_is_small_cut_wide_or_faint(reader):
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.page.emulate_media(color_scheme="light")
    reader.open("metodo")
    spoil = """<div style='flex: none'><button style='width: 20px; height: 40px; border: 2px solid'>x</button>
        <p style='width: 40px; overflow: hidden; white-space: nowrap'>parole che non si leggono</p>
        <input style='border: 1px solid #ddd; background: white; width: 60px; height: 40px'>
        <div style='width: 2000px; height: 1px'></div></div>"""
    main = reader.page.get_by_test_id("stMain")
    main.evaluate("(main, spoil) => main.insertAdjacentHTML('beforeend', spoil)", spoil)
    found = measure(reader.page, *MEASURES)
    assert sorted({fault.split(":")[0] for fault in found}) == sorted(MEASURES)
    assert len(found) == len(MEASURES)


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
    expect(visit.page.get_by_role("heading", name=f"{len(recount.initiatives())} iniziative")).to_be_focused()
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
    visit.open_counting()
    chosen = visit.key("map_level").locator('[aria-checked="true"], [kind$="Active"]').first
    assert chosen.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
