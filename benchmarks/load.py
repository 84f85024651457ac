"""How many people a process holds: `python -m benchmarks.load [PART…] [--seconds N]`, no browser, this machine only.

Parts: rest (start and memory), burst (50 people open the link in one second), one (50 sessions on one process),
two (100 on two, each staying with its own), churn (2,000 sessions come and go). It starts the servers itself.
"""

import argparse
import asyncio
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from benchmarks.report import ASKED, judge, to_table
from benchmarks.server import ROOT, Server
from benchmarks.wire import Visitor, WireError, choice

T = TypeVar("T")
THINK = 10.0  # seconds a person looks before the next change, on average
PARTS = ("rest", "burst", "one", "two", "churn")
MOST_SECONDS = 900
FILTERS = ("filter_themes", "filter_targets", "filter_regions", "filter_scales", "filter_channels")
LEVELS = ("Regioni", "Province", "Comuni")
CHANGES = ("filter", "level", "page")
PAGES = ("", "regioni", "catalogo")
COME_AND_GO, WARM_UP, AT_ONCE = 2000, 200, 10
UPLOADS, UPLOAD = 20, bytes(4_000_000)
GIVEN_BACK = 60  # seconds after the last has left; two more, for the clock that looks every second


@dataclass
class Tally:
    """What happened to a crowd: seconds of each change by its kind, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append(seconds)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Count a failure, by what it says, instead of passing it on."""
        try:
            yield
        except WireError as error:
            self.failures[str(error)[:120]] += 1

    def all(self, *kinds: str) -> list[float]:
        """Return the seconds of these kinds, or of all."""
        return sorted(one for kind, found in self.seconds.items() if not kinds or kind in kinds for one in found)


@contextmanager
def servers(count: int) -> Iterator[list[Server]]:
    """Run processes of the atlas, healthy and visited once."""
    with ExitStack() as stack:
        started = [stack.enter_context(Server(f"load-{n}", ROOT / "dashboard.py", "healthz")) for n in range(count)]
        for server in started:
            wait_for(_open_and_leave(server.address))
        yield started


async def live(
    address: str, tally: Tally, until: float, seed: int, start_after: float = 0, think: float = THINK
) -> None:
    """Be one person: open the page, then look, change something, look again, until the time is over.

    The choices follow from the seed; think: seconds between them, on average.
    """
    chance = random.Random(seed)
    await asyncio.sleep(start_after)
    with tally.noting():
        opened = time.perf_counter()
        async with Visitor(address) as visitor:
            await visitor.run()
            tally.add("open", time.perf_counter() - opened)
            while time.monotonic() < until:
                await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
                tally.add(*await change(visitor, chance))


async def change(visitor: Visitor, chance: random.Random) -> tuple[str, float]:
    """Change one thing as a person would; return what it was and its seconds. WireError when it had no effect."""
    kind = chance.choices(CHANGES, (7, 2, 1))[0]
    if kind == "page" or not visitor.page.has("map_level"):
        return "page", await visitor.run(page=chance.choice(PAGES))
    if kind == "level":
        level = chance.choice(LEVELS)
        return "level", await visitor.run(map_level=choice(level))
    key = chance.choice([key for key in FILTERS if visitor.page.has(key)])
    options = [label for label in visitor.page.widget(key).options if not label.endswith("(0)")]
    chosen = [chance.choice(options)] if options and chance.random() < 0.8 else []
    seconds = await visitor.run(**{key: choice(*chosen)})
    shown = [_without_count(label) for label in visitor.page.widget(key).raw_values]
    if shown != [_without_count(label) for label in chosen]:
        raise WireError(f"{key}: chose {chosen}, the page shows {shown}")
    return "filter", seconds


def hold(started: Sequence[Server], people: int, seconds: float) -> tuple[Tally, float, float]:
    """Let people live on the processes, each on one; return the tally, CPU seconds per run and per second."""
    tally = Tally()
    ramp = THINK

    async def crowd() -> None:
        until = time.monotonic() + ramp + seconds
        await asyncio.gather(
            *(live(started[n % len(started)].address, tally, until, n, ramp * n / people) for n in range(people))
        )

    before, began = sum(server.cpu_seconds() for server in started), time.monotonic()
    wait_for(crowd())
    cpu = sum(server.cpu_seconds() for server in started) - before
    return tally, cpu / max(1, len(tally.all())), cpu / (time.monotonic() - began)


def burst(address: str, people: int = 50) -> Tally:
    """Let people open the link within one second; a page is there when its first run has ended."""
    tally = Tally()

    async def one(n: int) -> None:
        await asyncio.sleep(n / people)
        with tally.noting():
            tally.add("open", await _open_and_leave(address))

    async def crowd() -> None:
        await asyncio.gather(*(one(n) for n in range(people)))

    wait_for(crowd())
    return tally


