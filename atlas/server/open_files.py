"""Limits on visitors: open files of the process, and refusing visitors when they run short."""

import logging
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from atlas.server.problems import say

resource: Any
try:
    import resource
except ImportError:  # Windows has no descriptor limit
    resource = None

# A visitor's connection takes four descriptors. The reserve is for connected visitors: files, answers, health.
SPARE = 128
WANTED = 65_536
_OPEN = next((folder for folder in (Path("/proc/self/fd"), Path("/dev/fd")) if folder.is_dir()), None)

_log = logging.getLogger("atlas")


def raise_limit() -> None:
    """Raise the limit of open files to the maximum allowed, and log if it is low."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft < 4096:
        _log.warning("questo processo può aprire solo %d file: bastano per circa %d visite insieme", soft, soft // 4)


def take_short_turns() -> None:
    """Let threads take turns at Python's lock ten times as often as by default.

    A page is sent in about eighty messages, after each of which the event loop waits for its next turn: 5 ms each time
    while decks are being made.
    """
    sys.setswitchinterval(0.0005)


def free_descriptors() -> int:
    """Return how many more files this process may open; a large number if the system does not tell."""
    if resource is None or _OPEN is None:
        return WANTED
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED if soft == resource.RLIM_INFINITY else int(soft) - sum(1 for _ in _OPEN.iterdir())


class OpenFileLimit:
    """Refuses new visitors with a message while few descriptors are free; everything else is answered."""

    def __init__(self, app: ASGIApp, spare: int = SPARE) -> None:
        self.app = app
        self.spare = spare
        self.is_full = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_arrival(scope) or self._has_room():
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013, "reason": ""})
        else:
            answer = PlainTextResponse(
                say(scope, "problem.full"),
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"Retry-After": "60", "Cache-Control": "no-store"},
            )
            await answer(scope, receive, send)

    def _has_room(self) -> bool:
        free = free_descriptors()
        if free < self.spare and not self.is_full:
            _log.warning("troppe visite insieme: le prossime devono aspettare")
        self.is_full = free < self.spare
        return not self.is_full


def _is_arrival(scope: Scope) -> bool:
    """Tell whether the request opens a page or its websocket."""
    if scope["type"] == "websocket":
        return True
    return scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
