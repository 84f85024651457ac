"""The queue of proposals: anybody may put one in, only editors read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, text

from atlas.base.address import RemoteAddress
from atlas.base.text import clean_line
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.editing import ChangedMeanwhileError, write_initiative


class State(StrEnum):
    """Where a proposal stands: new, waiting for an answer of its author, or closed."""

    NEW = "new"
    ASKED = "asked"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as editors see it. cells: what its author wrote. contact: empty if none, and once it is closed."""

    number: int
    sent: datetime
    state: State
    language: str
    cells: Mapping[str, str]
    note: str
    version: int
    closed_by: str
    initiative: str
    contact: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of proposals."""

    number: int
    sent: datetime
    state: State
    title: str
    places: str


_LINE = (
    "select number, sent, state, coalesce(nullif(cells ->> 'title_it', ''), cells ->> 'title_en', '') as title,"
    " coalesce(cells ->> 'places', '') as places from proposals "
)
_PAGE = " limit :limit offset :offset"
_OPEN = (
    text(_LINE + "where closed is null order by number" + _PAGE),
    text("select count(*) from proposals where closed is null"),
)
_CLOSED = (
    text(_LINE + "where closed is not null order by number desc" + _PAGE),
    text("select count(*) from proposals where closed is not null"),
)


def can_propose(address: RemoteAddress) -> bool:
    """Tell whether this user of the database may put a proposal into its queue; SourceError if it does not answer."""
    query = text(
        "select coalesce(has_function_privilege(to_regprocedure('atlas_propose(jsonb, text, text)'), 'execute'), false)"
    )
    with connect(address) as connection:
        return bool(connection.execute(query).scalar_one())


def propose(address: RemoteAddress, cells: Mapping[str, str], language: str, contact: str) -> int:
    """Put a checked proposal into the queue and return its number; 0 if there are too many at the moment."""
    values = {"cells": json.dumps(dict(cells)), "language": language, "contact": contact}
    with connect(address) as connection:
        query = text("select atlas_propose(cast(:cells as jsonb), :language, :contact)")
        return int(connection.execute(query, values).scalar_one())


def list_proposals(
    address: RemoteAddress, is_open: bool = True, limit: int = 50, offset: int = 0
) -> tuple[list[Line], int]:
    """Return a page of the open or of the closed proposals, oldest or newest first, and how many there are."""
    lines, count = _OPEN if is_open else _CLOSED
    with connect(address) as connection:
        rows = connection.execute(lines, {"limit": limit, "offset": offset}).all()
        total = connection.execute(count).scalar_one()
    return [
        Line(row.number, row.sent.astimezone(UTC), State(row.state), clean_line(row.title), clean_line(row.places))
        for row in rows
    ], total


def read_proposal(address: RemoteAddress, number: int) -> Proposal | None:
    """Return one proposal, None if there is none of this number."""
    query = text(
        "select p.*, c.contact from proposals p left join proposal_contacts c using (number) where number = :n"
    )
    with connect(address) as connection:
        row = connection.execute(query, {"n": number}).one_or_none()
    if row is None:
        return None
    cells = {str(name): str(value) for name, value in row.cells.items()}
    return Proposal(
        row.number,
        row.sent.astimezone(UTC),
        State(row.state),
        row.language,
        cells,
        row.note,
        row.version,
        row.closed_by,
        row.initiative or "",
        row.contact or "",
    )


def ask_back(address: RemoteAddress, number: int, version: int, note: str, who: str) -> None:
    """Note what its author was asked; ChangedMeanwhileError if somebody else has dealt with it."""
    with connect(address, who, note) as connection:
        _move(connection, number, version, State.ASKED, note, "", "")


def refuse(address: RemoteAddress, number: int, version: int, reason: str, who: str) -> None:
    """Close a proposal without publishing it; ChangedMeanwhileError as above."""
    with connect(address, who, reason) as connection:
        _move(connection, number, version, State.REFUSED, reason, who, "")


def publish(address: RemoteAddress, number: int, version: int, row: Mapping[str, str], who: str, why: str) -> None:
    """Add a checked row to the catalogue and close its proposal, both or none; ChangedMeanwhileError as above."""
    with connect(address, who, why) as connection:
        _move(connection, number, version, State.PUBLISHED, why, who, row["id"])
        write_initiative(connection, row, None)


def _move(
    connection: Connection, number: int, version: int, state: State, note: str, closed_by: str, initiative: str
) -> None:
    query = text(
        "update proposals set state = :state, note = :note, closed_by = :closed_by,"
        " initiative = nullif(:initiative, ''), closed = case when :is_closed then now() end"
        " where number = :number and version = :version and closed is null"
    )
    values = {
        "state": state.value,
        "note": note,
        "closed_by": closed_by,
        "initiative": initiative,
        "is_closed": bool(closed_by),
        "number": number,
        "version": version,
    }
    if connection.execute(query, values).rowcount != 1:
        raise ChangedMeanwhileError(str(number))
