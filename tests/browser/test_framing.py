"""The map goes where one looks, fills its frame, says names, and its address is exactly this view."""

import pytest
from playwright.sync_api import expect

from tests.browser import recount
from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

WINDOWS = [(1280, 1400), (1280, 600), (1366, 650), (1920, 1080), (360, 740)]
SEEN = """codes => {
    const size = document.querySelector('#map_div').getBoundingClientRect(), taken = atlasMap.inspect().taken;
    return codes.filter(code => {
        const [x, y] = atlasMap.pointOf(code), isUnder = t => x > t[0] && x < t[2] && y > t[1] && y < t[3];
        return x < 0 || y < 0 || x > size.width || y > size.height || taken.some(isUnder);
    }); }"""
FILLS = """codes => { const size = document.querySelector('#map_div').getBoundingClientRect();
    const boxes = codes.map(code => atlasMap.boxOf(code));
    const span = i => Math.max(...boxes.map(box => box[i + 2])) - Math.min(...boxes.map(box => box[i]));
    return Math.max(span(0) / size.width, span(1) / size.height); }"""


def towns_of(region):
    return [code for code, own in recount.places().items() if own["region_code"] == region]


def is_framed(visit, towns, codes, least=0.5):
    """Wait until all towns are in sight, clear of legend and buttons, and the territories fill the frame."""
    visit.view()
    assert visit.map().evaluate(SEEN, towns) == []
    assert visit.map().evaluate(FILLS, codes) >= least


def test_every_choice_of_place_is_framed(visit):
    visit.open()
    visit.wait_counts(recount.count())
    italy = visit.view()
    visit.choose("regions", "Toscana")
    visit.wait_counts(recount.count(region="09"))
    is_framed(visit, towns_of("09"), ["09"])
    visit.choose("regions", "Sicilia")
    visit.wait_counts(recount.count(region="09") | recount.count(region="19"))
    is_framed(visit, towns_of("09") + towns_of("19"), ["09", "19"])
    visit.key("clear").get_by_role("button").click()
    visit.wait_counts(recount.count())
    assert visit.view() == pytest.approx(italy, abs=0.02)
    visit.go_to("Palermo", "Palermo (PA), Sicilia")
    visit.wait_query(region="19", place="082053")
    is_framed(visit, ["082053"], ["082053"], 0.1)
    visit.page.keyboard.press("Escape")
    visit.wait_query(region="19", place="082")
    is_framed(visit, [code for code in towns_of("19") if code.startswith("082")], ["082"])


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_style_sheet_that_comes_late_leaves_country_and_names_where_they_are(server, browser, motion):
    with new_visit(server, browser, reduced_motion=motion) as visit:
        visit.open()
        visit.wait_counts(recount.count())
        stand = visit.view(), visit.shown()["names"]
    with new_visit(server, browser, reduced_motion=motion) as visit:
        held = []
        visit.page.route("**/leaflet.*.css", lambda route: held.append(route))
        with visit.page.expect_request("**/leaflet.*.css"):
            visit.page.goto(server)
        visit.page.wait_for_timeout(700)  # the map's data has come
        for route in held:
            route.continue_()
        visit.settle()
        visit.wait_counts(recount.count())
        assert visit.view() == pytest.approx(stand[0], abs=0.02)
        assert visit.shown()["names"] == stand[1]


def test_an_open_card_is_framed_and_closing_it_goes_back(visit):
    visit.open("?region=19")
    visit.wait_counts(recount.count(region="19"))
    before = visit.view()
    visit.key("open_muoviti-con-liberta-messina").get_by_role("button").click()
    visit.wait_shown("m.foot.length === 1")
    assert visit.view()[2] > before[2]
    left, top, right, _ = visit.map().evaluate("atlasMap.boxOf('083048')")
    assert right - left > 12 and left > 0 and top > 0
    visit.key("card_back").get_by_role("button").click()
    visit.wait_shown("m.foot.length === 0")
    assert visit.view() == pytest.approx(before, abs=0.02)


def test_the_address_says_where_the_map_was_moved_and_a_new_window_shows_exactly_that(visit, browser):
    visit.open("?theme=digital")
    visit.wait_counts(recount.count(theme="digital"))
    visit.press_map("in")
    visit.press_map("in")
    place = visit.told()
    address = visit.page.url
    with new_visit(visit.address, browser) as other:
        other.open(address.removeprefix(visit.address).lstrip("/"))
        assert other.view() == pytest.approx(place, abs=0.01)
    visit.open("?region=09")  # what was moved counts only where the address says so
    visit.wait_counts(recount.count(region="09"))
    is_framed(visit, towns_of("09"), ["09"])


def test_without_movement_the_map_is_there_at_once(visit):
    visit.page.emulate_media(reduced_motion="reduce")
    visit.open()
    watch = """() => { window.atlasMoved = 0; new MutationObserver(() => { window.atlasMoved +=
        document.querySelectorAll('.leaflet-zoom-anim').length; }).observe(document.querySelector('.leaflet-map-pane'),
        { attributes: true }); }"""
    visit.map().evaluate(watch)
    visit.choose("regions", "Puglia")
    visit.wait_counts(recount.count(region="16"))
    is_framed(visit, towns_of("16"), ["16"])
    assert visit.map().evaluate("window.atlasMoved") == 0


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_italy_fills_the_frame_and_the_legend_covers_none_of_it(server, browser, width, height):
    with new_visit(server, browser, width, height) as visit:
        visit.open()
        visit.wait_counts(recount.count())
        regions = sorted({own["region_code"] for own in recount.places().values()})
        is_framed(visit, list(recount.places()), regions, 0.72)


