"""A catalogue in a PostgreSQL table with the columns of initiatives.csv.

Unknown values are NULL, numbers are numbers, lists are joined by `;` as in the file.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from atlas.base.address import RemoteAddress
from atlas.base.columns import ALL_COLUMNS, COLUMNS
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.editing import table_in
from atlas.catalogue.register.rows import to_cell
from atlas.catalogue.register.schema import TABLE
from atlas.catalogue.source.source import Fetched, SourceError

MOST_ROWS = 50_000


class DatabaseSource:
    """Reads the whole table at each look: a catalogue is small, and the table needs no column for changes."""

    name = "catalogo"
    is_near = False
    interval = 20.0

    def __init__(self, address: RemoteAddress) -> None:
        self.shown = address.shown
        self._address = address

    def fetch(self, *, is_urgent: bool = False) -> Fetched:
        """Return the rows as the bytes of an initiatives.csv, by source_order and id; SourceError without a table."""
        with connect(self._address) as connection:
            table = table_in(connection)
            wanted = select(*(table.c[name] for name in ALL_COLUMNS if name in table.c))
            ordered = wanted.order_by(table.c.source_order.nulls_last(), table.c.id).limit(MOST_ROWS + 1)
            rows = [dict(row) for row in connection.execute(ordered).mappings()]
        if len(rows) > MOST_ROWS:
            raise SourceError(f"la tabella {TABLE} ha più di {MOST_ROWS} righe.")
        ids = [str(row["id"]) for row in rows]
        return Fetched(to_csv(rows), name_row=lambda line: f"id «{ids[line - 2]}»" if line >= 2 else "intestazione")


def to_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return rows of the table as the bytes of an initiatives.csv, which has an optional column if a row fills it."""
    names = [name for name in ALL_COLUMNS if name in COLUMNS or any(row.get(name) for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([to_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode()
