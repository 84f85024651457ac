"""One visitor in a real headless Chromium, and everything that one filter change costs; it knows no build by name."""

import base64
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Frame, Page, Playwright, ViewportSize
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# The flags of the browser tests.
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
EXECUTABLE = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PATIENCE = 150.0  # seconds for a picture
VIEWPORT = ViewportSize(width=1280, height=1000)
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
# A page that has nothing more to do.
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_READ = "() => { const b = window.__bench; return b && [b.draws, b.last, b.painted, b.pressed]; }"


@dataclass
class Change:
    """What one filter change cost. Times in ms, sizes in bytes."""

    click_to_picture: float = 0
    received: int = 0
    map_part: int = 0
    requests: int = 0
    remounted: bool = False
    server_cpu: float = 0


@dataclass
class Traffic:
    """Bytes and requests of a page since the last clear."""

    received: int = 0
    map_part: int = 0
    requests: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.received, self.map_part = 0, 0
        self.requests.clear()


def launch(playwright: Playwright) -> Browser:
    """Start the browser of the tests."""
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)


class Visitor:
    """A page of one build, ready for its filter to be changed."""

    def __init__(self, context: BrowserContext, in_frame: bool) -> None:
        context.add_init_script(PROBE)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.traffic = Traffic()
        self._in_frame = in_frame
        self._remounts = 0
        listen(context.new_cdp_session(self.page), self.traffic)
        self.page.on("framenavigated", self._on_navigated)

    def _on_navigated(self, frame: Frame) -> None:
        self._remounts += frame != self.page.main_frame

    def map_frame(self) -> Frame:
        """Return the frame in which the map is drawn."""
        if not self._in_frame:
            return self.page.main_frame
        return next((f for f in reversed(self.page.frames) if "st_folium" in f.url), self.page.main_frame)

    def marked(self) -> int:
        """Return in how many territories the atlas shows initiatives; 0 for a build that does not tell."""
        told = "() => window.atlasMap ? Object.keys(window.atlasMap.inspect().counts).length : 0"
        return int(self.map_frame().evaluate(told))

    def settle(self, quiet: float, at_least: int = 0, *, forget: bool = False) -> tuple[float, float]:
        """Wait until nothing is drawn for `quiet` seconds and the server is silent; return when painted and pressed.

        forget: nothing needs to have been drawn at all.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            time.sleep(0.05)
            try:
                draws, last, painted, _ = self.map_frame().evaluate(_READ) or (0, 0, 0, 0)
                now = self.page.evaluate("() => performance.timeOrigin + performance.now()")
                running = self.page.locator(IDLE).count() == 0
            except Exception:
                continue
            if not running and (forget or draws > at_least) and painted >= last and now - last > quiet * 1000:
                pressed = self.page.evaluate("() => window.__bench.pressed")
                return float(painted), float(pressed)
        raise TimeoutError(f"no settled picture in {PATIENCE} s")

    def change(
        self, act: Callable[[Page], None], cpu_seconds: Callable[[], float], quiet: float, shapes: int
    ) -> Change:
        """Do one filter change and return what it cost; `shapes` drawing calls are expected at least."""
        for frame in self.page.frames:
            frame.evaluate("() => window.__bench && window.__bench.clear()")
        self.traffic.clear()
        self._remounts = 0
        before = cpu_seconds()
        act(self.page)
        painted, pressed = self.settle(quiet, shapes)
        return Change(
            click_to_picture=painted - pressed,
            received=self.traffic.received,
            map_part=self.traffic.map_part,
            requests=len(self.traffic.requests),
            remounted=self._remounts > 0,
            server_cpu=(cpu_seconds() - before) * 1000,
        )


def listen(session: CDPSession, traffic: Traffic) -> None:
    """Add to the traffic what the page of a session receives and requests from now on."""

    def on_message(event: dict[str, dict[str, str]]) -> None:
        body = base64.b64decode(event["response"]["payloadData"])
        traffic.received += len(body)
        traffic.map_part += _map_part(body)

    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", on_message)
    session.on("Network.requestWillBeSent", lambda event: traffic.requests.append(event["request"]["url"]))


def _map_part(body: bytes) -> int:
    """Return the size of a message when it carries a map, 0 otherwise."""
    message = ForwardMsg()
    message.ParseFromString(body)
    element = message.delta.new_element
    is_map = element.WhichOneof("type") in {
        "component_instance",
        "plotly_chart",
        "deck_gl_json_chart",
        "vega_lite_chart",
    }
    return len(body) if is_map else 0
