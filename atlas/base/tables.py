"""Reads the project's own CSV files as text, keeping the line number of each row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from atlas.base.model import DataError, Fault

HEADER_LINE = 1


@dataclass(frozen=True)
class Table:
    """A CSV file as text.

    `frame` has one str column per column of the file. `lines` gives for each row the line number shown by a
    spreadsheet. `faults` are the rows that could not be read; they are not in the frame.
    """

    file: str
    frame: pd.DataFrame
    lines: list[int]
    faults: list[Fault] = field(default_factory=list)

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Return the cells of these columns, row by row."""
        rows: Iterator[tuple[str, ...]] = self.frame[list(columns)].itertuples(index=False, name=None)
        return rows

    def fault(self, row: int, column: str, message: str, suggestion: str) -> Fault:
        """Return a fault about the cell at position `row`, quoting its content."""
        value = str(self.frame[column].iat[row]) if column in self.frame else ""
        return Fault(self.file, self.lines[row], column, message, value, suggestion=suggestion)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark; DataError if it cannot be read."""
    return decode_text(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; DataError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        message, suggestion = explain_unreadable(path, error)
        raise DataError([Fault(path.name, 0, "", message, suggestion=suggestion)]) from error


def explain_unreadable(path: Path, error: OSError) -> tuple[str, str]:
    """Return why a file cannot be read, and what to do."""
    if isinstance(error, FileNotFoundError):
        return "il file non esiste.", f"Metterlo nella cartella {path.parent.name}/."
    return f"il file non si può leggere ({error.strerror or 'errore di lettura'}).", "Controllare i permessi."


def decode_text(data: bytes, name: str) -> str:
    """Return UTF-8 bytes as text, without a byte order mark; DataError, naming the file, if they are not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "il file non è in codifica UTF-8."
        fault = Fault(name, line, "", message, suggestion="Salvarlo di nuovo come «CSV UTF-8».")
        raise DataError([fault]) from error


def read_table(path: Path, required: tuple[str, ...]) -> Table:
    """Read a comma-separated file; DataError if it is missing, not UTF-8 or lacks a required column."""
    return parse_table(read_text(path), path.name, required)


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the cells of these columns of a file, row by row; DataError if any row of it cannot be read."""
    table = read_table(path, columns)
    if table.faults:
        raise DataError(table.faults)
    return table.rows(columns)


def parse_table(text: str, name: str, required: tuple[str, ...]) -> Table:
    """Read the text of a comma-separated file; DataError if it lacks a required column.

    Rows with too many or too few cells become faults of the table, for the caller to report with its own.
    A row's line is its position in a spreadsheet: a line break inside quotes does not count, an empty row does.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    header: list[str] = []
    faults: list[Fault] = []
    line = 0
    try:
        for line, cells in enumerate(reader, start=HEADER_LINE):
            if line == HEADER_LINE:
                header = [cell.strip() for cell in cells]
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    faults.append(_wrong_width(name, line, len(cells), len(header)))
                    continue
                rows.append([cell.strip() for cell in cells])
                lines.append(line)
    except csv.Error as error:
        message = f"la riga non si può leggere come CSV ({error})."
        suggestion = 'Controllare le virgolette: ogni cella aperta con " va chiusa con ".'
        raise DataError([*faults, Fault(name, line + 1, "", message, suggestion=suggestion)]) from error
    header_faults = _check_header(name, header, required)
    if header_faults:
        raise DataError([*header_faults, *faults])
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    frame = pd.DataFrame(dict(zip(header, columns, strict=True)), dtype="str")
    return Table(name, frame, lines, faults)


def _wrong_width(file: str, line: int, found: int, expected: int) -> Fault:
    message = f"la riga ha {found} celle invece di {expected}."
    return Fault(file, line, "", message, suggestion="Mettere tra virgolette i testi che contengono una virgola.")


def _check_header(file: str, header: list[str], required: tuple[str, ...]) -> list[Fault]:
    if not header:
        return [Fault(file, HEADER_LINE, "", "il file è vuoto.", suggestion=f"La prima riga è: {','.join(required)}.")]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        message = "le colonne non sono separate da virgole."
        return [Fault(file, HEADER_LINE, "", message, header[0], suggestion="Salvare il file con la virgola.")]
    faults = [
        Fault(file, HEADER_LINE, column, "manca la colonna.", suggestion="Aggiungerla alla prima riga.")
        for column in required
        if column not in header
    ]
    repeated = sorted({column for column in header if header.count(column) > 1})
    faults += [
        Fault(file, HEADER_LINE, column, "la colonna compare più di una volta.", suggestion="Lasciarne una sola.")
        for column in repeated
    ]
    return faults
