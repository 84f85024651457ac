"""One command, one table: `python -m benchmarks [--quick] [--without-peers] [--without-200000]`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date

from playwright.sync_api import Browser, Playwright, sync_playwright

from benchmarks.builds import COMPARED, GROWTH, LIGHT_NAIVE, PEERS, QUIET_NAIVE, Build
from benchmarks.first_visit import measure_first_visit, measure_pan
from benchmarks.report import ASKED, HEADER, Row, judge, to_cells, to_table
from benchmarks.server import Server
from benchmarks.visitor import VIEWPORT, Change, Visitor, launch

FOOTER = (
    "Click → picture: median, from the release of the mouse to the 2nd animation frame after the last drawing call.\n"
    "CPU: mean of the server process. The machine has 2 cores and other work: read the ratios, not the milliseconds."
)

# A build that misses so many rounds is given up.
LOST = 2


class Opened:
    """A build with its server running and its page on the screen."""

    def __init__(self, build: Build, server: Server, visitor: Visitor) -> None:
        self.build, self.server, self.visitor = build, server, visitor
        self.changes: list[Change] = []
        self.lost = 0

    def change(self, turn: int) -> None:
        """Change the filter once and keep what it cost."""
        page, build = self.visitor.page, self.build
        page.bring_to_front()
        while build.clear(page):
            page.wait_for_timeout(300)
            self.visitor.settle(build.quiet, forget=True)
        build.prepare(page, turn)
        self.visitor.settle(build.quiet, forget=True)
        act = build.act(turn)
        self.changes.append(self.visitor.change(act, self.server.cpu_seconds, build.quiet, build.shapes))
        self.server.wait_idle()

    def row(self) -> Row:
        """Return the figures; the first change warms up and is not counted."""
        return Row.of(self.build.name, self.changes[1:], self.server.memory_mb(), self.visitor.marked())


@contextmanager
def opened(build: Build, browser: Browser) -> Iterator[Opened]:
    """Start a build and show its first picture; stop it afterwards."""
    name = build.name.translate(str.maketrans(" ,=[]", "-----"))
    health = "healthz" if build.is_atlas else "_stcore/health"
    with Server(name, build.path, health, **build.variables) as server:
        context = browser.new_context(viewport=VIEWPORT, locale="it-IT")
        visitor = Visitor(context, build.in_frame)
        visitor.page.goto(f"{server.address}/{build.address}")
        visitor.settle(build.quiet, build.shapes)
        yield Opened(build, server, visitor)
        context.close()


def compare(builds: Sequence[Build], browser: Browser, runs: int) -> tuple[dict[str, Row], dict[str, str]]:
    """Measure builds side by side, once in every round each; return the figures and why any failed."""
    failed: dict[str, str] = {}
    with ExitStack() as stack:
        running = []
        for build in builds:
            _say(f"starting {build.name}")
            try:
                running.append(stack.enter_context(opened(build, browser)))
            except Exception as error:
                failed[build.name] = str(error).splitlines()[0]
        for turn in range(runs + 1):
            for one in [one for one in running if one.lost < LOST]:
                try:
                    one.change(turn)
                    _say(f"round {turn}/{runs} {one.build.name}: {one.changes[-1].click_to_picture:,.0f} ms")
                except Exception as error:
                    one.lost += 1
                    failed[one.build.name] = f"{one.lost} rounds lost: {str(error).splitlines()[0]}"
        return {one.build.name: one.row() for one in running if len(one.changes) > 1}, failed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 rounds instead of 7")
    parser.add_argument("--without-peers", action="store_true", help="the atlas only")
    parser.add_argument("--without-200000", action="store_true", help="leave out the catalogue that takes a minute")
    options = parser.parse_args()
    runs = 3 if options.quick else 7
    with sync_playwright() as playwright:
        browser = launch(playwright)
        _print_growth(browser, GROWTH[:-1] if options.without_200000 else GROWTH, runs)
        _print_first_visit(playwright, browser)
        if not options.without_peers:
            _print_comparison(browser, runs)
        browser.close()
    print(f"\n{FOOTER}\n{date.today().isoformat()}, {os.cpu_count()} cores")


def _print_growth(browser: Browser, builds: Sequence[Build], runs: int) -> None:
    rows, failed = compare(builds, browser, runs)
    reference = next(iter(rows.values()))
    print("\nThe atlas as the catalogue grows, rates of all municipalities\n")
    lines = [(*to_cells(row, reference), f"{row.marked:,}") for row in rows.values()]
    print(to_table([(*HEADER, "with initiatives"), *lines]))
    print("All municipalities are drawn in every picture; the last column says in how many the choice has any.")
    for name, reason in failed.items():
        print(f"{name}: {reason}")
    asked = [ASKED]
    limits = {builds[0].name: (15, 60), "atlas, 20,000": (60, 150)}
    for name, (kilobytes, milliseconds) in limits.items():
        if name in rows:
            row = rows[name]
            asked.append((f"{name}: map part of a change", *judge(row.map_part / 1000, kilobytes, "kB")))
            asked.append((f"{name}: server CPU of a rerun", *judge(row.server_cpu, milliseconds, "ms")))
    asked.append(("HTTP requests of a change", *judge(max(row.requests for row in rows.values()), 0, "")))
    asked.append(("frames remade", *judge(sum(row.remounted for row in rows.values()), 0, "")))
    print(f"\n{to_table(asked)}")


def _print_first_visit(playwright: Playwright, browser: Browser) -> None:
    asked = [ASKED]
    with opened(GROWTH[0], browser) as atlas:
        pan = measure_pan(atlas.visitor)
        visit = measure_first_visit(playwright.chromium, atlas.server.address)
    asked.append(("geometry and names, cold browser", *judge(visit.geometry / 1000, 450, "kB")))
    asked.append(("geometry, second visit", *judge(visit.second_geometry / 1000, 0, "kB")))
    asked.append(("requests for files of the map, second visit", *judge(visit.second_requests, 0, "")))
    asked.append(("pan with all municipalities", *judge(pan.frames_per_second, 20, "frames/s", at_least=True)))
    print(f"\n{to_table(asked)}\nall files of the map, cold: {visit.all_map_files / 1000:,.0f} kB; ", end="")
    print(f"longest pause while panning: {pan.longest:.0f} ms")


def _print_comparison(browser: Browser, runs: int) -> None:
    rows, failed = compare(COMPARED, browser, runs)
    reference = rows[COMPARED[0].name]
    print("\nSide by side, 2,000 initiatives, all 7,896 municipalities drawn in every picture\n")
    print(to_table([HEADER, *(to_cells(row, reference) for row in rows.values())]))
    for name, reason in failed.items():
        print(f"{name}: {reason}")
    asked = [ASKED]
    own = reference.click_to_picture
    asked.append(("click → picture, aim", *judge(own, 150, "ms")))
    for naive in (QUIET_NAIVE, LIGHT_NAIVE):
        if naive.name in rows:
            ratio = rows[naive.name].click_to_picture / own
            asked.append((f"faster than {naive.name}", *judge(ratio, 25, "×", at_least=True)))
    finished = [rows[peer.name] for peer in PEERS if peer.name in rows]
    if finished:
        best = min(finished, key=lambda row: row.click_to_picture)
        asked.append((f"faster than {best.name}", *judge(best.click_to_picture / own, 8, "×", at_least=True)))
    print(f"\n{to_table(asked)}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
