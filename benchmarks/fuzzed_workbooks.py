"""Reads mutated workbooks and says what the worst cost: `python -m benchmarks.fuzzed_workbooks [COUNT] [SEED]`.

Ordinary workbooks are changed at random: bytes of the archive, and marks, numbers and repeated stretches of their
parts. None may raise. Each batch is read in a process of its own that has read the country before; memory is the most
that such a process took on top of it. `write(SEED, NUMBER)` makes a file again.
"""

import json
import random
import re
import subprocess
import sys
import time
import zipfile
from datetime import date
from functools import cache
from io import BytesIO

from benchmarks.report import to_table
from benchmarks.server import peak_memory_mb

BATCH = 500
WORST = 5
_NUMBERS = ("0", "-1", "1048576", "1048577", "4294967296", "9" * 40, "1e308", "NaN", "", "A1", "XFD1048576")


@cache
def _originals() -> list[bytes]:
    from openpyxl import Workbook

    books = []
    for n_rows, n_sheets in ((3, 1), (40, 3), (400, 2)):
        book = Workbook()
        book.remove(book.active)
        for at in range(n_sheets):
            sheet = book.create_sheet(f"Foglio {at}")
            sheet.append(["titolo", "comune", "provincia", "importo", "data", "codice istat"])
            for row in range(n_rows):
                sheet.append([f"Mensa {row}", "Roma", "RM", 1234.5 * row, date(2020, 1 + row % 12, 1), "058091"])
            sheet.merge_cells("B2:B3")
        stream = BytesIO()
        book.save(stream)
        books.append(stream.getvalue())
    from tests.unit.intake.test_opendocument import END, HEAD, make_ods, number, row, text

    for n_rows in (3, 400):
        rows = (row(text(f"Mensa {at}"), text("Roma"), text("RM"), number(2020), number(58091)) for at in range(n_rows))
        books.append(make_ods(HEAD + "".join(rows) + END, HEAD))
    return books


def write(seed: int, number: int) -> bytes:
    """Return one mutated workbook, always the same for a seed and a number."""
    chance = random.Random(seed * 1_000_003 + number)
    data = chance.choice(_originals())
    if chance.random() < 0.15:
        return _scatter(data, chance)
    parts = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    likely = [name for name in parts if re.search(r"sheet|shared|styles|workbook|content", name)]
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(likely)
        parts[name] = _mutate(parts[name], chance)
    if chance.random() < 0.05:
        parts.pop(chance.choice(list(parts)))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _scatter(data: bytes, chance: random.Random) -> bytes:
    """Change, drop or repeat bytes anywhere in the archive."""
    mutable = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        mutable[chance.randrange(len(mutable))] = chance.randrange(256)
    if chance.random() < 0.3:
        del mutable[chance.randrange(len(mutable)) :]
    return bytes(mutable)


def _mutate(body: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(7)
    at = chance.randrange(len(body) or 1)
    if kind == 0:
        return _scatter(body, chance) if body else body
    if kind == 1:  # a number somewhere becomes an extreme one
        found = list(re.finditer(rb"\d+", body))
        spot = chance.choice(found) if found else None
        return body[: spot.start()] + chance.choice(_NUMBERS).encode() + body[spot.end() :] if spot else body
    if kind == 2:  # an element is repeated, up to a million times
        found = list(re.finditer(rb"<([\w:-]+)[^>]*?(/>|>[^<]*</\1>)", body[:at][-4_000:]))
        if not found:
            return body
        spot = chance.choice(found)
        times = min(10 ** chance.randrange(1, 7), 20_000_000 // len(spot[0]))
        end = max(0, at - 4_000) + spot.end()
        return body[:end] + spot[0] * times + body[end:]
    if kind == 3:  # a bottomless tree
        tag = chance.choice((b"row", b"c", b"si", b"r", b"is", b"table:table-cell", b"text:p"))
        return body[:at] + b"<" + tag + b">" + (b"<" + tag + b">") * 10 ** chance.randrange(1, 6) + body[at:]
    if kind == 4:  # many attributes
        attributes = b"".join(b' a%d="%d"' % (n, n) for n in range(10 ** chance.randrange(1, 6)))
        return re.sub(
            rb"<(row|c|sheet|si|table:table-row|table:table-cell)\b", lambda m: m[0] + attributes, body, count=1
        )
    if kind == 5:  # a long text
        return (
            body[:at] + chance.choice((b"x", b" ", b"&amp;", "à".encode())) * 10 ** chance.randrange(1, 7) + body[at:]
        )
    end = min(len(body), at + chance.randrange(1, 500))
    return body[:at] + body[end:]


def read_batch(seed: int, first: int, n: int) -> None:
    """Read a batch in this process and print, as JSON, its slowest files and its memory."""
    from atlas.intake.cells.gazetteer import bundled_gazetteer
    from atlas.intake.reader import read_upload

    bundled_gazetteer()
    read_upload(b"titolo;comune\nA;Roma\n", "")
    files = [(number, write(seed, number)) for number in range(first, first + n)]
    before = peak_memory_mb()
    costs, loaded, raised = [], 0, []
    for number, data in files:
        start = time.process_time()
        try:
            loaded += read_upload(data, "fuzz.xlsx").loaded > 0
        except BaseException as error:  # a panic of calamine is none of Exception
            raised.append((number, repr(error)[:100]))
        costs.append((round(time.process_time() - start, 2), number, len(data)))
    worst = sorted(costs, reverse=True)[:WORST]
    print(json.dumps({"worst": worst, "memory": peak_memory_mb() - before, "loaded": loaded, "raised": raised}))


def main() -> None:
    """Read as many workbooks as asked, and print the worst."""
    count, seed = (int(sys.argv[1]) if sys.argv[1:] else 50_000), (int(sys.argv[2]) if sys.argv[2:] else 1)
    worst: list[tuple[float, int, int]] = []
    memory, loaded, raised, dead = 0.0, 0, [], []
    for first in range(0, count, BATCH):
        n = min(BATCH, count - first)
        code = f"from benchmarks.fuzzed_workbooks import read_batch; read_batch({seed}, {first}, {n})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode:
            dead.append((first, done.stderr.strip()[-100:]))
            continue
        found = json.loads(done.stdout)
        worst = sorted([*worst, *map(tuple, found["worst"])], reverse=True)[:WORST]
        memory, loaded = max(memory, found["memory"]), loaded + found["loaded"]
        raised += found["raised"]
    print(f"{count:,} workbooks, seed {seed}: {loaded:,} loaded at least a row, {len(raised)} raised,")
    print(f"{len(dead)} batches died, most memory {memory:.0f} MB on top of the country; the slowest:\n")
    print(to_table([("number", "size", "CPU"), *((str(n), f"{s / 1e3:.0f} kB", f"{c:.1f} s") for c, n, s in worst)]))
    for number, why in [*raised[:10], *dead[:10]]:
        print(f"{number}: {why}")
    sys.exit(bool(raised or dead))


if __name__ == "__main__":
    main()
