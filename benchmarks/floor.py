"""How far a change of a filter is from the floor: `python -m benchmarks.floor`; one table, nothing asserted.

The atlas, an empty Streamlit page with one filter, and an ordinary one with as many elements as the atlas but no map,
style or script change their theme in turns, in one browser. What is timed, for each: from the release of the mouse to
the second animation frame after the heading has changed, and to that after the run has ended (the map draws after it).
"""

import os
import re
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.builds import APPS
from benchmarks.report import to_table
from benchmarks.server import ROOT, Server
from benchmarks.visitor import IDLE, VIEWPORT, Traffic, launch, listen

TURNS = 12
# Notes when the mouse was last released, and the second frame after the heading has changed and after the run has
# ended; of a run so short that the page never says that it runs, the heading's is the end.
PROBE = """(() => {
  const bench = (window.__floor = { pressed: 0, shown: 0, ended: 0 });
  let before = "", state = "";
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]"), is = app ? app.dataset.testScriptState : state;
    if (is !== state && is === "notRunning")
      requestAnimationFrame(() => requestAnimationFrame(() => { bench.ended = performance.now(); }));
    state = is;
    const heading = document.querySelector("[data-testid=stMain] h1"), now = heading ? heading.textContent : before;
    if (now === before) return;
    before = now;
    requestAnimationFrame(() => requestAnimationFrame(() => { bench.shown = performance.now(); }));
  };
  const watch = () => new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributeFilter: ["data-test-script-state"],
  });
  addEventListener("DOMContentLoaded", watch);
  addEventListener("pointerup", () => { bench.pressed = performance.now(); bench.shown = bench.ended = 0; }, true);
})()"""
REMOVE = re.compile("^(Remove|Togli) (?!.*(all|tutto))")


class Opened:
    """One program with its page on the screen, and what its changes cost."""

    def __init__(self, name: str, server: Server, browser: Browser) -> None:
        self.name, self.server = name, server
        context = browser.new_context(viewport=VIEWPORT, locale="it-IT")
        context.add_init_script(PROBE)
        self.page: Page = context.new_page()
        self.traffic = Traffic()
        listen(context.new_cdp_session(self.page), self.traffic)
        self.page.goto(server.address)
        self.page.locator("[data-testid=stMain] h1").wait_for()
        self.rest()
        self.times: list[float] = []
        self.ends: list[float] = []
        self.bytes: list[int] = []
        self.cpu: list[float] = []

    def rest(self) -> None:
        """Wait until page and server have nothing more to do."""
        self.page.wait_for_selector(IDLE)
        self.server.wait_idle()

    def change(self, turn: int) -> None:
        """Choose a theme, with none chosen before, and keep what it cost."""
        self.page.bring_to_front()
        self.page.keyboard.press("Escape")
        field = self.page.get_by_test_id("stMultiSelect").first
        while (tags := field.get_by_role("button", name=REMOVE)).count():
            tags.first.click()
            self.rest()
        field.locator("input").click()
        option = self.page.get_by_role("option").nth(1 + turn % 6)
        option.wait_for()
        self.rest()
        self.traffic.clear()
        before = self.server.cpu_seconds()
        option.click()
        self.page.wait_for_function("() => window.__floor.shown > window.__floor.pressed")
        self.rest()
        shown, ended = self.page.evaluate("() => [__floor.shown - __floor.pressed, __floor.ended - __floor.pressed]")
        self.times.append(float(shown))
        self.ends.append(max(float(shown), float(ended)))
        self.bytes.append(self.traffic.received)
        self.cpu.append(1000 * (self.server.cpu_seconds() - before))
        self.page.keyboard.press("Escape")


def main() -> None:
    """Measure and print."""
    builds = (
        ("empty page", APPS / "empty_page.py", "_stcore/health"),
        ("as many elements", APPS / "same_elements.py", "_stcore/health"),
        ("atlas", ROOT / "dashboard.py", "healthz"),
    )
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = launch(playwright)
        pages = []
        for name, script, health in builds:
            server = stack.enter_context(Server(f"floor-{name.replace(' ', '-')}", script, health))
            pages.append(Opened(name, server, browser))
        for turn in range(TURNS + 1):
            for one in pages:
                one.change(turn)
        browser.close()
    print(to_table(_rows(pages)))
    print(f"Medians of {TURNS} changes, the first left out. {date.today().isoformat()}, {os.cpu_count()} cores")


def _rows(pages: Sequence[Opened]) -> list[tuple[str, ...]]:
    floor, whole = median(pages[0].times[1:]), median(pages[0].ends[1:])
    rows: list[tuple[str, ...]] = [("", "to the heading", "× floor", "to the end", "× floor", "server CPU", "messages")]
    for one in pages:
        time, end, cpu, size = (median(values[1:]) for values in (one.times, one.ends, one.cpu, one.bytes))
        times = f"{time:,.0f} ms", f"{time / floor:.2f}", f"{end:,.0f} ms", f"{end / whole:.2f}"
        rows.append((one.name, *times, f"{cpu:,.0f} ms", f"{size / 1000:,.1f} kB"))
    return rows


if __name__ == "__main__":
    main()
