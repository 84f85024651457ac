"""Real sources of a catalogue: an https server with a certificate of its own, and a PostgreSQL server."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from atlas.base.tables import decode_text
from atlas.catalogue.catalogue import parse_initiatives
from tests.factories import make_frame, small_territory, small_vocabulary
from tests.postgres import database, database_server

__all__ = ["database", "database_server"]


def to_bytes(*rows: dict[str, str]) -> bytes:
    return make_frame(*rows).to_csv(index=False).encode()


def read_small(data: bytes, name: str):
    """What a keeper reads with, in the small territory."""
    return parse_initiatives(decode_text(data, name), name, small_territory(), small_vocabulary())


@dataclass
class Site:
    """What the https server answers next, and what it was asked."""

    address: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    # Sends fewer bytes than it has promised, and closes.
    is_cut: bool = False
    # Sends a piece at a time, the next after this event.
    slowly: threading.Event | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append({name.lower(): value for name, value in handler.headers.items()})
        etag = self.headers.get("ETag")
        if self.status == 200 and etag and handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body) + (100 if self.is_cut else 0)))
        handler.end_headers()
        if self.slowly is None:
            handler.wfile.write(self.body)
            return
        for at in range(0, len(self.body), 10):
            handler.wfile.write(self.body[at : at + 10])
            self.slowly.wait(0.05)


@pytest.fixture
def site(monkeypatch, tmp_path) -> Iterator[Site]:
    """An https server on this machine, whose certificate requests trusts for the length of a test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"https://127.0.0.1:{server.server_port}/iniziative.csv"
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
