"""Middleware of every answer: security headers, and the language and style sheet of the first paint."""

import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.settings import CALLBACK, read_settings
from atlas.catalogue.links import DESK
from atlas.catalogue.source import bundle
from atlas.server.dcat import build_page_data
from atlas.server.guard import without_base
from atlas.server.pages import Pages, page_of, write_lost
from atlas.server.problems import asked_language

# streamlit-folium evaluates the map's script as text, so inline scripts and eval must be allowed; the policy still
# blocks requests to other hosts. Text from files never becomes a script (see atlas/figures/maps.py).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{tiles}",
        "font-src 'self' data:",
        "connect-src 'self'",  # includes the websocket: browsers count ws on the same host as 'self'
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'{embedders}",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
STYLE = ASSETS / "page.css"
_HTML_LANGUAGE = re.compile(rb'<html lang="[a-z-]*"')
_HTML_BODY = re.compile(rb"<body[^>]*>")
_HTML_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_HTML_NO_SCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_REFUSED = re.compile(rb";\s*q=0(\.0*)?\s*$")
_KEPT_OUT = b'<meta name="robots" content="noindex">'

# Only over TLS; without includeSubDomains, because other names of the domain may belong to others.
STAY_WITH_TLS = (b"strict-transport-security", b"max-age=31536000")

Headers = list[tuple[bytes, bytes]]


