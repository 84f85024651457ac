"""The common shape of what is read, CSV or XLSX, and the limits on it; it knows no column's meaning."""

from dataclasses import dataclass, field
from datetime import date, datetime

from openpyxl.utils import get_column_letter

from atlas.base.said import Said

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 10_000
# A title, a date, a note may stand above the header, but not a whole page.
SEARCHED_RECORDS = 20

# A workbook gives numbers and dates; a CSV only text. None is an empty cell.
Cell = str | int | float | bool | date | datetime | None
Record = tuple[int, list[Cell]]


@dataclass
class Sheet:
    """Records that hold something, each with the row number that a spreadsheet shows.

    `last_line` is the number of the last row, empty or not: what is missing between two records was blank.
    `warnings` are (line, what, what to do) about the reading itself. `merged` are the cells that a workbook shows as
    one over several rows: (column from 0, first line, last line).
    """

    records: list[Record]
    last_line: int
    name: str = ""
    encoding: str = ""
    delimiter: str = ""
    warnings: list[tuple[int, Said, Said]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell shows nothing. Zero and False show something."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b").strip())


def column_letters(position: int) -> str:
    """Return what a spreadsheet calls the column at a position from 0: A, B, … AA."""
    return str(get_column_letter(position + 1))
