"""How long the atlas takes to be written as files, bundled and with many initiatives.

The bundled catalogue is written whole, by the command that an operator gives. Of a large one a sample of the pages of
each kind is made, in one process, and multiplied: all of them would take the better part of an hour.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from atlas.base.model import Language
from atlas.catalogue.source.bundle import published_world
from atlas.publish.site.addresses import path_of
from atlas.publish.site.listing import all_targets
from atlas.publish.site.pages import Target
from atlas.publish.site.writing import _assets, _Job
from tests.factories import make_catalogue

BASE = "https://atlante.example.org/"


def write_bundled() -> tuple[float, str]:
    """Return the seconds of the whole command, with its start, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "atlas", "site", f"{folder}/site", "--base", BASE]
        begun = time.monotonic()
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        return time.monotonic() - begun, done.stdout.strip().rpartition(": ")[2]


def sample(n_initiatives: int, n_pages: int) -> list[tuple[str, int, float]]:
    """Return for each kind of page how many there are in both languages and the processor seconds of one."""
    world = replace(published_world(), catalogue=make_catalogue(n_initiatives, 8_000, 1))
    targets = list(all_targets(world, Language.IT))
    job = _Job(world, BASE, _assets()[0], frozenset(path for one in targets if (path := path_of(one))), "")
    kinds: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        kinds[(path_of(target) or "").partition("/")[0]].append(target)
    rows = []
    for kind, own in kinds.items():
        chosen = random.Random(1).sample(own, min(n_pages, len(own)))
        job.write(chosen[0])  # what is read once is not counted
        begun = time.process_time()
        for target in chosen:
            job.write(target)
        rows.append((kind, 2 * len(own), (time.process_time() - begun) / len(chosen)))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--initiatives", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=25, help="of each kind")
    arguments = parser.parse_args()
    seconds, said = write_bundled()
    print(f"bundled: {seconds:.0f} s ({said}) load average {os.getloadavg()[0]:.1f}")
    rows = sample(arguments.initiatives, arguments.pages)
    for kind, n, each in rows:
        print(f"{kind:16} {n:6} pages  {1000 * each:6.0f} ms of processor each  {n * each:7.0f} s")
    print(f"{arguments.initiatives} initiatives: {sum(n * each for _, n, each in rows):.0f} s of processor in all")


if __name__ == "__main__":
    main()
