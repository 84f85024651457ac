"""Requests refused before anything answers them: unknown hosts, unused addresses, excess uploads; and error answers."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.base.settings import read_settings
from atlas.server.problems import Problem, log_unexpected, say

# Health checks use an IP address, not the public name.
ANY_HOST = "/healthz"
# The files one session may keep on the server: its own file, the choices about it, a presentation, and one more that
# replaces any of them, each at most as large as the file limit.
SESSION_BYTES = 50_000_000
# The files of all sessions together: read, each takes several times its size, and the process has 1,500 MB.
ALL_BYTES = 200_000_000
SENDING = frozenset({"PUT", "POST", "PATCH"})

_log = logging.getLogger("atlas")


@dataclass(frozen=True)
class Beneath:
    """What the middleware needs to know about Streamlit's server. Paths are without the base path."""

    is_closed: Callable[[str], bool]  # path → whether no page needs it
    uploading_session: Callable[[str], str]  # path → the session that sends a file there, "" for any other path
    held: Callable[[str | None], int | None]  # session, or None for all → bytes of files kept; None if unknown
    drop_banner: Callable[[object], None]  # called with the `send` of the lifespan


class Guard:
    """Refuses requests for other hosts (ATLAS_HOSTS) and for addresses that no page needs."""

    def __init__(self, app: ASGIApp, is_closed: Callable[[str], bool], base: str = "") -> None:
        self.app = app
        self.is_closed = is_closed
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = without_base(scope["path"], self.base)
        headers = Headers(scope=scope)
        if "content-length" in headers and "transfer-encoding" in headers:
            # A proxy and the server may disagree where it ends: what follows could be somebody else's request.
            problem = Problem(HTTPStatus.BAD_REQUEST, say(scope, "problem.two_lengths"), {"Connection": "close"})
        elif path != ANY_HOST and not is_known_host(headers.get("host", ""), read_settings().hosts):
            problem = Problem(HTTPStatus.MISDIRECTED_REQUEST, say(scope, "problem.host"))
        elif self.is_closed(path):
            problem = Problem(HTTPStatus.NOT_FOUND, say(scope, "problem.not_found"))
        else:
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await problem(scope, receive, send)


def without_base(path: str, base: str) -> str:
    """Return a path without the base path; `base` is server.baseUrlPath, with or without slashes."""
    base = f"/{base.strip('/')}"
    return path[len(base) :] if base != "/" and path.startswith(f"{base}/") else path


def is_known_host(header: str, known: tuple[str, ...]) -> bool:
    """Tell whether a Host header names one of the known hosts, ignoring the port; any host if none are set."""
    if not known:
        return True
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    return any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in known)


class Faults:
    """Turns an unexpected error into an answer with a short reference number, logged with the traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def watch(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            _log.info("chi chiedeva %s è andato via", scope["path"])
        except Exception as error:
            if has_started:  # an answer already begun cannot be replaced: the server cuts it off and logs why
                raise
            reference = log_unexpected(error, f"{scope['method']} {scope['path']}")
            detail = say(scope, "problem.unexpected", reference=reference)
            # Other sites may read the open data, so also its errors.
            headers = {"Access-Control-Allow-Origin": "*"} if "/api/" in scope["path"] else {}
            problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, headers, reference=reference)
            await problem(scope, receive, send)


class UploadLimit:
    """Refuses an upload when its session already keeps SESSION_BYTES or all together ALL_BYTES, or if that is unknown.

    Streamlit limits the size of one file, but not the number of files, and accepts files of no widget. A request with a
    body to any other address is refused: nothing but uploads has one.
    """

    def __init__(self, app: ASGIApp, beneath: Beneath, base: str = "") -> None:
        self.app = app
        self.beneath = beneath
        self.base = base
        self.under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in SENDING:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self.beneath.uploading_session(without_base(scope["path"], self.base))
        if problem := self._find_problem(scope, headers, session):
            await problem(scope, receive, send)
            return
        size = int(headers["content-length"]) if session else 0
        self.under_way[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way[session] -= size
            if not self.under_way[session]:
                del self.under_way[session]

    def _find_problem(self, scope: Scope, headers: Headers, session: str) -> Problem | None:
        length = headers.get("content-length", "")
        if not session:
            has_body = bool(length.strip("0")) or "transfer-encoding" in headers
            detail = say(scope, "problem.not_sent")
            return Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": "GET, HEAD"}) if has_body else None
        if not (length.isascii() and length.isdigit()):
            return Problem(HTTPStatus.LENGTH_REQUIRED, say(scope, "problem.length"))
        held, by_all = self.beneath.held(session), self.beneath.held(None)
        if held is None or by_all is None:
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, say(scope, "problem.no_files"))
        if held + self.under_way[session] + int(length) > SESSION_BYTES:
            detail = say(scope, "problem.too_much", n=SESSION_BYTES // 1_000_000)
            return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        if by_all + self.under_way.total() + int(length) > ALL_BYTES:
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, say(scope, "problem.all_full"), {"Retry-After": "60"})
        return None
