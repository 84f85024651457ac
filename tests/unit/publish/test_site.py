"""The pages of HTML: their words against the atlas's own, their links, and catalogues that try to be more than text."""

from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import lxml.html
import numpy as np
import pytest
from linkpreview import link_preview
from lxml import etree
from matplotlib.image import imread

from atlas.base.i18n import translator
from atlas.base.model import Face, Language, Level, Measure, Selection, View, ViewOptions
from atlas.catalogue.links import HOME, PAGES, from_query, to_query
from atlas.catalogue.selection import select
from atlas.catalogue.source.bundle import published_world
from atlas.publish.site import listing
from atlas.publish.site.addresses import Filed, Served, in_language, path_of, settle
from atlas.publish.site.contents import LISTED, build_lost, build_page
from atlas.publish.site.listing import all_targets, involved, to_sitemaps
from atlas.publish.site.news import follow, read_seen, to_feed, write_seen
from atlas.publish.site.pages import Target
from atlas.publish.site.previews import draw_plain, plain_preview, preview_of
from atlas.publish.site.render import render_head, render_lost, render_shell
from atlas.territory.places.names import title_of_place
from atlas.words.card import build_card
from atlas.words.description import describe_view
from atlas.words.window import name_page
from tests.factories import make_row, real_vocabulary, real_world
from tests.payloads import ELSEWHERE, FREE_COLUMNS, PAYLOADS

pytestmark = pytest.mark.fast
BASE = "https://atlante.example.org/"
ATOM, MAPS = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def written(target, world):
    """The head and the body that the server writes, as one parsed document."""
    page = build_page(target.page, target.view, world)
    place = Served(page.target, BASE)
    html = f"<html><head>{render_head(page, place)}</head><body>{render_shell(page, place)}</body></html>"
    return page, lxml.html.document_fromstring(html.replace("<noscript>", "<div>").replace("</noscript>", "</div>"))


def meta(document, name):
    found = document.xpath(f'//meta[@name="{name}" or @property="{name}"]/@content')
    assert len(found) == 1, name
    return found[0]


def text_of(element):
    return " ".join(element.text_content().split())


def _targets():
    world = published_world()
    ids = list(world.catalogue.store.initiatives.index)
    views = [
        View(), View(selection=Selection(themes=("housing",))), View(selection=Selection(themes=("digital", "health"))),
        View(selection=Selection(targets=("elderly",))), View(selection=Selection(regions=("08",))),
        View(selection=Selection(regions=("12",), place="058")), View(selection=Selection(regions=("20",))),
        View(selection=Selection(channels=("digital",), years=("2019",))),
        View(options=ViewOptions(Level.REGION, Measure.PER_MILLION)),
    ]  # fmt: skip
    targets = [Target(HOME, view) for view in views] + [Target("catalogo", view) for view in views[:6]]
    targets += [Target("catalogo", View(initiative=id_)) for id_ in ids[::6]]
    targets += [Target("comune", View(municipality=code)) for code in ("015146", "001168", "037006", "058091")]
    targets += [Target("regioni", View(face=face)) for face in Face if face is not Face.REGION]
    targets += [Target("regioni", View(face=Face.REGION, region=code)) for code in ("08", "20")]
    return targets + [Target(page) for page in PAGES if page != HOME]


TARGETS = [in_language(target, language) for target in _targets() for language in Language]


def test_there_are_enough_addresses():
    assert len(TARGETS) >= 2 * 30


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: f"{one.page}?{to_query(one.view)}")
def test_a_page_says_what_the_atlas_says(target):
    world, say = published_world(), translator(target.view.language)
    page, document = written(target, world)
    title = document.findtext(".//title")
    assert title.endswith(f"{name_page(target.page, say)} · {say('app.short_title')}")
    assert meta(document, "og:site_name") == say("app.title")
    assert meta(document, "og:title") == text_of(document.find(".//h1")) == " ".join(page.heading.split())
    description = meta(document, "description")
    assert description == meta(document, "og:description") == meta(document, "twitter:description")
    assert 20 <= len(description) <= 200
    view, selection = target.view, target.view.selection
    if view.initiative:
        card = build_card(world, view.initiative, say)
        assert title.startswith(card.title[:80])
        assert card.summary.startswith(description.rstrip("…"))
        for what, words in card.facts:
            assert what in text_of(document) and words in text_of(document)
    elif view.municipality:
        assert page.heading == title_of_place(view.municipality, world.territory, say.language)
        assert title.startswith(page.heading)
    elif target.page in (HOME, "catalogo") or view.region:
        if view.region:
            selection = Selection(regions=(view.region,))
        selected = select(world.catalogue, selection)
        said = describe_view(selected, selection, view.options, world, say)
        assert said.text.startswith(description.rstrip("…"))
        assert all(sentence in text_of(document) for sentence in said.sentences)
        if not view.region:
            assert title.startswith(said.headline) and page.heading == said.headline
        links = document.xpath("//section[@class='wide']//a/@href")
        shown = [from_query(dict(_pairs(link)), world).initiative for link in links]
        ids = list(selected.store.initiatives.index[selected.rows])
        assert [id_ for id_ in shown if id_] == ids[:LISTED]


