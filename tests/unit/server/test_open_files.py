import asyncio
import subprocess
import sys

import pytest
from starlette.responses import PlainTextResponse

from atlas.server import open_files
from tests.asgi import call


async def _page(scope, receive, send):
    await PlainTextResponse("pagina")(scope, receive, send)


@pytest.mark.parametrize(("free", "status"), [(open_files.SPARE, 200), (open_files.SPARE - 1, 503), (0, 503)])
def test_a_new_visitor_is_refused_while_few_descriptors_are_free(monkeypatch, free, status):
    monkeypatch.setattr(open_files, "free_descriptors", lambda: free)
    answer = call(open_files.OpenFileLimit(_page), "/regioni", "lang=en", accept="text/html,*/*")
    assert answer.status == status
    if status == 503:
        assert "try again in a minute" in answer.body.decode() and answer.headers["retry-after"] == "60"


def test_who_is_here_and_health_are_answered_although_it_is_full(monkeypatch):
    monkeypatch.setattr(open_files, "free_descriptors", lambda: 0)
    for path in ("/healthz", "/map/names.json", "/api/initiatives.json"):
        assert call(open_files.OpenFileLimit(_page), path, accept="*/*").status == 200


def test_a_connection_is_closed_and_the_log_says_it_once(monkeypatch, caplog):
    free = iter((500, 0, 0, 0, 500, 0))
    monkeypatch.setattr(open_files, "free_descriptors", lambda: next(free))
    full, seen = open_files.OpenFileLimit(_page), []

    async def app(scope, receive, send):
        seen.append("in")

    async def send(message):
        seen.append(message["type"])

    full.app = app
    for _ in range(6):
        asyncio.run(full({"type": "websocket", "headers": []}, None, send))
    assert seen == ["in", *["websocket.close"] * 3, "in", "websocket.close"]
    assert caplog.text.count("troppe visite") == 2


@pytest.mark.skipif(open_files.resource is None, reason="descriptors are counted on Unix only")
def test_the_limit_of_the_shell_is_raised():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(7)[1]));"
        "from atlas.server import open_files; low = open_files.free_descriptors(); open_files.raise_limit();"
        "print(low < 256, open_files.free_descriptors() > low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    low, more, soft = answer.stdout.split()
    assert (low, more) == ("True", "True") and int(soft) > 256
