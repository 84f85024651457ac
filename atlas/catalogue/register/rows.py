"""Rows of the database and rows of initiatives.csv: unknown is NULL in the one and an empty cell in the other."""

from collections.abc import Mapping
from decimal import Decimal

from atlas.base.columns import ALL_COLUMNS, INTEGER_COLUMNS, NUMBER_COLUMNS


def to_cell(value: object) -> str:
    """Return a value of the database as a cell of the file."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def to_cells(values: Mapping[str, object]) -> dict[str, str]:
    """Return a row of the database, or one that its history kept, as the cells of an initiatives.csv."""
    return {name: to_cell(values.get(name)) for name in ALL_COLUMNS}


def to_values(row: Mapping[str, str]) -> dict[str, object]:
    """Return the cells of an initiatives.csv as a row of the database."""
    return {name: _to_value(name, row.get(name, "")) for name in ALL_COLUMNS}


def _to_value(name: str, cell: str) -> object:
    if not cell:
        return None
    if name in INTEGER_COLUMNS:
        return int(cell)
    return Decimal(cell) if name in NUMBER_COLUMNS else cell
