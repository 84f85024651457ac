"""Appending rows to a catalogue in a CSV file, so that everything that was there stays as it is."""

import csv
from collections.abc import Collection, Sequence
from io import StringIO

from atlas.base.columns import COLUMNS, OPTIONAL_COLUMNS
from atlas.base.model import DataError
from atlas.base.tables import decode_text, parse_table
from atlas.intake.ids import Ids, make_slug
from atlas.intake.publication import read_publication
from atlas.intake.rehearsal import to_rows
from atlas.intake.rows import Row, to_records


def read_proposals(data: bytes, name: str) -> list[Row]:
    """Return the rows of a file of proposals; DataError with everything that keeps one from being published."""
    return to_records(to_rows(read_publication(data, name)))


def append_rows(data: bytes, name: str, rows: Sequence[Row]) -> bytes:
    """Return the bytes of an initiatives.csv with further rows; those that were there are not touched.

    DataError if the file lacks a column, also an optional one that a row fills, or could not be published then.
    """
    text = decode_text(data, name)
    filled = (column for column in OPTIONAL_COLUMNS if any(row.get(column) for row in rows))
    header = parse_table(text, name, (*COLUMNS, *filled))
    if header.faults:
        raise DataError(header.faults)
    columns = next(csv.reader(StringIO(text, newline="")))
    ending = "\r\n" if "\r\n" in text.partition("\n")[0] + "\n" else "\n"
    added = StringIO()
    writer = csv.writer(added, lineterminator=ending)
    writer.writerows([row.get(column.strip(), "") for column in columns] for row in rows)
    gap = "" if text.endswith(("\n", "\r")) else ending
    grown = data + (gap + added.getvalue()).encode()
    read_publication(grown, name)
    return grown


def with_free_ids(rows: Sequence[Row], taken: Collection[str]) -> list[Row]:
    """Return the rows with ids that are not in use: a proposal's comes from its title, which another may share."""
    ids = Ids(taken)
    wanted = [row["id"] or make_slug(row["title_it"] or row["title_en"]) or "iniziativa" for row in rows]
    return [row | {"id": ids.take(id_)} for row, id_ in zip(rows, wanted, strict=True)]
