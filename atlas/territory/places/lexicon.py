"""All names of municipalities, looked up from the strictest spelling to the loosest."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from atlas.base.tables import read_rows
from atlas.territory.places import spelling
from atlas.territory.places.answers import Reason
from atlas.territory.places.hints import Codes

_LOCALITY = "locality"
_MIN_SIMILARITY = 78.0
# What the second best must be behind for the best to be the only one.
_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One line of place_names.csv. With `within` the name is valid only with a matching hint ("Sesto (MI)")."""

    name: str
    istat_code: str
    kind: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of a municipality and what kind of name it is."""

    code: str
    name: str
    reason: Reason
    needs_hint: bool = False


Aliases = tuple[Alias, ...]


def read_place_names(data_dir: Path) -> tuple[PlaceName, ...]:
    """Read data/place_names.csv. Raises DataError if the file is missing or broken."""
    columns = ("name", "istat_code", "kind", "within")
    return tuple(PlaceName(*row) for row in read_rows(data_dir / "place_names.csv", columns))


class Lexicon:
    """Names by key. Names of municipalities that are not in the list are left out.

    municipalities: index istat_code; columns name, name_other.
    """

    def __init__(self, municipalities: pd.DataFrame, names: Iterable[PlaceName] = ()) -> None:
        self._folded: dict[str, Aliases] = {}
        self._squashed: dict[str, Aliases] = {}
        self._contents: dict[str, Aliases] = {}
        self._saints: dict[str, Aliases] = {}
        self._beginnings: dict[str, set[str]] = {}
        self._localities: dict[str, str] = {}
        columns = (municipalities.index, municipalities["name"], municipalities["name_other"])
        for code, name, other in zip(*columns, strict=True):
            self._add_official(code, name, other)
        known = set(municipalities.index)
        for one in names:
            if one.kind == _LOCALITY:
                self._localities[spelling.fold(one.name)] = one.istat_code
            elif one.istat_code in known:
                self._add(Alias(one.istat_code, one.name, Reason(one.kind), bool(one.within)))
        self._written = list(self._folded)
        self._official = [
            (alias, written)
            for written, aliases in self._folded.items()
            for alias in aliases
            if alias.reason in (Reason.OFFICIAL, Reason.OTHER_LANGUAGE)
        ]

    def _add_official(self, code: str, name: str, other: str) -> None:
        self._add(Alias(code, name, Reason.OFFICIAL))
        words = spelling.fold(name).split()
        for count in range(1, len(words)):
            self._beginnings.setdefault(" ".join(words[:count]), set()).add(code)
        if other and other != name:
            for written in (other, f"{name}/{other}", f"{other}/{name}", spelling.fold_umlauts(other)):
                if written:
                    self._add(Alias(code, written, Reason.OTHER_LANGUAGE))

    def _add(self, alias: Alias) -> None:
        folded = spelling.fold(alias.name)
        _put(self._folded, folded, alias)
        if not alias.needs_hint:
            _put(self._squashed, spelling.squash(folded), alias)
            _put(self._contents, spelling.content_key(folded), alias)
            _put(self._saints, spelling.saint_key(folded), alias)

    def same_name(self, name: str, agreed: Codes | None) -> Aliases:
        """Return the municipalities with this name, ignoring case, accents and punctuation. `agreed`: from a hint."""
        found = self._folded.get(spelling.fold(name), ())
        found = tuple(one for one in found if not one.needs_hint or (agreed is not None and one.code in agreed))
        return _tell_by_accent(name, found, agreed) if len(found) > 1 else found

    def codes_of(self, name: str) -> Codes:
        """Return the municipalities with this name, without any hint."""
        return frozenset(one.code for one in self._folded.get(spelling.fold(name), ()) if not one.needs_hint)

    def same_but_for_spelling(self, name: str) -> Aliases:
        """Search the looser keys, strictest first: spaces, contractions, prepositions, saints, "s/" before a river."""
        folded = spelling.fold(name)
        spellings = dict.fromkeys((folded, spelling.fold(spelling.expand_contractions(name))))
        for one in spellings:
            found = () if one == folded else self.same_name(one, None)
            found = found or self._squashed.get(spelling.squash(one), ()) or self._same_content(one)
            if found:
                return found
        for one in spellings:
            without_s = spelling.without_river_s(one)
            found = self._same_saint(one) or self._same_saint(without_s) or self._same_content(without_s)
            if found:
                return found
        return ()

    def _same_content(self, folded: str) -> Aliases:
        return self._contents.get(spelling.content_key(folded), ())

    def _same_saint(self, folded: str) -> Aliases:
        found = self._saints.get(spelling.saint_key(folded), ())
        return tuple(one for one in found if spelling.saints_agree(folded, spelling.fold(one.name)))

    def beginning_with(self, name: str) -> Codes:
        """Return the municipalities whose official name is longer and begins with all these words."""
        return frozenset(self._beginnings.get(spelling.fold(name), ()))

    def municipality_of_locality(self, name: str) -> str | None:
        """Return the municipality of a well-known hamlet or neighbourhood."""
        return self._localities.get(spelling.fold(name))

    def nearest(self, name: str, allowed: Codes) -> tuple[str, bool]:
        """Return the code among `allowed` whose name is most alike, and whether they differ by one letter."""
        folded = spelling.fold(spelling.expand_contractions(name))
        names = {written: alias.code for alias, written in self._official if alias.code in allowed}
        near = process.extract(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=3)
        others = [score for written, score, _ in near if names[written] != names[near[0][0]]]
        if not near:
            return "", False
        written, best, _ = near[0]
        is_sure = OSA.distance(folded, written, score_cutoff=1) <= 1 and all(best - one > _MARGIN for one in others)
        return names[written], is_sure

    def similar(self, name: str, limit: int) -> list[str]:
        """Return the codes of the names with the most similar spelling, for suggestions only."""
        folded = spelling.fold(spelling.expand_contractions(name))
        near = process.extract(folded, self._written, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=limit)
        return [alias.code for written, _score, _position in near for alias in self._folded[written]]


def find_seats(municipalities: pd.DataFrame) -> Mapping[str, str]:
    """Return (code of each municipality that its province is named after → province code)."""
    frame = municipalities
    columns = (frame.index, frame["name"], frame["province"], frame["province_code"])
    seats = {}
    for code, name, province, province_code in zip(*columns, strict=True):
        folded = spelling.fold(name)
        key = spelling.content_key(folded)
        same_content = key and key == spelling.content_key(spelling.fold(province))
        if same_content or folded in map(spelling.fold, re.split(" e della | e |/|-", province)):
            seats[code] = province_code
    return seats


def _put(index: dict[str, Aliases], key: str, alias: Alias) -> None:
    if key:
        index[key] = (*index.get(key, ()), alias)


def _tell_by_accent(name: str, found: Aliases, agreed: Codes | None) -> Aliases:
    """Paternò and Paterno differ by an accent alone: believe it when it is written, or beside a hint that agrees.

    Lists lose their accents: without one, and without a hint, the name may be either.
    """
    written = spelling.literal(name)
    same = tuple(alias for alias in found if spelling.literal(alias.name) == written)
    is_exact = agreed is not None and any(alias.name == name.strip() for alias in found)
    return same if same and (is_exact or not written.isascii()) else found
