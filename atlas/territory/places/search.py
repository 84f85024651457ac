"""The index of places: municipalities, provinces and regions by all the names that people use for them.

Official, foreign, short and former names, names without accents, abbreviations, codes; the map, the page of a
municipality and the search for initiatives all look here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from atlas.base.model import Level
from atlas.territory.places.names import special_names
from atlas.territory.places.spelling import PREPOSITIONS, fold
from atlas.territory.territory import CODE_DIGITS, Territory

# Similarity threshold (0-100) of suggestions.
SIMILARITY = 75

_LEVELS = tuple(Level)
_COLUMNS = {
    Level.MUNICIPALITY: (("name", "name_other"), "province_abbr"),
    Level.PROVINCE: (("name",), "abbr"),
    Level.REGION: (("name",), ""),
}
_ORDER = {Level.MUNICIPALITY: 0, Level.PROVINCE: 1, Level.REGION: 2}
# Words for the kind of place.
_KINDS: dict[str, Level] = {
    "comune": Level.MUNICIPALITY,
    "municipality": Level.MUNICIPALITY,
    "provincia": Level.PROVINCE,
    "province": Level.PROVINCE,
    "citta metropolitana": Level.PROVINCE,
    "metropolitan city": Level.PROVINCE,
    "libero consorzio": Level.PROVINCE,
    "regione": Level.REGION,
    "region": Level.REGION,
}
_KIND_WORDS = {
    level: " ".join(kind for kind, of in _KINDS.items() if of is level and level is not Level.MUNICIPALITY)
    for level in Level
}
_OF = PREPOSITIONS | {"of", "the"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place and the texts that find it.

    names: folded, first the `current` that are in use, then those in `former` (as written): of earlier times, of
    hamlets. typed: for each name the line in which a search looks, with abbreviation and kind; then the code.
    """

    code: str
    level: Level
    name: str
    names: tuple[str, ...]
    current: int
    former: tuple[str, ...]
    typed: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class PlaceIndex:
    """All places by name, and the codes of each whole name; `former` are names that no place bears today."""

    places: tuple[Place, ...]
    by_name: Mapping[str, tuple[str, ...]]
    former: Mapping[str, tuple[str, ...]]
    abbreviations: Mapping[str, str]

    @cached_property
    def by_code(self) -> Mapping[str, Place]:
        return {place.code: place for place in self.places}

    def named(self, text: str) -> tuple[str, ...]:
        """Return the codes of the places with exactly this name: "Roma", "provincia di Bari", "Bozen".

        Several when a municipality and a province share it; a name of today hides the same former one.
        """
        folded = fold(text)
        for kind, level in _KINDS.items():
            if folded.startswith(f"{kind} "):
                words = folded.removeprefix(f"{kind} ").split()
                while len(words) > 1 and words[0] in _OF:
                    words = words[1:]
                return tuple(code for code in self._bearing(" ".join(words)) if len(code) == CODE_DIGITS[level])
        return self._bearing(folded)

    def _bearing(self, folded: str) -> tuple[str, ...]:
        return self.by_name.get(folded) or self.former.get(folded, ())


@lru_cache(maxsize=4)
def index_places(territory: Territory) -> PlaceIndex:
    """Return the index of a territory, built once."""
    also: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for other in territory.other_names:
        (also if other.is_current else before).setdefault(other.code, []).append(other.name)
    places = sorted(_list_places(territory, also, before), key=lambda place: (place.name, place.code))
    by_name: dict[str, dict[str, None]] = {}
    former: dict[str, dict[str, None]] = {}
    for place in sorted(places, key=lambda place: _ORDER[place.level]):
        for position, name in enumerate(place.names):
            (by_name if position < place.current else former).setdefault(name, {})[place.code] = None
    return PlaceIndex(
        tuple(places),
        {name: tuple(codes) for name, codes in by_name.items()},
        {name: tuple(codes) for name, codes in former.items()},
        {str(abbr): str(code) for code, abbr in territory.provinces["abbr"].items()},
    )


