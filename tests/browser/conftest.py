"""A real server and a real Chromium in which every host but this machine is unknown."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, Request, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# A first run on a loaded machine imports everything; later waits are far shorter.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """One visitor: the page, and everything that it asked of any host."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> "Visit":
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.get_by_role("heading", level=1).first).to_be_visible()
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the server has nothing more to say."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def map(self) -> Frame:
        """Return the map's frame, once it has drawn the last message."""
        self.page.wait_for_selector("iframe[title*=st_folium]")
        frame = next(frame for frame in self.page.frames if "st_folium" in frame.url)
        frame.wait_for_function("() => window.atlasMap && window.atlasMap.inspect().ready", timeout=PATIENCE)
        return frame

    def shown(self) -> dict:
        return self.map().evaluate("() => window.atlasMap.inspect()")

    def wait_shown(self, condition: str) -> dict:
        """Wait until the map shows what a JavaScript condition over `m` (its inspect()) asks for."""
        frame = self.map()
        frame.wait_for_function(
            f"() => {{ const m = window.atlasMap.inspect(); return {condition}; }}", timeout=PATIENCE
        )
        return frame.evaluate("() => window.atlasMap.inspect()")

    def click_place(self, code: str) -> None:
        frame = self.map()
        x, y = frame.evaluate("code => window.atlasMap.pointOf(code)", code)
        frame.locator("#map_div").click(position={"x": x, "y": y})

    def foreign(self) -> list[str]:
        """Return every request that was not for this server."""
        own = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(port: int, **variables: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    log = open(ROOT / ".cache" / f"server-{port}.log", "wb") if (ROOT / ".cache").is_dir() else subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)


def wait_healthy(address: str, seconds: float = 60) -> None:
    """Return when the data are loaded; fail with what the server says otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server at {address} did not become healthy in {seconds} s")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    port = free_port()
    (ROOT / ".cache").mkdir(exist_ok=True)
    process = start_server(port)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_healthy(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = (
        os.environ.get("CHROMIUM")
        or subprocess.run(
            ["bash", str(ROOT / "scripts" / "ensure_browser.sh"), "--path"], capture_output=True, text=True
        ).stdout.strip()
    )
    if not executable:
        pytest.fail("no Chromium: run `make test`, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Visit]:
    yield from new_visit(server, browser)


def new_visit(
    address: str, browser: Browser, width: int = 1280, height: int = 800, **options: object
) -> Iterator[Visit]:
    """Open a visitor's window; afterwards nobody but our own server may have been asked anything."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="it-IT", **options)
    page = context.new_page()
    visitor = Visit(page, address)

    def note(request: Request) -> None:
        visitor.requests.append(request.url)

    context.on("request", note)
    page.on("websocket", lambda socket: visitor.requests.append(socket.url))
    page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    yield visitor
    foreign = visitor.foreign()
    context.close()
    assert not foreign, f"requests to other hosts: {foreign}"
