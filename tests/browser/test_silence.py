"""No page asks anything of another host, and what we serve names none. Here every other host is unknown."""

import re

import pytest
from playwright.sync_api import Error, expect

from atlas.ui.shell import PAGES
from tests.browser import recount
from tests.browser.conftest import new_visit
from tests.servers import running_server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

NAMESPACE = "http://www.w3.org/"


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_page_asks_another_host(server, browser, language):
    with new_visit(server, browser) as visit:  # fails when anything else was asked
        for page in PAGES:
            visit.open(f"{'' if page == 'mappa' else page}?lang={language}")
            if page == "mappa":
                visit.shown()
        assert len(visit.requests) > 30


def test_the_watch_sees_a_request_elsewhere(server, browser):
    def leave():
        with new_visit(server, browser) as visit, pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            visit.page.goto("http://elsewhere.example/")

    with pytest.raises(AssertionError, match=r"other hosts: .*elsewhere"):
        leave()


def test_the_policy_stops_what_a_page_would_ask_elsewhere(server, browser):
    with new_visit(server, browser, allowed=("https://elsewhere.example",)) as visit:
        visit.open("metodo")
        directive = visit.page.evaluate(
            """() => new Promise(done => {
                document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
                new Image().src = 'https://elsewhere.example/x.png'; })"""
        )
        assert directive == "img-src"


def test_what_the_map_is_made_of_names_no_other_host(visit):
    visit.open()
    frame = visit.map()
    sources = frame.evaluate(
        "() => [...document.querySelectorAll('script[src], link[href], img[src]')].map(e => e.src || e.href)"
    )
    assert sources and all(url.startswith((visit.address, "data:", "blob:")) for url in sources)
    for url in [url for url in visit.requests if "/map/" in url and url.endswith((".js", ".css"))]:
        answer = visit.page.request.get(url)
        assert answer.ok
        links = re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s"'`)]*""", answer.text())
        assert [link for link in links if not link.startswith(NAMESPACE)] == []
    inline = frame.evaluate("() => [...document.scripts].map(s => s.textContent).join('\\n')")
    assert [link for link in re.findall(r"https?://[^\s\"'`]+", inline) if not link.startswith(NAMESPACE)] == []


def test_every_answer_carries_the_headers(visit):
    for path in ("/", "/healthz", "/component/streamlit_folium.st_folium/index.html", "/_stcore/health"):
        headers = visit.page.request.get(visit.address + path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


TILES = "https://tiles.example.org"


@pytest.fixture(scope="module")
def server_with_tiles():
    address = TILES + "/{z}/{x}/{y}.png"
    with running_server(ATLAS_TILES_URL=address, ATLAS_TILES_ATTRIBUTION="© Esempio") as server:
        yield server


def test_there_is_no_background_to_ask_for(visit):
    visit.open()
    visit.shown()
    expect(visit.page.get_by_text("Mostra lo sfondo cartografico")).to_have_count(0)


def test_a_background_is_asked_for_first_and_only_from_its_host(server_with_tiles, browser):
    with new_visit(server_with_tiles, browser, allowed=(TILES + "/",)) as visit:
        visit.open()
        visit.wait_counts(recount.count())
        toggle = visit.page.get_by_text("Mostra lo sfondo cartografico")
        expect(toggle).to_be_visible()
        assert not [url for url in visit.requests if url.startswith(TILES)]
        with visit.page.context.expect_event("request", lambda request: request.url.startswith(TILES)):
            toggle.click()
        # Nobody answers there; the map goes on.
        visit.press("map_level", "Regioni")
        visit.wait_counts(recount.count("region"))
        expect(visit.map().locator(".leaflet-control-attribution")).to_contain_text("© Esempio")
        toggle.click()
        visit.map().wait_for_function("() => !document.documentElement.classList.contains('atlas-tiles')")
        asked = len([url for url in visit.requests if url.startswith(TILES)])
        visit.press_map("in")
        visit.view()
        assert len([url for url in visit.requests if url.startswith(TILES)]) == asked