def search_places(
    text: str, index: PlaceIndex, limit: int, levels: Collection[Level] = _LEVELS
) -> tuple[tuple[str, ...], int]:
    """Return up to `limit` codes of the places that match a text, and how many match in all.

    Each word typed must begin a word of the name, in any order ("reggio emilia" finds Reggio nell'Emilia, "crema cr"
    the one of that province); prepositions may be left out or in. First the names that are the text, then those that
    begin with it, then the others, then former names; municipalities before provinces before regions, each by name. A
    code finds its place. Without a letter or a digit nothing is found.
    """
    every = fold(text).split()
    if every[:1] in (["comune"], ["municipality"]) and every[1:]:
        every, levels = every[1:], {Level.MUNICIPALITY} & set(levels)
    words = sorted([word for word in every if word not in _OF] or every, key=len, reverse=True)
    if not words:
        return (), 0
    whole = " ".join(every)
    possible = [place for place in index.places if place.level in levels and words[0] in place.text]
    found = [place for place in possible if any(_matches(words, typed) for typed in place.typed)]
    bearers = {*index.named(text), index.abbreviations.get(text.strip().upper(), "")}
    found.sort(key=lambda place: (_rank(whole, words, place, bearers), _ORDER[place.level]))
    return tuple(place.code for place in found[:limit]), len(found)


def suggest_places(text: str, index: PlaceIndex, limit: int, levels: Collection[Level] = _LEVELS) -> tuple[str, ...]:
    """Return up to `limit` codes of the names with the most similar spelling, for misspelt texts."""
    choices = {place.code: place.name for place in index.places if place.level in levels}
    alike = process.extract(fold(text), choices, scorer=fuzz.ratio, score_cutoff=SIMILARITY, limit=limit)
    return tuple(code for _, _, code in alike)


def former_name(code: str, text: str, index: PlaceIndex) -> str:
    """Return the former or hamlet name that is the only match of a text for a place; empty otherwise."""
    place = index.by_code[code]
    words = sorted((word for word in fold(text).split() if word not in _OF), key=len, reverse=True)
    position = next((at for at, typed in enumerate(place.typed) if _matches(words, typed)), 0)
    return place.former[position - place.current] if place.current <= position < len(place.names) else ""


def _list_places(
    territory: Territory, also: Mapping[str, list[str]], before: Mapping[str, list[str]]
) -> Iterator[Place]:
    for level, (name_columns, abbr_column) in _COLUMNS.items():
        frame = territory.at(level)
        abbreviations = frame[abbr_column] if abbr_column else [""] * len(frame)
        rows = zip(frame.index, abbreviations, *(frame[column] for column in name_columns), strict=True)
        for code, abbr, official, *others in rows:
            said = (official, *official.split("/"), *others, *special_names(code), *also.get(code, ()))
            current = [name for name in dict.fromkeys(map(fold, dict.fromkeys(said))) if name]
            former = {fold(name): name for name in before.get(code, ()) if fold(name) not in current}
            names = (*current, *former)
            beside = " ".join(filter(None, (fold(abbr), _KIND_WORDS[level])))
            typed = (*(f"{name} {beside}" for name in names), code)
            text = "\n".join(typed)
            yield Place(code, level, fold(official), names, len(current), (*former.values(),), typed, text)


def _rank(whole: str, words: list[str], place: Place, bearers: Collection[str]) -> int:
    now = place.typed[: place.current]
    if place.code in bearers or whole in (place.code, *(" ".join(typed.split()) for typed in now)):
        return 0
    if any(typed.startswith(whole) for typed in now):
        return 1
    return 2 if any(_matches(words, typed) for typed in now) else 3


def _matches(words: list[str], typed: str) -> bool:
    """Tell whether each word, the longest first, begins a different word."""
    left = typed.split()
    for word in words:
        begun = next((one for one in left if one.startswith(word)), None)
        if begun is None:
            return False
        left.remove(begun)
    return True
