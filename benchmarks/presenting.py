"""What each stop of the proposed presentation costs: `python -m benchmarks.presenting`; one table, nothing asserted.

A server that has just started, a browser with nothing in its cache, a first presentation over all the stops.
"""

import time

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.report import to_table
from benchmarks.server import ROOT, Server
from benchmarks.visitor import IDLE, VIEWPORT, launch

# From the key of a remote to the next animation frame after the server has said everything about the next stop.
TURN = """() => new Promise(done => {
  const shown = () => ['.st-key-stage', '.st-key-stage_foot'].map(s => document.querySelector(s).innerText).join();
  const before = shown(), start = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'PageDown', code: 'PageDown', bubbles: true}));
  const look = () => {
    const idle = document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
    if (shown() !== before && idle) requestAnimationFrame(() => done(performance.now() - start));
    else requestAnimationFrame(look);
  };
  look();
})"""


def main() -> None:
    """Present once and print what each turn took."""
    with Server("presenting", ROOT / "dashboard.py", "healthz") as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport=VIEWPORT, locale="it-IT").new_page()
        page.goto(f"{server.address}/presenta")
        for key in ("story_prepare", "story_present"):
            page.wait_for_selector(IDLE)
            page.locator(f".st-key-{key} button").first.click()
        page.locator(".st-key-stage h1").wait_for()
        page.wait_for_load_state("networkidle")
        time.sleep(5)  # the presenter greets; the map is drawn behind the first stop
        header = ("stop", "to the picture", "server CPU", "browser's main thread")
        print(to_table([header, *_turn_all(page, server)]))
        browser.close()


def _turn_all(page: Page, server: Server) -> list[tuple[str, ...]]:
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    rows = []
    while page.locator(".st-key-stage_next button").is_enabled():
        time.sleep(1)  # somebody speaks
        cpu, busy = server.cpu_seconds(), _busy_seconds(meter)
        wall = page.evaluate(TURN)
        title = page.locator(".st-key-stage h1").inner_text()
        cells = (wall, 1000 * (server.cpu_seconds() - cpu), 1000 * (_busy_seconds(meter) - busy))
        rows.append((title[:40], *(f"{cell:,.0f} ms" for cell in cells)))
    return rows


def _busy_seconds(meter: CDPSession) -> float:
    metrics = meter.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


if __name__ == "__main__":
    main()
