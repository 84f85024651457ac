"""Matching a place as people write it to one ISTAT code, to "ambiguous" or to "none".

A code is returned only if the name is the same except for its spelling. Similar names are suggestions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from atlas.territory.codes import CodeBook, CodeChange, read_code_changes, to_bare_code
from atlas.territory.places import reading as place_reading
from atlas.territory.places import spelling
from atlas.territory.places.answers import MatchStatus, PlaceMatch, Reason
from atlas.territory.places.hints import Codes, Hints, PlaceHint, read_place_hints
from atlas.territory.places.lexicon import Alias, Aliases, Lexicon, PlaceName, find_seats, read_place_names
from atlas.territory.territory import Territory

MAX_SUGGESTIONS = 5
# "San Giovanni" could be forty places: a longer list would not help.
_MAX_SHARING_A_BEGINNING = 15
# In a file full of unknown names only the first ones get suggestions.
_MAX_SUGGESTED_IN_A_BATCH = 200
_NOTHING_SIMILAR_HELPS = (Reason.EMPTY, Reason.LARGER_AREA)


def read_place_index(data_dir: Path, territory: Territory) -> "PlaceIndex":
    """Build the index from the project's data files. Takes about a third of a second: build it once."""
    return PlaceIndex(
        territory.municipalities, read_place_names(data_dir), read_place_hints(data_dir), read_code_changes(data_dir)
    )


