"""Possible duplicates: initiatives with nearly the same title in the same place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from atlas.base.text import fold

# Similarity threshold (0-100) of two titles with their words sorted.
ALIKE = 88
# In shorter titles one letter makes a different word.
SHORTEST = 8
# In a place with more titles only identical ones are paired: comparing all pairs would take minutes.
MAX_TITLES = 600
MAX_PAIRS = 500


@dataclass(frozen=True, slots=True)
class Twins:
    """A possible duplicate: `row` is a position in the file, `other` a position in the file or a published id."""

    row: int
    other: int | str
    place: str
    likeness: int

    @property
    def is_published(self) -> bool:
        return isinstance(self.other, str)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: int | str
    words: str
    numbers: tuple[str, ...]


def find_twins(rows: pd.DataFrame, published: pd.DataFrame) -> list[Twins]:
    """Return at most MAX_PAIRS pairs to be checked by a person, most similar first.

    Both frames have title_it and places; `published` is indexed by id. A pair is a row of the file with another row
    or with a published initiative. Titles that differ in a number ("lotto 1", "lotto 2") are not paired.
    """
    by_place: dict[str, list[_Entry]] = {}
    named: list[tuple[pd.DataFrame, list[int | str]]] = [
        (rows, list(range(len(rows)))),
        (published, list(map(str, published.index))),
    ]
    for frame, names in named:
        for name, title, places in zip(names, frame["title_it"], frame["places"], strict=True):
            entry = _Entry(name, *_read_title(str(title)))
            if not entry.words:
                continue
            for place in str(places).split(";"):
                by_place.setdefault(place, []).append(entry)
    found: dict[tuple[int | str, int | str], Twins] = {}
    for place, entries in by_place.items():
        if len(entries) > 1 and isinstance(entries[0].name, int):
            for one, other, likeness in _find_in_place(entries):
                if isinstance(one.name, int):  # pairs of published initiatives are ignored
                    found.setdefault((one.name, other.name), Twins(one.name, other.name, place, likeness))
    return sorted(found.values(), key=lambda twins: (-twins.likeness, twins.row))[:MAX_PAIRS]


def _read_title(title: str) -> tuple[str, tuple[str, ...]]:
    words = re.findall(r"\w+", fold(title))
    return " ".join(sorted(words)), tuple(sorted(word for word in words if word.isdigit()))


def _find_in_place(entries: Iterable[_Entry]) -> Iterator[tuple[_Entry, _Entry, int]]:
    """Yield the pairs of one place with their likeness; entries of the file come first."""
    first: dict[str, _Entry] = {}
    for entry in entries:
        if entry.words in first:
            yield first[entry.words], entry, 100
        else:
            first[entry.words] = entry
    alone = [entry for entry in first.values() if len(entry.words) >= SHORTEST]
    if not 1 < len(alone) <= MAX_TITLES:
        return
    titles = [entry.words for entry in alone]
    likeness = np.triu(process.cdist(titles, titles, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8), 1)
    for one, other in np.argwhere(likeness).tolist():
        if alone[one].numbers == alone[other].numbers:
            yield alone[one], alone[other], int(likeness[one, other])
