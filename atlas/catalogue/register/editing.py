"""Changing published initiatives, so that two people never overwrite each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Numeric,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from atlas.base.address import RemoteAddress
from atlas.base.columns import ALL_COLUMNS, COLUMNS, INTEGER_COLUMNS, NUMBER_COLUMNS, OPTIONAL_COLUMNS
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.history import Action, read_entry
from atlas.catalogue.register.rows import to_cells, to_values
from atlas.catalogue.register.schema import TABLE
from atlas.catalogue.source.source import SourceError


class ChangedMeanwhileError(Exception):
    """Somebody else has changed, published or withdrawn this since it was read."""


def build_column(name: str) -> "Column[object]":
    """Return a column of initiatives.csv as one of the database."""
    if name == "id":
        return Column(name, Text, primary_key=True)
    kind = BigInteger() if name in INTEGER_COLUMNS else Numeric() if name in NUMBER_COLUMNS else Text()
    return Column(name, kind)


_PRESENT = text("select attname from pg_attribute where attrelid = to_regclass(:name) and not attisdropped")


def table_in(connection: Connection) -> Table:
    """Return the table of this database: one that an earlier program made may lack optional columns and versions."""
    present = set(connection.execute(_PRESENT, {"name": TABLE}).scalars())
    names = (name for name in ALL_COLUMNS if name in COLUMNS or name in present)
    versions = [Column("version", BigInteger)] if "version" in present else []
    return Table(TABLE, MetaData(), *(build_column(name) for name in names), *versions)


def _to_values(table: Table, row: Mapping[str, str]) -> dict[str, object]:
    """Return a row of the table; SourceError if that would lose a cell."""
    values = to_values(row)
    for name in OPTIONAL_COLUMNS:
        if name not in table.c and values.pop(name) is not None:
            raise SourceError(f"la tabella {TABLE} non ha ancora la colonna {name} (id «{row['id']}»): usa db upgrade.")
    return values


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of published initiatives."""

    id: str
    title_it: str
    title_en: str
    places: str


def list_initiatives(address: RemoteAddress, wanted: str, limit: int, offset: int) -> tuple[list[Listed], int]:
    """Return a page of the initiatives with this text in title or id, in the catalogue's order, and how many there are.

    Case does not matter; an empty text finds all.
    """
    with connect(address) as connection:
        table = table_in(connection)
        columns = table.c
        named = or_(
            *(one.icontains(wanted, autoescape=True) for one in (columns.title_it, columns.title_en, columns.id))
        )
        found = select(columns.id, columns.title_it, columns.title_en, columns.places).where(named)
        page = found.order_by(columns.source_order.nulls_last(), columns.id).limit(limit).offset(offset)
        rows = connection.execute(page).all()
        total = connection.execute(select(func.count()).select_from(table).where(named)).scalar_one()
    return [Listed(row.id, row.title_it or "", row.title_en or "", row.places or "") for row in rows], int(total)


def read_all(address: RemoteAddress) -> dict[str, tuple[dict[str, str], int]]:
    """Return cells and version of every published initiative, by id."""
    with connect(address) as connection:
        rows = connection.execute(select(table_in(connection))).mappings().all()
    return {str(row["id"]): (to_cells(dict(row)), int(row["version"])) for row in rows}


def read_initiative(address: RemoteAddress, id_: str) -> tuple[dict[str, str], int] | None:
    """Return the cells of a published initiative and its version; None if there is none of this id."""
    with connect(address) as connection:
        table = table_in(connection)
        row = connection.execute(select(table).where(table.c.id == id_)).mappings().one_or_none()
    return (to_cells(dict(row)), int(row["version"])) if row else None


def save_initiative(address: RemoteAddress, row: Mapping[str, str], version: int | None, who: str, why: str) -> None:
    """Change a published initiative that had this version when it was read, or add one (None).

    ChangedMeanwhileError if it has another by now, or if one of its id is there already. The caller has checked it.
    """
    write_all(address, [(row, version)], [], who, why)


def write_initiative(connection: Connection, row: Mapping[str, str], version: int | None) -> None:
    """Do the same within a transaction that does more."""
    table = table_in(connection)
    values = _to_values(table, row)
    if version is None:
        taken = select(table.c.id).where(table.c.id == row["id"])
        if connection.execute(taken).first():
            raise ChangedMeanwhileError(row["id"])
        connection.execute(insert(table).values(values))
        return
    same = (table.c.id == row["id"]) & (table.c.version == version)
    if connection.execute(update(table).where(same).values(values)).rowcount != 1:
        raise ChangedMeanwhileError(row["id"])


def withdraw_initiative(address: RemoteAddress, id_: str, version: int, who: str, why: str) -> None:
    """Take a published initiative out; the history keeps it. ChangedMeanwhileError as above."""
    write_all(address, [], [(id_, version)], who, why)


def write_all(
    address: RemoteAddress,
    written: Sequence[tuple[Mapping[str, str], int | None]],
    withdrawn: Sequence[tuple[str, int]],
    who: str,
    why: str,
) -> None:
    """Write rows with the version that each had, and take others out: all or nothing. ChangedMeanwhileError."""
    with connect(address, who, why) as connection:
        for row, version in written:
            write_initiative(connection, row, version)
        table = table_in(connection)
        for id_, version in withdrawn:
            same = (table.c.id == id_) & (table.c.version == version)
            if connection.execute(delete(table).where(same)).rowcount != 1:
                raise ChangedMeanwhileError(id_)


def undo(address: RemoteAddress, seq: int, who: str, why: str) -> None:
    """Bring an initiative back to what it was before a change.

    ChangedMeanwhileError if it is no longer what that change has made of it, or if there is no such change.
    """
    entry = read_entry(address, seq)
    if entry is None or entry.action is Action.START:
        raise ChangedMeanwhileError(str(seq))
    now = read_initiative(address, entry.initiative)
    if (now[0] if now else None) != entry.after:
        raise ChangedMeanwhileError(entry.initiative)
    if entry.before is None:
        assert now is not None  # noqa: S101  what was added is there, or it would differ from `after`
        withdraw_initiative(address, entry.initiative, now[1], who, why)
    else:
        save_initiative(address, entry.before, now[1] if now else None, who, why)


def replace_rows(address: RemoteAddress, rows: Sequence[Mapping[str, str]], why: str = "") -> int:
    """Make the table hold the rows of an initiatives.csv, all or none; return how many there were.

    Only rows that differ are touched, so that the history says what was changed.
    """
    with connect(address, why=why) as connection:
        table = table_in(connection)
        locked = connection.execute(select(table).with_for_update()).mappings()
        known = {str(one["id"]): to_cells(dict(one)) for one in locked}
        gone = known.keys() - {row["id"] for row in rows}
        if gone:
            connection.execute(delete(table).where(table.c.id.in_(gone)))
        new = [_to_values(table, row) for row in rows if row["id"] not in known]
        if new:
            connection.execute(insert(table), new)
        for row in rows:
            if row["id"] in known and to_cells(to_values(row)) != known[row["id"]]:
                connection.execute(update(table).where(table.c.id == row["id"]).values(_to_values(table, row)))
        return len(known)
