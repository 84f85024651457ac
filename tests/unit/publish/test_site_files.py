"""The atlas as files: complete, the same when written twice, with no link that leads nowhere and no text that acts."""

import gzip
import json
import posixpath
import random
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import html5lib
import lxml.html
import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language, Level, Selection
from atlas.catalogue.selection import select
from atlas.catalogue.source.bundle import published_world
from atlas.indicators.indicators import count_by_territory, is_inside, summarise
from atlas.indicators.peers import find_peers, initiatives_of
from atlas.publish.site import writing
from atlas.publish.site.addresses import path_of
from atlas.publish.site.listing import all_targets
from atlas.publish.site.render import render_file
from atlas.publish.site.writing import SiteError, _Job, _page, write_site
from atlas.words.card import build_card
from tests.factories import make_row, real_vocabulary, real_world
from tests.payloads import ELSEWHERE, FREE_COLUMNS, PAYLOADS

BASE = "https://atlante.example.org/a/"
DATE = datetime(2026, 3, 1, tzinfo=UTC)
DATA = {"iniziative.csv": b"id\n"}


@pytest.fixture(scope="module")
def world():
    """Attacks in every text, and initiatives of one municipality, of several and of the country."""
    themes, targets = list(real_vocabulary().themes), list(real_vocabulary().targets)
    rows = [
        make_row(f"p-{name.replace('_', '-')}", themes=themes[at % 3], targets=targets[at % 4], source_order=str(at),
                 places=("037006", "015146", "037006;015146")[at % 3],
                 scale=("municipality", "municipality", "intermunicipal")[at % 3],
                 **{column: payload.replace(";", ",") for column in FREE_COLUMNS})
        for at, (name, payload) in enumerate(PAYLOADS.items())
    ]  # fmt: skip
    rows.append(make_row("italia", places="IT", scale="national", themes=themes[0], targets=targets[0]))
    return real_world(*rows)


@pytest.fixture(scope="module")
def site(world, tmp_path_factory):
    """The files by path."""
    out = tmp_path_factory.mktemp("site") / "out"
    write_site(out, world, DATE, "", DATA)
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def pages_of(site):
    return {path: body for path, body in site.items() if path.endswith(".html")}


def text_of(element):
    return " ".join(element.text_content().split())


def test_every_page_is_a_file(site, world):
    expected = {path_of(target) for language in Language for target in all_targets(world, language)}
    more = {"404.html", "dati-aperti.html", "en/open-data.html", "cerca.html", "en/search.html"}
    assert set(pages_of(site)) == expected | more
    assert site["dati/iniziative.csv"] == b"id\n"


def test_every_link_leads_to_a_file_and_none_elsewhere(site):
    n = 0
    for path, body in pages_of(site).items():
        for element, name, link, _ in lxml.html.document_fromstring(body.decode()).iterlinks():
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, (path, name, link)
            if parts.path:
                folder = "" if path == "404.html" else posixpath.dirname(path)
                wanted = posixpath.normpath(posixpath.join(folder, unquote(parts.path).lstrip("/")))
                assert wanted in site, (path, element.tag, link)
                n += 1
    assert n > 5_000


def test_a_page_takes_nothing_from_another_host(site):
    for path, body in site.items():
        if path.endswith((".html", ".css", ".js")):
            found = set(re.findall(r"""(?:https?:|url\(\s*["']?)//[^\s"'<>)]+""", body.decode()))
            found = {one for one in found if ELSEWHERE not in one}  # what the catalogue says is text
            assert found <= {"http://www.w3.org/2000/svg"}, path


def test_every_page_is_valid(site):
    parser = html5lib.HTMLParser(strict=True)
    for path, body in pages_of(site).items():
        parser.parse(body.decode())
        document = lxml.html.document_fromstring(body.decode())
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        # What the parser does not know, and the validator of the W3C said once.
        assert not document.xpath("//*[@action=''] | //figure[@role] | //img[not(@alt)] | //a[not(@href)]"), path


