"""A proposal in a real browser: written with the keyboard, there again after a reload, handed over as a file."""

import pytest
from playwright.sync_api import expect

from atlas.intake.publication import read_publication
from tests.browser.conftest import new_visit
from tests.browser.test_access import faults

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture
def writer(server, browser):
    with new_visit(server, browser, 360, 740) as visit:
        yield visit


def test_what_was_written_is_there_after_a_reload_and_goes_into_a_file(writer):
    page = writer.open("proponi").page
    page.locator(".st-key-propose_title_it input").focus()
    page.keyboard.type("Biblioteca di sera")
    page.keyboard.press("Tab")
    writer.settle()
    page.locator(".st-key-propose_finder input").focus()
    page.keyboard.type("aosta")
    found = writer.key("propose_finder_found").get_by_role("button", name="Aosta (AO)").first
    expect(found).to_be_visible()
    found.press("Enter")
    expect(writer.key("propose_place_007003")).to_be_visible()
    page.locator(".st-key-propose_documents textarea").fill("Avviso https://www.comune.aosta.it/a")
    page.keyboard.press("Tab")
    link = page.locator(".atlas-documents a")
    expect(link).to_have_attribute("rel", "noopener nofollow noreferrer")
    expect(link).to_have_text("www.comune.aosta.it")
    page.reload()
    expect(page.locator(".st-key-propose_title_it input")).to_have_value("Biblioteca di sera")
    expect(writer.key("propose_place_007003")).to_be_visible()
    assert "bozza" not in page.url
    with page.expect_download() as download:
        writer.key("propose_take_csv").get_by_role("button").click()
    rows = read_publication(download.value.path().read_bytes(), "proposta").initiatives
    assert list(rows["title_it"]) == ["Biblioteca di sera"] and list(rows["places"]) == ["007003"]
    writer.key("propose_clear").get_by_role("button").click()
    expect(page.locator(".st-key-propose_title_it input")).to_have_value("")
    page.wait_for_function("() => localStorage.getItem('atlas.draft') === null")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_place_is_chosen_on_the_map_and_added_only_by_its_button(server, browser, width):
    with new_visit(server, browser, width, 900) as visit:
        page = visit.open("proponi").page
        visit.key("propose_map_open").locator("label").click()
        visit.view()
        page.locator("iframe[src*=streamlit_folium]").scroll_into_view_if_needed()
        for code, name in (("16", "Aggiungi Puglia"), ("072", "Provincia di Bari"), ("072020", "Corato (BA)")):
            visit.view()
            x, y = visit.map().evaluate("code => window.atlasMap.pointOf(code)", code)
            visit.map().locator("#map_div").click(position={"x": x, "y": y})
            expect(visit.key("propose_map_add")).to_contain_text(name)
            visit.settle()
            assert visit.key("propose_places").count() == 0
        assert faults(page) == []
        visit.key("propose_map_add").get_by_role("button").click()
        expect(visit.key("propose_place_072020")).to_contain_text("Corato (BA)")
        expect(visit.key("propose_map_add").get_by_role("button")).to_be_disabled()
        visit.key("propose_map_to_").get_by_role("button").click()
        expect(visit.key("propose_map_add")).to_have_count(0)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
