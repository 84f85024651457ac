"""One view behind the map, the figures, the list, the table and the address, whatever changed it."""

import pytest
from playwright.sync_api import expect

from tests.browser import recount
from tests.browser.conftest import new_visit

pytestmark = pytest.mark.browser


def listed(visit):
    return visit.page.locator('[class*="st-key-open_"]').count()


def heading(visit, name):
    expect(visit.page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_a_filter_changes_everything_together(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.choose("themes", "Casa")
    counts = recount.count(theme="housing")
    shown = visit.wait_counts(counts)
    visit.wait_query(theme="housing")
    rows = recount.chosen(theme="housing")
    regions = {recount.territory_of(code, "region") for code in counts}
    people = sum(recount.population(code) for code in counts)
    expect(visit.page.get_by_test_id("stMetricValue").first).to_have_text(str(len(rows)))
    assert visit.figures() == [str(len(rows)), str(len(counts)), str(len(regions)), f"{people:,}".replace(",", ".")]
    heading(visit, f"{len(rows)} iniziative")
    assert listed(visit) == len(rows)
    assert sum(mark["n"] for circle in shown["circles"] for mark in circle["members"]) == len(rows)
    visit.open_table()
    table = visit.table()
    assert table and {code: int(n) for code, _, n in table}.items() <= counts.items()


def test_the_table_and_the_map_have_the_same_numbers(visit):
    visit.open("?level=region")
    counts = visit.wait_counts(recount.count("region"))["counts"]
    visit.open_table()
    visit.page.wait_for_function("() => document.querySelectorAll('[data-testid=stDataFrame] tbody tr').length > 8")
    table = {code: int(n) for code, _, n in visit.table()}
    assert table == {code: counts.get(code, 0) for code in table}
    assert list(table.values()) == sorted(table.values(), reverse=True)
    assert len(table) >= 9


def test_filters_restrict_one_another_and_chips_take_them_away(visit):
    visit.open()
    visit.choose("themes", "Digitale")
    visit.wait_counts(recount.count(theme="digital"))
    visit.choose("regions", "Veneto")
    visit.wait_counts(recount.count(theme="digital", region="05"))
    visit.wait_query(theme="digital", region="05")
    visit.key("chip_themes_digital").get_by_role("button").click()
    visit.wait_counts(recount.count(region="05"))
    visit.key("clear").get_by_role("button").click()
    visit.wait_counts(recount.count())
    visit.wait_query()


def test_a_search_counts_and_the_way_out_of_nothing_works(visit):
    visit.open()
    field = visit.page.get_by_label("Cerca", exact=True)
    field.fill("parola che non esiste")
    field.press("Enter")
    visit.wait_counts({})
    expect(visit.page.get_by_text("Nessuna iniziativa del catalogo corrisponde ai filtri.")).to_be_visible()
    visit.key("empty_clear").get_by_role("button").click()
    visit.wait_counts(recount.count())
    expect(field).to_have_value("")


LINK = "?theme=digital&region=05&level=province&rule=share"


def test_a_link_opens_the_same_view_in_a_fresh_window(visit, browser):
    visit.open(LINK)
    first = visit.wait_counts(recount.count("province", theme="digital", region="05"))
    figures, address = visit.figures(), visit.page.url
    with new_visit(visit.address, browser) as other:
        other.open(address.removeprefix(visit.address).lstrip("/"))
        second = other.wait_counts(first["counts"])
        assert {key: second[key] for key in ("level", "kind", "values", "legend")} == {
            key: first[key] for key in ("level", "kind", "values", "legend")
        }
        assert other.figures() == figures
        other.wait_query(theme="digital", region="05", level="province", rule="share")


def test_a_language_switch_keeps_selection_and_map(visit):
    visit.open(LINK)
    before = visit.wait_counts(recount.count("province", theme="digital", region="05"))
    visit.press_map("in")
    place = visit.view()
    visit.map().evaluate("() => { window.atlasMark = 'same frame' }")
    visit.press("language", "English")
    after = visit.wait_shown("m.legend.includes('Initiatives by province') || m.legend.includes('not complete')")
    visit.wait_query(theme="digital", region="05", level="province", rule="share", lang="en")
    expect(visit.page.get_by_role("heading", name="Filters")).to_be_visible()
    assert (after["counts"], after["values"]) == (before["counts"], before["values"])
    assert visit.view() == pytest.approx(place)
    assert visit.map().evaluate("window.atlasMark") == "same frame"
    expect(visit.key("filter_themes")).to_contain_text("Digital")


def test_back_and_forward_in_the_browser_bring_the_view_back(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.choose("themes", "Casa")
    visit.wait_counts(recount.count(theme="housing"))
    visit.wait_query(theme="housing")
    visit.page.go_back()
    visit.wait_counts(recount.count())
    visit.wait_query()


def test_other_pages_show_the_same_selection(visit):
    visit.open("?theme=housing")
    visit.wait_counts(recount.count(theme="housing"))
    visit.page.get_by_role("link", name="Regioni").click()
    visit.page.wait_for_url("**/regioni?theme=housing")
    expect(visit.key("chip_themes_housing")).to_be_visible()
    visit.settle()
    visit.page.get_by_role("link", name="Catalogo").click()
    heading(visit, "Catalogo")
    expect(visit.page.locator('[class*="st-key-open_"]')).to_have_count(len(recount.chosen(theme="housing")))
    visit.wait_query(theme="housing")
    visit.page.get_by_role("link", name="Mappa").click()
    visit.wait_counts(recount.count(theme="housing"))


def test_a_card_opens_closes_and_has_a_link(visit, browser):
    visit.open("?q=Gocciolino")
    visit.key("open_gocciolino-resta-a-casa-corato").get_by_role("button").click()
    visit.wait_query(q="Gocciolino", id="gocciolino-resta-a-casa-corato")
    heading(visit, "Gocciolino resta a casa")
    link = visit.page.get_by_role("link", name="gocciolino-resta-a-casa-corato").first
    address = link.evaluate("link => link.href")
    with new_visit(visit.address, browser) as other:
        other.open(address.removeprefix(visit.address).lstrip("/"))
        heading(other, "Gocciolino resta a casa")
    visit.key("card_back").get_by_role("button").click()
    visit.wait_query(q="Gocciolino")
    expect(visit.key("open_gocciolino-resta-a-casa-corato")).to_be_visible()


def test_a_card_beside_the_map_opens_at_its_top_with_the_map_in_sight(visit):
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.open()
    last = visit.page.locator('[class*="st-key-open_"] button').last
    last.scroll_into_view_if_needed()
    last.click()
    title = visit.key("card").locator("h2")
    expect(title).to_be_in_viewport()
    expect(visit.page.locator(".st-key-map_area iframe")).to_be_in_viewport(ratio=0.5)


def test_a_citation_is_copied_without_hidden_characters(visit):
    visit.open("catalogo?id=gocciolino-resta-a-casa-corato")
    expect(visit.key("card").locator("h2")).to_be_visible()
    links = visit.key("card").locator('a[href*="id=gocciolino"]')
    assert links.count() == 2
    for text, address in links.evaluate_all("links => links.map(link => [link.textContent, link.href])"):
        assert text == address