def _pairs(link):
    return parse_qsl(urlsplit(link).query)


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: f"{one.page}?{to_query(one.view)}")
def test_an_address_leads_back_to_its_page_in_both_languages(target):
    world = published_world()
    _, document = written(target, world)
    (canonical,) = document.xpath('//link[@rel="canonical"]/@href')
    both = {one.get("hreflang"): one.get("href") for one in document.xpath("//link[@hreflang]")}
    assert set(both) == {"it", "en", "x-default"} and both["x-default"] == both["it"]
    assert canonical == both[str(target.view.language)] == meta(document, "og:url")
    for language in Language:
        view = from_query(dict(_pairs(both[str(language)])), world)
        assert view.language is language
        settled = settle(target)
        assert to_query(view) == to_query(in_language(settled, language).view)
    assert meta(document, "og:image").startswith(f"{BASE}anteprima.png?page=")


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: f"{one.page}?{to_query(one.view)}")
def test_a_messenger_shows_what_the_page_says(target):
    page = build_page(target.page, target.view, published_world())
    place = Served(page.target, BASE)
    html = f"<html><head>{render_head(page, place)}</head><body>{render_shell(page, place)}</body></html>"
    shown = link_preview(place.canonical, html, parser="lxml")
    heading = " ".join(page.heading.split())
    for one in (shown, shown.opengraph, shown.twitter):
        assert (" ".join(one.title.split()), one.description, one.image) == (heading, page.description, place.picture)
    assert shown.generic.title == page.title and shown.generic.description == page.description
    assert shown.site_name == translator(page.language)("app.title")


def test_settling_twice_changes_nothing_more():
    for target in TARGETS:
        assert settle(settle(target)) == settle(target)


@pytest.mark.parametrize("text", [*PAYLOADS.values(), "casa"])
@pytest.mark.parametrize("language", Language)
def test_a_search_is_counted_and_not_repeated(text, language):
    world = published_world()
    view = View(language=language, selection=Selection(text=text, language=language))
    page, document = written(Target(HOME, view), world)
    n = len(select(world.catalogue, view.selection))
    assert page.heading == translator(language).plural("site.found", n, total="35")
    assert not page.is_listed and meta(document, "robots") == "noindex"
    # What was searched is in no text; links that keep the view keep it encoded.
    if text != "casa":
        assert text not in text_of(document) and ELSEWHERE not in text_of(document)
    assert text_of(document.find(".//title")).startswith(page.heading)
    assert document.xpath('//link[@rel="canonical"]/@href') == [BASE if language is Language.IT else f"{BASE}?lang=en"]


@pytest.fixture(scope="module")
def hostile():
    """A catalogue whose every text is an attack; one initiative for each of them."""
    theme, target = next(iter(real_vocabulary().themes)), next(iter(real_vocabulary().targets))
    rows = [
        make_row(f"p-{name.replace('_', '-')}", themes=theme, targets=target, source_order=str(at),
                 places="037006;015146", scale="intermunicipal",
                 **{column: payload.replace(";", ",") for column in FREE_COLUMNS})
        for at, (name, payload) in enumerate(PAYLOADS.items(), start=1)
    ]  # fmt: skip
    return real_world(*rows)


def assert_harmless(document):
    """Fail if a text of the catalogue became an element, an attribute or an address."""
    for element in document.iter():
        assert element.tag not in ("script", "img", "svg", "iframe", "object", "b", "i"), element.tag
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            value = element.get(name, "")
            assert ELSEWHERE not in value and not value.lower().startswith(("javascript:", "data:"))


def test_a_hostile_catalogue_stays_text_on_every_page(hostile):
    n = 0
    for target in all_targets(hostile, Language.IT):
        if (
            target.page == "comune"
            or target.view.initiative
            or target.view.selection.themes
            or target.page == "catalogo"
        ):
            for language in Language:
                page, document = written(in_language(target, language), hostile)
                assert_harmless(document)
                assert " ".join(page.heading.split()) == text_of(document.find(".//h1"))
                n += 1
    assert n > 2 * len(PAYLOADS)


def test_a_hostile_catalogue_stays_text_in_the_feed(hostile):
    seen = follow({}, hostile, datetime(2026, 1, 1, tzinfo=UTC))
    feed = etree.fromstring(to_feed(seen, hostile, Language.IT, lambda target: BASE + (path_of(target) or ""), BASE))
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert titles == {build_card(hostile, id_, translator(Language.IT)).title for id_ in seen}
    assert {element.tag for element in feed.iter()} <= {
        ATOM + name for name in ("feed", "title", "id", "updated", "author", "name", "link", "entry", "summary")
    }


