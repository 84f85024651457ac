"""A guess on the map in a real browser: the click answers, and nothing on the map answers before."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_visit

pytestmark = pytest.mark.browser


def chosen(visit, label):
    return visit.page.get_by_role("radio", name=label, exact=True)


@pytest.mark.parametrize(
    ("query", "first", "then"),
    [
        ("question=region_rate", ("12", "Lazio"), ("02", "Valle d'Aosta")),
        ("question=nearest&municipality=001001&target=elderly", ("072006", "Bari (BA)"), ("015146", "Milano (MI)")),
    ],
)
def test_a_click_on_the_map_is_the_guess_and_the_map_tells_nothing_before(server, browser, query, first, then):
    # High enough for the whole map, so that nothing has to be scrolled before a click.
    with new_visit(server, browser, 1280, 1500) as visit:
        visit.open(f"indovina?{query}")
        visit.view()
        shown = visit.shown()
        assert set(shown["counts"].values()) <= {1} and not shown["values"] and not shown["marks"]
        for code, name in (first, then):
            visit.click_place(code)
            expect(chosen(visit, name)).to_have_attribute("aria-checked", "true")
            visit.view()
        visit.key("quiz_reveal").get_by_role("button").click()
        expect(visit.page.get_by_test_id("stAlertContentSuccess")).to_contain_text(f"Giusto: {then[1]}, ")
        expect(visit.page.locator("iframe[src*=streamlit_folium]")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
@pytest.mark.parametrize(("start", "named"), [("072025", ""), ("072006", "Bari")])
def test_no_name_lies_over_the_ring_of_the_start_and_its_own_stands_beside(server, browser, size, start, named):
    with new_visit(server, browser, *size) as visit:
        visit.open(f"indovina?question=nearest&municipality={start}")
        visit.view()
        shown, (x, y) = visit.shown(), visit.point_of(start)
        assert shown["lead"] == start and len(shown["names"]) > 5
        for name in shown["names"]:
            left, top, right, bottom = name["box"]
            away = math.hypot(x - min(max(x, left), right), y - min(max(y, top), bottom))
            assert away >= 12.5, name["text"]
        assert not named or named in {name["text"] for name in shown["names"]}
