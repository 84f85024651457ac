"""Guesses of the fields of columns with unknown headers, by their values, to be confirmed by a person."""

from collections.abc import Sequence
from dataclasses import replace

from atlas.intake.cells.gazetteer import Gazetteer
from atlas.intake.columns.headers import AND, PLACE_FIELDS, TITLE_FIELDS, fold_header, guess_field
from atlas.intake.columns.kinds import fits, is_no_words
from atlas.intake.formats.refusal import FileColumn
from atlas.territory.codes import to_bare_code

# Minimum length of a title: longer than codes, abbreviations and years.
_TITLE_LENGTH = 8
# Words of headers of titles, the likeliest first.
_TITLE_WORDS = ("titolo", "title", "oggetto", "nome", "name", "denominazione", "progetto", "servizio", "iniziativa")


def guess_fields(columns: Sequence[FileColumn], gazetteer: Gazetteer) -> tuple[FileColumn, ...]:
    """Return the columns with guesses for those without a field; each missing field is guessed at most once.

    A guess must fit the values. If no column is left for a title, that of the municipalities is guessed for it too.
    """
    taken = {field for column in columns for field in column.field.split(AND)}
    guesses: dict[str, str] = {}

    def propose(column: FileColumn, field: str) -> None:
        if field and field not in taken and column.text not in guesses and not column.field:
            taken.add(field)
            guesses[column.text] = field

    if taken.isdisjoint(PLACE_FIELDS):
        for column in columns:
            propose(column, _guess_place(column.samples, gazetteer))
    for column in columns:
        field = guess_field(column.text)
        if field and fits(field, column.samples):
            propose(column, field)
    if taken.isdisjoint(TITLE_FIELDS):
        free = [column for column in columns if not column.field and column.text not in guesses and _is_title(column)]
        best = max(free, key=_rank_title, default=None)
        if best:
            propose(best, "title_it")
        else:
            names = next((c for c in columns if "municipality" in (c.field, guesses.get(c.text))), None)
            if names:
                field = guesses.get(names.text, "")
                guesses[names.text] = f"{field}{AND}title_it" if field else "title_it"
    return tuple(replace(column, guess=guesses.get(column.text, "")) for column in columns)


def _guess_place(samples: Sequence[str], gazetteer: Gazetteer) -> str:
    if not samples:
        return ""
    if all(len(to_bare_code(text)) >= 4 and gazetteer.codes.resolve(text).code for text in samples):
        return "istat_code"
    found = [gazetteer.index.find(text) for text in samples]
    return "municipality" if all(match.code or match.candidates for match in found) else ""


def _is_title(column: FileColumn) -> bool:
    return bool(column.samples) and _mean_length(column) >= _TITLE_LENGTH and not any(map(is_no_words, column.samples))


def _rank_title(column: FileColumn) -> tuple[int, float]:
    words = fold_header(column.text).split("_")
    rank = next((len(_TITLE_WORDS) - at for at, word in enumerate(_TITLE_WORDS) if word in words), 0)
    return rank, _mean_length(column)


def _mean_length(column: FileColumn) -> float:
    return sum(map(len, column.samples)) / max(len(column.samples), 1)
