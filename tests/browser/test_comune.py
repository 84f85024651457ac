"""A municipality and "guess first" in a real browser: typing finds, links open the same, nothing is given away."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def type_name(visit, field, text):
    visit.key(field).locator("input").press_sequentially(text, delay=30)


def heading(visit, text):
    expect(visit.page.get_by_role("heading", name=text, exact=True).first).to_be_visible()


def test_typing_finds_without_enter_and_the_address_opens_the_same(visit):
    visit.open("comune")
    type_name(visit, "comune_text", "reggio em")
    expect(visit.key("comune_text_035033")).to_be_visible()
    visit.key("comune_text_035033").get_by_role("button").click()
    heading(visit, "Reggio nell'Emilia (RE)")
    visit.wait_query(municipality="035033")
    expect(visit.page.locator('[class*="st-key-peer_"] button strong')).to_have_count(6)
    visit.open("comune?place=035033")
    heading(visit, "Reggio nell'Emilia (RE)")


def test_enter_opens_the_only_place_found_and_leads_to_the_first_of_several(visit):
    visit.open("comune")
    visit.page.wait_for_function("() => window.atlasPage")
    type_name(visit, "comune_text", "Reggio")
    visit.page.keyboard.press("Enter")
    found = visit.key("comune_text_found").get_by_role("button")
    expect(found.first).to_be_focused()
    assert found.count() > 1
    visit.key("comune_text").locator("input").fill("")
    type_name(visit, "comune_text", "Locorotondo")
    visit.page.keyboard.press("Enter")
    heading(visit, "Locorotondo (BA)")
    visit.wait_query(municipality="072025")


def test_the_names_found_are_a_few_and_not_the_whole_country(visit):
    visit.open("comune")
    visit.messages.clear()
    type_name(visit, "comune_text", "san")
    expect(visit.key("comune_text_found").get_by_role("button")).to_have_count(20)
    visit.settle()
    assert sum(map(len, visit.messages)) < 60_000


def test_a_gap_opens_the_catalogue_with_its_filter_and_back_returns(visit):
    visit.open("comune?place=019035")
    link = visit.page.get_by_test_id("stPageLink-NavLink").filter(has_text="Digitale")
    link.click()
    heading(visit, "Catalogo")
    visit.wait_query(theme="digital")
    heading(visit, "9 iniziative")
    visit.page.go_back()
    heading(visit, "Crema (CR)")


def test_the_ages_are_drawn_with_a_text_alternative(visit):
    visit.open("comune?place=019035&lang=en")
    chart = visit.page.locator('[data-testid="stVegaLiteChart"]')
    expect(chart.locator("svg.marks")).to_be_visible()
    expect(chart).to_have_attribute("aria-label", re.compile("26.6% of the inhabitants are 65 or over"))
    expect(chart.locator("svg")).to_contain_text("26.6% Crema")


def test_the_answer_comes_only_when_it_is_asked_for(visit):
    visit.open("indovina?question=rarest_theme")
    heading(visit, "Quale tema compare di meno nel catalogo?")
    expect(visit.page.locator('[data-testid="stVegaLiteChart"]')).to_have_count(0)
    guess = visit.page.locator('[class*="st-key-quiz_guess_"]')
    guess.get_by_text("Giustizia", exact=True).click()
    visit.key("quiz_reveal").get_by_role("button").click()
    expect(visit.page.get_by_test_id("stAlert")).to_contain_text(
        "Giusto: Giustizia, con 3 iniziative, alla pari con altre 3 risposte."
    )
    expect(visit.page.locator('[data-testid="stVegaLiteChart"] svg')).to_be_visible()
    visit.wait_query(question="rarest_theme")
    visit.page.reload()
    heading(visit, "Quale tema compare di meno nel catalogo?")
    expect(visit.page.locator('[data-testid="stVegaLiteChart"]')).to_have_count(0)


@pytest.mark.parametrize("path", ["comune?place=037006", "indovina?question=region_rate"])
def test_nothing_is_wider_than_a_phone(visit, path):
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.open(path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not visit.errors
