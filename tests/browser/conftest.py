"""A real server and a real Chromium in which every host but this machine is unknown."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Frame,
    Locator,
    Page,
    TimeoutError,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.servers import ROOT, running_server

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


# What stands behind the control that says how it is counted.
COUNTING = ("map_level", "map_measure", "map_rule")


@dataclass
class Visit:
    """One visitor: the page, and everything that it asked of any host."""

    page: Page
    address: str
    allowed: tuple[str, ...] = ()
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", self._on_socket)

    def _on_socket(self, socket: WebSocket) -> None:
        self.requests.append(socket.url)
        socket.on("framereceived", lambda data: self.messages.append(data if isinstance(data, bytes) else b""))

    def open(self, path: str = "") -> "Visit":
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.get_by_role("heading", level=1).first).to_be_visible()
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the server has nothing more to say."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def stand_still(self) -> None:
        """Wait until everything is drawn and nothing moves any more: no grey place-holders, charts, map, letters."""
        self.settle()
        if self.page.locator("iframe[src*=streamlit_folium]:visible").count():
            self.map()
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        still = """() => {
            const all = (where) => [...document.querySelectorAll(where)];
            const waits = all('[data-testid=stSkeleton]').length;
            if (waits || all('[data-testid=stVegaLiteChart]').some(c => !c.querySelector('svg, canvas'))) return false;
            const boxes = all('[data-testid=stMain] *').map(e => e.getBoundingClientRect());
            const seen = JSON.stringify(boxes.map(b => [b.top, b.height].map(Math.round)));
            const before = window.atlasStood; window.atlasStood = seen; return before === seen; }"""
        self.page.wait_for_function(still, polling=300, timeout=PATIENCE)

    # ---- the map

    def map(self) -> Frame:
        """Return the map's frame, once it has drawn the last message."""
        deadline = time.monotonic() + PATIENCE / 1000
        while True:
            # The frame is that of the element: a new one has no address yet to be found by. The page may put another
            # in its place while this one is waited for.
            frame = self.page.wait_for_selector("iframe[src*=streamlit_folium]").content_frame()
            try:
                frame.wait_for_function(
                    "() => window.atlasMap && window.atlasMap.inspect().ready", polling=100, timeout=PATIENCE / 6
                )
                return frame
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise

    def shown(self) -> dict:
        return self.map().evaluate("() => window.atlasMap.inspect()")

    def wait_shown(self, condition: str) -> dict:
        """Wait until the map shows what a JavaScript condition over `m` (its inspect()) asks for."""
        frame = self.map()
        frame.wait_for_function(
            f"() => {{ const m = window.atlasMap.inspect(); return m.ready && ({condition}); }}", timeout=PATIENCE
        )
        return frame.evaluate("() => window.atlasMap.inspect()")

    def wait_counts(self, counts: dict[str, int]) -> dict:
        """Wait until the map shows exactly these initiatives by code."""
        wanted = json.dumps(dict(sorted(counts.items())))
        sort = "JSON.stringify(Object.fromEntries(Object.entries(m.counts).sort((a, b) => a[0] < b[0] ? -1 : 1)))"
        return self.wait_shown(f"{sort} === JSON.stringify(Object.fromEntries(Object.entries({wanted})))")

    def point_of(self, code: str) -> tuple[float, float]:
        """Return where a territory's mark is, in pixels of the map."""
        x, y = self.map().evaluate("code => window.atlasMap.pointOf(code)", code)
        return x, y

    def click_place(self, code: str) -> None:
        """Click a territory as a person does: once the map stands still."""
        self.settle()
        self.view()
        x, y = self.point_of(code)
        self.map().locator("#map_div").click(position={"x": x, "y": y})

    def press_map(self, name: str) -> None:
        """Press a button on the map: in, out, home, fit, full."""
        self.map().locator(f".atlas-button-{name}").click()

    def view(self) -> list[float]:
        """Return latitude, longitude and zoom, once the map stands still."""
        frame = self.map()
        # What was seen before the last press says nothing, and while Leaflet zooms it still tells the old zoom.
        frame.evaluate("() => { window.atlasStill = ''; }")
        still = """() => { const seen = JSON.stringify(window.atlasMap.view()), before = window.atlasStill;
            window.atlasStill = document.querySelector('.leaflet-zoom-anim') ? '' : seen;
            return window.atlasStill && before === seen; }"""
        frame.wait_for_function(still, polling=300, timeout=PATIENCE)
        return frame.evaluate("() => window.atlasMap.view()")

    def told(self) -> list[float]:
        """Return the same, once the page's address says it too: half a second later, or more on a busy machine."""
        place = self.view()

        def says_it(address: str) -> bool:
            said = parse_qs(urlsplit(address).query).get("map", [""])[0].split(",")
            return len(said) == 3 and [float(one) for one in said] == pytest.approx(place, abs=0.02)

        self.page.wait_for_url(says_it)
        return place

    # ---- the page around it

    def key(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}")

    def choose(self, dimension: str, label: str) -> None:
        """Choose an option of a filter by the beginning of its label."""
        self.settle()
        field = self.key(f"filter_{dimension}").locator("input").first
        # As a person does: it is scrolled to first, because an open list closes when the page scrolls.
        field.evaluate(
            "field => new Promise(done => { field.scrollIntoView({ block: 'center' });"
            " requestAnimationFrame(() => requestAnimationFrame(done)); })"
        )
        field.fill(label)
        self.page.get_by_role("option", name=re.compile(rf"^{re.escape(label)} \(")).click()

    def press(self, control: str, label: str) -> None:
        """Press a choice of a row of buttons, such as the level; the way of counting is opened first."""
        if control in COUNTING:
            self.open_counting()
        self.key(control).get_by_text(label, exact=True).click()
        if control in COUNTING:  # what is open covers a part of the map
            self.page.keyboard.press("Escape")

    def measure(self, label: str) -> None:
        self.press("map_measure", label)

    def open_counting(self) -> None:
        """Open the control of level, measure and rule, if it is not open."""
        control = self.key("counting").get_by_role("button").first
        if control.get_attribute("aria-expanded") != "true":
            control.click()

    def go_to(self, typed: str, label: str) -> None:
        """Find a territory by its name."""
        self.key("finder").get_by_role("button").first.click()
        self.key("finder_place").locator("input").fill(typed)
        self.key("finder_place_found").get_by_role("button", name=label, exact=True).click()

    def figures(self) -> list[str]:
        return self.page.get_by_test_id("stMetricValue").all_inner_texts()

    def open_table(self) -> None:
        self.key("table_fold").locator("summary").click()
        self.page.locator("[data-testid=stDataFrame] table td").first.wait_for(state="attached")

    def table(self) -> list[list[str]]:
        """Return the rows of the table of territories that are in sight."""
        rows = self.page.locator("[data-testid=stDataFrame] table tbody tr")
        return rows.evaluate_all("rows => rows.map(r => [...r.cells].map(c => c.textContent))")

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def wait_query(self, **wanted: str) -> None:
        """Wait until the address says exactly this; where the map was moved only counts if it is asked for."""

        def says(url: str) -> bool:
            query = dict(parse_qsl(urlsplit(url).query))
            return {name: value for name, value in query.items() if name != "map" or "map" in wanted} == wanted

        self.page.wait_for_url(says, timeout=PATIENCE)

    def foreign(self) -> list[str]:
        """Return every request that was neither for this server nor for a host that the test allows."""
        own = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:", "about:", *self.allowed)
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


