"""The whole atlas as plain files, which any web server can carry."""

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from atlas.base.folders import ASSETS
from atlas.base.model import Face, Language, View
from atlas.catalogue.links import HOME
from atlas.catalogue.world import World
from atlas.figures.map_files import published_files
from atlas.publish.decks.standalone import to_safe_json, without_files
from atlas.publish.site.addresses import FEED, OPEN_DATA, SEARCH, Filed, Rooted, path_of
from atlas.publish.site.contents import LISTED, build_lost, build_page
from atlas.publish.site.listing import all_targets, to_sitemaps
from atlas.publish.site.lists import build_open_data, build_search, explore_data, search_rows, with_places
from atlas.publish.site.news import Seen, follow, read_seen, to_feed, write_seen
from atlas.publish.site.pages import Page, Target
from atlas.publish.site.previews import plain_preview, preview_of
from atlas.publish.site.render import render_file, render_lost

# What says that a folder holds this site, and keeps what the feed has seen of the catalogue.
MEMORY = "novita.json"
# A list of more initiatives is no longer a page that opens at once.
MOST_LISTED = 2_000
_OPEN_DATA_FOLDER = "dati/"
Tell = Callable[[int, int], None]


class SiteError(Exception):
    """The folder cannot take the site; carries one sentence."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many pages and files there are, and how many bytes."""

    pages: int
    files: int
    size: int


@dataclass(frozen=True)
class _Job:
    """What every page is written from."""

    world: World
    base: str
    named: Mapping[str, str]
    exists: frozenset[str]
    live: str

    def place_of(self, target: Target) -> Filed:
        picture = _picture_of(target, self.world) if self.base else ""
        return Filed(target, self.base, self.exists, self.named, picture)

    def write_all(self, targets: Sequence[Target], processes: int) -> Iterator[list[tuple[str, bytes]]]:
        """Yield the files of each page in order."""
        if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
            yield from map(self.write, targets)
            return
        _jobs.append(self)  # the copies of this process find it here
        try:
            with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
                yield from pool.map(_write_target, targets, chunksize=8)
        finally:
            _jobs.remove(self)

    def write(self, target: Target) -> list[tuple[str, bytes]]:
        """Return the files of one page: itself, and its picture if it has one of its own."""
        page, place = _page(target, self.world), self.place_of(target)
        is_home = target == Target(HOME, View(language=target.view.language))
        data = explore_data(page.content, page, place) if is_home and page.content else None
        html = render_file(page, place, "home.html" if is_home else "page.html", data, self.live)
        files = [(place.own, html.encode())]
        if place.picture_path and _has_picture(target):
            files.append((place.picture_path, preview_of(page)))
        return files


_jobs: list[_Job] = []


def _write_target(target: Target) -> list[tuple[str, bytes]]:
    return _jobs[-1].write(target)