def test_a_hostile_catalogue_stays_text(site, world):
    kept = {"application/json", None}
    for path, body in pages_of(site).items():
        document = lxml.html.document_fromstring(body.decode())
        for element in document.iter():
            assert not [name for name in getattr(element, "attrib", {}) if name.startswith("on")], path
            if element.tag == "script":
                assert element.get("type") in kept and (element.get("src") is None) != (element.get("type") is None)
            if element.tag == "img":
                assert element.get("src").endswith(".svg")
    for language in Language:
        for target in all_targets(world, language):
            if target.view.initiative:
                document = lxml.html.document_fromstring(site[path_of(target)].decode())
                title = build_card(world, target.view.initiative, translator(language)).title
                assert text_of(document.find(".//h1")) == " ".join(title.split())


def test_the_numbers_of_the_files_are_those_of_the_atlas(site, world):
    checked = 0
    for language in Language:
        say = translator(language)
        for target in all_targets(world, language):
            view = target.view
            document = lxml.html.document_fromstring(site[path_of(target)].decode())
            if view.initiative or view.municipality or target.page not in ("mappa", "regioni"):
                continue
            selection = Selection(regions=(view.region,)) if view.region else view.selection
            selected = select(world.catalogue, selection)
            if len(selected) and (target.page == "mappa" or view.region):
                (figure, *_) = [text_of(one) for one in document.xpath("//dl[@class='figures']//dd")]
                assert figure == say.number(len(selected))
                links = document.xpath("//section[@class='wide']//li")
                assert len(links) == len(selected)
            if not selection.regions and len(selected):
                counts = count_by_territory(selected, world.territory, Level.REGION, view.options.rule)["n_initiatives"]
                cells = [text_of(one) for one in document.xpath("//table//td[@class='number']")]
                assert sorted(cells) == sorted(say.number(int(n)) for n in counts if n)
            checked += 1
    assert checked > 200


def test_the_numbers_of_two_hundred_random_pages_are_those_of_the_atlas():
    world = published_world()
    territory, every = world.territory, [one for language in Language for one in all_targets(world, language)]
    job = _Job(world, "", defaultdict(lambda: "file"), frozenset(path for one in every if (path := path_of(one))), "")
    kinds = Counter()
    for target in random.Random(17).sample([one for one in every if one.page != "metodo"], 200):
        view, say = target.view, translator(target.view.language)
        page = _page(target, world)
        document = lxml.html.document_fromstring(render_file(page, job.place_of(target)))
        text, shown = text_of(document.find(".//main")), document.xpath("//dl[@class='figures']//dd")
        figures, listed = [text_of(one) for one in shown], document.xpath("(//section[@class='wide'])[1]//li")
        if view.initiative:
            kinds["card"] += 1
            for what, words in (facts := build_card(world, view.initiative, say)).facts + facts.more:
                assert what in text and " ".join(words.split()) in text
        elif view.municipality:
            kinds["municipality"] += 1
            own = [one for way in initiatives_of(view.municipality, world.catalogue) for one in way]
            people = territory.municipalities["population"][view.municipality]
            assert len(listed) == len(own) > 0 and figures[0] == say.number(people)
            peers = find_peers(view.municipality, world.catalogue, territory)
            assert len(document.xpath("(//section[@class='wide'])[2]//li")) == len(peers)
        elif target.page in ("mappa", "catalogo") or view.region:
            kinds["view"] += 1
            selection = Selection(regions=(view.region,)) if view.region else view.selection
            selected = select(world.catalogue, selection)
            said = summarise(selected, territory, selection)
            assert len(listed) == len(selected)
            if len(selected) and target.page != "catalogo":
                assert figures[:1] == [say.number(len(selected))]
                assert len(figures) < 2 or figures[1] == say.number(said.municipalities)
            level = Level.PROVINCE if view.region else Level.MUNICIPALITY if selection.place else Level.REGION
            counts = count_by_territory(selected, territory, level, view.options.rule)["n_initiatives"]
            inside = territory.parents[level][is_inside(territory, selection)]
            counts = counts.iloc[sorted(set(inside.tolist()))]
            cells = [text_of(one) for one in document.xpath("(//table)[1]//td[@class='number']")]
            assert target.page == "catalogo" or sorted(cells) == sorted(say.number(int(n)) for n in counts if n)
    assert min(kinds.values()) > 10 and len(kinds) == 3