class SecurityHeaders:
    """Adds the security headers to every answer, refused websockets included.

    `at_start` is called with the `send` of the lifespan.
    """

    def __init__(self, app: ASGIApp, at_start: Callable[[object], None]) -> None:
        self.app = app
        self.at_start = at_start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self.at_start(send)
            await self.app(scope, receive, send)
            return
        # uvicorn trusts X-Forwarded-Proto from the proxies in FORWARDED_ALLOW_IPS, by default this machine.
        is_secure = scope["scheme"] in ("https", "wss")
        can_refuse = "websocket.http.response" in scope.get("extensions", {})
        is_answered = False
        scope = {**scope, "headers": [*map(_without_refused, scope["headers"])]}

        async def send_with_headers(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "websocket.close" and can_refuse and not is_answered:
                start = {"type": "websocket.http.response.start", "status": 403, "headers": _complete([], is_secure)}
                await send(start)
                message = {"type": "websocket.http.response.body", "body": b""}
            elif message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = {**message, "headers": _complete(list(message.get("headers", [])), is_secure)}
            is_answered = True
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _complete(headers: Headers, is_secure: bool) -> Headers:
    """Return the headers of an answer with the missing ones added; over TLS cookies become secure."""
    kept = [pair for pair in headers if pair[0].lower() not in (b"server", b"vary")]
    varies = b",".join(value for name, value in headers if name.lower() == b"vary")
    if varies:  # once each
        kept.append((b"vary", b", ".join(dict.fromkeys(part.strip() for part in varies.split(b",")))))
    if is_secure:
        kept = [(name, _secure(value) if name.lower() == b"set-cookie" else value) for name, value in kept]
    present = {name.lower() for name, _ in kept}
    ours = (*security_headers(), *((STAY_WITH_TLS,) if is_secure else ()))
    return [*kept, *(pair for pair in ours if pair[0] not in present)]


def _without_refused(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return Accept-Encoding without what it refuses (`gzip;q=0`): what looks for a coding looks for its name only."""
    name, value = header
    if name.lower() != b"accept-encoding":
        return header
    codings = [coding for coding in value.split(b",") if not _REFUSED.search(coding)]
    return name, b",".join(codings)


def _secure(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


@cache
def security_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every answer; the policy allows the operator's tile host and embedding sites."""
    settings = read_settings()
    tiles = f" {settings.tiles.origin}" if settings.tiles else ""
    embedders = "".join(f" https://{host}" for host in settings.embed_hosts)
    return (
        (b"content-security-policy", POLICY.format(tiles=tiles, embedders=embedders).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    )


class PageOpening:
    """Writes into the page that Streamlit serves what has to be there before any script: language, style sheet, title,
    preview, and the words of the view for those without JavaScript. An address without a page gets a 404.

    The language is that of the address, Italian by default, for screen readers; the shell updates it when the language
    is switched. A style sheet added as a Streamlit element would arrive late and show animations to people who
    asked for reduced motion. It is the first element of the body: after Streamlit's own sheets, which it overrides,
    and before the elements, so that the stage's sheet overrides it.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base
        self.root = f"/{base.strip('/')}/".replace("//", "/")
        self.pages = Pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        path = without_base(scope["path"], self.base)
        page = page_of(path)
        is_head = scope["method"] == "HEAD"
        if page or b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            # The page is 2 kB: it is requested whole and uncompressed, so that it can be changed here.
            kept = [pair for pair in scope["headers"] if pair[0] not in (b"accept-encoding", b"range", b"if-range")]
            scope = {**scope, "method": "GET" if page else scope["method"], "headers": kept}
        held: list[Message] = []
        is_html = False

        async def hold(message: Message) -> None:
            nonlocal is_html
            if message["type"] == "http.response.start":
                if path.strip("/") == CALLBACK:
                    message = self._lead_to_desk(message)
                is_html = dict(_lower(message)).get(b"content-type", b"").startswith(b"text/html")
            if not is_html:
                await send(message)
                return
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for changed in await self._open(held, scope, path, page):
                    await send({**changed, "body": b""} if is_head and "body" in changed else changed)
                held.clear()

        await self.app(scope, receive, hold)
        for message in held:  # an interrupted answer is sent as far as it came
            await send(message)

    def _lead_to_desk(self, start: Message) -> Message:
        """Return the answer to somebody who signed in or out so that it leads to the editors' page, not to the map."""
        headers = [(name, value) for name, value in _lower(start) if name != b"location"]
        return {**start, "headers": [*headers, (b"location", f"{self.root}{DESK}".encode())]}

    async def _open(self, messages: list[Message], scope: Scope, path: str, page: str | None) -> list[Message]:
        language = asked_language(scope)
        if "/component/" in path:  # the map's frame is a page of its own, without a description
            return _write_opening(messages, language, b"", b"", b"")
        if path.strip("/") == DESK and read_settings().desk:
            return _write_opening(messages, language, _KEPT_OUT, b"", b"")
        if page is None and _is_shell(messages):
            return _replace(messages, write_lost(language, self.root), HTTPStatus.NOT_FOUND)
        if page is None and b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            return messages
        written = await run_in_threadpool(self.pages.write, page, scope, self.root) if page else None
        head, body = (written.head, written.body) if written else (b"", b"")
        return _write_opening(messages, language, head, body, _data_element(language))


def _lower(start: Message) -> Headers:
    return [(name.lower(), value) for name, value in start.get("headers", [])]


def _is_shell(messages: list[Message]) -> bool:
    """Tell whether an answer is the page that Streamlit serves at every address that it does not know."""
    is_found: bool = messages[0]["status"] == HTTPStatus.OK
    body = b"".join(part.get("body", b"") for part in messages[1:])
    return is_found and (not body or b'<div id="root">' in body)


def _write_opening(messages: list[Message], language: Language, head: bytes, body: bytes, data: bytes) -> list[Message]:
    page = b"".join(part.get("body", b"") for part in messages[1:])
    changed, n_changes = _HTML_LANGUAGE.subn(f'<html lang="{language.value}"'.encode(), page, count=1)
    if not n_changes:
        return messages
    if body:  # the words that Streamlit has for those without JavaScript give way, and its title, early in the head
        changed = _HTML_NO_SCRIPT.sub(b"", changed, count=1)
        changed, n_titles = _HTML_TITLE.subn(lambda _: head, changed, count=1)
        head = b"" if n_titles else head
    changed = changed.replace(b"</head>", head + data + b"</head>", 1)
    changed = _HTML_BODY.sub(lambda opened: opened.group() + _style_element() + body, changed, count=1)
    return _replace(messages, changed, messages[0]["status"])


def _replace(messages: list[Message], body: bytes, status: int) -> list[Message]:
    """Return an answer with another body: the length, the ETag and the encoding of the old one are dropped."""
    dropped = (b"content-length", b"etag", b"last-modified", b"content-encoding")
    kept = [pair for pair in _lower(messages[0]) if pair[0] not in dropped]
    length = (b"content-length", str(len(body)).encode())
    start = {**messages[0], "status": int(status), "headers": [*kept, length]}
    return [start, {"type": "http.response.body", "body": body}]


@cache
def _data_element(language: Language) -> bytes:
    """Return the description of the data for search engines, as a script element of type JSON-LD."""
    data = build_page_data(read_settings(), bundle.published_provenance(), translator(language))
    return f'<script type="application/ld+json">{data}</script>'.encode()


@cache
def _style_element() -> bytes:
    return b"<style>" + STYLE.read_bytes() + b"</style>"
