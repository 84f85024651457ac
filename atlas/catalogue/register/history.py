"""What was changed in the catalogue: everything for its editors, and what everybody may know."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import ProgrammingError

from atlas.base.address import RemoteAddress
from atlas.base.columns import ALL_COLUMNS
from atlas.base.formulas import neutralise_formula
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.rows import to_cells


class Action(StrEnum):
    """What a change did. START is an initiative that was there when the history began."""

    START = "start"
    ADD = "add"
    CHANGE = "change"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, for editors. at: UTC. before, after: cells by column, None if it was not there.

    is_last: nothing was changed in this initiative after it.
    """

    seq: int
    at: datetime
    who: str
    why: str
    action: Action
    initiative: str
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    is_last: bool

    @property
    def can_be_undone(self) -> bool:
        return self.is_last and self.action is not Action.START

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns that have another value after it."""
        before, after = self.before or {}, self.after or {}
        return tuple(name for name in ALL_COLUMNS if before.get(name, "") != after.get(name, ""))


@dataclass(frozen=True, slots=True)
class Change:
    """One change as everybody may know it: which initiative, when (UTC), what was done."""

    at: datetime
    action: Action
    initiative: str
    title_it: str
    title_en: str

    @property
    def is_gone(self) -> bool:
        return self.action is Action.WITHDRAW


_ENTRY = (
    "select seq, at, who, why, action, initiative, before, after, not exists (select from initiative_history later"
    " where later.initiative = entry.initiative and later.seq > entry.seq) as is_last from initiative_history entry"
)
_WANTED = " where (:initiative = '' or initiative = :initiative) and (:action = '' or action = :action)"
_LATEST = text(_ENTRY + _WANTED + " order by seq desc limit :limit offset :offset")
_COUNT = text("select count(*) from initiative_history" + _WANTED)  # noqa: S608  constants only
_ONE = text(_ENTRY + " where seq = :seq")
_CSV_PAGE = 500


def read_history(
    address: RemoteAddress, initiative: str = "", limit: int = 100, offset: int = 0, action: str = ""
) -> list[Entry]:
    """Return the latest changes, of one initiative or of all, newest first; SourceError without a history."""
    wanted = {"initiative": initiative, "action": action, "limit": limit, "offset": offset}
    with connect(address) as connection:
        rows = connection.execute(_LATEST, wanted).all()
    return [_to_entry(row) for row in rows]


def count_history(address: RemoteAddress, initiative: str = "", action: str = "") -> int:
    """Return how many changes there are, of one initiative or of all."""
    with connect(address) as connection:
        return int(connection.execute(_COUNT, {"initiative": initiative, "action": action}).scalar_one())


def read_entry(address: RemoteAddress, seq: int) -> Entry | None:
    """Return one change, None if there is none of this number."""
    with connect(address) as connection:
        row = connection.execute(_ONE, {"seq": seq}).one_or_none()
    return _to_entry(row) if row else None


def build_history_csv(address: RemoteAddress, initiative: str = "") -> str:
    """Return the whole history as a CSV, newest first: a line for each column that was changed."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["seq", "at", "who", "why", "action", "id", "column", "before", "after"])
    for entry in _read_all(address, initiative):
        facts = (entry.seq, entry.at.isoformat(), entry.who, entry.why, entry.action.value, entry.initiative)
        before, after = entry.before or {}, entry.after or {}
        for column in entry.changed:
            cells = (*facts, column, before.get(column, ""), after.get(column, ""))
            writer.writerow([neutralise_formula(str(cell)) for cell in cells])
    return file.getvalue()


def _read_all(address: RemoteAddress, initiative: str) -> Iterator[Entry]:
    offset = 0
    while entries := read_history(address, initiative, _CSV_PAGE, offset):
        yield from entries
        offset += _CSV_PAGE


def list_changes(address: RemoteAddress, limit: int = 50) -> list[Change]:
    """Return what was added, changed or withdrawn, newest first, without names; nothing from a database without it."""
    query = text(
        "select at, action, initiative, title_it, title_en from initiative_changes order by seq desc limit :limit"
    )
    with connect(address) as connection:
        found = connection.execute(text("select to_regclass('initiative_changes') is not null")).scalar_one()
        if not found:
            return []
        try:
            rows = connection.execute(query, {"limit": limit}).all()
        except ProgrammingError:  # a reader who may not see it
            return []
    return [
        Change(row.at.astimezone(UTC), Action(row.action), row.initiative, row.title_it or "", row.title_en or "")
        for row in rows
    ]


def _to_entry(row: Row[Any]) -> Entry:
    before, after = (None if cells is None else to_cells(cells) for cells in (row.before, row.after))
    return Entry(
        row.seq,
        row.at.astimezone(UTC),
        row.who,
        row.why,
        Action(row.action),
        row.initiative,
        before,
        after,
        row.is_last,
    )
