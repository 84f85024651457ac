"""What every answer of the server passes through: headers that keep the browser at home, and how a page opens."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.model import Language
from atlas.settings import read_settings

# streamlit-folium runs the map's script as text, so inline scripts and eval must be allowed; the policy still keeps
# every request at home. Text from files never becomes a script (see atlas/maps.py).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{tiles}",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
STYLE = Path(__file__).parent / "assets" / "page.css"
_HTML_LANGUAGE = re.compile(rb'<html lang="[a-z-]*"')
_HTML_BODY = re.compile(rb"<body[^>]*>")


class SecurityHeaders:
    """Adds to every answer the headers that keep a visitor's browser at home."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message.get("headers", []) if pair[0].lower() != b"server"]
                present = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in security_headers() if name not in present]
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@cache
def security_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every answer; the policy allows the tiles' host that the operator named, and no other."""
    tiles = read_settings().tiles
    return (
        (b"content-security-policy", POLICY.format(tiles=f" {tiles.origin}" if tiles else "").encode()),
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
        language = _asked_language(scope["query_string"])
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for changed in _write_opening(held, language):
                    await send(changed)
                held.clear()

        await self.app(scope, receive, hold)
        for message in held:  # an answer that was cut short goes out as far as it came
            await send(message)


def _asked_language(query: bytes) -> Language:
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return Language(asked) if asked in set(Language) else Language.IT


def _write_opening(messages: list[Message], language: Language) -> list[Message]:
    start, *parts = messages
    headers = [(name.lower(), value) for name, value in start.get("headers", [])]
    if not dict(headers).get(b"content-type", b"").startswith(b"text/html"):
        return messages
    body = b"".join(part.get("body", b"") for part in parts)
    changed, n_changes = _HTML_LANGUAGE.subn(f'<html lang="{language.value}"'.encode(), body, count=1)
    if not n_changes:
        return messages
    changed = _HTML_BODY.sub(lambda opened: opened.group() + _style_element(), changed, count=1)
    # The answer now depends on the address, so neither its old length nor its old tag holds.
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"etag", b"last-modified")]
    length = (b"content-length", str(len(changed)).encode())
    return [{**start, "headers": [*kept, length]}, {"type": "http.response.body", "body": changed}]


@cache
def _style_element() -> bytes:
    return b"<style>" + STYLE.read_bytes() + b"</style>"
