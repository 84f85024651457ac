"""What every answer of the server passes through: headers that keep the browser at home, and how a page opens."""

import re
from functools import cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.settings import read_settings
from atlas.server.dcat import build_page_data
from atlas.server.problems import asked_language

# streamlit-folium runs the map's script as text, so inline scripts and eval must be allowed; the policy still keeps
# every request at home. Text from files never becomes a script (see atlas/figures/maps.py).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{tiles}",
        "font-src 'self' data:",
        "connect-src 'self'",  # the websocket too: a browser counts ws of the same host as 'self'
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
_HTML_HEAD_END = re.compile(rb"</head>")


# Only over TLS, where it means something; not for other names of the same domain, which are not ours to speak for.
STAY_WITH_TLS = (b"strict-transport-security", b"max-age=31536000")

Headers = list[tuple[bytes, bytes]]


class SecurityHeaders:
    """Adds to every answer the headers that keep a visitor's browser at home, refusals of a websocket included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            _drop_banner(send)
            await self.app(scope, receive, send)
            return
        # uvicorn believes X-Forwarded-Proto of the proxies named in FORWARDED_ALLOW_IPS, of this machine without any.
        is_secure = scope["scheme"] in ("https", "wss")
        can_refuse = "websocket.http.response" in scope.get("extensions", {})
        is_answered = False

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
    """Return the headers of an answer with ours, where it has none of its own; cookies go back over TLS only."""
    kept = [pair for pair in headers if pair[0].lower() != b"server"]
    if is_secure:
        kept = [(name, _secure(value) if name.lower() == b"set-cookie" else value) for name, value in kept]
    present = {name.lower() for name, _ in kept}
    ours = (*security_headers(), *((STAY_WITH_TLS,) if is_secure else ()))
    return [*kept, *(pair for pair in ours if pair[0] not in present)]


def _secure(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


def _drop_banner(send: Send) -> None:
    """Make uvicorn keep its name to itself: it writes it below the app, and `streamlit run` has no switch for it."""
    config = getattr(getattr(send, "__self__", None), "config", None)
    if config is not None and hasattr(config, "encoded_headers"):
        config.encoded_headers = [pair for pair in config.encoded_headers if pair[0] != b"server"]


@cache
def security_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every answer; the policy allows the tiles' host and the sites that an operator named."""
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
    """Writes into the page that Streamlit serves what must hold from the first paint: language and style sheet.

    The language is that of the address, Italian without one, so that screen readers pronounce it right; the shell keeps
    it when the language is switched. As an element of Streamlit's the sheet would come after what it is about, and
    whoever asked for no movement would see some. It stands at the head of the body: after Streamlit's own sheets, so
    that it wins over them, and before the elements, so that the sheet of the stage wins over it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            await self.app(scope, receive, send)
            return
        # The page is 2 kB: asked for uncompressed, it can be changed here.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        language = asked_language(scope)
        # The map's frame is a page of its own to the browser, and publishes nothing.
        data = b"" if "/component/" in scope["path"] else _data_element(language)
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for changed in _write_opening(held, language, data):
                    await send(changed)
                held.clear()

        await self.app(scope, receive, hold)
        for message in held:  # an answer that was cut short goes out as far as it came
            await send(message)


def _write_opening(messages: list[Message], language: Language, data: bytes) -> list[Message]:
    start, *parts = messages
    headers = [(name.lower(), value) for name, value in start.get("headers", [])]
    if not dict(headers).get(b"content-type", b"").startswith(b"text/html"):
        return messages
    body = b"".join(part.get("body", b"") for part in parts)
    changed, n_changes = _HTML_LANGUAGE.subn(f'<html lang="{language.value}"'.encode(), body, count=1)
    if not n_changes:
        return messages
    changed = _HTML_HEAD_END.sub(lambda end: data + end.group(), changed, count=1)
    changed = _HTML_BODY.sub(lambda opened: opened.group() + _style_element(), changed, count=1)
    # The answer now depends on the address, so neither its old length nor its old tag holds.
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"etag", b"last-modified")]
    length = (b"content-length", str(len(changed)).encode())
    return [{**start, "headers": [*kept, length]}, {"type": "http.response.body", "body": changed}]


@cache
def _data_element(language: Language) -> bytes:
    """What the atlas publishes, for search engines: data, which no browser runs."""
    data = build_page_data(read_settings(), translator(language))
    return f'<script type="application/ld+json">{data}</script>'.encode()


@cache
def _style_element() -> bytes:
    return b"<style>" + STYLE.read_bytes() + b"</style>"
