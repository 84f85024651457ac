"""Municipalities found by the beginnings of the words of their names, while they are typed; it knows no initiative."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from atlas.base.model import Language
from atlas.base.text import fold
from atlas.territory.places.names import place_name
from atlas.territory.territory import Territory

# Of a hundred; below it a suggestion looks like nothing that was typed.
SIMILARITY = 75

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A municipality by its folded name, and all that can be typed for it: its names in each language, its province."""

    code: str
    name: str
    typed: tuple[str, ...]
    text: str


def build_place_names(territory: Territory) -> tuple[PlaceName, ...]:
    """Return the names of all municipalities ready to be searched, by name; made once for a territory."""
    frame = territory.municipalities
    columns = (frame.index, frame["name"], frame["name_other"], frame["province_abbr"])
    names = []
    for code, name, other, abbr in zip(*columns, strict=True):
        said = dict.fromkeys((name, other, place_name(str(code), territory, Language.EN)))
        typed = (*(" ".join(_words(f"{one} {abbr}")) for one in said if one), str(code))
        names.append(PlaceName(str(code), " ".join(_words(name)), typed, "\n".join(typed)))
    return tuple(sorted(names, key=lambda place: (place.name, place.code)))


def search_places(text: str, names: tuple[PlaceName, ...], limit: int) -> tuple[tuple[str, ...], int]:
    """Return up to `limit` codes of the municipalities that a text may mean, and how many there are in all.

    Each word typed must begin a word of the name, in any order ("reggio emilia" finds Reggio nell'Emilia, "crema cr"
    the one of that province). First the names that are the text, then those that begin with it, then the others, each
    group by name. A code finds its municipality. Without a letter or a digit nothing is found.
    """
    words = sorted(_words(text), key=len, reverse=True)
    if not words:
        return (), 0
    whole = " ".join(_words(text))
    possible = [place for place in names if words[0] in place.text]
    found = [place for place in possible if any(_matches(words, typed) for typed in place.typed)]
    found.sort(key=lambda place: _rank(whole, place))
    return tuple(place.code for place in found[:limit]), len(found)


def _rank(whole: str, place: PlaceName) -> int:
    if any(typed == whole or typed.rpartition(" ")[0] == whole for typed in place.typed):
        return 0
    return 1 if any(typed.startswith(whole) for typed in place.typed) else 2


def suggest_places(text: str, names: tuple[PlaceName, ...], limit: int) -> tuple[str, ...]:
    """Return up to `limit` codes of the names most alike in letters, for a text in which a letter is wrong."""
    whole = " ".join(_words(text))
    choices = {place.code: place.name for place in names}
    alike = process.extract(whole, choices, scorer=fuzz.ratio, score_cutoff=SIMILARITY, limit=limit)
    return tuple(code for _, _, code in alike)


def _matches(words: list[str], typed: str) -> bool:
    """Tell whether each word, the longest first, begins a word of its own."""
    left = typed.split()
    for word in words:
        begun = next((one for one in left if one.startswith(word)), None)
        if begun is None:
            return False
        left.remove(begun)
    return True


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))
