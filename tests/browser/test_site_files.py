"""The atlas as files in a real browser: map, filters and search with no server behind, axe, and no script at all."""

import threading
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from atlas.catalogue.selection import select
from atlas.cli.site import build_open_data
from atlas.publish.site.writing import write_site
from tests.sheets import make_view, world

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
CARD = f"iniziative/{world().catalogue.store.initiatives.index[0]}.html"
PAGES = ["", "en/index.html", "regioni/08.html", "regioni/index.html", "en/municipalities/015146.html",
         "province/058.html", "temi/housing.html", CARD, "en/initiatives/index.html", "metodo.html", "dati-aperti.html",
         "cerca.html"]  # fmt: skip


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    out = tmp_path_factory.mktemp("site") / "out"
    write_site(
        out, world(), datetime(2026, 3, 1, tzinfo=UTC), open_data=dict(build_open_data(world(), "1")), processes=2
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def page(browser, address):
    """A page that may ask nothing of another host and has no errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="it-IT")
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert errors == [] and context.cookies() == []
    context.close()


def test_map_and_filters_work_with_the_network_gone(page, address):
    page.goto(address)
    page.locator("#count:not(:empty)").wait_for()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.locator("input[value=housing]").check()
    selected = select(world().catalogue, make_view("theme=housing").selection)
    ids = list(selected.store.initiatives.index[selected.rows])
    assert page.evaluate("atlasPage.selected()") == ids
    assert page.inner_text("#count") == f"{len(ids)} iniziative su {len(world().catalogue)}"
    links = page.locator("#initiatives a").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert links == [f"iniziative/{id_}.html" for id_ in ids]
    page.context.set_offline(False)
    page.locator("#initiatives a").first.click()
    assert page.url == f"{address}{links[0]}"


def test_the_search_finds_titles_places_and_synonyms(page, address):
    page.goto(f"{address}en/index.html")
    page.locator("#q").fill("bologna")
    page.keyboard.press("Enter")
    page.locator("#results li").first.wait_for()
    found = page.locator("#results a").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert "municipalities/037006.html" in found
    page.goto(f"{address}cerca.html?q=%3Cimg%20src%3Dx%3E")
    page.locator("#said:not(:empty)").wait_for()
    assert page.locator("#results li, main img").count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page, address, path):
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run().then(found => found.violations)")
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_without_a_script_everything_is_there_and_nothing_is_cut(browser, address, path, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + path)
    assert page.locator("h1").is_visible() and page.locator("main li:visible").count() > 3
    parts = page.locator("main, footer, header")
    assert parts.evaluate_all("nodes => Math.max(...nodes.map(node => node.scrollWidth))") <= width
    context.close()