def find_chromium() -> str:
    """Return the path of the browser that the tests use."""
    if named := os.environ.get("CHROMIUM"):
        return named
    command = ["bash", str(ROOT / "scripts" / "ensure_browser.sh"), "--path"]
    found = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return found or pytest.fail("no Chromium: run `make test`, or name one in CHROMIUM")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser with its cache; each test opens a tab of its own in it, which is a session of its own, and finds
    nothing that another test has left in the browser: a deck or a draft would be offered again.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="it-IT")
    yield context
    context.close()


@pytest.fixture
def visit(server: str, context: BrowserContext) -> Iterator[Visit]:
    page = context.new_page()
    left = {"origin": server, "storageTypes": "local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", left)
    visitor = Visit(page, server)
    yield visitor
    foreign, errors = visitor.foreign(), visitor.errors
    visitor.page.close()
    assert not foreign, f"requests to other hosts: {foreign}"
    assert not errors, f"errors on the page: {errors}"


@contextmanager
def new_visit(
    address: str,
    browser: Browser,
    width: int = 1280,
    height: int = 800,
    allowed: tuple[str, ...] = (),
    **options: object,
) -> Iterator[Visit]:
    """Open a window of its own, with an empty cache; afterwards nobody but our own server may have been asked."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="it-IT", **options)
    try:
        visitor = Visit(context.new_page(), address, allowed)
        yield visitor
        foreign, errors = visitor.foreign(), visitor.errors
    finally:
        context.close()
    assert not foreign, f"requests to other hosts: {foreign}"
    assert not errors, f"errors on the page: {errors}"
