"""Takes the pictures of docs/images from the real dashboard in a real Chromium that can reach no other host.

Run it with `make screenshots`; names of pictures as arguments take only those. It exits with a sentence when there is
no browser, the server does not start, a page does not come, or a picture is too heavy for a README.
"""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as NothingCameError

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 250_000
COLOURS = 256
START_SECONDS = 90
PATIENCE = 60_000  # ms; a first run imports everything
MAP = "iframe[src*=streamlit_folium]"
# Pages quote their own address, so pictures are taken under a name that belongs to nobody.
HOST = "atlante.example.org"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Shot:
    """One picture: the address it opens, its window in pixels, its theme.

    awaits: what must be on the page; centred: what is scrolled to the middle of the window first.
    """

    name: str
    path: str
    width: int = 1280
    height: int = 800
    theme: Literal["light", "dark"] = "light"
    locale: str = "it-IT"
    awaits: str = MAP
    centred: str = ""


SHOTS = (
    Shot("mappa", "", height=900),
    Shot(
        "mappa-scura",
        "?lang=en&level=region&measure=per_million",
        height=900,
        theme="dark",
        locale="en-GB",
    ),
    Shot("regioni", "regioni", height=960, awaits='[data-testid="stVegaLiteChart"] :is(canvas, svg)'),
    Shot("scheda", "catalogo?id=innovationlab-san-dona-di-piave", height=960, awaits=".st-key-card_back"),
    Shot("telefono", "", width=360, height=740, centred=MAP),
)


def main(names: Sequence[str]) -> int:
    """Take the pictures named, or all of them; return 1 when one is too heavy."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    heavy = 0
    with serve() as server, sync_playwright() as playwright:
        # Every other host is unknown: a picture shows what a closed network would show.
        rules = f"--host-resolver-rules=MAP {HOST}:80 {server}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*FLAGS, rules])
        for shot in (shot for shot in SHOTS if not names or shot.name in names):
            picture = to_small_png(take(browser, shot))
            (IMAGES / f"{shot.name}.png").write_bytes(picture)
            heavy += len(picture) > MAX_BYTES
            print(f"docs/images/{shot.name}.png: {len(picture) // 1000} kB")
        browser.close()
    if heavy:
        print(f"{heavy} immagini superano {MAX_BYTES // 1000} kB: riduci la finestra.", file=sys.stderr)
    return int(heavy > 0)


def find_browser() -> str:
    """Return the path of Chromium; SystemExit when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named
    command = ["bash", str(ROOT / "scripts" / "ensure_browser.sh"), "--path"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        raise SystemExit("Chromium non c'è: usa `make screenshots`, oppure indicalo in CHROMIUM.")
    return found


@contextmanager
def serve() -> Iterator[str]:
    """Run the dashboard on a free port and yield host and port once its data are loaded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_healthy(f"http://127.0.0.1:{port}", server)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers that its data are loaded; SystemExit when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Il server non è partito: prova `make run` e leggi che cosa dice.")


def take(browser: Browser, shot: Shot) -> bytes:
    """Open the page of a shot and return the picture as PNG; SystemExit with what the page says if it does not come."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme=shot.theme,
        locale=shot.locale,
        reduced_motion="reduce",
        has_touch=shot.width < 600,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://{HOST}/{shot.path}")
    try:
        wait_painted(page, shot)
    except NothingCameError:
        raise SystemExit(f"{shot.name}: la pagina non si è disegnata. Dice: {page.inner_text('body')[:500]}") from None
    page.mouse.move(0, 0)
    picture = page.screenshot(animations="disabled")
    context.close()
    return picture


def wait_painted(page: Page, shot: Shot) -> None:
    """Wait until the script has run, everything on the page is painted and it stands where the shot wants it."""
    page.wait_for_selector(shot.awaits)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    wait_for_map(page)
    if shot.centred:
        page.locator(shot.centred).evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    page.evaluate("() => document.fonts.ready.then(() => true)")


def wait_for_map(page: Page) -> None:
    """Wait until the map, if the page has one, has painted its message and stands in its final size."""
    frame = next((frame for frame in page.frames if "st_folium" in frame.url), None)
    if frame is None:
        return
    frame.wait_for_function("() => window.atlasMap && window.atlasMap.inspect().ready")
    # Two frames later the canvas is on the screen.
    frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")


def to_small_png(picture: bytes) -> bytes:
    """Return the same picture with a palette of its own: flat colours and text lose nothing that one sees."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    small = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
