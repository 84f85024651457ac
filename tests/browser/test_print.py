"""Every page on A4: its words and sources, the map and the tables; nothing that can only be pressed."""

import io

import numpy as np
import pypdf
import pypdfium2
import pytest
from playwright.sync_api import expect

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.ui.shell import PAGES
from tests.browser import recount
from tests.browser.conftest import new_visit
from tests.browser.pictures import differing
from tests.factories import real_vocabulary

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

WORDS = translator(Language.IT)
# What only a screen can use: none of these words belongs on paper.
CONTROLS = (
    "share.button",
    "story.download",
    "filter.more",
    "filter.text_hint",
    "about.button",
    "filter.clear",
    "map.go_to",
)
CONTROLS += ("list.back", "map.level", "regions.face", "app.english", "access.title", "quiz.next")
ALIKE = 0.004  # of the pixels of a sheet may differ between two windows: letters that fall a little otherwise
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def visit(server, browser):
    with new_visit(server, browser) as visit:
        # The dialogue of the browser would wait for somebody: that it is asked for is all that can be seen.
        visit.page.add_init_script("window.print = () => { window.hasPrinted = true; };")
        yield visit


def print_page(visit):
    pdf = pypdf.PdfReader(io.BytesIO(visit.page.pdf(prefer_css_page_size=True)))
    assert all((round(page.mediabox.width), round(page.mediabox.height)) == A4 for page in pdf.pages)
    return pdf, " ".join("\n".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_prints_its_words_and_sources_and_no_control(visit, page):
    visit.open("" if page == "mappa" else page)
    visit.stand_still()
    title = visit.page.get_by_role("heading", level=1).inner_text().replace("\u00a0", " ")
    _, text = print_page(visit)
    assert text.startswith(title)
    assert WORDS("app.sources").split("{")[0] in text
    own = text.replace(title, "")
    for term in (*real_vocabulary().themes.values(), *real_vocabulary().targets.values()):
        own = own.replace(term.description(Language.IT), "")  # «Accessibilità e vita indipendente…»
    shown = [WORDS(key) for key in CONTROLS if WORDS(key) in own]
    assert shown == [] or page in ("accessibilita", "metodo")  # these two explain the controls by their names


def test_the_map_prints_with_its_legend_and_beside_nothing(visit):
    visit.open("?theme=housing&level=region")
    visit.wait_counts(recount.count("region", theme="housing"))
    pdf, text = print_page(visit)
    assert WORDS("map.legend.count_region") in text and WORDS("map.legend.note").split(":")[0] in text
    assert visit.page.locator("h1").inner_text().replace("\u00a0", " ") in text
    assert pdf.pages[0].images, "the map is drawn on a canvas, which prints as a picture"


def print_by_keys(visit):
    """Press Ctrl+P, return the sheets once the page has asked for the print, and give the page its window again."""
    visit.page.evaluate("() => { window.hasPrinted = false; }")
    visit.page.keyboard.press("Control+p")
    visit.page.wait_for_function("() => window.hasPrinted")
    printed = visit.page.pdf(prefer_css_page_size=True)
    visit.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    visit.stand_still()
    return printed


WIDTHS = (1280, 360, 1024, 1920)


@pytest.mark.parametrize("path", ["", "?region=16&theme=housing&map=41.1,16.5,9"])
def test_the_map_on_paper_is_the_same_whatever_the_window(server, browser, path):
    sheets = []
    for width in WIDTHS:
        with new_visit(server, browser, width, 1080 if width == 1920 else 800) as visit:
            visit.page.add_init_script("window.print = () => { window.hasPrinted = true; };")
            visit.open(path)
            visit.stand_still()
            before = visit.view()
            document = pypdfium2.PdfDocument(print_by_keys(visit))
            sheets.append(document[0].render(scale=1.5).to_pil().convert("RGB"))
            assert visit.view() == pytest.approx(before, abs=0.05)  # the window has its map again
    for width, sheet in zip(WIDTHS[1:], sheets[1:], strict=True):
        assert differing(sheets[0], sheet).mean() <= ALIKE, f"{width} px"
    marks = np.asarray(sheets[0])[600:, :].reshape(-1, 3)  # the south: its circles are on the sheet
    assert path or (np.abs(marks.astype(int) - (0, 89, 179)).max(axis=1) < 12).sum() > 50


def test_ctrl_p_prints_all_rows_and_says_what_it_is(visit):
    visit.open("?theme=digital")
    visit.stand_still()
    pdf = pypdf.PdfReader(io.BytesIO(print_by_keys(visit)))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    titles = [row["title_it"] for row in recount.chosen(theme="digital")]
    assert [title for title in titles if title[:25] not in text] == []
    assert f"{WORDS('files.selection')}: " in text and f"{WORDS('share.printed')}: " in text
    assert visit.address in text.replace(" ", "") and WORDS("files.counting_rule") in text  # a PDF has no words
    expect(visit.page.locator('[class*="st-key-open_"]')).to_have_count(8)  # the screen has its page of the list again


@pytest.mark.parametrize("path", ["catalogo?id=", "?id="])
@pytest.mark.parametrize("id_", ["gocciolino-resta-a-casa-corato", "longest"])
def test_an_initiative_is_one_sheet(visit, path, id_):
    rows = {row["id"]: row for row in recount.initiatives()}
    id_ = max(rows, key=lambda one: len(rows[one]["summary_it"])) if id_ == "longest" else id_
    visit.open(path + id_)
    visit.stand_still()
    pdf, text = print_page(visit)
    assert len(pdf.pages) == 1 and rows[id_]["title_it"] in text and WORDS("share.address") in text


def test_printing_opens_tables_and_the_whole_list(visit):
    visit.open("?level=region")
    visit.wait_counts(recount.count("region"))
    titles = visit.page.locator('[class*="st-key-open_"]')
    expect(titles).to_have_count(8)
    visit.key("share").get_by_role("button").click()
    visit.key("print").get_by_role("button").click()
    visit.page.wait_for_function("() => window.hasPrinted")
    expect(titles).to_have_count(len(recount.chosen()))
    _, text = print_page(visit)
    assert all(f"{code} {name}" in text for code, name in (("01", "Piemonte"), ("12", "Lazio"), ("20", "Sardegna")))
    assert WORDS("map.table") in text


FILE = "titolo;comune\nOrto di quartiere;Bari\nMensa;Nonesiste\nSportello;Castro\nRipetizioni;Torino\n"


def test_the_page_of_an_own_file_prints_its_tables(server, browser):
    with new_visit(server, browser) as visit:
        visit.page.add_init_script("window.print = () => { window.hasPrinted = true; };")
        visit.open("dati")
        file = {"name": "elenco.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
        visit.page.locator(".st-key-own_file_0 input[type=file]").set_input_files(file)
        expect(visit.key("own_figures").get_by_test_id("stMetricValue").first).to_have_text("4")
        visit.settle()
        pdf = pypdf.PdfReader(io.BytesIO(print_by_keys(visit)))
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        for key in ("data.message.severity", "data.message.do", "data.message.value", "data.before", "data.after"):
            assert WORDS(key) in text, key
        assert "Nonesiste" in text and "<NA>" not in text and WORDS("data.figure.inhabitants") in text


def test_a_list_that_the_browsers_menu_prints_in_part_says_so(visit):
    visit.open("?level=region")
    visit.wait_counts(recount.count("region"))
    visit.stand_still()
    _, text = print_page(visit)
    n, total = WORDS.number(8), WORDS.number(len(recount.chosen()))
    assert WORDS("share.printed_part", n=n, total=total) in text


def test_a_printed_table_has_every_row_in_the_readers_numbers(visit):
    visit.open("regioni?measure=per_million")
    expect(visit.page.locator(".stVegaLiteChart svg").first).to_be_visible()  # the fold below it stays where it is
    visit.page.get_by_text(WORDS("regions.as_table")).first.click()
    rows = visit.page.locator('[class*="st-key-paper_"] tbody tr')
    expect(rows).to_have_count(20)
    visit.stand_still()  # a run that still goes on would write the rows anew while they are printed
    _, text = print_page(visit)
    assert WORDS("ranking.axis_per_million") in text and WORDS("column.denominator") in text
    assert "4.256.350" in text  # inhabitants of Piemonte, with the points of Italian
    assert all(name in text for name in ("Valle d'Aosta", "Friuli-Venezia Giulia", "Sardegna"))
