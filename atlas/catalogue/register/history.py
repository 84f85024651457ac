"""What was changed in the catalogue: everything for its editors, and what everybody may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from atlas.base.address import RemoteAddress
from atlas.base.columns import ALL_COLUMNS
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
    """One change, for editors. at: UTC. before, after: cells by column, None if it was not there."""

    seq: int
    at: datetime
    who: str
    why: str
    action: Action
    initiative: str
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None

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


def read_history(address: RemoteAddress, initiative: str = "", limit: int = 100, offset: int = 0) -> list[Entry]:
    """Return the latest changes, of one initiative or of all, newest first; SourceError without a history."""
    query = text(
        "select seq, at, who, why, action, initiative, before, after from initiative_history"
        " where :initiative = '' or initiative = :initiative order by seq desc limit :limit offset :offset"
    )
    with connect(address) as connection:
        rows = connection.execute(query, {"initiative": initiative, "limit": limit, "offset": offset}).all()
    return [_to_entry(tuple(row)) for row in rows]


def read_entry(address: RemoteAddress, seq: int) -> Entry | None:
    """Return one change, None if there is none of this number."""
    query = text("select seq, at, who, why, action, initiative, before, after from initiative_history where seq = :seq")
    with connect(address) as connection:
        row = connection.execute(query, {"seq": seq}).one_or_none()
    return _to_entry(tuple(row)) if row else None


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


def _to_entry(row: tuple[object, ...]) -> Entry:
    seq, at, who, why, action, initiative, before, after = row
    assert isinstance(at, datetime)  # noqa: S101  what psycopg returns for a timestamptz
    return Entry(
        int(str(seq)),
        at.astimezone(UTC),
        str(who),
        str(why),
        Action(str(action)),
        str(initiative),
        to_cells(before) if isinstance(before, dict) else None,
        to_cells(after) if isinstance(after, dict) else None,
    )
