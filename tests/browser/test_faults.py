"""What goes wrong between browser and server: one plain sentence or nothing at all, and nothing lost but by death."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_visit
from tests.browser.line import line_to
from tests.browser.test_dati import FILE, expect_figures, follow, give, open_data
from tests.servers import ROOT, free_port, start_server, wait_healthy

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

CONNECTED = '[data-test-connection-state="CONNECTED"]'
AWAY = '[data-test-connection-state]:not([data-test-connection-state="CONNECTED"])'
FRESH = "Questa finestra è ricominciata da capo."
CUT = "Il collegamento si è interrotto"


@pytest.fixture
def line(server):
    with line_to(server) as line:
        yield line


@contextmanager
def mortal_server():
    """Run a server that a test kills; yield its port and the process."""
    port = free_port()
    processes = [start_server(port)]

    def restart():
        processes[-1].kill()
        processes[-1].wait(timeout=20)
        processes.append(start_server(port))
        wait_healthy(f"http://127.0.0.1:{port}")

    try:
        wait_healthy(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}", processes, restart
    finally:
        processes[-1].kill()
        processes[-1].wait(timeout=20)


def heading(visit, text):
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(text)
    visit.settle()


# The call that tells the page which session it is shown by.
SESSION = """() => [...document.querySelectorAll(".stHtml script")].map(one => one.textContent)
    .find(text => text.includes("atlasSession("))"""


def wait_new_session(visit, before):
    """Wait until the page on the screen is that of another session; the connection alone stands before it."""
    visit.page.wait_for_function(f"before => ({SESSION})() !== before", arg=before)
    visit.settle()


def work(visit):
    """Upload a file, choose a filter, keep a stop: what a session holds."""
    open_data(visit)
    give(visit, FILE)
    expect_figures(visit, 4, 2, 2, 0)
    follow(visit, "Mappa")
    visit.choose("themes", "Casa")
    visit.wait_query(theme="housing")
    visit.settle()
    visit.key("stop_add").get_by_role("button").click()
    expect(visit.page.get_by_test_id("stToast").first).to_contain_text("schermata 1")
    visit.settle()


def expect_work(visit):
    follow(visit, "Presenta")
    heading(visit, "Presenta")
    expect(visit.key("stop_title_0").locator("input")).to_have_value(
        "La casa nei Comuni: 4 iniziative, di cui 3 condivise da 145 Comuni"
    )
    visit.wait_query(theme="housing")
    follow(visit, "I tuoi dati")
    heading(visit, "I tuoi dati")
    expect_figures(visit, 4, 2, 2, 0)
    visit.wait_query(theme="housing")


def test_a_line_that_breaks_and_comes_back_costs_nothing(line, browser):
    with new_visit(line.address, browser) as visit:
        work(visit)
        line.cut()
        visit.page.wait_for_selector(AWAY)
        expect(visit.page.get_by_role("dialog")).to_contain_text(CUT)
        said = visit.page.get_by_role("dialog").inner_text()
        assert "Streamlit" not in said and "server" not in said and "si ricollega da sola" in said
        line.mend()
        visit.page.wait_for_selector(CONNECTED)
        expect(visit.page.get_by_role("dialog")).to_have_count(0)
        visit.settle()
        assert visit.figures()[0] == "4"
        expect_work(visit)
        expect(visit.page.locator(".atlas-lost")).to_have_count(0)


def test_a_line_that_breaks_is_said_in_the_readers_language(line, browser):
    with new_visit(line.address, browser) as visit:
        visit.open("?lang=en")
        visit.page.wait_for_function("() => window.atlasSession")  # its code comes after the page
        visit.shown()  # and the map's after that
        line.cut()
        expect(visit.page.get_by_role("dialog")).to_contain_text("The connection was interrupted")
        line.mend()
        visit.page.wait_for_selector(CONNECTED)


def test_an_upload_that_is_cut_is_said_and_the_file_before_stays(line, browser):
    with new_visit(line.address, browser) as visit:
        open_data(visit)
        give(visit, FILE)
        expect_figures(visit, 4, 2, 2, 0)
        line.cut_request, line.cut_after = b"PUT /_stcore/upload_file", 200_000
        give(visit, FILE + "Mensa;Nonesiste;;Casa\n" * 100_000, "lungo.csv")
        said = visit.page.get_by_test_id("stFileUploader").first
        expect(said).to_contain_text("Il caricamento si è interrotto: il file non è arrivato. Sceglilo di nuovo.")
        assert line.has_cut.is_set()
        assert "Error" not in said.inner_text()
        visit.settle()
        expect_figures(visit, 4, 2, 2, 0)
        line.cut_request = b""
        give(visit, FILE.replace("Mensa;Nonesiste;;Casa\n", ""), "corto.csv")
        expect_figures(visit, 3, 2, 1, 0)


def test_the_death_of_the_process_is_said_and_the_view_stays(browser):
    with mortal_server() as (address, processes, restart), new_visit(address, browser) as visit:
        work(visit)
        processes[-1].kill()
        visit.page.wait_for_selector(AWAY)
        restart()
        lost = visit.page.locator(".atlas-lost")
        expect(lost).to_contain_text(FRESH)
        expect(lost).to_contain_text("il file che avevi caricato e le schermate della presentazione non ci sono più")
        assert lost.get_attribute("role") == "alert"
        visit.settle()
        assert visit.figures()[0] == "4"
        follow(visit, "Presenta")
        heading(visit, "Presenta")
        visit.wait_query(theme="housing")
        lost.get_by_role("button", name="Ho capito").click()
        expect(lost).to_have_count(0)
        follow(visit, "I tuoi dati")
        heading(visit, "I tuoi dati")
        give(visit, FILE)  # the new session is as good as the old
        expect_figures(visit, 4, 2, 2, 0)
        expect(lost).to_have_count(0)


def test_the_death_of_the_process_costs_nothing_that_the_address_says(browser):
    with mortal_server() as (address, processes, restart), new_visit(address, browser) as visit:
        visit.open("?theme=housing&level=region&lang=en")
        shown, session = visit.shown()["counts"], visit.page.evaluate(SESSION)
        assert session
        processes[-1].kill()
        visit.page.wait_for_selector(AWAY)
        restart()
        visit.page.wait_for_selector(CONNECTED)
        expect(visit.page.get_by_role("dialog")).to_have_count(0)
        wait_new_session(visit, session)
        assert visit.figures()[0] == "4"
        assert visit.shown()["counts"] == shown
        visit.press("map_level", "Provinces")  # and the first press counts
        visit.wait_query(theme="housing", level="province", lang="en")
        expect(visit.page.locator(".atlas-lost")).to_have_count(0)


def test_a_full_disk_costs_the_file_and_nothing_else(browser):
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.faulty_server", "run", "dashboard.py", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_healthy(address)
        with new_visit(address, browser) as visit:
            visit.open("presenta?theme=housing")
            visit.key("selection_xlsx").get_by_role("button").click()
            said = visit.key("selection_xlsx").get_by_test_id("stDownloadButtonError")
            expect(said).to_have_text("Il file non si è potuto preparare: riprova, o avvisa chi gestisce l'atlante.")
            visit.key("story_prepare").get_by_role("button").click()
            visit.settle()
            visit.key("make_pptx").get_by_role("button").click()
            expect(visit.page.get_by_role("alert").filter(has_text="Non è stato possibile preparare")).to_be_visible()
            expect(visit.key("stop_title_0").locator("input")).not_to_have_value("")
            with visit.page.expect_download() as waiting:  # what needs no disk is still made
                visit.key("selection_geojson").get_by_role("button").click()
            assert len(json.loads(waiting.value.path().read_bytes())["features"]) > 0
    finally:
        process.kill()
        process.wait(timeout=20)
