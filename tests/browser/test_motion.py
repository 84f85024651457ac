"""What was moved by hand stays until another place is chosen, nothing is fetched again, the wheel scrolls the page."""

import pytest
from playwright.sync_api import expect

from atlas.base.i18n import translator
from atlas.base.model import Language
from tests.browser import recount
from tests.browser.conftest import PATIENCE, new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

# One change of a filter may send this much for the map.
MESSAGE_LIMIT = 15_000


def move(visit):
    """Come nearer and drag; return where the map then stands."""
    start = visit.view()
    visit.press_map("in")
    visit.view()
    ground = visit.map().locator("#map_div")
    ground.scroll_into_view_if_needed()  # a mouse below the window drags nothing
    box = ground.bounding_box()
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6
    assert y < visit.page.viewport_size["height"]
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 60, y - 40, steps=4)
    visit.page.mouse.up()
    moved = visit.view()
    assert moved[2] > start[2] and moved[:2] != pytest.approx(start[:2], abs=0.1)
    return moved


def stands(visit, place):
    assert visit.view() == pytest.approx(place, abs=0.02)


def test_pan_and_zoom_survive_until_another_place_is_chosen(visit):
    visit.open()
    visit.wait_counts(recount.count())
    place = move(visit)
    visit.choose("themes", "Digitale")
    visit.wait_counts(recount.count(theme="digital"))
    stands(visit, place)
    visit.press("language", "English")
    visit.wait_shown("m.legend.includes('Initiatives')")
    stands(visit, place)
    visit.press("map_level", "Regions")
    visit.wait_counts(recount.count("region", theme="digital"))
    stands(visit, place)
    visit.press("map_rule", translator(Language.EN)("map.share"))
    visit.wait_shown("m.legend.includes('Split')")
    stands(visit, place)
    visit.choose("regions", "Tuscany")
    visit.wait_counts(recount.count("region", theme="digital", region="09"))
    assert 42 < visit.view()[0] < 45 and 9 < visit.view()[1] < 13
    visit.wait_query(theme="digital", region="09", level="region", rule="share", lang="en")
    assert "map" not in visit.query()


def test_pan_and_zoom_survive_another_page(visit):
    visit.open()
    visit.wait_counts(recount.count())
    move(visit)
    place = visit.told()
    visit.page.get_by_role("link", name="Metodo").click()
    expect(visit.page.get_by_role("heading", name="Metodo", exact=True)).to_be_visible()
    visit.page.get_by_role("link", name="Mappa").click()
    visit.wait_counts(recount.count())
    stands(visit, place)


def test_home_shows_italy_again_and_fit_the_selection(visit):
    visit.open("?region=08")
    visit.wait_counts(recount.count(region="08"))
    near = visit.view()
    assert 43.5 < near[0] < 45.5 and 9 < near[1] < 13
    visit.press_map("home")
    home = visit.view()
    assert home[2] < near[2]
    visit.press_map("fit")
    stands(visit, near)


def test_a_filter_change_is_one_small_message_and_nothing_else(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.map().evaluate("() => { window.atlasMark = 'same frame' }")
    visit.choose("themes", "Casa")  # a first change may still load the code of a widget
    visit.wait_counts(recount.count(theme="housing"))
    visit.settle()
    asked, heard = len(visit.requests), len(visit.messages)
    visit.key("chip_themes_housing").get_by_role("button").click()
    visit.wait_counts(recount.count())
    visit.settle()
    assert visit.requests[asked:] == []
    assert visit.map().evaluate("window.atlasMark") == "same frame"
    paints = [message for message in visit.messages[heard:] if b"atlasMap.paint" in message]
    assert len(paints) == 1
    assert len(paints[0]) <= MESSAGE_LIMIT


def test_rates_and_levels_stay_small_too(visit):
    visit.open("?level=municipality&measure=per_million")
    visit.wait_shown("m.kind === 'fills'")
    for step in (lambda: visit.press("map_rule", "Divisa tra i Comuni"), lambda: visit.press("map_level", "Province")):
        heard = len(visit.messages)
        paints = visit.shown()["paints"]
        step()
        visit.wait_shown(f"m.paints > {paints}")
        sizes = [len(message) for message in visit.messages[heard:] if b"atlasMap.paint" in message]
        assert sizes and max(sizes) <= MESSAGE_LIMIT


def scrolled(visit):
    return visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTop")


def over_map(visit):
    box = visit.map().locator("#map_div").bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120)


def test_the_wheel_scrolls_the_page_and_with_ctrl_it_zooms(visit):
    visit.open()
    zoom = visit.view()[2]
    over_map(visit)
    visit.page.mouse.wheel(0, 200)
    visit.page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 50")
    expect(visit.map().get_by_text("Ctrl + rotella")).to_be_visible()
    assert visit.view()[2] == zoom
    over_map(visit)
    before = scrolled(visit)
    visit.page.keyboard.down("Control")
    visit.page.mouse.wheel(0, -100)
    visit.page.keyboard.up("Control")
    visit.map().wait_for_function(f"() => atlasMap.view()[2] > {zoom}", timeout=PATIENCE)
    assert scrolled(visit) == before


def test_full_screen_and_back(visit):
    visit.open()
    frame = visit.map()
    visit.press_map("full")
    frame.wait_for_function("() => document.fullscreenElement !== null", timeout=PATIENCE)
    frame.wait_for_function("() => document.querySelector('#map_div').clientHeight >= window.innerHeight - 4")
    visit.press_map("full")
    frame.wait_for_function("() => document.fullscreenElement === null", timeout=PATIENCE)
    visit.click_place("058091")
    visit.wait_query(region="12", place="058091")


def test_every_button_of_the_map_has_a_name_in_the_language(visit):
    visit.open("?lang=en")
    frame = visit.map()
    names = frame.locator(".atlas-button").evaluate_all("all => all.map(b => b.getAttribute('aria-label'))")
    assert len(names) == 6 and len(set(names)) == 6 and all(names)
    visit.press("language", "Italiano")
    expect(frame.locator(".atlas-button-home")).to_have_attribute("aria-label", "Torna all'Italia")
    assert frame.evaluate("document.documentElement.lang") == "it"


def test_a_second_visit_fetches_no_geometry_again(visit):
    visit.open()
    visit.shown()
    files = [url for url in visit.requests if "/map/" in url]
    assert len(files) == 9  # the map's, and the script of the page
    visit.page.reload()
    visit.settle()
    visit.shown()
    sizes = visit.map().evaluate(
        "() => performance.getEntriesByType('resource').filter(e => e.name.includes('/map/'))"
        ".map(e => [e.name, e.transferSize])"
    )
    assert len(sizes) == 8
    assert {size for _, size in sizes} == {0}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_followed(server, browser, theme):
    with new_visit(server, browser, color_scheme=theme) as visit:
        shown = visit.open().wait_shown(f"m.theme === '{theme}'")
        assert shown["theme"] == theme
        ground = visit.map().locator("#map_div").evaluate("e => getComputedStyle(e).backgroundColor")
        light = sum(int(part) for part in ground.strip("rgb()").split(",")[:3]) / 3
        assert (light > 128) == (theme == "light")
