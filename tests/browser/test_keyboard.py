"""Six tasks without a mouse; at every press of Tab one sees where one is, and it is in sight."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import recount
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.measures import Focus

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

FILE = "titolo;comune;tema\nSpesa a casa;Reggio Emilia;Casa\nMensa;Nonesiste;Casa\n"
# More than any page has; a way that is longer than this is not found.
STOPS = 120
WALKS = [
    ("", 1280),
    ("regioni", 1280),
    ("regioni?face=compare&compare=12,05", 1280),
    ("comune?place=058091", 1280),
    ("catalogo", 1280),
    ("presenta", 1280),
    ("", 360),
    ("dati", 360),
]


@pytest.fixture(autouse=True)
def without_movement(visit):
    visit.page.emulate_media(reduced_motion="reduce")


def tab_to(visit: Visit, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus; every stop on the way must be seen (see Focus)."""
    visit.stand_still()  # a press that comes while something is replaced is lost
    expect(target).to_be_visible()
    has_focus = "element => element === document.activeElement"
    if target.evaluate(has_focus):
        return
    focus = Focus(visit.page)
    for _ in range(STOPS):
        focus.press(key)
        if target.evaluate(has_focus):
            break
    expect(target).to_be_focused(timeout=2_000)
    focus.press(key)  # only one step further it is known how the target looks without the focus
    focus.press("Tab" if key == "Shift+Tab" else "Shift+Tab")
    expect(target).to_be_focused(timeout=2_000)


def press_button(visit: Visit, target: Locator, key: str = "Tab") -> None:
    tab_to(visit, target, key)
    visit.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("key", "frame"),
    [
        ("filter_text", '[data-testid="stTextInputRootElement"]'),
        ("filter_regions", '[role="group"]:visible'),
        ("comune_size", '[data-testid="stNumberInputContainer"]'),
        ("comune_region", '[role="group"]:visible'),
    ],
)
def test_the_ring_of_a_field_goes_around_its_frame(visit, key, frame):
    visit.open("comune?region=16")
    field = visit.key(key)
    field.locator("input").first.focus()
    style = "e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)]"
    around, inside = field.locator(frame).first.evaluate(style), field.locator("input").first.evaluate(style)
    assert around[0] == "solid" and around[1] >= 2 and inside[0] == "none"


@pytest.mark.parametrize(("page", "width"), WALKS)
def test_every_stop_of_tab_is_seen(visit, page, width):
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.open(page)
    visit.stand_still()
    focus, stops = Focus(visit.page), 0
    while stops < STOPS and focus.press().evaluate("element => element !== document.body"):
        stops += 1
    assert 5 < stops < STOPS


@pytest.mark.parametrize(
    ("fault", "style"),
    [
        ("out of sight", "position: fixed; left: -99px"),
        ("nothing shows it", "outline: none; position: fixed; left: 0; top: 0; z-index: 9999999"),
    ],
)
def test_a_focus_that_nobody_sees_would_be_found(visit, fault, style):
    visit.open("metodo")
    visit.page.wait_for_function("() => window.atlasPage")
    spoil = "style => { document.body.insertAdjacentHTML('afterbegin', `<button style='${style}'>x</button>`) }"
    visit.page.evaluate(spoil, style)
    focus = Focus(visit.page)
    with pytest.raises(AssertionError, match=fault):
        for _ in range(3):
            focus.press()


def test_filter_by_theme(visit):
    visit.open()
    visit.shown()
    tab_to(visit, visit.key("filter_themes").locator("input"))
    visit.page.keyboard.type("Casa")
    expect(visit.page.get_by_role("option")).to_have_count(1)
    visit.page.keyboard.press("Enter")
    visit.wait_query(theme="housing")
    visit.wait_counts(recount.count(theme="housing"))


def test_find_a_municipality_and_read_its_initiatives(visit):
    visit.open("comune")
    tab_to(visit, visit.page.get_by_test_id("stMain").locator("input").first)
    visit.page.keyboard.type("Corato")
    press_button(visit, visit.page.get_by_role("button", name="Corato (BA)"))
    expect(visit.page.get_by_role("heading", level=1, name="Corato")).to_be_visible()
    press_button(visit, visit.key("open_gocciolino-resta-a-casa-corato").get_by_role("button"))
    expect(visit.page.get_by_role("heading", name="Gocciolino resta a casa")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.key("open_gocciolino-resta-a-casa-corato")).to_be_visible()


def test_compare_two_regions(visit):
    visit.open("regioni?face=compare")
    field = visit.page.get_by_test_id("stMain").get_by_role("combobox")
    for name in ("Veneto", "Puglia"):
        tab_to(visit, field)
        visit.page.keyboard.type(name)
        expect(visit.page.get_by_role("option", name=name, exact=True)).to_be_visible()
        visit.page.keyboard.press("Enter")
        visit.settle()
    # The list is gone by itself: it would lie over the answer and hide the rest of the page from a screen reader.
    expect(visit.page.get_by_role("listbox")).to_have_count(0)
    for name in ("Veneto", "Puglia"):
        expect(visit.key("sides").get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_give_a_file_and_read_its_report(visit):
    # Playwright answers the browser's dialog in time only if it listens long before: else a key can be quicker, and a
    # browser without a screen then cancels its dialog by itself.
    visit.page.on("filechooser", lambda _: None)
    visit.open("dati")
    tab_to(visit, visit.page.get_by_test_id("stFileUploader").get_by_role("button", name="Scegli un file", exact=True))
    with visit.page.expect_file_chooser() as chooser:
        visit.page.keyboard.press("Enter")
    chooser.value.set_files({"name": "elenco.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    expect(visit.key("own_figures")).to_be_visible()
    expect(visit.page.get_by_text("Nonesiste").first).to_be_visible()


def test_present_three_stops(visit):
    visit.open("presenta")
    press_button(visit, visit.key("story_prepare").get_by_role("button"))
    expect(visit.key("stop_2")).to_be_visible()
    press_button(visit, visit.key("story_present").get_by_role("button"), "Shift+Tab")
    titles = []
    for at in (1, 2, 3):
        expect(visit.key("stage_foot")).to_contain_text(re.compile(rf"(?<!\d){at} (di|/) "))
        visit.settle()
        titles.append(visit.page.get_by_role("heading", level=1).inner_text())
        visit.page.keyboard.press("ArrowRight")
    assert len(set(titles)) == 3
    visit.page.keyboard.press("Escape")
    expect(visit.key("story_present")).to_be_visible()


def test_take_a_file_away(visit):
    visit.open("presenta?theme=housing")
    tab_to(visit, visit.key("selection_csv").get_by_role("button"))
    with visit.page.expect_download(timeout=PATIENCE) as download:
        visit.page.keyboard.press("Enter")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert all(row["id"] in text for row in recount.chosen(theme="housing"))
