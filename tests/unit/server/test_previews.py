"""What the server writes into Streamlit's page, its pictures of links, and what it tells search engines."""

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from urllib.parse import urlencode

import lxml.html
import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from atlas.base.model import DataError, Fault, Language, Selection, View
from atlas.catalogue.links import to_query
from atlas.catalogue.source import bundle
from atlas.publish.site.contents import build_page
from atlas.publish.site.previews import plain_preview
from atlas.server import pages, pictures
from atlas.server import routes as web
from atlas.server.pages import Pages, page_of
from atlas.server.pictures import Pictures
from atlas.ui.session.streamlit_private import STREAMLIT
from tests.asgi import call
from tests.payloads import ELSEWHERE, PAYLOADS

pytestmark = pytest.mark.fast
SHELL = (
    '<!doctype html><html lang="en"><head><title>Streamlit</title><script src="./static/x.js"></script></head>'
    '<body><noscript><p>You need to enable JavaScript</p></noscript><div id="root"></div></body></html>'
)


def _shell(request):
    return HTMLResponse(SHELL, headers={"etag": '"old"'})


def get(path="/", query="", base="", **headers):
    """What the server answers, with Streamlit's page below it at every address, as Streamlit has it."""
    return call(_app(base), path, query, **({"accept": "*/*", "host": "atlante.example.org"} | headers))


@cache
def _app(base):
    routes = [*web.routes(base), Route("/{any:path}", _shell)]
    return Starlette(routes=routes, middleware=web.middleware(STREAMLIT, base))


def parse(answer):
    return lxml.html.document_fromstring(answer.content.decode())


@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*;q=0.8", ""])
def test_whoever_asks_reads_title_and_words(accept):
    world = bundle.published_world()
    answer = get(query="theme=housing", accept=accept)
    page = build_page("mappa", View(selection=Selection(themes=("housing",))), world)
    document = parse(answer)
    assert [one.text for one in document.iter("title")] == [page.title]
    assert document.xpath('//link[@rel="canonical"]/@href') == ["http://atlante.example.org/?theme=housing"]
    (words,) = document.iter("noscript")
    assert page.heading in words.text_content() and "enable JavaScript" not in words.text_content()
    assert answer.content.index(b"<title>") < answer.content.index(b"./static/x.js")
    assert int(answer.headers["content-length"]) == len(answer.content) and "etag" not in answer.headers


def test_the_policy_of_the_page_stays():
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:" in get().headers["content-security-policy"]
    assert "evil" not in get(query="theme=evil").content.decode()


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("name", ["q", "theme", "id", "place", "municipality", "region", "lang", "x", "face", "map"])
def test_a_hostile_address_changes_nothing(payload, name):
    answer = get("catalogo", urlencode({name: payload}))
    plain = get("catalogo")
    head = answer.content.decode().partition("<noscript>")[0]
    if name == "q":  # a search is counted, never repeated
        head = re.sub(r"(?s)<title>.*", "", head)
        plain_head = re.sub(r"(?s)<title>.*", "", plain.content.decode())
        assert head == plain_head and ELSEWHERE not in parse(answer).text_content()
    else:
        assert answer.content == plain.content
    assert payload not in answer.content.decode() or payload == ""


@pytest.mark.parametrize("host", ['a"><script>', "a b", "evil.example/x", "", "[::1", "a" * 300, "è.it", "a@b"])
def test_a_strange_host_is_not_written(host):
    document = get(host=host.encode().decode("latin-1")).content.decode()
    assert '<link rel="canonical" href="/">' in document
    assert "<script>" not in document.partition("<body>")[0]


def test_below_a_path_every_link_has_it():
    document = parse(get("/servizi/atlante/catalogo", base="servizi/atlante"))
    assert document.xpath('//link[@rel="canonical"]/@href') == ["http://atlante.example.org/servizi/atlante/catalogo"]
    links = [one.get("href") for one in document.iter("a")]
    assert links and all(link.startswith("/servizi/atlante/") for link in links)
    picture = document.xpath('//meta[@property="og:image"]/@content')[0].removeprefix("http://atlante.example.org")
    path, _, query = picture.partition("?")
    assert get(path, query, base="servizi/atlante").headers["content-type"] == "image/png"


