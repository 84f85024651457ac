"""What a visitor feels of the others: `python -m benchmarks.beside`, no browser, this machine only, eight minutes.

Ten people change the page, first alone, then beside the slowest files, beside 40 programs that ask for indicators,
beside eight who have decks made, beside programs and decks, and beside all of them; the same people, the same choices.
Then 200 people each keep a file of 5,000 rows.
"""

import asyncio
import itertools
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from random import Random

from atlas.base.model import Selection, View
from atlas.catalogue.source.bundle import published_world
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import KEPT_LIMIT, STOPS_AT_MOST, to_link
from benchmarks.hostile_files import FILES
from benchmarks.load import CHANGES, Tally, live, p95, servers, wait_for
from benchmarks.report import to_table
from benchmarks.wire import Visitor, WireError, pressed

PARAMETER = "tappe"  # of the address of a presentation
PEOPLE, SECONDS, THINK = 10, 45.0, 2.0
PROGRAMS, PER_SECOND = 40, 3.0  # programs, and what they ask in all
DECKS, POLL = 8, 1.0  # people who each have a deck of 60 stops made; seconds between two looks at it, as on the page
SLOWEST = ("xlsx: 80 empty cells a row", "xlsx: 400,000 shared strings", "one cell of five million lines")
KEEPERS, KEPT_ROWS, AT_ONCE = 200, 5_000, 4


async def keep_sending(address: str, tally: Tally, files: Sequence[tuple[str, bytes]]) -> None:
    """Send the slowest files one after the other, until it is cancelled."""
    for name, body in itertools.cycle(files):
        with suppress(WireError):
            async with Visitor(address) as visitor:
                await visitor.run(page="dati")
                began = time.perf_counter()
                await visitor.upload(_field(visitor), name, body)
                tally.add("file", time.perf_counter() - began)


async def keep_asking(address: str, tally: Tally, seed: int) -> None:
    """Ask for the indicators of all municipalities under ever new words, until it is cancelled."""
    visitor = Visitor(address)
    for n in itertools.count():
        with suppress(WireError):
            began = time.perf_counter()
            answer = await visitor.get(f"/api/indicators.csv?level=municipality&q=casa{seed}x{n}")
            tally.add(f"asked, {answer.status}", time.perf_counter() - began)
        await asyncio.sleep(PROGRAMS / PER_SECOND * Random(seed + n).uniform(0.5, 1.5))


async def keep_ordering(address: str, tally: Tally, link: str, first: int) -> None:
    """Open a link to a presentation and have its file made, PPTX and PDF in turns, until it is cancelled."""
    for n in itertools.count(first):
        kind = ("pptx", "pdf")[n % 2]
        with suppress(WireError):
            async with Visitor(address, f"{PARAMETER}={link}") as visitor:
                await visitor.run(page="presenta")
                began = time.perf_counter()
                await visitor.run(**{f"make_{kind}": pressed()})
                while not visitor.page.has(f"take_{kind}"):
                    await asyncio.sleep(POLL)
                    await visitor.run(part=visitor.page.polled)
                tally.add(kind, time.perf_counter() - began)


def long_story(theme: str) -> str:
    """Return the link to a presentation of as many stops as one may have: what the atlas proposes, over and over."""
    proposed = propose_story(View(selection=Selection(themes=(theme,))), published_world())
    stops = tuple(itertools.islice(itertools.cycle(proposed.stops), STOPS_AT_MOST))
    link = to_link(replace(proposed, stops=stops), KEPT_LIMIT)
    if link is None:
        raise ValueError("the presentation is too long for a link")
    return link


async def moment(address: str, beside: Callable[[Tally], list[Awaitable[None]]]) -> Tally:
    """Let the people live while others are at work."""
    tally = Tally()
    others = [asyncio.ensure_future(one) for one in beside(tally)]
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(live(address, tally, until, seed, think=THINK) for seed in range(PEOPLE)))
    left = set(others)
    while left:  # a cancellation that comes in the moment of an answer is lost (Python 3.11)
        for other in left:
            other.cancel()
        _, left = await asyncio.wait(left, timeout=1)
    return tally


