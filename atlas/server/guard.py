"""What the server refuses before anything answers: other names, needless addresses, too much, and its own errors."""

import logging
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.base.settings import read_settings
from atlas.server.problems import Problem, log_unexpected, say

# What the pages need of Streamlit's own addresses; its counters and its interface for programs are nobody's business.
OPEN_CORE = frozenset({"health", "host-config", "stream", "upload_file", "bidi-components"})
# Sign-in, which the atlas does not have: each visit would leave an error in the log.
CLOSED = frozenset({"auth", "oauth2callback"})
# A probe on the machine or of a load balancer knows an address, not the public name.
ANY_HOST = "/healthz"
# What one session may keep on the server at once: its file, the choices about it, a presentation, and one more that
# replaces any of them, each as large as a file may be.
SESSION_BYTES = 50_000_000

_log = logging.getLogger("atlas")


class Guard:
    """Refuses a request that names another host (ATLAS_HOSTS) or asks for an address that no page needs."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = without_base(scope["path"], self.base)
        if path != ANY_HOST and not is_known_host(Headers(scope=scope).get("host", ""), read_settings().hosts):
            problem = Problem(HTTPStatus.MISDIRECTED_REQUEST, say(scope, "problem.host"))
        elif is_closed(path):
            problem = Problem(HTTPStatus.NOT_FOUND, say(scope, "problem.not_found"))
        else:
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await problem(scope, receive, send)


def without_base(path: str, base: str) -> str:
    """Return a path as it would be at the root of a host; `base` is server.baseUrlPath, with or without slashes."""
    base = f"/{base.strip('/')}"
    return path[len(base) :] if base != "/" and path.startswith(f"{base}/") else path


def is_closed(path: str) -> bool:
    """Tell whether no page needs this address."""
    first, *rest = path.lstrip("/").split("/")
    return first in CLOSED or (first == "_stcore" and (rest or [""])[0] not in OPEN_CORE)


def is_known_host(header: str, known: tuple[str, ...]) -> bool:
    """Tell whether a Host header names one of the known hosts, whatever the port; without any, every name is good."""
    if not known:
        return True
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    return any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in known)


class Faults:
    """Turns an error that nobody expected into an answer with a short number; the trace is in the log, beside it."""

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
            if has_started:  # half an answer cannot become another: the server cuts it, and logs why
                raise
            reference = log_unexpected(error, f"{scope['method']} {scope['path']}")
            detail = say(scope, "problem.unexpected", reference=reference)
            # Programs of other sites read the open data, and its errors.
            headers = {"Access-Control-Allow-Origin": "*"} if "/api/" in scope["path"] else {}
            problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, headers, reference=reference)
            await problem(scope, receive, send)


class UploadLimit:
    """Refuses a file when its session already keeps SESSION_BYTES; `held` tells how much a session keeps.

    The limit of one file is Streamlit's. It lets a session send as many files as it likes, also none of a widget.
    """

    def __init__(self, app: ASGIApp, held: Callable[[str], int], base: str = "") -> None:
        self.app = app
        self.held = held
        self.base = base
        self.under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = self._session_of(scope)
        if not session:
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            await Problem(HTTPStatus.LENGTH_REQUIRED, say(scope, "problem.length"))(scope, receive, send)
            return
        size = int(length)
        if self.held(session) + self.under_way[session] + size > SESSION_BYTES:
            detail = say(scope, "problem.too_much", n=SESSION_BYTES // 1_000_000)
            await Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)(scope, receive, send)
            return
        self.under_way[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way[session] -= size
            if not self.under_way[session]:
                del self.under_way[session]

    def _session_of(self, scope: Scope) -> str:
        """Return the session that sends a file with this request, "" for any other request."""
        if scope["type"] != "http" or scope["method"] != "PUT":
            return ""
        parts = without_base(scope["path"], self.base).strip("/").split("/")
        return parts[2] if parts[:2] == ["_stcore", "upload_file"] and len(parts) > 3 else ""
