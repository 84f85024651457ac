"""Cells merged over several rows: their value is copied to each of the rows."""

from atlas.base.said import said
from atlas.intake.cells.report import MessageLog
from atlas.intake.columns.headers import Header
from atlas.intake.formats.sheet import Record, Sheet, column_letters, is_empty


def fill_merged(sheet: Sheet, header: Header, log: MessageLog) -> None:
    """Copy the value of each merged cell under the header into the empty cells below it, with a message.

    Only columns that are read are filled, and only non-empty rows, so that a merged cell over blank rows makes no
    initiatives. Values hidden under a merged cell are kept.
    """
    if not sheet.merged:
        return
    used = set(header.positions.values())
    ends: dict[int, int] = {}  # by column: ranges that overlap, which no spreadsheet makes, count once
    position = {line: at for at, (line, _) in enumerate(sheet.records)}
    for column, first, last in sorted(sheet.merged):
        if column not in used or first <= max(header.line, ends.get(column, 0)) or first not in position:
            continue
        ends[column] = last
        if _fill(sheet.records, position[first], column, last):
            name = column_letters(column)
            value = f"{name}{first}:{name}{last} = {sheet.records[position[first]][1][column]}"
            log.warning(first, header.texts[column], value, said("merged"), said("merged_hint"))


def _fill(records: list[Record], start: int, column: int, last: int) -> int:
    """Fill the records down to a line and return the number of cells filled."""
    cells = records[start][1]
    value = cells[column] if column < len(cells) else None
    if is_empty(value):
        return 0
    filled = 0
    for at in range(start + 1, len(records)):
        line, below = records[at]
        if line > last:
            break
        below += [None] * (column + 1 - len(below))
        if is_empty(below[column]):
            below[column] = value
            filled += 1
    return filled
