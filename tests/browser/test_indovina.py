"""A guess on the map in a real browser: the click answers, and nothing on the map answers before."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def chosen(visit):
    return visit.page.locator('[class*="st-key-quiz_guess_"]')


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
            expect(chosen(visit).get_by_role("combobox")).to_have_value(name)
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


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_after_a_click_on_the_map_the_next_step_is_in_sight(server, browser, size):
    with new_visit(server, browser, *size) as visit:
        visit.open("indovina?question=region_count")
        visit.view()
        visit.page.locator("iframe[src*=streamlit_folium]").evaluate("frame => frame.scrollIntoView({ block: 'end' })")
        visit.click_place("03")
        assert "Scopri la risposta" in visit.wait_shown("m.legend.includes('premi')")["legend"]
        reveal = visit.key("quiz_reveal").get_by_role("button")
        expect(reveal).to_be_in_viewport(ratio=1)
        reveal.click()
        expect(visit.page.get_by_test_id("stAlert")).to_be_in_viewport()
        expect(visit.page.get_by_test_id("stAlert")).to_contain_text(
            "Sbagliato. Hai scelto Lombardia, con 3 iniziative."
        )
        visit.key("quiz_next_end").get_by_role("button").click()
        visit.wait_query(question="empty_regions")
