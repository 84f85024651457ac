"""Guesses of the fields of columns with unknown headers, by their values, to be confirmed by a person."""

from collections.abc import Sequence
from dataclasses import replace

from atlas.intake.cells.location import Gazetteer
from atlas.intake.columns.headers import PLACE_FIELDS, TITLE_FIELDS, guess_field
from atlas.intake.formats.refusal import FileColumn
from atlas.territory.codes import to_bare_code

# Minimum length of a title: longer than codes, abbreviations and years.
_TITLE_LENGTH = 8


def guess_fields(columns: Sequence[FileColumn], gazetteer: Gazetteer) -> tuple[FileColumn, ...]:
    """Return the columns with guesses for those without a field; each missing field is guessed at most once."""
    taken = {column.field for column in columns}
    guesses: dict[str, str] = {}

    def propose(column: FileColumn, field: str) -> None:
        if field and field not in taken and column.text not in guesses and not column.field:
            taken.add(field)
            guesses[column.text] = field

    for column in columns:
        propose(column, guess_field(column.text))
    if taken.isdisjoint(PLACE_FIELDS):
        for column in columns:
            propose(column, _guess_place(column.samples, gazetteer))
    if taken.isdisjoint(TITLE_FIELDS):
        free = [column for column in columns if not column.field and column.text not in guesses]
        longest = max(free, key=_mean_length, default=None)
        if longest and _mean_length(longest) >= _TITLE_LENGTH:
            propose(longest, "title_it")
    return tuple(replace(column, guess=guesses.get(column.text, "")) for column in columns)


def _guess_place(samples: Sequence[str], gazetteer: Gazetteer) -> str:
    if not samples:
        return ""
    if all(len(to_bare_code(text)) >= 4 and gazetteer.codes.resolve(text).code for text in samples):
        return "istat_code"
    found = [gazetteer.index.find(text) for text in samples]
    return "municipality" if all(match.code or match.candidates for match in found) else ""


def _mean_length(column: FileColumn) -> float:
    return sum(map(len, column.samples)) / max(len(column.samples), 1)
