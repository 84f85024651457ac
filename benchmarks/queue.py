"""The editors' pages with few and with many proposals: `python -m benchmarks.queue`; one table, nothing asserted.

Two servers, each with its own database, answer one signed-in editor in turns. What is timed: from the press of a
button to the next page of the list, and until a proposal is open with its report, both as the browser shows them.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from atlas.base.address import RemoteAddress, read_address
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.editing import replace_rows
from atlas.catalogue.register.queue import propose
from atlas.catalogue.register.schema import upgrade
from atlas.intake.publication import read_publication
from atlas.intake.rehearsal import to_rows
from benchmarks.report import to_table
from benchmarks.server import ROOT
from benchmarks.visitor import IDLE, VIEWPORT, launch
from tests.openid import EDITOR, running_provider, sign_in_variables
from tests.postgres import Database
from tests.servers import free_port, start_server, wait_healthy
from tests.unit.intake.proposals.test_proposal import WHOLE

FEW, MANY, TURNS = 200, 10_000, 8


@contextmanager
def desk(n_proposals: int) -> Iterator[str]:
    """Run a server whose queue has so many proposals, and yield its address."""
    server = Database(Path(tempfile.mkdtemp(prefix="atlante-pg-")))
    try:
        address = read_address(server.url)
        fill(address, n_proposals)
        port = free_port()
        with running_provider() as issuer:
            at = f"http://127.0.0.1:{port}"
            process = start_server(port, ATLAS_CATALOGUE=server.url, **sign_in_variables(issuer, at))
            try:
                wait_healthy(at)
                yield at
            finally:
                process.terminate()
                process.wait(timeout=20)
    finally:
        server.close()


def fill(address: RemoteAddress, n_proposals: int) -> None:
    """Put the bundled catalogue into a database, and one proposal many times into its queue."""
    upgrade(address)
    rows = to_rows(read_publication((ROOT / "data" / "initiatives.csv").read_bytes(), "initiatives.csv"))
    replace_rows(address, [{str(key): str(cell) for key, cell in row.items()} for row in rows.to_dict("records")])
    propose(address, WHOLE, "it", "")
    with connect(address) as connection:
        connection.exec_driver_sql(
            "insert into proposals (cells, language)"
            " select jsonb_set(cells, '{title_it}', to_jsonb('Biblioteca ' || n)), language"
            f" from proposals, generate_series(2, {n_proposals}) n"
        )


def sign_in(page: Page, at: str) -> None:
    """Sign in as an editor and wait for the queue."""
    page.goto(f"{at}/redazione")
    page.locator(".st-key-desk_in button").click()
    page.locator("input[name=sub]").fill(EDITOR)
    page.keyboard.press("Enter")
    page.locator(".st-key-desk_out").wait_for()
    page.wait_for_selector(IDLE)


def timed(page: Page, press: str, seen: Callable[[], None]) -> float:
    """Return the milliseconds from a press until something is seen and the page has come to rest."""
    start = time.perf_counter()
    page.locator(press).click()
    seen()
    page.wait_for_selector(IDLE)
    return (time.perf_counter() - start) * 1000


def turn(page: Page, number: int) -> tuple[float, float]:
    """Turn a page of the list, then open its first proposal and go back; return what the first two took."""
    first = 20 * number + 1
    turned = timed(page, ".st-key-desk_queue_next button", page.locator(f".st-key-desk_open_{first}").wait_for)
    opened = timed(page, f".st-key-desk_open_{first} button", page.locator(".st-key-desk_actions").wait_for)
    page.locator(".st-key-desk_close button").click()
    page.locator(f".st-key-desk_open_{first}").wait_for()
    page.wait_for_selector(IDLE)
    return turned, opened


def main() -> None:
    """Measure both in turns and print the medians, the slowest, and the ratio."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the provider's own log
    taken: dict[int, list[tuple[float, float]]] = {FEW: [], MANY: []}
    with ExitStack() as stack:
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        pages = {}
        for n in taken:
            pages[n] = browser.new_context(viewport=VIEWPORT, locale="it-IT").new_page()
            sign_in(pages[n], stack.enter_context(desk(n)))
        for number in range(1, TURNS + 1):
            for n, page in pages.items():
                page.bring_to_front()
                taken[n].append(turn(page, number))
    table = []
    for at, what in enumerate(("next page of the list", "a proposal with its report")):
        few, many = ([times[at] for times in taken[n]] for n in (FEW, MANY))
        ratio = f"{median(many) / median(few):.2f}"
        table.append((what, f"{median(few):.0f} ms", f"{median(many):.0f} ms", ratio, f"{max(many):.0f} ms"))
    header = ("what", f"{FEW:,} proposals", f"{MANY:,} proposals", "ratio", "slowest")
    print(to_table([header, *table]))


if __name__ == "__main__":
    main()
