"""The common form of CSV and XLSX files, and their limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from atlas.base.said import Said

if TYPE_CHECKING:
    import geopandas

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 10_000
# The header must be among the first records; a title, date or note may come before it.
SEARCHED_RECORDS = 20

# A workbook has numbers and dates; a CSV only text. None is an empty cell.
Cell = str | int | float | bool | date | datetime | None
Record = tuple[int, list[Cell]]


@dataclass
class Sheet:
    """The non-empty records, each with its spreadsheet row number.

    `last_line` is the number of the last row, empty or not: missing row numbers are blank rows. `warnings` are (line,
    what, what to do) about reading the file. `others` are the names of all non-empty sheets of the workbook.
    `geometries` are those of the records under the header, in EPSG:4326. `misquoted` are the lines with a misplaced
    quote. `merged` are the cells merged over several rows: (column from 0, first line, last line).
    """

    records: list[Record]
    last_line: int
    name: str = ""
    encoding: str = ""
    delimiter: str = ""
    warnings: list[tuple[int, Said, Said]] = field(default_factory=list)
    others: tuple[str, ...] = ()
    geometries: "geopandas.GeoSeries | None" = None
    misquoted: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell is empty. Zero and False are not."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b").strip())


def cells_of(records: Iterable[Record], column: int) -> list[Cell]:
    """Return the cell of each record in a zero-based column; None where a record is shorter."""
    return [cells[column] if column < len(cells) else None for _, cells in records]


def column_letters(position: int) -> str:
    """Return the spreadsheet name of a zero-based column: A, B, … AA."""
    return str(get_column_letter(position + 1))
