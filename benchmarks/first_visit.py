"""What a browser fetches for its first map and what it fetches for the second, and how smoothly the map pans."""

import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import BrowserType, Page

from benchmarks.builds import ATLAS_ADDRESS
from benchmarks.visitor import EXECUTABLE, FLAGS, VIEWPORT, Visitor

GEOMETRY = ("municipalities", "outlines", "names")


@dataclass(frozen=True)
class FirstVisit:
    """Bytes over the wire of the files of the map, headers included, and requests that left the browser."""

    geometry: int
    all_map_files: int
    second_geometry: int
    second_requests: int


def measure_first_visit(chromium: BrowserType, address: str) -> FirstVisit:
    """Visit twice with one profile on disk; the browser is closed in between."""
    with tempfile.TemporaryDirectory() as profile:
        first = _fetched(chromium, address, profile)
        second = _fetched(chromium, address, profile)
    return FirstVisit(
        geometry=_total(first, GEOMETRY),
        all_map_files=_total(first),
        second_geometry=_total(second, GEOMETRY),
        second_requests=len(second),
    )


def _total(fetched: dict[str, int], stems: tuple[str, ...] = ("",)) -> int:
    return sum(size for name, size in fetched.items() if name.startswith(stems))


def _fetched(chromium: BrowserType, address: str, profile: str) -> dict[str, int]:
    """Return the bytes of each file below /map/ that came over the wire."""
    context = chromium.launch_persistent_context(profile, executable_path=EXECUTABLE, args=FLAGS, viewport=VIEWPORT)
    page = context.new_page()
    session = context.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    kept: set[str] = set()
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.requestServedFromCache", lambda e: kept.add(e["requestId"]))
    session.on(
        "Network.responseReceived", lambda e: kept.update([e["requestId"]] if e["response"]["fromDiskCache"] else [])
    )
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))
    page.goto(f"{address}/{ATLAS_ADDRESS}")
    _wait_ready(page)
    time.sleep(1)
    context.close()
    return {
        url.rsplit("/map/", 1)[1]: sizes.get(id_, 0) for id_, url in names.items() if "/map/" in url and id_ not in kept
    }


def _wait_ready(page: Page) -> None:
    page.wait_for_selector("iframe[src*=streamlit_folium]")
    frame = next(frame for frame in page.frames if "st_folium" in frame.url)
    frame.wait_for_function("() => window.atlasMap && window.atlasMap.inspect().ready", timeout=120_000)


@dataclass(frozen=True)
class Pan:
    """Frames a second while the mouse drags, and the longest time without one, in ms."""

    frames_per_second: float
    longest: float


_COUNT = """() => { const times = (window.__frames = []);
  const tick = (t) => { times.push(t); window.__ticking = requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
_STOP = "() => { cancelAnimationFrame(window.__ticking); return window.__frames; }"


def measure_pan(visitor: Visitor) -> Pan:
    """Drag the map to and fro for three seconds, with all municipalities in view."""
    page, frame = visitor.page, visitor.map_frame()
    box = page.locator("iframe[src*=streamlit_folium]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y)
    frame.evaluate(_COUNT)
    end = time.monotonic() + 3
    step = 0
    while time.monotonic() < end:
        step += 1
        away = abs(step % 40 - 20) * 6
        page.mouse.move(x + away, y + away / 2)
    times = frame.evaluate(_STOP)
    page.mouse.up()
    gaps = [after - before for before, after in pairwise(times)]
    return Pan(1000 * len(gaps) / sum(gaps), max(gaps))