class PlaceIndex:
    """A searchable index of all names of municipalities.

    municipalities: index istat_code; columns name, name_other, province_code, province, province_abbr, region_code,
    region (and belfiore, to find cadastral codes).
    """

    def __init__(
        self,
        municipalities: pd.DataFrame,
        names: Iterable[PlaceName] = (),
        hints: Iterable[PlaceHint] = (),
        changes: Iterable[CodeChange] = (),
    ) -> None:
        self._names: Mapping[str, str] = dict(zip(municipalities.index, municipalities["name"], strict=True))
        self._abbreviations = dict(zip(municipalities.index, municipalities["province_abbr"], strict=True))
        self._lexicon = Lexicon(municipalities, names)
        self._hints = Hints(municipalities, hints)
        self._book = CodeBook(municipalities, changes)
        self._seats = find_seats(municipalities)
        self._allowed_by = lru_cache(maxsize=4096)(self._read_hint)

    def match(self, query: str, within: str = "") -> PlaceMatch:
        """Find the municipality named by a text; `within` is a province or region, today's or former, if known."""
        found = self.find(query, within)
        if found.status is MatchStatus.MATCH or found.suggestions or found.reason in _NOTHING_SIMILAR_HELPS:
            return found
        if found.status is MatchStatus.AMBIGUOUS:
            return replace(found, suggestions=self._labelled(found.candidates))
        return replace(found, suggestions=self.suggest(query))

    def match_many(self, pairs: Iterable[tuple[str, str]]) -> list[PlaceMatch]:
        """Match (query, within) pairs, each distinct one once; only the first misses of a long file get suggestions."""
        known: dict[tuple[str, str], PlaceMatch] = {}
        matches = []
        suggested = 0
        for pair in pairs:
            if pair not in known:
                found = self.find(*pair)
                if found.status is not MatchStatus.MATCH and suggested < _MAX_SUGGESTED_IN_A_BATCH:
                    suggested += 1
                    found = self.match(*pair)
                known[pair] = found
            matches.append(known[pair])
        return matches

    def within(self, text: str) -> Codes | None:
        """Return the municipalities of a province or region as people write it; None if unknown."""
        return self._allowed_by(text.strip())

    def nearest(self, query: str, within: str) -> tuple[str, bool]:
        """Return the municipality of a province or region whose name is nearest, and whether it is so but for a letter.

        ("", False) when none is near, or the place is not known or the whole country.
        """
        allowed = self.within(within)
        if not allowed or allowed is self._hints.everywhere:
            return "", False
        return self._lexicon.nearest(spelling.repair(query), allowed)

    def find_lost(self, query: str, within: str) -> Codes:
        """Return the municipalities whose name a text is, each U+FFFD standing for a letter or two that were lost."""
        allowed = self.within(within) or self._hints.everywhere
        parts = [re.escape(spelling.fold(part)) for part in re.split("\ufffd+", query)]
        pattern = re.compile("[a-z]{1,2} ?".join(parts))
        if not "".join(parts):
            return frozenset()
        return frozenset(code for code in allowed if pattern.fullmatch(spelling.fold(self._names[code])))

    def suggest(self, query: str, within: str = "") -> tuple[tuple[str, str], ...]:
        """Return up to five (code, "Name (sigla)") that a person may have meant, likeliest first.

        Those within the province or region come first, when it is known and has one.
        """
        inside, _ = self.nearest(query, within)
        codes = [inside] if inside else []
        words = spelling.fold(query).split()
        for count in range(len(words), 0, -1):  # "Vallecrosia al mare": a name with words after it
            codes += sorted(self._lexicon.codes_of(" ".join(words[:count])))
        for text in dict.fromkeys((query, place_reading.head_of(query))):
            codes += sorted(self._lexicon.codes_of(text))
            codes += sorted(self._lexicon.beginning_with(text))
            if len(set(codes)) < MAX_SUGGESTIONS:
                codes += self._lexicon.similar(text, MAX_SUGGESTIONS)
        return self._labelled(dict.fromkeys(codes))

    def find(self, query: str, within: str = "") -> PlaceMatch:
        """Match without looking for similar names: five times as fast when nothing matches."""
        text = spelling.repair(query)
        if not spelling.fold(text):
            return PlaceMatch(query, MatchStatus.NONE, Reason.EMPTY)
        allowed = self.within(within)
        if to_bare_code(text):
            return self._match_code(query, text, allowed)
        ways: list[place_reading.Reading] = []
        elsewhere: PlaceMatch | None = None
        for name, inline in self._ways_to_read(text):
            ways.append((name, inline))
            found = self._lexicon.same_name(name, self._agreed(inline, allowed))
            answer = self._decide(query, found, inline, allowed) if found else None
            if answer and answer.reason is not Reason.HINT_DISAGREES:
                return answer
            elsewhere = elsewhere or answer
        refused = None if elsewhere else self._refuse(query, text)
        if refused:
            return refused
        for name, inline in ways:
            found = self._lexicon.same_but_for_spelling(name)
            answer = self._decide(query, found, inline, allowed, is_exact=False) if found else None
            if answer and answer.reason is not Reason.HINT_DISAGREES:
                return answer
            elsewhere = elsewhere or answer
        return elsewhere or self._match_beginning(query, ways, allowed)

    def _ways_to_read(self, text: str) -> Iterator[place_reading.Reading]:
        """ "Forlì - Cesena" is a province, not Forlì with a hint: only the whole text could be a municipality."""
        ways = place_reading.read_ways(text, self._hints, self._allowed_beside)
        yield next(ways)
        if not self._hints.is_territory(text):
            yield from ways

    def _match_code(self, query: str, text: str, allowed: Codes | None) -> PlaceMatch:
        code = self._book.resolve(text).code
        if code is None:
            return PlaceMatch(query, MatchStatus.NONE, Reason.UNKNOWN)
        found = (Alias(code, self._names[code], Reason.CODE),)
        return self._decide(query, found, self._hints.everywhere, allowed)

    def _read_hint(self, text: str) -> Codes | None:
        return self._hints.read(text, self._province_of_seat)

    def _province_of_seat(self, name: str) -> Codes | None:
        """ "Florenz" stands for the province of Florence."""
        codes = self._lexicon.codes_of(name)
        province = self._seats.get(next(iter(codes))) if len(codes) == 1 else None
        return self._hints.read_one(province) if province else None

    def _allowed_beside(self, text: str) -> Codes | None:
        """Return what a part beside the name allows: a territory, a code, or the same place in another language."""
        text = place_reading.without_now_or_then(text)
        bare = to_bare_code(text)
        if bare.isdigit() and len(bare) != 6:
            return None
        if len(bare) == 6 or (bare and bare[0].isalpha()):
            code = self._book.resolve(bare).code
            return frozenset({code}) if code else None
        codes, same_place = self._allowed_by(text), self._lexicon.codes_of(text)
        if codes is None:
            return same_place or None
        return codes if same_place <= codes else codes | same_place

    def _agreed(self, inline: Codes, allowed: Codes | None) -> Codes | None:
        """Return the municipalities that all hints allow; None without hints."""
        if allowed is None:
            return None
        together = self._hints.both(allowed, inline)
        return None if together is self._hints.everywhere else together

    def _refuse(self, query: str, text: str) -> PlaceMatch | None:
        """Refuse what is known not to be a municipality, before looser readings match one."""
        if place_reading.names_larger_area(text) or self._hints.is_territory(text):
            seats = sorted(self._lexicon.codes_of(self._hints.bare_name(text)))
            return PlaceMatch(query, MatchStatus.NONE, Reason.LARGER_AREA, suggestions=self._labelled(seats))
        for name in dict.fromkeys((text, place_reading.head_of(text))):
            municipality = self._lexicon.municipality_of_locality(name)
            if municipality is not None and municipality in self._names:
                suggestions = self._labelled([municipality])
                return PlaceMatch(query, MatchStatus.NONE, Reason.LOCALITY, suggestions=suggestions)
        if place_reading.names_part_of_municipality(text):
            return PlaceMatch(query, MatchStatus.NONE, Reason.LOCALITY)
        return None

    def _decide(
        self, query: str, found: Aliases, inline: Codes, allowed: Codes | None, is_exact: bool = True
    ) -> PlaceMatch:
        """Turn the municipalities with the name into a result, given what the hints allow."""
        codes = tuple(dict.fromkeys(alias.code for alias in found))
        if allowed is None:
            return PlaceMatch(query, MatchStatus.NONE, Reason.HINT_UNKNOWN, suggestions=self._labelled(codes))
        kept = tuple(code for code in codes if code in inline and code in allowed)
        if not kept:
            return PlaceMatch(query, MatchStatus.NONE, Reason.HINT_DISAGREES, suggestions=self._labelled(codes))
        if len(kept) > 1:
            return PlaceMatch(query, MatchStatus.AMBIGUOUS, Reason.HOMONYMS, candidates=tuple(sorted(kept)))
        reason = next(alias.reason for alias in found if alias.code == kept[0])
        if reason is Reason.OFFICIAL and not is_exact:
            reason = Reason.SPELLING
        return PlaceMatch(query, MatchStatus.MATCH, reason, kept[0], self._names[kept[0]], kept)

    def _match_beginning(self, query: str, ways: list[place_reading.Reading], allowed: Codes | None) -> PlaceMatch:
        """Several municipalities that begin with the whole text: "Castellammare". One alone is only a suggestion."""
        if allowed is None:
            return PlaceMatch(query, MatchStatus.NONE, Reason.HINT_UNKNOWN)
        for name, inline in ways:
            codes = tuple(sorted(self._lexicon.beginning_with(name) & self._hints.both(inline, allowed)))
            if 1 < len(codes) <= _MAX_SHARING_A_BEGINNING:
                return PlaceMatch(query, MatchStatus.AMBIGUOUS, Reason.SHARED_BEGINNING, candidates=codes)
            if codes:
                return PlaceMatch(query, MatchStatus.NONE, Reason.UNKNOWN, suggestions=self._labelled(codes))
        return PlaceMatch(query, MatchStatus.NONE, Reason.UNKNOWN)

    def _labelled(self, codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (code, f"{self._names[code]} ({self._abbreviations[code]})") for code in list(codes)[:MAX_SUGGESTIONS]
        )
