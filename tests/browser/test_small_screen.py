"""At 360 pixels, with a finger."""

import re

import pytest
from playwright.sync_api import expect

from atlas.ui.shell import PAGES
from tests.browser import recount
from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def phone(server, browser):
    with new_visit(server, browser, 360, 740, has_touch=True, is_mobile=True, device_scale_factor=2) as visit:
        yield visit


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_page_is_wider_than_the_screen(phone, page):
    phone.open("" if page == "mappa" else page)
    if page == "mappa":
        phone.shown()
    wide = phone.page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert max(wide) <= 0
    assert phone.page.evaluate("window.innerWidth") == 360


def test_a_tap_chooses_a_territory(phone):
    phone.open("?level=region")
    phone.wait_counts(recount.count("region"))
    phone.page.locator("iframe[src*=streamlit_folium]").scroll_into_view_if_needed()
    x, y = phone.point_of("12")
    phone.map().locator("#map_div").tap(position={"x": x, "y": y})
    phone.wait_query(region="12", level="province")
    phone.wait_counts(recount.count("province", region="12"))


def test_a_finger_on_the_map_scrolls_the_page_and_leaves_the_map_alone(phone):
    phone.open()
    phone.wait_counts(recount.count())
    phone.page.locator("iframe[src*=streamlit_folium]").scroll_into_view_if_needed()
    view = phone.view()
    main = phone.page.get_by_test_id("stMain")
    before = main.evaluate("main => main.scrollTop")
    box = phone.page.locator("iframe[src*=streamlit_folium]").bounding_box()
    x, y = box["x"] + 160, min(box["y"] + 260, 600)
    finger = phone.page.context.new_cdp_session(phone.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x, "y": y - 20 * step}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.page.wait_for_function(
        "before => document.querySelector('[data-testid=stMain]').scrollTop > before + 60", arg=before
    )
    assert phone.view() == pytest.approx(view, abs=0.01)


def test_the_menu_says_what_it_is_and_goes_once_a_page_is_chosen(phone):
    phone.open()
    phone.shown()
    opener = phone.page.get_by_test_id("stExpandSidebarButton")
    phone.page.wait_for_function("() => window.atlasPage")
    label = "e => getComputedStyle(e, '::after').content"
    found = "document.querySelector('[data-testid=stExpandSidebarButton]')"
    phone.page.wait_for_function(f"() => ({label})({found}).includes('Menu')")
    assert opener.bounding_box()["height"] >= 44
    opener.click()
    phone.page.get_by_test_id("stSidebarNavLink").filter(has_text="Regioni").click()
    expect(phone.page).to_have_url(re.compile("/regioni"))
    expect(phone.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    expect(phone.page.locator("h1")).to_be_focused()


def test_the_filters_lead_back_to_what_they_found(phone):
    phone.open("?theme=housing")
    phone.shown()
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    see = phone.key("see_results").get_by_role("button")
    expect(see).to_have_text("Vedi 4 iniziative")
    phone.stand_still()
    assert see.bounding_box()["y"] + see.bounding_box()["height"] <= 740  # it stays in sight while filters scroll
    see.click()
    expect(phone.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    expect(phone.page.locator("h1")).to_be_focused()


def test_the_map_is_on_the_first_screen(phone):
    phone.open()
    phone.shown()
    box = phone.page.locator("iframe[src*=streamlit_folium]").bounding_box()
    assert box["y"] + box["height"] <= 740
    words = phone.key("view_words").bounding_box()
    assert words["y"] >= box["y"] + box["height"] - 1


@pytest.mark.parametrize("path", ["", "regioni", "regioni?face=region&about=09", "indovina"])
def test_what_a_finger_presses_is_large_enough(phone, path):
    phone.open(path)
    phone.stand_still()
    small = phone.page.evaluate(
        """() => [...document.querySelectorAll(
            '.stMain :is(.stButton, .stPopover, [data-testid=stButtonGroup]) button')]
        .filter(b => b.offsetParent && b.getBoundingClientRect().height < 43.5).map(b => b.innerText)"""
    )
    assert small == []


def test_filters_are_reached_and_used(phone):
    phone.open()
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.key("filter_themes")).to_be_visible()
    phone.stand_still()  # the side bar slides in, and its lists with it
    phone.choose("themes", "Casa")
    phone.wait_query(theme="housing")


def test_no_view_of_the_regions_is_cut_and_no_key_is_named(phone):
    phone.open("regioni?face=compare")
    phone.stand_still()
    views = [radio.bounding_box() for radio in phone.key("faces").get_by_role("radio").all()]
    assert len(views) == 5
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in views)
    phone.open("catalogo?id=innovationlab-san-dona-di-piave")
    back = phone.key("card_back").get_by_role("button")
    expect(back).to_be_visible()
    assert "Esc" not in back.inner_text() and "Torna all'elenco" in back.inner_text()


@pytest.mark.parametrize(("compared", "fits"), [("16,03", True), ("16,03,IT", False)])
def test_territories_stand_side_by_side_and_only_more_than_two_scroll(phone, compared, fits):
    phone.open(f"regioni?face=compare&compare={compared}")
    for name in ("heads", "lists"):
        row = phone.key(f"side_{name}").locator(".stHorizontalBlock").first
        expect(row).to_be_visible()
        wide, high = row.evaluate("e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]")
        assert (wide <= 0) is fits and high <= 0
        ends = row.locator("> .stColumn").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
        assert ends[1] <= 344
        assert fits or ends[1] + 16 < 330  # a part of the third is seen, which says that there is more


def test_the_hint_of_a_field_of_numbers_is_below_the_number(phone):
    phone.open("comune")
    field = phone.key("comune_size")
    field.locator("input").press_sequentially("14000")
    hint = field.get_by_test_id("InputInstructions")
    expect(hint).to_have_text("Premi Invio per applicare")
    frame, box = field.get_by_test_id("stNumberInputContainer").bounding_box(), hint.bounding_box()
    assert box["y"] >= frame["y"] + frame["height"] and box["height"] < 24
