"""The pictures of links, made on demand, one at a time, and kept."""

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from atlas.base.model import DataError, Language
from atlas.publish.site.contents import build_page
from atlas.publish.site.pages import Page
from atlas.publish.site.previews import plain_preview, preview_of
from atlas.server.kept import Kept, answer_with
from atlas.server.pages import picture_target, read_world
from atlas.server.problems import asked_language

MOST_BYTES = 24_000_000  # some two hundred
# Seconds that whoever asks waits for a new picture, and how many may wait to be made.
PATIENCE, QUEUE = 0.8, 4
KEPT_FOR = "public, max-age=3600"

_log = logging.getLogger("atlas")


class Pictures:
    """Makes pictures in one thread and keeps the last ones, up to MOST_BYTES."""

    def __init__(self, make: Callable[[Page], bytes] = preview_of, patience: float = PATIENCE) -> None:
        self._make, self._patience = make, patience
        self._kept: Kept[bytes] = Kept(MOST_BYTES)
        self._awaited: dict[Hashable, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="pictures")

    async def answer(self, request: Request) -> Response:
        """Answer with the picture of an address; with the plain one while it is being made or if it cannot be."""
        language = asked_language(request.scope)
        try:
            world, digest = await run_in_threadpool(read_world)
            target = await run_in_threadpool(picture_target, request.scope, world)
        except DataError as error:
            _log.error("anteprime: %s", error)
            return await self._plain(language, "no-store")
        if target is None:
            return await self._plain(language, KEPT_FOR)
        key = (target, digest)
        made = self._kept.find(key) or self._order(key, lambda: self._make(build_page(target.page, target.view, world)))
        if isinstance(made, Future):
            try:
                made = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(made)), self._patience)
            except TimeoutError:
                made = None
            except Exception:
                _log.exception("anteprima di %s", target.page)
                made = None
        if made is None:
            return await self._plain(language, "no-store")
        etag = f'"{hashlib.sha256(made).hexdigest()[:20]}"'
        return answer_with(request, made, "image/png", etag, {"Cache-Control": KEPT_FOR})

    async def _plain(self, language: Language, kept_for: str) -> Response:
        picture = await run_in_threadpool(plain_preview, language)
        return Response(picture, media_type="image/png", headers={"Cache-Control": kept_for})

    def _order(self, key: Hashable, make: Callable[[], bytes]) -> "Future[bytes] | None":
        """Return the picture to come; None if too many are waiting."""
        with self._lock:
            if key in self._awaited:
                return self._awaited[key]
            if len(self._awaited) >= QUEUE:
                return None
            self._awaited[key] = future = self._maker.submit(self._take, key, make)
        return future

    def _take(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        try:
            picture = make()
            self._kept.keep(key, picture, len(picture))
            return picture
        finally:
            with self._lock:
                self._awaited.pop(key, None)
