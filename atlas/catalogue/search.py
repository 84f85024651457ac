"""The search: whole words in one language, places and synonyms.

Words match in singular and plural, masculine and feminine, with or without accents, but never inside other words. The
name of a place ("Roma", "provincia di Bari", "BT") finds the initiatives placed there, and those with that word in
their text. An expression of data/synonyms.csv also finds its meanings.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd

from atlas.base.model import Language
from atlas.base.text import fold
from atlas.catalogue.vocabulary import Synonym, Vocabulary
from atlas.territory.places.search import PlaceIndex, index_places
from atlas.territory.territory import Territory

# The largest number of words of a place name or synonym.
LONGEST_EXPRESSION = 7
# Words up to this length are not stemmed: "casa" is not "caso", nor "roma" "rom".
SHORT = 4

_WORD = re.compile(r"[^\W_]+")
# Endings of the same short word: casa, case; nido, nidi; arte, arti.
_SHORT_ENDINGS = {"a": "ª", "e": "ªº", "i": "º", "o": "º"}
_IRREGULAR = {
    Language.IT: {"uomini": "uomo"},
    Language.EN: {"children": "child", "women": "woman", "men": "man", "people": "person", "wives": "wife"},
}
# Stop words.
_STOP_IT = """
a ad agli ai al all alla alle allo che chi ci col come con cui d da dagli dai dal dall dalla dalle dallo degli dei del
dell della delle dello di e ed fra gli ha i il in l la le lo ne negli nei nel nell nella nelle nello non o per piu quali
se si su sugli sui sul sull sulla sulle sullo tra un una uno
"""
_STOP_EN = "a an and are as at by for from in is of on or s the their to who with"
_STOP = {Language.IT: frozenset(_STOP_IT.split()), Language.EN: frozenset(_STOP_EN.split())}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a word or expression of a search, besides the words themselves.

    written: as typed. places: codes of the places with this name. terms: (dimension, id) of themes and
    target groups. words: further expressions to search.
    """

    written: str
    places: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    @property
    def expressions(self) -> tuple[tuple[str, bool], ...]:
        """What to search in the texts, and whether only as it is written: the name of a place has no plural."""
        return ((self.written, bool(self.places)), *((words, False) for words in self.words))


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The word index of all initiatives in one language: initiatives by word, and words by stem.

    names: initiatives by word of their place names, which are not stemmed.
    """

    language: Language
    rows: Mapping[str, np.ndarray]
    names: Mapping[str, np.ndarray]
    by_stem: Mapping[str, tuple[str, ...]]

    def forms(self, word: str, exact: bool) -> set[str]:
        """Return a folded word and its other forms in the texts; only itself if `exact`."""
        return {word} if exact else {one for stem in stems(word, self.language) for one in self.by_stem.get(stem, ())}

    def with_word(self, word: str, exact: bool) -> set[int]:
        """Return the rows of the initiatives that have a folded word, in any of its forms unless `exact`."""
        found = [self.rows[form] for form in self.forms(word, exact) if form in self.rows]
        found += [] if exact or word not in self.names else [self.names[word]]
        return set().union(*(rows.tolist() for rows in found))

    def with_all(self, text: str, exact: bool) -> set[int]:
        """Return the rows of the initiatives that have every word of a text, except stop words."""
        words = _telling(text, self.language)
        return set.intersection(*(self.with_word(word, exact) for word in words)) if words else set()


@dataclass(frozen=True)
class Search:
    """The searchable texts. The index of a language is built for its first search."""

    frame: pd.DataFrame
    place_names: tuple[frozenset[str], ...]
    vocabulary: Vocabulary
    territory: Territory
    _indexes: dict[Language, TextIndex] = field(default_factory=dict, compare=False)

    def index(self, language: Language) -> TextIndex:
        """Return the word index of a language."""
        if language not in self._indexes:
            self._indexes[language] = _build_index(self, language)
        return self._indexes[language]

    def read(self, text: str, language: Language) -> tuple[Meaning, ...]:
        """Return the meaning of each part of a search, matching the longest expressions first."""
        return read_search(text, language, self.vocabulary, index_places(self.territory))


def matched_words(search: Search, text: str, language: Language) -> frozenset[str]:
    """Return the folded words of the texts that a search matches, for a page to mark them."""
    index, found = search.index(language), set()
    for meaning in search.read(text, language):
        for expression, exact in meaning.expressions:
            for word in _telling(expression, language):
                found |= index.forms(word, exact)
    return frozenset(found)


def read_search(text: str, language: Language, vocabulary: Vocabulary, places: PlaceIndex) -> tuple[Meaning, ...]:
    """Return the meaning of each part of a search, in order; empty if it has only stop words."""
    synonyms = _index_synonyms(vocabulary.synonyms, language)
    found = list(_WORD.finditer(text))
    meanings: list[Meaning] = []
    start = 0
    while start < len(found):
        for end in range(min(len(found), start + LONGEST_EXPRESSION), start, -1):
            written = text[found[start].start() : found[end - 1].end()]
            meaning = _read_expression(written, text, language, synonyms, places)
            if meaning:
                meanings.append(meaning)
                break
        else:
            end = start + 1
            meanings.append(Meaning(found[start].group()))
        start = end
    telling = [one for one in meanings if one.places or one.terms or one.words or _telling(one.written, language)]
    return tuple(telling or meanings)


def stems(word: str, language: Language) -> tuple[str, ...]:
    """Return the stems of a folded word; two forms of one word share at least one.

    >>> stems("profughi", Language.IT), stems("famiglie", Language.IT), stems("case", Language.IT)
    (('profug.',), ('famigl.',), ('casª', 'casº'))
    >>> stems("nurseries", Language.EN), stems("children", Language.EN)
    (('nursery',), ('child',))
    """
    word = _IRREGULAR[language].get(word, word)
    if language is Language.EN:
        return (_singular(word),)
    if word[-1] not in _SHORT_ENDINGS:
        return (word,)
    if len(word) <= SHORT:
        return tuple(word[:-1] + ending for ending in _SHORT_ENDINGS[word[-1]])
    stem = word[:-1]
    if stem.endswith(("ch", "gh")):
        stem = stem[:-1]
    return (stem.removesuffix("i") + ".",)


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def _telling(text: str, language: Language) -> list[str]:
    """Return the folded words of a text, except stop words."""
    return [word for word in _WORD.findall(fold(text)) if word not in _STOP[language]]


def _read_expression(
    written: str,
    text: str,
    language: Language,
    synonyms: Mapping[tuple[str, ...], tuple[Synonym, ...]],
    places: PlaceIndex,
) -> Meaning | None:
    """Return the meaning of a part of a search as a whole; None if it is neither a place name nor a synonym."""
    words = _WORD.findall(fold(written))
    is_alone = len(words) == len(_WORD.findall(text))
    codes = _read_place(written, is_alone, text, language, places)
    found: tuple[Synonym, ...] = ()
    if not {words[0], words[-1]} & _STOP[language]:
        found = tuple(one for key in _keys(written, language) for one in synonyms.get(key, ()))
    if not codes and not found:
        return None
    terms = dict.fromkeys((f"{one.kind}s", one.meaning) for one in found if one.kind != "words")
    others = dict.fromkeys(one.meaning for one in found if one.kind == "words")
    return Meaning(written, codes, tuple(terms), tuple(others))


def _read_place(written: str, is_alone: bool, text: str, language: Language, places: PlaceIndex) -> tuple[str, ...]:
    """Return the places named by a part of a search.

    Ambiguous names must look like names: short ones, those that are articles, and former ones only in capitals.
    """
    folded = fold(written)
    looks_like_a_name = written[0].isupper()
    if len(written) == 2 and (is_alone or (written.isupper() and not text.isupper())):
        abbreviated = places.abbreviations.get(written.upper())
        if abbreviated:
            return (abbreviated, *places.named(written))
    codes = places.named(written)
    if folded in _STOP[language]:
        return codes if is_alone else ()
    if looks_like_a_name or folded in {places.by_code[code].name for code in codes}:
        return codes
    is_former = folded in places.former and folded not in places.by_name
    return () if len(folded) <= SHORT - 1 or (is_former and not is_alone) else codes


def _keys(expression: str, language: Language) -> list[tuple[str, ...]]:
    """Return the possible keys of an expression: the stems of its words, except stop words."""
    return [key for key in product(*(stems(word, language) for word in _telling(expression, language))) if key]


@lru_cache(maxsize=8)
def _index_synonyms(synonyms: tuple[Synonym, ...], language: Language) -> Mapping[tuple[str, ...], tuple[Synonym, ...]]:
    index: dict[tuple[str, ...], dict[Synonym, None]] = {}
    for synonym in synonyms:
        if synonym.language is language:
            for key in _keys(synonym.expression, language):
                index.setdefault(key, {})[synonym] = None
    return {key: tuple(found) for key, found in index.items()}


def _build_index(search: Search, language: Language) -> TextIndex:
    frame, other = search.frame, next(one for one in Language if one is not language)
    shown = [frame[f"{column}_{language}"].where(frame[f"{column}_{language}"] != "", frame[f"{column}_{other}"])
             for column in ("title", "summary")]  # fmt: skip
    terms = search.vocabulary.themes | search.vocabulary.targets
    labels = {id_: fold(term.label(language)) for id_, term in terms.items()}
    listed = frame["themes"] + ";" + frame["targets"]
    texts = (
        f"{fold(' '.join(written))} {' '.join(labels.get(id_, '') for id_ in ids.split(';'))}"
        for *written, ids in zip(*shown, frame["lead_organisation"], frame["partners"], listed, strict=True)
    )
    rows = _find_rows(set(_WORD.findall(text)) - _STOP[language] for text in texts)
    by_stem: dict[str, list[str]] = {}
    for word in rows:
        for stem in stems(word, language):
            by_stem.setdefault(stem, []).append(word)
    return TextIndex(
        language, rows, _find_rows(search.place_names), {stem: tuple(words) for stem, words in by_stem.items()}
    )


def _find_rows(words_by_row: Iterable[Set[str]]) -> dict[str, np.ndarray]:
    rows: dict[str, list[int]] = {}
    for row, words in enumerate(words_by_row):
        for word in words:
            rows.setdefault(word, []).append(row)
    return {word: np.array(found) for word, found in rows.items()}
