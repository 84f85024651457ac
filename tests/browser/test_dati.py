"""A file of one's own in a real browser: chosen, settled, seen on the map, given up again; hostile text stays text."""

import pytest
from playwright.sync_api import expect

from tests.browser import recount
from tests.browser.conftest import new_visit
from tests.payloads import ELSEWHERE, PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

FILE = (
    "titolo;comune;provincia;tema\n"
    "Spesa a casa;Reggio Emilia;;Casa\n"
    "Sportello di quartiere;Castro;;Casa\n"
    "Doposcuola;Castro;LE;Scuola\n"
    "Mensa;Nonesiste;;Casa\n"
)
BANNER = "Stai vedendo: i tuoi dati (solo il file)."
TEXTS = list(PAYLOADS.values())


def give(visit, data, name="elenco.csv"):
    payload = {"name": name, "mimeType": "text/csv", "buffer": data.encode()}
    visit.page.locator(".st-key-own_file_0 input[type=file]").set_input_files(payload)


def open_data(visit):
    visit.page.goto(f"{visit.address}/dati")
    expect(visit.page.get_by_role("heading", level=1, name="I tuoi dati")).to_be_visible()
    visit.settle()
    return visit


def expect_figures(visit, *numbers):
    expect(visit.key("own_figures").get_by_test_id("stMetricValue")).to_have_text([str(n) for n in numbers])


def look(visit, label):
    visit.key("own_look").get_by_text(label, exact=True).click()


def follow(visit, label):
    visit.page.get_by_role("link", name=label, exact=True).first.click()


def test_from_a_file_to_the_map_and_back(visit):
    open_data(visit)
    give(visit, FILE)
    expect_figures(visit, 4, 2, 2, 0)
    visit.page.get_by_role("button", name="Castro (BG) 016065").click()
    expect_figures(visit, 4, 3, 1, 0)
    expect(visit.key("own_answers")).to_contain_text("«Castro» → Castro (BG) 016065")

    look(visit, "Solo il tuo file")
    expect(visit.key("own_banner")).to_contain_text(BANNER)
    visit.page.get_by_role("link", name="Vedi sulla mappa").click()
    visit.wait_counts({"035033": 1, "016065": 1, "075096": 1})
    expect(visit.key("own_banner")).to_contain_text("elenco.csv")
    assert visit.figures()[0] == "3"
    visit.choose("themes", "Educazione")
    visit.wait_counts({"075096": 1})
    visit.key("clear").get_by_role("button").click()
    visit.wait_counts({"035033": 1, "016065": 1, "075096": 1})

    visit.key("own_back").get_by_role("button").click()
    expect(visit.key("own_banner")).to_have_count(0)
    visit.wait_shown("Object.keys(m.counts).length > 100")
    assert visit.figures()[0] == str(len(recount.initiatives()))


def test_the_file_is_still_there_after_another_page(visit):
    open_data(visit)
    give(visit, FILE)
    expect_figures(visit, 4, 2, 2, 0)
    follow(visit, "Catalogo")
    expect(visit.page.get_by_role("heading", level=1, name="Catalogo")).to_be_visible()
    follow(visit, "I tuoi dati")
    expect_figures(visit, 4, 2, 2, 0)
    visit.key("own_remove").get_by_role("button").click()
    expect(visit.key("own_figures")).to_have_count(0)


def test_two_visitors_and_a_reload_never_see_the_file(server, browser, visit):
    open_data(visit)
    give(visit, FILE)
    expect_figures(visit, 4, 2, 2, 0)
    look(visit, "Solo il tuo file")
    expect(visit.key("own_banner")).to_be_visible()
    with new_visit(server, browser) as other:
        other.open("catalogo")
        expect(other.key("own_banner")).to_have_count(0)
        expect(other.page.get_by_text(f"{len(recount.initiatives())} iniziative", exact=True)).to_be_visible()
    visit.page.reload()
    expect(visit.page.get_by_role("heading", level=1, name="I tuoi dati")).to_be_visible()
    visit.settle()
    expect(visit.key("own_banner")).to_have_count(0)
    expect(visit.key("own_figures")).to_have_count(0)


def test_hostile_text_in_every_column_and_in_the_name_is_read_letter_for_letter(visit):
    free = ["titolo", "descrizione", "tema", "destinatari", "scala", "tipo_servizio", "canale", "anno", "importo",
            "ente_capofila", "partner", "fonte_finanziamento", "documenti", "link", "beneficiari"]  # fmt: skip
    quoted = ['"' + text.replace('"', '""') + '"' for text in TEXTS]
    places = ("Torino;TO", f"{quoted[2]};{quoted[3]}", f"Castro;{quoted[4]}")
    rows = [
        ";".join([*(quoted[(n + at) % len(quoted)] for at in range(len(free))), place])
        for n in range(len(TEXTS))
        for place in places
    ]
    data = "\n".join([";".join([*free, "comune", "provincia", quoted[3]])[:], *rows])
    visit.page.on("dialog", lambda dialog: visit.errors.append(f"a dialog opened: {dialog.message}"))
    open_data(visit)
    name = f"<img src=x onerror=window.atlasHacked=1>![x](https:{ELSEWHERE}){{{{7*7}}}}.csv"
    give(visit, data, name)
    expect(visit.key("own_figures")).to_be_visible()
    visit.settle()
    visit.key("own_messages_fold").locator("summary").first.click()
    visit.settle()
    look(visit, "Solo il tuo file")
    expect(visit.key("own_banner")).to_be_visible()
    shown = " ".join(visit.key("own_banner").inner_text().replace("\u2060", "").split())
    assert name in shown
    follow(visit, "Catalogo")
    expect(visit.page.get_by_role("heading", level=1, name="Catalogo")).to_be_visible()
    visit.settle()
    text = " ".join(visit.page.get_by_test_id("stApp").inner_text().replace("\u2060", "").split())
    for payload in TEXTS[:3]:
        assert " ".join(payload.split()) in text
    follow(visit, "Mappa")
    visit.wait_shown("m.counts['001272'] > 0")
    for frame in visit.page.frames:
        assert frame.evaluate("() => window.atlasHacked === undefined")
    assert visit.page.locator("[onerror], [onload], img[src*=evil], .katex").count() == 0
    assert not any(ELSEWHERE in url for url in visit.requests)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(server, browser, width):
    with new_visit(server, browser, width=width) as visitor:
        open_data(visitor)
        give(visitor, FILE)
        expect_figures(visitor, 4, 2, 2, 0)
        visitor.settle()
        main = visitor.page.get_by_test_id("stMain")
        assert main.evaluate("m => m.scrollWidth <= m.clientWidth + 1")