def test_every_page_has_a_file_of_its_own_and_every_file_a_page():
    world = published_world()
    paths = [path_of(target) for language in Language for target in all_targets(world, language)]
    assert None not in paths and len(set(paths)) == len(paths)
    n = 4 + len(world.catalogue) + 20 + 110 + len(involved(world, Level.MUNICIPALITY))
    options = [one for name in ("themes", "targets") for one in world.catalogue.store.memberships[name].options]
    assert len(paths) == 2 * (n + len([one for one in options if one != "unknown"]))


def test_a_view_without_a_file_is_text_and_not_a_dead_link():
    both = View(selection=Selection(themes=("housing",), targets=("elderly",)))
    assert path_of(Target(HOME, both)) is None
    assert Filed(Target(HOME), "", frozenset(("index.html",))).href(Target(HOME, both)) is None


def test_links_of_files_are_relative():
    place = Filed(Target("catalogo", View(initiative="x")), "", frozenset(("en/index.html", "temi/housing.html")))
    assert place.href(Target(HOME, View(language=Language.EN))) == "../en/index.html"
    assert place.href(Target(HOME, View(selection=Selection(themes=("housing",))))) == "../temi/housing.html"
    assert (place.canonical, place.feed, place.picture) == ("", "", "")


def test_the_sitemap_lists_every_page_in_both_languages():
    world = published_world()
    address = lambda target: Served(target, BASE).canonical  # noqa: E731
    (only,) = to_sitemaps(world, address, BASE, world.territory.dates.geography).values()
    rows = etree.fromstring(only).findall(f"{MAPS}url")
    found = [row.findtext(f"{MAPS}loc") for row in rows]
    assert sorted(found) == sorted(address(one) for language in Language for one in all_targets(world, language))
    assert {len(row) for row in rows} == {4}


def test_a_long_sitemap_is_cut(monkeypatch):
    monkeypatch.setattr(listing, "MOST_LISTED", 300)
    world = published_world()
    files = to_sitemaps(world, lambda target: BASE + (path_of(target) or ""), BASE, world.territory.dates.geography)
    index = etree.fromstring(files.pop("sitemap.xml"))
    assert [one.text for one in index.iter(f"{MAPS}loc")] == [BASE + name for name in files]
    sizes = [len(etree.fromstring(body)) for body in files.values()]
    assert max(sizes) == 300 and sum(sizes) == 2 * len(list(all_targets(world, Language.IT)))


def test_the_feed_says_what_is_new_changed_and_gone():
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    rows = [make_row(name, themes="housing", targets="elderly") for name in ("resta", "cambia", "esce")]
    seen = follow({}, real_world(*rows), first)
    assert {one.since for one in seen.values()} == {"2026-01-01T00:00:00Z"}
    now = real_world(
        rows[0], {**rows[1], "summary_it": "Altro."}, make_row("nuova", themes="housing", targets="elderly")
    )
    later = follow(read_seen(write_seen(seen)), now, second)
    changed = {id_ for id_, one in later.items() if one.since == "2026-02-01T00:00:00Z"}
    assert changed == {"cambia", "esce", "nuova"}
    assert follow(later, now, datetime(2026, 3, 1, tzinfo=UTC)) == later
    feed = etree.fromstring(to_feed(later, now, Language.IT, lambda target: BASE + (path_of(target) or ""), BASE))
    entries = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert set(entries[:3]) == {"Titolo cambia", "Tolta dal catalogo: Titolo esce", "Titolo nuova"}
    assert entries[3:] == ["Titolo resta"] and feed.findtext(f"{ATOM}updated") == "2026-02-01T00:00:00Z"


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": ["x", "domani", "t", "t"]}', b"\xff"])
def test_a_broken_memory_of_the_feed_is_refused(data):
    with pytest.raises(ValueError):
        read_seen(data)


@pytest.mark.parametrize("language", Language)
def test_an_address_that_does_not_exist_leads_on(language):
    page = build_lost(language)
    document = lxml.html.document_fromstring(render_lost(page, Served(page.target, "/a/", "/a/")))
    links = document.xpath("//a/@href")
    assert {"/a/", "/a/catalogo", "/a/?lang=en", "/a/catalogo?lang=en"} <= set(links)
    assert text_of(document.find(".//h1")) == translator(language)("site.lost")


def test_a_picture_has_the_size_that_messengers_want():
    world = published_world()
    for target in (Target(HOME), Target("regioni"), Target("comune", View(municipality="001168")), Target("metodo")):
        picture = preview_of(build_page(target.page, target.view, world))
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert tuple(int.from_bytes(picture[at : at + 4]) for at in (16, 20)) == (1200, 630)
        assert len(picture) < 300_000


@pytest.mark.parametrize("language", Language)
def test_the_plain_picture_is_what_would_be_drawn(language):
    drawn, kept = (imread(BytesIO(one))[..., :3] for one in (draw_plain(language), plain_preview(language)))
    assert drawn.shape == kept.shape == (630, 1200, 3)
    assert float(np.abs(drawn - kept).mean()) < 0.01