def churn(server: Server) -> tuple[Tally, dict[str, float]]:
    """Let sessions come and go, some at a time; return the tally and the memory in MB at each moment."""
    tally, memory = Tally(), {"before": server.memory_mb()}

    async def crowd(count: int) -> None:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with turns:
                with tally.noting():
                    tally.add("open", await _open_and_leave(server.address))

        await asyncio.gather(*(one() for _ in range(count)))

    wait_for(crowd(WARM_UP))
    wait_for(_upload_and_leave(server.address, UPLOAD[:1000]))
    memory["warm"] = server.memory_mb()
    for _ in range(10):
        wait_for(crowd((COME_AND_GO - WARM_UP) // 10))
        memory["highest"] = max(memory.get("highest", 0), server.memory_mb())
        _say(f"{len(tally.all())} sessions, {server.memory_mb():.0f} MB")
    memory["end"] = server.memory_mb()
    for _ in range(UPLOADS):
        wait_for(_upload_and_leave(server.address))
    memory["with files"] = server.memory_mb()
    time.sleep(GIVEN_BACK + 2)
    memory["after"] = server.memory_mb()
    return tally, memory


def main() -> None:
    """Measure the parts that were asked for and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--seconds", type=int, default=120, help="how long the crowds of `one` and `two` live")
    options = parser.parse_args()
    if wrong := set(options.parts) - set(PARTS):
        parser.error(f"no part {', '.join(wrong)}; there are {', '.join(PARTS)}")
    if not 1 <= options.seconds <= MOST_SECONDS:
        parser.error(f"--seconds: from 1 to {MOST_SECONDS}")
    measures: dict[str, Callable[[], list[tuple[str, ...]]]] = {
        "rest": _rest,
        "burst": _burst,
        "one": lambda: _hold(1, 50, options.seconds),
        "two": lambda: _hold(2, 100, options.seconds),
        "churn": _churn,
    }
    rows: list[tuple[str, ...]] = [ASKED]
    for part in options.parts or PARTS:
        _say(f"measuring {part}")
        rows += measures[part]()
    print(f"\n{to_table(rows)}")
    print(f"\n{date.today().isoformat()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end")


def _rest() -> list[tuple[str, ...]]:
    starts, empty, visited = [], [], []
    for _ in range(3):
        began = time.monotonic()
        with Server("load-rest", ROOT / "dashboard.py", "healthz") as server:
            starts.append(time.monotonic() - began)
            empty.append(server.memory_mb())
            wait_for(_open_and_leave(server.address))
            server.wait_idle()
            visited.append(server.memory_mb())
    return [
        ("start to healthy, median of 3", *judge(statistics.median(starts), 6, "s")),
        ("memory at rest, healthy", *judge(statistics.median(empty), 350, "MB")),
        ("memory at rest, after the first visit", *judge(statistics.median(visited), 350, "MB")),
    ]


def _burst() -> list[tuple[str, ...]]:
    with servers(1) as (server,):
        before = server.cpu_seconds()
        tally = burst(server.address)
        cpu = (server.cpu_seconds() - before) / 50
    name = "50 people open the link in one second"
    return [
        (f"{name}: slowest", *judge(max(tally.all(), default=float("inf")), 5, "s")),
        (f"{name}: median", "", f"{statistics.median(tally.all() or [0]):.1f} s", ""),
        (f"{name}: CPU for each", "", f"{cpu * 1000:.0f} ms", ""),
        _failures(name, tally),
    ]


def _hold(processes: int, people: int, seconds: float) -> list[tuple[str, ...]]:
    with servers(processes) as started:
        tally, per_run, share = hold(started, people, seconds)
        memory = max(server.memory_mb() for server in started)
    name = f"{people} sessions on {processes}"
    changes = tally.all(*CHANGES)
    by_kind = ", ".join(
        f"{kind} {statistics.median(found) * 1000:.0f} ms" for kind, found in sorted(tally.seconds.items())
    )
    return [
        (f"{name}: p95 of {len(changes)} changes", *judge(p95(changes), 1, "s")),
        (f"{name}: medians", "", by_kind, ""),
        (f"{name}: CPU per run", "", f"{per_run * 1000:.0f} ms, {share:.0%} of one core in all", ""),
        (f"{name}: memory of a process", "", f"{memory:.0f} MB", ""),
        _failures(name, tally),
    ]


def _churn() -> list[tuple[str, ...]]:
    with servers(1) as (server,):
        tally, memory = churn(server)
    name = f"{COME_AND_GO:,} sessions come and go"
    growth = (memory["end"] / memory["warm"] - 1) * 100
    left = (memory["after"] / memory["warm"] - 1) * 100
    course = " → ".join(f"{moment} {value:.0f}" for moment, value in memory.items())
    return [
        (f"{name}: growth after {WARM_UP}", *judge(growth, 5, "%")),
        (f"{name}, {UPLOADS} with a file of 4 MB: {GIVEN_BACK} s after the last", *judge(left, 5, "%")),
        (f"{name}: memory, MB", "", course, ""),
        _failures(name, tally),
    ]


async def _open_and_leave(address: str) -> float:
    """Return the seconds until the page was there."""
    began = time.perf_counter()
    async with Visitor(address) as visitor:
        await visitor.run()
        return time.perf_counter() - began


async def _upload_and_leave(address: str, body: bytes = UPLOAD) -> None:
    async with Visitor(address) as visitor:
        await visitor.run(page="dati")
        await visitor.upload("", "elenco.csv", body)


def _failures(name: str, tally: Tally) -> tuple[str, ...]:
    for reason, count in tally.failures.most_common(3):
        _say(f"failed {count} times: {reason}")
    return (f"{name}: failures", *judge(sum(tally.failures.values()), 0, ""))


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else float("inf")


def _without_count(label: str) -> str:
    return label.rsplit(" (", 1)[0]


def wait_for(work: Awaitable[T]) -> T:
    """Run the work of many people at once and return its result."""

    async def with_threads() -> T:
        # Every person may wait for an answer at the same time.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(128))
        return await work

    return asyncio.run(with_threads())


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