def test_written_twice_it_is_the_same_and_nothing_outdated_stays(world, site, tmp_path):
    out = tmp_path / "out"
    write_site(out, world, DATE, "", DATA)
    (out / "temi" / "vecchio.html").write_text("x")
    write_site(out, world, datetime(2026, 4, 1, tzinfo=UTC), "", DATA)
    again = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert again == site


def test_with_an_address_there_are_previews_sitemap_and_feed(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(writing, "preview_of", lambda page: drawn.append(page.target) or b"png")
    world = real_world(make_row("una", themes="housing", targets="elderly"))
    write_site(tmp_path / "out", world, DATE, BASE.rstrip("/"), live="https://vivo.example.org/")
    out = tmp_path / "out"
    listed = re.findall(r"<loc>(.*?)</loc>", (out / "sitemap.xml").read_text())
    assert len(listed) == len(set(listed)) > 100
    for address in listed:
        path = address.removeprefix(BASE)
        path = f"{path}index.html" if not path or path.endswith("/") else path
        document = lxml.html.document_fromstring((out / path).read_text())
        assert document.xpath('//link[@rel="canonical"]/@href') == [address]
        (picture,) = document.xpath('//meta[@property="og:image"]/@content')
        assert (out / picture.removeprefix(BASE)).is_file()
        assert document.xpath("//footer//a/@href") == ["https://vivo.example.org/"]
    assert f"Sitemap: {BASE}sitemap.xml" in (out / "robots.txt").read_text()
    assert "Titolo una" in (out / "novita.atom").read_text() and "Title una" in (out / "en/novita.atom").read_text()
    assert 'href="/a/catalogo' not in (out / "404.html").read_text()
    assert 'href="/a/iniziative/index.html"' in (out / "404.html").read_text()
    assert len(drawn) == len(set(drawn)) < len(listed)


def test_the_first_page_is_light(site):
    document = lxml.html.document_fromstring(site["index.html"].decode())
    loaded = {"index.html", *document.xpath("//link[@rel='stylesheet']/@href"), *document.xpath("//script/@src")}
    loaded |= {document.xpath("//*[@id='explore']/@data-script")[0], document.xpath("//link[@rel='icon']/@href")[0]}
    assert sum(len(gzip.compress(site[path], 6)) for path in loaded) <= 150_000


def test_the_index_of_the_search_leads_to_pages(site):
    for page, folder in (("cerca.html", ""), ("en/search.html", "en")):
        document = lxml.html.document_fromstring(site[page].decode())
        (index,) = document.xpath("//*[@id='results']/@data-index")
        rows = json.loads(site[posixpath.normpath(posixpath.join(folder, index))])
        assert len(rows) > 150
        assert all(posixpath.normpath(posixpath.join(folder, unquote(row[2]))) in site for row in rows)
        assert all(len(row) == 4 and all(isinstance(cell, str) for cell in row) for row in rows)


@pytest.mark.parametrize("content", [{"altro.txt": b"x"}, {"novita.json": b"{"}])
def test_a_folder_with_something_else_is_left_alone(content, world, tmp_path):
    for name, body in content.items():
        (tmp_path / name).write_bytes(body)
    with pytest.raises(SiteError, match="cartella"):
        write_site(tmp_path, world, DATE)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == content
    with pytest.raises(SiteError, match="file"):
        write_site(tmp_path / next(iter(content)), world, DATE)