@pytest.mark.parametrize("path", ["/nulla", "/catalogo/altro", "/static/js/none.js", "/mappa.html", "/a/b/c"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unknown_address_says_so(path, method):
    answer = get(path, "lang=en", method=method)
    assert answer.status == 404
    if method == "GET":
        document = parse(answer)
        assert document.get("lang") == "en" and not list(document.iter("script"))
        assert {"/", "/catalogo?lang=en"} <= {one.get("href") for one in document.iter("a")}


@pytest.mark.parametrize(("path", "page"), [("/", "mappa"), ("/mappa", "mappa"), ("/comune", "comune"), ("/x", None)])
def test_the_page_of_a_path(path, page):
    assert page_of(path) == page


def test_when_the_data_cannot_be_read_the_page_is_streamlits(monkeypatch):
    def fail():
        raise DataError([Fault("initiatives.csv", 3, "id", "manca")])

    monkeypatch.setattr(bundle, "published_edition", fail)
    assert b"<title>Streamlit</title>" in get().content
    assert get("/novita.atom").status == get("/sitemap.xml").status == 503
    picture = get("/anteprima.png", "page=mappa")
    assert picture.content == plain_preview(Language.IT) and picture.headers["cache-control"] == "no-store"


def test_no_more_pages_are_kept_than_there_is_room_for(monkeypatch):
    def write(kept, at):
        scope = {"type": "http", "query_string": f"year=20{at + 10}".encode(), "headers": [], "scheme": "http"}
        written = kept.write("mappa", scope, "/")
        return len(written.head) + len(written.body)

    room = sum(write(Pages(), at) for at in (3, 4, 5))
    monkeypatch.setattr(pages, "MOST_BYTES", room)
    kept = Pages()
    for at in range(6):
        write(kept, at)
    assert len(kept._kept) == 3 and kept._kept.size == room


def ask(answering, query="page=mappa", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/anteprima.png",
        "headers": pairs,
        "query_string": query.encode(),
    }
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(answering.answer(Request(scope)))).result()


def test_a_picture_is_made_once_for_all_addresses_of_its_page():
    made = []
    answering = Pictures(lambda page: made.append(page) or b"picture", patience=30)
    first = ask(answering, "page=mappa&theme=housing")
    assert first.body == b"picture" and "max-age" in first.headers["cache-control"]
    for query in (
        "page=mappa&theme=housing",
        "theme=housing&page=mappa&map=42,12,7",
        "page=mappa&theme=housing,x&q=casa",
    ):
        assert ask(answering, query).body == b"picture"
    assert len(made) == 1 and to_query(made[0].target.view) == {"theme": "housing"}
    assert ask(answering, "page=mappa&theme=housing", if_none_match=first.headers["etag"]).status_code == 304


def test_while_a_picture_is_made_there_is_the_plain_one():
    may_go = threading.Event()
    answering = Pictures(lambda page: may_go.wait(30) and b"picture", patience=0.01)
    early = ask(answering)
    assert early.body == plain_preview(Language.IT) and early.headers["cache-control"] == "no-store"
    may_go.set()
    answering._maker.submit(lambda: None).result()
    assert ask(answering).body == b"picture"


def test_a_crowd_of_addresses_waits_in_a_short_line():
    may_go, made = threading.Event(), []

    def make(page):
        may_go.wait(30)
        made.append(page)
        return b"picture"

    answering = Pictures(make, patience=0.01)
    for year in range(2001, 2021):
        assert ask(answering, f"page=mappa&year={year}").body == plain_preview(Language.IT)
    may_go.set()
    answering._maker.submit(lambda: None).result()
    assert len(made) == pictures.QUEUE


def test_pictures_are_kept_within_their_room(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 2_500)
    answering = Pictures(lambda page: bytes(1_000), patience=30)
    for year in range(2001, 2006):
        ask(answering, f"page=mappa&year={year}")
    assert len(answering._kept) == 2 and answering._kept.size == 2_000


def test_a_picture_that_fails_is_the_plain_one(caplog):
    def fail(page):
        raise OSError("nessuno spazio")

    answering = Pictures(fail, patience=30)
    answer = ask(answering)
    assert answer.body == plain_preview(Language.IT) and answer.headers["cache-control"] == "no-store"
    assert "anteprima" in caplog.text and not answering._awaited


@pytest.mark.parametrize("query", ["", "page=nulla", "page=%3Cb%3E", "page=mappa" + "&x=1" * 5000])
def test_an_address_without_a_page_has_the_plain_picture_or_the_whole_one(query):
    assert get("/anteprima.png", query).headers["content-type"] == "image/png"


def test_search_engines_find_the_sitemap_and_every_address_in_it():
    robots = get("/robots.txt").content.decode()
    address = re.search(r"^Sitemap: (.*)$", robots, re.M)[1]
    assert address == "http://atlante.example.org/sitemap.xml"
    found = [one.text for one in etree.fromstring(get("/sitemap.xml").content).iter("{*}loc")]
    assert len(found) == len(set(found)) > 2 * (35 + 20)
    for one in found[:: len(found) // 25]:
        path, _, query = one.removeprefix("http://atlante.example.org").partition("?")
        document = parse(get(path, query))
        assert document.xpath('//link[@rel="canonical"]/@href') == [one]
    assert get("/sitemap-2.xml").status == 404


@pytest.mark.parametrize("language", Language)
def test_the_feed_is_in_the_language_of_its_address(language):
    feed = etree.fromstring(get("/novita.atom", "" if language is Language.IT else "lang=en").content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert len(feed.findall("{*}entry")) == 35
    assert feed.find("{*}link[@rel='self']").get("href") == feed.findtext("{*}id")


def test_a_fault_in_the_words_never_takes_the_page_away(monkeypatch, caplog):
    def broken(*_):
        raise KeyError("site.about.nowhere")

    monkeypatch.setattr(pages, "build_page", broken)
    answer = call(Starlette(routes=[Route("/{any:path}", _shell)], middleware=web.middleware(STREAMLIT, "")), "/metodo")
    assert answer.status == 200 and b'<div id="root">' in answer.content and b"<style>" in answer.content
    assert "le parole di metodo" in caplog.text and "site.about.nowhere" in caplog.text