def write_site(
    out: Path,
    world: World,
    modified: datetime,
    base: str = "",
    open_data: Mapping[str, bytes] | None = None,
    live: str = "",
    tell: Tell | None = None,
    processes: int = 1,
) -> Written:
    """Write the atlas into a folder: new, empty, or with an earlier version, of which nothing outdated stays.

    base: where the folder will be served; without it there are no previews, sitemap and feed, which name whole
    addresses. open_data: files to download by name; live: the address of the interactive atlas; tell: called with how
    many pages are done of how many; processes: how many write pages at the same time, where the system can copy a
    process. SiteError if the folder holds something else.
    """
    base = f"{base.rstrip('/')}/" if base else ""
    seen = follow(_read_memory(out), world, modified)
    files = dict(_build(world, modified, base, open_data or {}, live, seen, tell, processes))
    n_pages = sum(path.endswith(".html") for path in files)
    old = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} if out.exists() else set()
    for path, body in files.items():
        place = out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (place.is_file() and place.read_bytes() == body):
            place.write_bytes(body)
    for path in old - {str(Path(path)) for path in files}:
        (out / path).unlink()
    for folder in sorted((path for path in out.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return Written(n_pages, len(files), sum(map(len, files.values())))


def _read_memory(out: Path) -> dict[str, Seen]:
    """Return what the site in a folder has seen of the catalogue; SiteError if the folder holds something else."""
    if out.exists() and not out.is_dir():
        raise SiteError(f"{out}: è un file; indica una cartella.")
    if not out.exists() or not any(out.iterdir()):
        return {}
    memory = out / MEMORY
    if not memory.is_file():
        raise SiteError(f"{out}: la cartella contiene altro; indicane una nuova, o quella di un sito scritto prima.")
    try:
        return read_seen(memory.read_bytes())
    except ValueError as error:
        raise SiteError(f"{memory}: non si può leggere; toglilo insieme al resto della cartella.") from error


def _build(
    world: World,
    modified: datetime,
    base: str,
    open_data: Mapping[str, bytes],
    live: str,
    seen: Mapping[str, Seen],
    tell: Tell | None,
    processes: int,
) -> Iterator[tuple[str, bytes]]:
    """Yield every file by its path."""
    named, assets = _assets()
    yield from assets.items()
    downloads = {_OPEN_DATA_FOLDER + name: body for name, body in open_data.items()}
    yield from downloads.items()
    targets = [target for language in Language for target in all_targets(world, language)]
    own = [Target(page, View(language=language)) for language in Language for page in (OPEN_DATA, SEARCH)]
    exists = frozenset(path for target in (*targets, *own) if (path := path_of(target)))

    job = _Job(world, base, named, exists, live)
    for done, written in enumerate(job.write_all(targets, processes)):
        if tell:
            tell(done, len(targets))
        yield from written
    place_of = job.place_of
    for language in Language:
        data_place, search_place = (place_of(Target(page, View(language=language))) for page in (OPEN_DATA, SEARCH))
        data_page = build_open_data(world, language, downloads)
        yield data_place.own, render_file(data_page, data_place, live=live).encode()
        rows = to_safe_json(list(search_rows(world, language, search_place))).encode()
        index = _named("index", ".json", rows)
        yield index, rows
        lists = _page(Target("regioni", View(language=language)), world).lists
        found = replace(search_place, files={**named, "index": index})
        yield found.own, render_file(build_search(world, language, lists), found, "search.html", live=live).encode()
        if base:
            yield _plain(language), plain_preview(language)
            feed = f"{'en/' if language is Language.EN else ''}{FEED}"
            yield feed, to_feed(seen, world, language, _whole(base), base + feed)
    root = urlsplit(base).path if base else "/"
    lost = build_lost(Language.IT)
    yield "404.html", render_lost(lost, Rooted(lost.target, root, root)).encode()
    yield MEMORY, write_seen(seen)
    if base:
        yield from to_sitemaps(world, _whole(base), base, modified.date()).items()
        yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n".encode()


def _page(target: Target, world: World) -> Page:
    is_list = target.view != View(language=target.view.language) or target.page != HOME
    page = build_page(target.page, target.view, world, MOST_LISTED if is_list else LISTED, with_map=True)
    is_all_regions = target.page == "regioni" and target.view.face is not Face.REGION
    return with_places(page, world) if is_all_regions else page


def _whole(base: str) -> Callable[[Target], str]:
    return lambda target: base + (path_of(target) or "").removesuffix("index.html")


def _has_picture(target: Target) -> bool:
    """Tell whether a page has a picture of its own: provinces and municipalities share that of their region."""
    return not target.view.selection.place and not target.view.municipality and target.page != "metodo"


def _picture_of(target: Target, world: World) -> str:
    """Return the path of the picture of a page."""
    view = target.view
    if _has_picture(target):
        return f"anteprime/{(path_of(target) or '').removesuffix('.html')}.png"
    code = view.municipality or view.selection.place
    if not code:
        return _plain(view.language)
    region = View(language=view.language, face=Face.REGION, region=world.territory.region_of(code))
    return f"anteprime/{(path_of(Target('regioni', region)) or '').removesuffix('.html')}.png"


def _plain(language: Language) -> str:
    return f"anteprime/atlante-{language}.png"


def _assets() -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the path of each style, script and map file by name, and their bytes; paths name their content."""
    ours = {
        "site.css": ASSETS / "site" / "site.css",
        "explore.css": ASSETS / "site" / "explore.css",
        "site.js": ASSETS / "site" / "site.js",
        "search.js": ASSETS / "site" / "search.js",
        "explore.js": ASSETS / "explore.js",
        "icon.svg": ASSETS / "icon.svg",
    }
    bodies = {name: path.read_bytes() for name, path in ours.items()}
    for name, file in published_files().items():
        is_style = name.endswith("_css")
        bodies[name] = without_files(file.body.decode()).encode() if is_style else file.body
    named = {}
    for name, body in bodies.items():
        stem, _, ending = name.replace("_js", ".js").replace("_css", ".css").partition(".")
        named[name] = _named(stem, f".{ending or 'json'}", body)
    return named, {named[name]: body for name, body in bodies.items()}


def _named(stem: str, suffix: str, body: bytes) -> str:
    return f"file/{stem}.{hashlib.sha256(body).hexdigest()[:12]}{suffix}"
