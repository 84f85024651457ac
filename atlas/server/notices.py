"""What the server tells search engines and feed readers: robots.txt, sitemap.xml, novita.atom."""

import hashlib
import logging
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlas.base.model import DataError
from atlas.base.settings import read_settings
from atlas.catalogue.source import bundle
from atlas.catalogue.source.copies import replace_file
from atlas.catalogue.source.source import SourceError
from atlas.catalogue.world import World
from atlas.publish.site.addresses import FEED, Served
from atlas.publish.site.listing import to_sitemaps
from atlas.publish.site.news import Seen, follow, follow_history, read_seen, to_feed, write_seen
from atlas.publish.site.pages import Target
from atlas.server.pages import base_of, read_world
from atlas.server.problems import asked_language

KEPT_FOR = "public, max-age=600"
# The latest lines of a database's history that the feed looks at: one initiative may have many.
MOST_CHANGES = 1000
# Searches and screens of a presentation are of one visitor.
ROBOTS = """\
User-agent: *
Disallow: {root}media/
Disallow: {root}*?*q=
Disallow: {root}*&q=

Sitemap: {base}sitemap.xml
"""
_log = logging.getLogger("atlas")


class Notices:
    """Answers with the three files."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._seen: Mapping[str, Seen] = {}
        self._digest = ""
        self._sitemaps: tuple[tuple[str, str], dict[str, bytes]] = (("", ""), {})
        self._lock = threading.Lock()

    def routes(self) -> list[Route]:
        names = ("robots.txt", "sitemap.xml", "sitemap-{n:int}.xml", FEED)
        return [Route(f"{self._root}{name}", self._answer) for name in names]

    async def _answer(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        base = base_of(request.scope, self._root)
        if name == "robots.txt":
            text = ROBOTS.format(root=self._root, base=base)
            return Response(text, media_type="text/plain; charset=utf-8", headers={"Cache-Control": KEPT_FOR})
        make = self._feed if name == FEED else self._sitemap
        try:
            body = await run_in_threadpool(make, request, base, name)
        except DataError as error:
            _log.error("%s: %s", name, error)
            return Response(status_code=503, headers={"Retry-After": "60"})
        if body is None:
            return Response(status_code=404)
        kind = "application/atom+xml" if name == FEED else "application/xml"
        return Response(body, media_type=f"{kind}; charset=utf-8", headers={"Cache-Control": KEPT_FOR})

    def _feed(self, request: Request, base: str, name: str) -> bytes:
        world, digest = read_world()
        with self._lock:
            if digest != self._digest:
                self._seen, is_whole = _look(self._seen, world, bundle.published_edition().date)
                self._digest = digest if is_whole else ""
            seen = self._seen
        language = asked_language(request.scope)
        own = f"{base}{FEED}" + ("" if language.value == "it" else f"?lang={language.value}")
        return to_feed(seen, world, language, lambda target: _address(target, base, self._root), own)

    def _sitemap(self, _: Request, base: str, name: str) -> bytes | None:
        world, digest = read_world()
        with self._lock:
            if self._sitemaps[0] != (digest, base):
                modified = bundle.published_edition().date.date()
                made = to_sitemaps(world, lambda target: _address(target, base, self._root), base, modified)
                self._sitemaps = ((digest, base), made)
            return self._sitemaps[1].get(name)


def _look(known: Mapping[str, Seen], world: World, modified: datetime) -> tuple[Mapping[str, Seen], bool]:
    """Return every initiative with the time of its last change, and whether that is all that can be known.

    A database has a history of its own; of another catalogue what was seen is kept in the operator's folder of copies.
    """
    settings = read_settings()
    home, is_whole = settings.database, True
    if home:
        from atlas.catalogue.register.history import list_changes

        try:
            if changes := list_changes(home, MOST_CHANGES):
                return follow_history(changes, world), True
        except SourceError as error:
            _log.error("%s: %s", FEED, error)
            is_whole = False
    name = hashlib.sha256(bundle.build_source(settings).shown.encode()).hexdigest()[:12]
    file = settings.copies / f"novita-{name}.json" if settings.copies else None
    before = known or _load(file)
    seen = follow(before, world, modified)
    if file and is_whole and seen != before:
        try:
            replace_file(file, write_seen(seen))
        except OSError as error:
            _log.warning("%s: %s non si può scrivere (%s)", FEED, file, error.strerror)
    return seen, is_whole


def _load(file: Path | None) -> Mapping[str, Seen]:
    try:
        return read_seen(file.read_bytes()) if file and file.exists() else {}
    except (OSError, ValueError) as error:
        _log.warning("%s: %s non si può leggere (%s)", FEED, file, error)
        return {}


def _address(target: Target, base: str, root: str) -> str:
    return Served(target, base, root).canonical
