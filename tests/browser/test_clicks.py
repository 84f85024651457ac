"""A click means what is seen: bubble, click and selection are one territory; a press moves neither focus nor page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import recount
from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

WINDOWS = [(1280, 600), (1366, 650), (1280, 800)]
ZOOMS = [5.5, 7.2, 8.6, 10]
# Presses a grid of points with mouse and finger; what the page would be told is kept instead. Returns a line for each
# press that opened something else than its bubble names, or something that is not seen.
GRID = """zooms => {
    const box = document.querySelector('#map_div'), told = [], real = window.Streamlit.setComponentValue;
    window.Streamlit.setComponentValue = value => told.push(value);
    const size = box.getBoundingClientRect(), wrong = [];
    let presses = 0, opened = 0;
    for (const zoom of zooms) {
      atlasMap.show(43.2, 12.2, zoom);
      for (let i = 1; i <= 5; i++) for (let j = 1; j <= 4; j++) for (const pointer of ['mouse', 'touch']) {
        // A click has whole pixels of the window.
        const clientX = Math.round(size.left + size.width * i / 6);
        const clientY = Math.round(size.top + size.height * j / 5);
        const x = clientX - size.left - box.clientLeft, y = clientY - size.top - box.clientTop;
        const named = atlasMap.targetOfPoint(x, y, pointer === 'touch');
        const target = document.elementFromPoint(clientX, clientY);
        if (!target || target.closest('.leaflet-control')) continue;
        told.length = 0;
        presses += 1;
        const options = { bubbles: true, cancelable: true, view: window, pointerType: pointer, button: 0, detail: 1,
                          clientX: clientX, clientY: clientY };
        target.dispatchEvent(new PointerEvent('pointerdown', options));
        target.dispatchEvent(new MouseEvent('mousedown', options));
        target.dispatchEvent(new MouseEvent('mouseup', options));
        target.dispatchEvent(new MouseEvent('click', options));
        if (document.querySelector('.atlas-list')) target.dispatchEvent(new PointerEvent('pointerdown', options));
        const at = [zoom, pointer, Math.round(x), Math.round(y)].join(' ');
        const said = told.filter(value => value.code || value.row !== undefined);
        if (!named) { if (said.length) wrong.push(at + ' sea opened ' + JSON.stringify(said)); continue; }
        if (!named.code) continue; // a circle: opened or listed, tested on its own
        opened += 1;
        if (said.length !== 1 || said[0].code !== named.code) {
          wrong.push(at + ' ' + named.code + ' ' + JSON.stringify(said));
          continue;
        }
        const [left, top, right, bottom] = atlasMap.boxOf(named.code);
        if (Math.max(right - left, bottom - top) < 12) wrong.push(at + ' too small ' + named.code);
      }
    }
    window.Streamlit.setComponentValue = real;
    return { presses: presses, opened: opened, wrong: wrong };
  }"""


def scroll_to(visit, top):
    visit.page.get_by_test_id("stMain").evaluate("(main, top) => { main.scrollTop = top; }", top)
    return visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTop")


def test_what_the_bubble_names_is_what_the_click_opens_and_it_can_be_seen(server, browser):
    presses = opened = 0
    for width, height in WINDOWS:
        with new_visit(server, browser, width, height) as visit:
            for level, top in (("region", 0), ("province", 150), ("municipality", 300)):
                visit.open(f"?level={level}")
                visit.wait_shown(f"m.level === '{level}'")
                scroll_to(visit, top)
                found = visit.map().evaluate(GRID, ZOOMS)
                assert found["wrong"] == [], (width, level)
                presses, opened = presses + found["presses"], opened + found["opened"]
    assert presses >= 400 and opened >= 200


@pytest.mark.parametrize(("width", "height"), WINDOWS)
@pytest.mark.parametrize("top", [0, 150, 300])
def test_a_press_opens_what_is_under_it_and_moves_neither_focus_nor_page(server, browser, width, height, top):
    with new_visit(server, browser, width, height) as visit:
        visit.open("?level=region")
        visit.wait_counts(recount.count("region"))
        before = scroll_to(visit, top)
        box = visit.map().locator("#map_div").bounding_box()
        seen = [y for y in range(80, int(box["height"]), 20) if 70 < box["y"] + y < height - 20]
        x, y, named = next(
            (x, y, found)
            for y in seen
            for x in range(150, int(box["width"]) - 250, 40)
            if (found := visit.map().evaluate("([x, y]) => atlasMap.targetOfPoint(x, y)", [x, y])) and found["code"]
        )
        visit.page.mouse.move(box["x"] + x, box["y"] + y)
        expect(visit.map().locator(".atlas-tip")).to_contain_text(named["lines"][0][1])
        visit.page.mouse.down()
        assert visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == before
        visit.page.mouse.up()
        visit.wait_query(region=named["code"], level="province")
        assert visit.page.evaluate("document.activeElement.tagName") != "IFRAME"
        assert visit.map().evaluate("!document.querySelector('.atlas-reading')")
        visit.page.mouse.move(5, 5)
        expect(visit.map().locator(".atlas-tip")).to_have_count(0)


def test_down_to_a_municipality_by_land_whatever_the_level(visit):
    visit.open()
    visit.wait_counts(recount.count())
    for code, query in (
        ("09", {"region": "09"}),
        ("053", {"region": "09", "place": "053"}),
        ("053016", {"region": "09", "place": "053016"}),
    ):
        visit.click_place(code)
        visit.wait_query(**query)
    left, _, right, _ = visit.map().evaluate("atlasMap.boxOf('053016')")
    assert right - left >= 12


def test_marks_open_themselves_and_close_ones_are_chosen_from_a_list(visit):
    visit.open("?q=Cremasco")
    shown = visit.wait_shown("m.circles.length === 1")
    (circle,) = shown["circles"]
    assert [mark["n"] for mark in circle["members"]] == [1, 1]
    assert "48 Comuni" in [name["text"] for name in shown["names"]]
    ground = visit.map().locator("#map_div")
    ground.click(position={"x": circle["x"], "y": circle["y"]})
    choices = visit.map().locator(".atlas-list button")
    expect(choices).to_have_count(2)
    ground.click(position={"x": 80, "y": 300})
    expect(choices).to_have_count(0)
    assert "id" not in visit.query()
    ground.click(position={"x": circle["x"], "y": circle["y"]})
    choices.filter(has_text="Interpreti").click()
    visit.page.wait_for_url("**id=interpreti-di-cambiamento-cremasco**")
    assert visit.view()[2] > 8


def test_a_click_beside_an_open_list_of_the_page_only_closes_it(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.key("filter_themes").locator("input").first.click()
    expect(visit.page.get_by_role("option").first).to_be_visible()
    x, y = visit.point_of("09")
    visit.map().locator("#map_div").click(position={"x": x, "y": y})
    expect(visit.page.get_by_role("option")).to_have_count(0)
    visit.settle()
    assert visit.query() == {}
    visit.click_place("09")
    visit.wait_query(region="09")


@pytest.mark.parametrize("theme", ["housing", "digital", "poverty", "health"])
def test_who_counts_the_marks_counts_the_initiatives(visit, theme):
    visit.open(f"?theme={theme}")
    placed = [row for row in recount.chosen(theme=theme) if row["codes"]]
    shown = visit.wait_shown("m.circles.length > 0")
    assert sum(mark["n"] for circle in shown["circles"] for mark in circle["members"]) == len(placed)
    assert sum(circle["value"] for circle in shown["circles"]) == len(placed)
    gaps = [
        (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2 - (a["r"] + b["r"]) ** 2
        for a in shown["circles"]
        for b in shown["circles"]
        if a != b
    ]
    assert all(gap > -1 for gap in gaps)


def test_a_list_of_options_goes_once_one_is_picked_and_the_next_filter_is_under_the_mouse(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.key("filter_themes").locator("input").click()
    visit.page.get_by_role("option", name=re.compile("^Casa ")).click()
    expect(visit.page.get_by_role("option")).to_have_count(0)
    visit.settle()
    visit.key("filter_targets").locator("input").click()
    visit.page.get_by_role("option", name=re.compile("^Persone anziane ")).click()
    expect(visit.page.get_by_role("option")).to_have_count(0)
    visit.page.wait_for_url(re.compile("theme=housing&target=elderly"))


def test_with_the_keyboard_a_list_of_options_stays_for_the_next_one(visit):
    visit.open()
    visit.wait_counts(recount.count())
    field = visit.key("filter_themes").locator("input")
    field.focus()
    field.press("ArrowDown")
    field.press("Enter")
    visit.settle()
    expect(visit.page.get_by_role("option").first).to_be_visible()


def test_the_panel_to_look_for_a_place_is_opened_to_type(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.key("finder").get_by_role("button").first.click()
    expect(visit.key("finder_place").locator("input")).to_be_focused()
    visit.page.keyboard.type("Reggio Emilia")
    expect(visit.key("finder_place_found").get_by_role("button")).not_to_have_count(0)
