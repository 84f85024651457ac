"""What the server tells search engines and feed readers: robots.txt, sitemap.xml, novita.atom."""

import logging
import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlas.base.model import DataError
from atlas.catalogue.source import bundle
from atlas.publish.site.addresses import FEED, Served
from atlas.publish.site.listing import to_sitemaps
from atlas.publish.site.news import Seen, follow, to_feed
from atlas.publish.site.pages import Target
from atlas.server.pages import base_of, read_world
from atlas.server.problems import asked_language

KEPT_FOR = "public, max-age=600"
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
    """Answers with the three files; it remembers what it has seen of the catalogue since it started."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._seen: dict[str, Seen] = {}
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
                self._seen, self._digest = follow(self._seen, world, bundle.published_edition().date), digest
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


def _address(target: Target, base: str, root: str) -> str:
    return Served(target, base, root).canonical
