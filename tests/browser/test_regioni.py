"""The page of the regions in a real browser: clicks filter and undo, files come out, one sheet is printed."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit, new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def chart(visit: Visit, start_of_alt: str) -> Locator:
    """Return the chart whose text alternative starts like this, once it is drawn."""
    drawn = visit.page.locator(f'[data-testid="stVegaLiteChart"][aria-label^="{start_of_alt}"]')
    # On a busy machine Streamlit may embed a chart twice in its box; the later drawing is the live one.
    expect(drawn.locator("svg.marks").last).to_be_visible()
    return drawn


def click_mark(visit: Visit, title: str, hint: str) -> None:
    """Click the row or cell whose hint, which is also what a screen reader reads, starts like this."""
    visit.stand_still()  # a chip that comes or goes moves the chart below it
    chart(visit, title).locator(f'[aria-label^="{hint}"]').last.click(force=True)
    visit.settle()


def chips(visit: Visit) -> Locator:
    return visit.page.locator(".st-key-chips button")


def test_a_bar_filters_everything_and_a_second_click_undoes(visit):
    visit.open("regioni")
    click_mark(visit, "Iniziative per regione", "Lazio: 5.")
    expect(chips(visit).first).to_contain_text("Lazio")
    expect(visit.page).to_have_url(re.compile(r"region=12"))
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Lazio")
    click_mark(visit, "Iniziative per regione", "Veneto: 4.")
    expect(visit.page).to_have_url(re.compile(r"region=12%2C05|region=12,05"))
    click_mark(visit, "Iniziative per regione", "Lazio: 5.")
    click_mark(visit, "Iniziative per regione", "Veneto: 4.")
    expect(chips(visit)).to_have_count(0)
    expect(visit.page).not_to_have_url(re.compile("region="))
    # What was clicked before does not fire again after other reruns.
    visit.page.get_by_text("Temi e gruppi", exact=True).click()
    visit.settle()
    expect(chips(visit)).to_have_count(0)


def test_a_cell_chooses_the_pair_also_a_white_one_and_undoes(visit):
    visit.open("regioni?face=matrix")
    click_mark(visit, "Temi e gruppi", "Giovani, Partecipazione: 2")
    expect(visit.page).to_have_url(re.compile(r"theme=participation"))
    expect(visit.page).to_have_url(re.compile(r"target=youth"))
    click_mark(visit, "Temi e gruppi", "Giovani, Partecipazione: 2")
    expect(chips(visit)).to_have_count(0)
    click_mark(visit, "Temi e gruppi", "Scuole, Povertà: nessuna")
    expect(visit.page.get_by_text("Nessuna iniziativa del catalogo corrisponde")).to_be_visible()
    click_mark(visit, "Temi e gruppi", "Scuole, Povertà: nessuna")
    expect(chips(visit)).to_have_count(0)


def test_the_chip_undoes_a_click(visit):
    visit.open("regioni?face=mix")
    click_mark(visit, "Iniziative per canale", "Di persona: 17")
    expect(chips(visit).first).to_contain_text("Di persona")
    chips(visit).first.click()
    visit.settle()
    expect(chips(visit)).to_have_count(0)
    click_mark(visit, "Iniziative per canale", "Di persona: 17")
    expect(visit.page).to_have_url(re.compile(r"channel=in_person"))


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_files_come_out_of_this_server(visit, kind):
    visit.open("regioni?theme=digital")
    chart(visit, "Iniziative per regione")
    visit.page.get_by_role("button", name="Scarica").first.click()
    with visit.page.expect_download() as waiting:
        visit.page.locator(f".st-key-classifica-count_{kind} button").click()
    data = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename == f"atlante-classifica-count.{kind}"
    if kind == "png":
        assert Image.open(io.BytesIO(data)).size[0] > 1_000
    elif kind == "svg":
        assert all(word in data.decode() for word in ("Emilia-Romagna", "Digitale", "Friuli-Venezia Giulia"))
    else:
        assert data.decode("utf-8-sig").splitlines()[0].startswith("Codice ISTAT;Nome;Iniziative;Limite inferiore")


def test_the_comparison_is_in_the_link_and_fits_one_sheet(visit):
    visit.open("regioni?face=compare&compare=08,12,037,IT")
    expect(visit.page.get_by_role("heading", name="Provincia di Bologna", exact=True)).to_be_visible()
    expect(visit.page.locator('img[alt^="Mappa: Lazio"]')).to_be_visible()
    chart(visit, "Temi: quota")
    pdf = visit.page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_two_territories_are_three_clicks_away_and_then_the_list_goes(visit):
    visit.open("regioni?face=compare")
    visit.stand_still()
    visit.page.wait_for_function("() => window.atlasPage")
    visit.key("compare_choice").locator("input").click()
    for name in ("Emilia-Romagna", "Abruzzo"):
        visit.page.get_by_role("option", name=name, exact=True).click()
        expect(visit.key("compare_choice").get_by_title(name, exact=True)).to_be_visible()
        visit.settle()
    expect(visit.page.get_by_role("listbox")).to_have_count(0)
    expect(visit.page).to_have_url(re.compile("compare=08%2C13|compare=08,13"))
    said = "Per milione di abitanti Emilia-Romagna e Abruzzo non si possono distinguere"
    expect(visit.page.get_by_test_id("stMarkdownContainer").filter(has_text=said)).to_be_visible()


def test_all_that_is_compared_is_read_in_the_field(visit):
    visit.open("regioni?face=compare&compare=08,12,037,IT")
    visit.stand_still()
    field = visit.key("compare_choice").locator("[role=group]").first.bounding_box()
    for name in ("Emilia-Romagna", "Lazio", "Provincia di Bologna", "Italia"):
        chip = visit.key("compare_choice").get_by_title(name, exact=True).bounding_box()
        assert field["x"] <= chip["x"] and chip["x"] + chip["width"] <= field["x"] + field["width"]
        assert field["y"] <= chip["y"] and chip["y"] + chip["height"] <= field["y"] + field["height"]


def test_the_keyboard_reaches_faces_and_tables(visit):
    visit.open("regioni")
    visit.page.get_by_role("radio", name="Iniziative per regione").focus()
    for _ in range(2):
        visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Space")
    expect(visit.page).to_have_url(re.compile("face=matrix"))
    fold = visit.page.get_by_text("Gli stessi numeri in tabella").first
    fold.click()
    visit.settle()
    expect(visit.page.locator('[data-testid="stDataFrame"]').first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 780)])
def test_cells_of_the_matrices_can_be_hit_with_a_finger_and_read(server, browser, width, height):
    """24 pixels each way (WCAG 2.5.8) and no smaller letters than elsewhere; the page itself never scrolls sideways."""
    sizes = """chart => [...chart.querySelectorAll('g.mark-rect path')].map(path => path.getBoundingClientRect())
      .filter(box => box.width > 1).map(box => Math.min(box.width, box.height))"""
    letters = """chart => [...chart.querySelectorAll('g.mark-text text')]
      .map(text => parseFloat(getComputedStyle(text).fontSize))"""
    with new_visit(server, browser, width, height) as visit:
        visit.open("regioni?face=matrix")
        for start, cells in (("Temi e gruppi", 13 * 14), ("Temi e regioni", 13 * 20)):
            drawn = chart(visit, start)
            found = drawn.last.evaluate(sizes)
            assert len(found) >= cells and min(found) >= 24
            assert min(drawn.last.evaluate(letters)) >= 12
        assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_way_of_counting_stays_where_it_is_whatever_is_chosen_in_it(visit):
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.open("regioni")
    visit.open_counting()
    button, panel = visit.key("counting").get_by_role("button").first, visit.page.get_by_test_id("stPopoverBody")
    expect(panel).to_be_visible()
    visit.stand_still()
    before = [(box["x"], box["y"]) for box in (button.bounding_box(), panel.bounding_box())]
    visit.key("map_measure").get_by_text("Per milione di abitanti", exact=True).click()
    expect(button).to_contain_text("Per milione di abitanti")
    visit.stand_still()
    after = [(box["x"], box["y"]) for box in (button.bounding_box(), panel.bounding_box())]
    assert after == [pytest.approx(place, abs=1) for place in before]