OVERLAPS = """() => { const { names, circles } = atlasMap.inspect(); const bad = [];
    names.forEach((one, i) => { names.slice(i + 1).forEach(other => { const a = one.box, b = other.box;
        if (a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1]) bad.push([one.text, other.text]); });
      circles.forEach(c => {
        const dx = c.x - Math.max(one.box[0], Math.min(c.x, one.box[2]));
        const dy = c.y - Math.max(one.box[1], Math.min(c.y, one.box[3]));
        if (dx * dx + dy * dy < c.r * c.r) bad.push([one.text, 'circle']); }); });
    return bad; }"""


def names(visit):
    return [name["text"] for name in visit.shown()["names"]]


@pytest.mark.parametrize(
    "query", ["", "?region=03", "?region=04", "?place=019", "?level=region&lang=en", "?region=16&level=province"]
)
def test_no_name_stands_over_another_or_over_a_circle(visit, query):
    visit.open(query)
    visit.view()
    assert len(names(visit)) >= 5
    assert visit.map().evaluate(OVERLAPS) == []


def test_names_of_regions_capitals_and_towns_in_both_languages_and_none_when_switched_off(visit):
    visit.open()
    visit.view()
    assert {"Sardegna", "Piemonte"} <= set(names(visit))
    visit.press("language", "English")
    visit.wait_shown("m.names.some(name => name.text === 'Sardinia')")
    visit.press("language", "Italiano")
    visit.choose("regions", "Trentino-Alto Adige")
    visit.wait_shown("m.names.some(name => name.text === 'Bolzano / Bozen')")
    visit.press_map("names")
    visit.wait_shown("m.names.length === 0")
    expect(visit.map().locator(".atlas-button-names")).to_have_attribute("aria-pressed", "false")
    visit.press_map("names")
    visit.wait_shown("m.names.length > 0")


# What a click at some points of a region's name would open, if it is not that region; and names that read as one.
STRAYS = """() => { const { names } = atlasMap.inspect(), bad = [];
    for (const { text, code, isOnArea, box: [left, top, right, bottom] } of names.filter(one => one.isOnArea))
        for (const x of [0, 0.25, 0.5, 0.75, 1]) for (const y of [0.3, 0.5, 0.7]) {
            const found = atlasMap.targetOfPoint(left + (right - left) * x, top + (bottom - top) * y);
            if (found && found.code !== code) bad.push([text, found.lines]);
        }
    names.forEach((one, i) => names.slice(i + 1).forEach(other => {
        const a = one.box, b = other.box, between = Math.max(a[0], b[0]) - Math.min(a[2], b[2]);
        if (a[1] < b[3] && b[1] < a[3] && between < 9) bad.push([one.text, other.text]);
    }));
    return bad; }"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1366, 768), (1920, 1080)])
def test_the_name_of_a_region_stands_on_no_other_and_no_two_names_read_as_one(server, browser, width, height):
    with new_visit(server, browser, width, height) as visit:
        for query in ("", "?lang=en", "?level=region&measure=per_million", "?level=region&measure=per_million&lang=en"):
            visit.open(query)
            visit.view()
            shown = visit.shown()
            assert shown["zoom"] < 7  # a click on land opens a region
            assert sum(name["isOnArea"] for name in shown["names"]) >= 15
            assert visit.map().evaluate(STRAYS) == [], query


# The part of each region with a value that no name covers.
BARE = """() => { const { names, marks } = atlasMap.inspect(), bare = {};
    const isNamed = (x, y) => names.some(({ box }) => x > box[0] && x < box[2] && y > box[1] && y < box[3]);
    for (const code of Object.keys(marks)) {
        const [left, top, right, bottom] = atlasMap.boxOf(code);
        let all = 0, free = 0;
        for (let x = left; x < right; x += 2) for (let y = top; y < bottom; y += 2) {
            const found = atlasMap.targetOfPoint(x, y);
            if (found && found.code === code) { all += 1; if (!isNamed(x, y)) free += 1; }
        }
        bare[code] = free / all;
    }
    return bare; }"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
@pytest.mark.parametrize("language", ["it", "en"])
def test_a_colour_that_says_a_value_is_at_least_half_in_sight(server, browser, width, height, language):
    with new_visit(server, browser, width, height) as visit:
        visit.open(f"?level=region&measure=per_million&lang={language}")
        visit.view()
        bare = visit.map().evaluate(BARE)
        assert set(bare) == set(recount.count("region"))
        assert "02" in bare  # the smallest region, with the longest name
        assert {code: part for code, part in bare.items() if part < 0.45} == {}


@pytest.mark.parametrize(("query", "has_counted"), [("", True), ("?region=16&target=families", False)])
def test_the_legend_explains_what_is_in_sight_and_keeps_its_caution(visit, query, has_counted):
    visit.open(query)
    visit.view()
    legend = visit.map().locator(".atlas-legend")
    circles = visit.shown()["circles"]
    assert circles and any(len(circle["members"]) > 1 for circle in circles) is has_counted
    has_shared = any(mark["row"] >= 0 for circle in circles for mark in circle["members"])
    assert ("segni vicini contati insieme" in legend.inner_text()) is has_counted
    assert ("iniziativa di più Comuni" in legend.inner_text()) is has_shared
    expect(legend.get_by_text("Non è un censimento")).to_be_in_viewport(ratio=1)
