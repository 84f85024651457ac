"""What a choice changes is said to those who hear the page, and what a button opens comes next."""

import pytest
from playwright.sync_api import expect

from atlas.base.i18n import translator
from atlas.base.model import Language
from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def visit(server, browser):
    with new_visit(server, browser, 1280, 800) as visit:
        yield visit


def heard(visit):
    return visit.page.locator(".atlas-heard-now")


def test_a_filter_a_rule_a_level_and_a_card_are_said_and_nothing_else(visit):
    visit.open()
    visit.shown()
    visit.page.wait_for_function("() => window.atlasPage")
    expect(heard(visit)).to_have_text("")  # nothing was chosen yet
    visit.choose("themes", "Casa")
    expect(heard(visit)).to_have_text("La casa nei Comuni: 4 iniziative in 3 regioni.")
    visit.press("map_level", "Regioni")
    expect(heard(visit)).to_have_text("Si conta: Regioni · numero di iniziative · in ogni territorio.")
    visit.press("map_rule", translator(Language.IT)("map.lead"))
    expect(heard(visit)).to_have_text("Si conta: Regioni · numero di iniziative · solo dal capofila.")
    visit.page.keyboard.press("Escape")
    visit.key("chip_themes_housing").get_by_role("button").click()
    expect(heard(visit)).to_have_text("Iniziative sociali dei Comuni: 34 in 14 regioni, più 1 nazionale.")


def test_the_sentences_are_in_the_language_of_the_page(visit):
    visit.open("?lang=en")
    visit.shown()
    visit.page.wait_for_function("() => window.atlasPage")
    visit.choose("themes", "Housing")
    expect(heard(visit)).to_have_text("Housing in municipalities: 4 initiatives in 3 regions.")
    assert heard(visit).get_attribute("role") == "status"


def test_a_comparison_is_said(visit):
    visit.open("regioni?face=compare&compare=03,16")
    visit.stand_still()
    visit.page.wait_for_function("() => window.atlasPage")
    visit.key("compare_pick").locator("input").first.fill("Sicilia")
    visit.page.get_by_role("option", name="Sicilia", exact=True).click()
    expect(heard(visit)).to_contain_text("Lombardia, Puglia e Sicilia. Per milione di abitanti")


# A panel is whole when nothing came in half a second: on a busy machine its link comes after its buttons.
WHOLE = """() => {
  const n = document.querySelectorAll('[data-testid=stPopoverBody] *').length, before = window.atlasInside;
  window.atlasInside = n;
  return n > 0 && n === before; }"""


def test_what_a_button_opens_is_the_next_stop_of_tab_and_in_sight(visit):
    visit.open()
    visit.shown()
    visit.page.wait_for_function("() => window.atlasPage")
    for key in ("share", "selection_files", "counting", "finder"):
        button = visit.key(key).get_by_role("button").first
        button.focus()
        visit.page.keyboard.press("Enter")
        body = visit.page.get_by_test_id("stPopoverBody")
        expect(body.locator("a[href], button, input").first).to_be_visible()
        visit.settle()
        visit.page.wait_for_function(WHOLE, polling=500)
        if key != "finder":  # that one is opened to type
            visit.page.keyboard.press("Tab")
        inside = "() => !!document.activeElement.closest('[data-testid=stPopoverBody]')"
        visit.page.wait_for_function(inside)
        box = visit.page.evaluate("() => document.activeElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= 0 and box["bottom"] <= 800
        visit.page.keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
        visit.page.keyboard.press("Enter")
        expect(body).to_have_count(0)


def test_filters_stand_where_they_do_something(visit):
    for page, has_filters in (
        ("regioni", True),
        ("metodo", False),
        ("dati", False),
        ("proponi", False),
        ("accessibilita", False),
    ):
        visit.open(page)
        visit.settle()
        expect(visit.key("language")).to_be_visible()
        expect(visit.key("filter_themes")).to_have_count(1 if has_filters else 0)