async def keep_files(address: str, tally: Tally, body: bytes) -> list[Visitor]:
    """Let people load a file each and stay; those who are refused are counted."""
    turns, kept = asyncio.Semaphore(AT_ONCE), []

    async def one() -> None:
        async with turns:
            with tally.noting():
                visitor = Visitor(address)
                await visitor.load()
                await visitor.connect()
                await visitor.run(page="dati")
                began = time.perf_counter()
                answer = await visitor.upload(_field(visitor), "elenco.csv", body)
                tally.add("file" if answer.status < 300 else f"refused, {answer.status}", time.perf_counter() - began)
                kept.append(visitor)

    await asyncio.gather(*(one() for _ in range(KEEPERS)))
    return kept


def _field(visitor: Visitor) -> str:
    return visitor.page.of("file_uploader")[0].id.rsplit("-", 1)[1]


def main() -> None:
    """Print a line for each company the people are in, with the ratio to their time alone."""
    files = [
        (f"elenco{n}.{'xlsx' if name.startswith('xlsx') else 'csv'}", FILES[name]()) for n, name in enumerate(SLOWEST)
    ]
    links = [long_story(theme) for theme in list(published_world().vocabulary.themes)[:DECKS]]
    rows = [("beside", "changes", "median", "× alone", "p95", "failures", "others")]
    with servers(1) as (server,):
        address = server.address

        def senders(tally: Tally) -> list[Awaitable[None]]:
            return [keep_sending(address, tally, files)]

        def programs(tally: Tally) -> list[Awaitable[None]]:
            return [keep_asking(address, tally, seed) for seed in range(PROGRAMS)]

        def decks(tally: Tally) -> list[Awaitable[None]]:
            return [keep_ordering(address, tally, link, first) for first, link in enumerate(links)]

        companies: dict[str, Callable[[Tally], list[Awaitable[None]]]] = {
            "nobody": lambda _: [],
            "the slowest files": senders,
            f"{PROGRAMS} programs": programs,
            "files and programs": lambda tally: senders(tally) + programs(tally),
            f"{DECKS} decks": decks,
            "programs and decks": lambda tally: programs(tally) + decks(tally),
            "all of them": lambda tally: senders(tally) + programs(tally) + decks(tally),
        }
        alone = 0.0
        for name, beside in companies.items():
            print(f"measuring {name}", flush=True)
            tally = wait_for(moment(address, beside))
            changes = tally.all(*CHANGES)
            median = statistics.median(changes)
            alone = alone or median
            others = ", ".join(
                f"{kind}: {len(found)} in {statistics.median(found):.1f} s"
                for kind, found in sorted(tally.seconds.items())
                if kind not in (*CHANGES, "open")
            )
            failures = f"{sum(tally.failures.values())}"
            times = (f"{median * 1000:.0f} ms", f"{median / alone:.2f}", f"{p95(changes):.2f} s")
            rows.append((name, f"{len(changes)}", *times, failures, others))
    print(f"\n{to_table(rows)}", flush=True)
    with servers(1) as (server,):
        head = "titolo;comune;provincia;tema;destinatari\n"
        body = (head + "".join(f"Iniziativa {i};Roma;RM;casa;anziani\n" for i in range(KEPT_ROWS))).encode()
        before, tally = server.memory_mb(), Tally()

        async def keep() -> float:
            kept = await keep_files(server.address, tally, body)
            held = server.memory_mb()
            for visitor in kept:
                await visitor.leave()
            return held

        held = wait_for(keep())
    print(f"\n{KEEPERS} people with a file of {KEPT_ROWS:,} rows: {before:.0f} MB before, {held:.0f} MB with them")
    for kind, found in sorted(tally.seconds.items()):
        print(f"{kind}: {len(found)}, median {statistics.median(found):.1f} s, slowest {max(found):.1f} s")
    print(f"failed: {dict(tally.failures)}")
    print(f"\n{date.today().isoformat()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
