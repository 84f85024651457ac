"""Asks an ASGI application as a server would, with no network."""

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.datastructures import Headers


@dataclass
class Answer:
    status: int
    headers: Headers
    body: bytes

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    @property
    def json(self):
        return json.loads(self.content)


def call(app, path: str, query: str = "", method: str = "GET", content: bytes = b"", **headers: str) -> Answer:
    """Return what an application answers; names of headers have _ for -."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    path = f"/{path.lstrip('/')}"
    scope = {"type": "http", "scheme": "http", "method": method, "http_version": "1.1", "root_path": ""}
    scope |= {"path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "headers": pairs}
    messages = []
    sent = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive():
        return sent.pop() if sent else await asyncio.Event().wait()  # whoever asks stays on the line

    async def send(message):
        messages.append(message)

    # In a thread of its own: a browser test before this one in the same process leaves its event loop running.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), body)
