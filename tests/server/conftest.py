"""A real server asked over HTTP and the websocket, with no browser: what is written below the app counts too."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

import pytest

from tests.servers import running_server


@dataclass
class Reply:
    status: int
    headers: Message
    body: bytes


def ask(address: str, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    """Ask a server for a path, exactly as written; names of headers have _ for -."""
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    reply = Reply(answer.status, answer.headers, answer.read())
    connection.close()
    return reply


@pytest.fixture(scope="session")
def open_server() -> Iterator[str]:
    """The atlas as it comes, with no variable set."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def named_server() -> Iterator[str]:
    """The atlas of an operator who named its hosts and the sites that may embed it."""
    hosts = "atlante.example.org, *.comune.example.it"
    with running_server(ATLAS_HOSTS=hosts, ATLAS_EMBED_HOSTS="www.comune.example.it,*.regione.example.it") as address:
        yield address
