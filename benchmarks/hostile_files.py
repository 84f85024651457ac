"""What reading a file made to be slow costs: `python -m benchmarks.hostile_files [NAME…]`; nothing is asserted.

Each file is read in a process of its own, which has read the country before: processor time, and memory on top of that,
with the search for near-duplicates against the published catalogue.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from string import ascii_lowercase

from benchmarks.report import to_table
from benchmarks.server import peak_memory_mb

LIMIT = 10 * 1024 * 1024 - 1000
ROWS = 50_000
HEAD = "titolo;comune;provincia;tema;destinatari\n"
_random = random.Random(2)


def _word(length: int) -> str:
    return "".join(_random.choices(ascii_lowercase, k=length))


def _rows(make: Callable[[int], str], n: int = ROWS, head: str = HEAD) -> bytes:
    return (head + "".join(f"{make(i)}\n" for i in range(n))).encode()[:LIMIT]


def _wide(columns: int, value: str) -> bytes:
    head = ";".join(["titolo", "comune", *(f"c{i}" for i in range(columns))]) + "\n"
    return _rows(lambda i: f"T{i};Roma" + f";{value}" * columns, ROWS if not value else ROWS // 2, head)


def _workbook(rows: Iterator[str] | str, strings: str = "") -> bytes:
    from tests.unit.intake.workbooks import HEADER, make_raw_xlsx

    data: bytes = make_raw_xlsx(HEADER + "".join(rows), strings=strings)
    return data


def _cells(i: int) -> str:
    return f'<c r="A{i}" t="inlineStr"><is><t>T{i}</t></is></c><c r="B{i}"><v>58091</v></c>'


_MERGE = '<mergeCell ref="A1:XFD1048576"/>'
FILES: Mapping[str, Callable[[], bytes]] = {
    "ten million quotes": lambda: HEAD.encode() + b'"' * (LIMIT - 200),
    "a quote opened on each line": lambda: _rows(lambda _: '"a;Roma', 1_000_000),
    "one cell of 10 MB": lambda: HEAD.encode() + b'"' + b"x" * (LIMIT - 200) + b'";Roma',
    "one cell of five million lines": lambda: HEAD.encode() + b'"' + b"x\n" * (LIMIT // 2 - 200) + b'";Roma',
    "200 columns, empty": lambda: _wide(198, ""),
    "200 columns, filled": lambda: _wide(198, "1"),
    "unknown places": lambda: _rows(lambda i: f"T{i};{_word(14)} {_word(9)};;casa;anziani"),
    "unknown places of 22 words": lambda: _rows(lambda i: f"T{i};{' '.join(_word(7) for _ in range(22))}"),
    "places full of dashes": lambda: _rows(lambda i: f"T{i};{' - '.join(_word(3) for _ in range(28))}"),
    "20 places a row": lambda: _rows(lambda i: f'T{i};"{", ".join(_word(6) for _ in range(20))}"'),
    "unknown themes": lambda: _rows(lambda i: f"T{i};Roma;RM;{_word(12)},{_word(9)},{_word(8)};{_word(12)}"),
    "near-duplicates in one place": lambda: _rows(lambda _: f"Sostegno alle famiglie fragili {_word(3)};Roma;RM"),
    "near-duplicates in five places": lambda: _rows(
        lambda i: f"{_word(5)} {_word(8)} {i % 37};{('Roma', 'Milano', 'Torino', 'Napoli', 'Bari')[i % 5]}"
    ),
    "accents without end": lambda: _rows(lambda _: "a" + "\u0301" * 4000 + ";Roma;RM", 1200),
    "numbers without end": lambda: _rows(
        lambda i: f"T{i};Roma;{'1' * 150};{'9' * 50}", head="titolo;comune;importo;anno\n"
    ),
    "ten million line ends": lambda: HEAD.encode() + b"\r" * (LIMIT - 200),
    "xlsx: 400,000 shared strings": lambda: _workbook(
        (f'<row r="{i}"><c r="A{i}" t="s"><v>{i}</v></c><c r="B{i}"><v>58091</v></c></row>' for i in range(2, ROWS)),
        "".join(f"<si><r><t>T{i}</t></r><r><t>b</t></r></si>" for i in range(400_000)),
    ),
    "xlsx: a string 900,000 deep": lambda: _workbook("", "<si>" + "<r>" * 900_000 + "</r>" * 900_000 + "</si>"),
    "xlsx: one string of 30 MB": lambda: _workbook(
        (f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c><c r="B{i}"><v>58091</v></c></row>' for i in range(2, ROWS)),
        f"<si><t>{'x' * 30_000_000}</t></si>",
    ),
    "xlsx: 80 empty cells a row": lambda: _workbook(
        f'<row r="{i}">{_cells(i)}{"<c/>" * 80}</row>' for i in range(2, ROWS)
    ),
    "xlsx: 50 numbers a row": lambda: _workbook(
        f'<row r="{i}">{_cells(i)}{"<c><v>1</v></c>" * 50}</row>' for i in range(2, ROWS // 2)
    ),
    "xlsx: a row without end": lambda: _workbook("<row>" + "<c/>" * 5_900_000),
    "xlsx: 800,000 merges": lambda: _workbook(
        f'<row r="2">{_cells(2)}</row></sheetData><mergeCells>{_MERGE * 800_000}</mergeCells><sheetData>'
    ),
}


def read(name: str) -> None:
    """Read one file in this process and print what it cost."""
    from atlas.catalogue.near_duplicates import find_twins
    from atlas.catalogue.source.bundle import published_catalogue
    from atlas.intake.cells.gazetteer import bundled_gazetteer
    from atlas.intake.reader import read_upload

    bundled_gazetteer()
    published, data = published_catalogue().store.initiatives, FILES[name]()
    before, start = peak_memory_mb(), time.process_time()
    report = read_upload(data, "elenco")
    find_twins(report.rows, published)
    seconds, memory = time.process_time() - start, peak_memory_mb() - before
    loaded = f"{report.loaded:,} of {report.source_rows:,}"
    print(
        "\t".join((name, f"{len(data) / 1e6:.1f} MB", f"{seconds:.1f} s", f"{memory:.0f} MB", loaded, report.verdict))
    )


def main() -> None:
    """Read every file, or those that are named, each in a process of its own."""
    header = ("file", "size", "CPU", "memory", "rows loaded", "verdict")
    rows = []
    for name in sys.argv[1:] or FILES:
        command = [sys.executable, "-c", f"from benchmarks.hostile_files import read; read({name!r})"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        said = done.stdout.strip() or f"{name}\tfailed: {done.stderr.strip()[-80:]}"
        rows.append(tuple(islice([*said.split("\t"), *[""] * 6], 6)))
    print(to_table([header, *rows]))


if __name__ == "__main__":
    main()
