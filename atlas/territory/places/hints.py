"""What people write beside a place name to locate it, as the set of municipalities it allows."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from atlas.base.tables import read_rows
from atlas.territory.places.spelling import fold

Codes = frozenset[str]
_COUNTRY = frozenset({"italia", "italy", "italien", "italie", "italija", "it", "ita", "i", "repubblica italiana"})
_NO_VALUE = frozenset({"", "nan", "nd", "n d", "null", "non disponibile"})
# Words for the kind of place, which do not restrict the search.
_KIND_OF_PLACE = frozenset({
    "comune", "citta", "city", "town", "capoluogo", "municipality", "comune capoluogo", "gemeinde", "stadt", "commune",
    "municipio", "centro", "paese", "capofila", "comune capofila", "ente capofila",
})  # fmt: skip
_PREFIX = re.compile(
    r"^(?:in |nella |nel |della )?(?:"
    r"citta metropolitana|area metropolitana|metropolitan city|metropolitan area|metropolstadt|cm|"
    r"libero consorzio comunale|libero consorzio|provincia autonoma|"
    r"prov autonoma|provincia aut|prov aut|p aut|p a|pa|provincia regionale|"
    r"provincia|province|provinz|prov|pr|autonomous province|autonome provinz|pokrajina|"
    r"regione autonoma|regione a statuto speciale|regione|region"
    r")(?: (?:di|del|della|dell|delle|dei|d|de|du|of|von|la))* (?=\w)"
)
_SUFFIX = re.compile(r" (?:provincia|province|prov|region|regione|provinz)$")
_SEPARATORS = re.compile(r"[,;/|()\[\]]| [-–—] ")
# Similarity threshold for misspelt provinces and regions; a hint only restricts and never adds a candidate.
_MIN_SIMILARITY = 88.0


@dataclass(frozen=True, slots=True)
class PlaceHint:
    """One line of place_hints.csv: a name and the codes (region 2, province 3, municipality 6 digits) it covers."""

    name: str
    codes: tuple[str, ...]


def read_place_hints(data_dir: Path) -> tuple[PlaceHint, ...]:
    """Read data/place_hints.csv. Raises DataError if the file is missing or broken."""
    rows = read_rows(data_dir / "place_hints.csv", ("name", "codes"))
    return tuple(PlaceHint(name, tuple(codes.split(";"))) for name, codes in rows)


class Hints:
    """Names, abbreviations and codes of provinces and regions, of today and former, each with its municipalities."""

    def __init__(self, municipalities: pd.DataFrame, extra: Iterable[PlaceHint] = ()) -> None:
        self.everywhere: Codes = frozenset(municipalities.index)
        by_code: dict[str, Codes] = {}
        for column in ("province_code", "region_code"):
            for code, group in municipalities[column].groupby(municipalities[column]):
                by_code[str(code)] = frozenset(group.index)
        found: dict[str, set[str]] = {}
        self._region_names: set[str] = set()
        names = municipalities[
            ["province_code", "province", "province_abbr", "region_code", "region"]
        ].drop_duplicates()
        for province_code, province, abbr, region_code, region in names.itertuples(index=False, name=None):
            for name in (province, abbr, *province.split("/")):
                found.setdefault(fold(name), set()).update(by_code[province_code])
            self._region_names.add(fold(region))
            found.setdefault(fold(region), set()).update(by_code[region_code])
        # Two-letter abbreviations may stand without brackets at the end of a name.
        self._abbreviations = {fold(abbr) for abbr in names["province_abbr"]}
        for hint in extra:
            key = fold(hint.name)
            members = self._members(hint.codes, by_code)
            found.setdefault(key, set()).update(members)
            if len(hint.name) == 2:
                self._abbreviations.add(key)
            if all(len(code) == 2 for code in hint.codes):
                self._region_names.add(key)
        # The former municipalities of "MI" also count for "Milano".
        for province, abbr in zip(names["province"], names["province_abbr"], strict=True):
            found[fold(province)] |= found[fold(abbr)]
        self._by_name: Mapping[str, Codes] = {name: frozenset(codes) for name, codes in found.items()}
        self._by_code: Mapping[str, Codes] = by_code
        self._long_names = [name for name in self._by_name if len(name) > 6]

    def _members(self, codes: Iterable[str], by_code: Mapping[str, Codes]) -> set[str]:
        members: set[str] = set()
        for code in codes:
            members |= by_code.get(code, frozenset()) if len(code) < 6 else {code} & self.everywhere
        return members

    def both(self, one: Codes, other: Codes) -> Codes:
        """Return the intersection, without cost if one of the two is the whole country."""
        if one is self.everywhere:
            return other
        return one if other is self.everywhere else one & other

    def is_abbreviation(self, word: str) -> bool:
        """Whether a folded word is the abbreviation of a province, of today or former."""
        return word in self._abbreviations

    def is_territory(self, text: str) -> bool:
        """Whether a text names a province, a region or a larger area (and may also name a municipality)."""
        return fold(text) in self._by_name or self.bare_name(text) in self._by_name

    def bare_name(self, text: str) -> str:
        """Return the folded name without words such as "provincia di": "Provincia di Trento" gives "trento"."""
        return self._strip(fold(text))

    def is_region(self, text: str) -> bool:
        """Whether a text is the name of a region and of no municipality's province."""
        return fold(text) in self._region_names

    def is_announced_territory(self, text: str) -> bool:
        """Whether a text is explicitly a province or a region: "Provincia di Trento"."""
        return self.bare_name(text) != fold(text)

    def read_one(self, text: str) -> Codes | None:
        """Return the municipalities that one hint allows, or None if it is not understood."""
        folded = fold(text)
        if folded in _COUNTRY or folded in _KIND_OF_PLACE or folded in _NO_VALUE:
            return self.everywhere
        bare = self._strip(folded)
        for key in (folded, bare):
            if key in self._by_name:
                return self._by_name[key]
        return self._by_code.get(folded)

    def read(self, text: str, seat: Callable[[str], Codes | None]) -> Codes | None:
        """Return what a whole hint allows ("RE, Emilia-Romagna"), or None if no part of it is understood.

        `seat` gives the province of a capital under another name ("Florenz").
        """
        whole = self._read_loosely(text, seat)
        if whole is not None:
            return whole
        allowed = self.everywhere
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        for part in parts if len(parts) > 1 else [""]:
            codes = self._read_loosely(part, seat) if part else None
            if codes is None:
                return None
            allowed = self.both(allowed, codes)
        return allowed

    def _read_loosely(self, text: str, seat: Callable[[str], Codes | None]) -> Codes | None:
        exact = self.read_one(text)
        if exact is not None:
            return exact
        bare = self._strip(fold(text))
        by_seat = seat(bare)
        if by_seat is not None:
            return by_seat
        near = process.extractOne(bare, self._long_names, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
        return self._by_name[near[0]] if near else None

    @staticmethod
    def _strip(folded: str) -> str:
        return _SUFFIX.sub("", _PREFIX.sub("", folded))
