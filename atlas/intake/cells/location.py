"""The location of a row: codes and names converted into territory codes, with notes about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from atlas.base.model import Level, Severity
from atlas.base.said import Said, said
from atlas.base.text import fold
from atlas.intake.cells.values import split_list
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.report import Answers
from atlas.territory.codes import PADDED, UNCHANGED, CodeBook, to_bare_code
from atlas.territory.places.matching import MatchStatus, PlaceIndex, PlaceMatch, Reason
from atlas.territory.territory import COUNTRY, Territory

# Longer than any name of a municipality; longer texts are not searched, to save time.
MAX_NAME = 200
MAX_UNKNOWN = 10_000
MAX_SUGGESTED = 200
_COUNTRY_NAMES = frozenset({"it", "ita", "italia", "italy", "tutta italia", "territorio nazionale"})


@dataclass(frozen=True, slots=True)
class PlaceCells:
    """The location cells of a row, as text; empty if the file does not have them."""

    istat_code: str = ""
    cadastral_code: str = ""
    municipality: str = ""
    province: str = ""
    region: str = ""
    province_part: str = ""
    lead_place: str = ""
    places: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on one field of a row; `choices` are the possible codes, None if there is no doubt."""

    severity: Severity
    field: str
    value: str
    text: Said
    hints: tuple[Said, ...] = ()
    choices: tuple[str, ...] | None = None


@dataclass(slots=True)
class Location:
    """The location of a row: without any place the row cannot be loaded, and the notes say why."""

    places: list[str] = field(default_factory=list)
    lead: str = ""
    notes: list[Note] = field(default_factory=list)

    def warn(self, name: str, value: str, text: Said, *hints: Said, choices: tuple[str, ...] | None = None) -> None:
        self.notes.append(Note(Severity.WARNING, name, value, text, hints, choices))

    def add(self, *codes: str) -> None:
        self.places += [code for code in codes if code and code not in self.places]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The known places, shared by all files: territory, codes, names; `labels` like "Roma (RM) 058091".

    Labels are precomputed because one look-up in a frame takes as long as all the rest of a row.
    """

    territory: Territory
    codes: CodeBook
    index: PlaceIndex
    labels: Mapping[str, str]


class PlaceFinder:
    """Finds the locations of the rows of one file. Rows repeat the same places, so cache `find`.

    Only the first unknown names get suggestions, and after MAX_UNKNOWN the file is refused, so that a column without
    municipalities does not take minutes. `answers` are the choices of the file's owner for such names.
    """

    def __init__(self, gazetteer: Gazetteer, answers: Answers | None = None) -> None:
        self._answers = answers or {}
        self._territory = gazetteer.territory
        self._codes = gazetteer.codes
        self._index = gazetteer.index
        self._labels = gazetteer.labels
        self._unknown = 0

    def find(self, cells: PlaceCells) -> Location:
        """Return the location of a row; without places the row cannot be loaded and the notes say why."""
        location = Location()
        for token in split_list(cells.places):
            location.add(self._read_place(token, "places", cells, location))
        single = self._find_municipalities(cells, location)
        listed = bool(location.places)
        location.add(*single)
        if cells.lead_place:
            location.lead = self._read_lead(cells, location)
        elif len(single) == 1:
            location.lead = single[0]
        if COUNTRY in location.places:
            location.places = [COUNTRY]
            location.lead = ""
        elif location.lead and not (listed and self._covers(location.places, location.lead)):
            location.places = [location.lead, *(code for code in location.places if code != location.lead)]
        if not location.places:
            _refuse(cells, location)
        return location

    def _covers(self, places: list[str], lead: str) -> bool:
        involved = {code for place in places for code in self._territory.expand(place)}
        return not involved.isdisjoint(self._territory.expand(lead))

    def _find_municipalities(self, cells: PlaceCells, location: Location) -> list[str]:
        """Return the municipalities of code and name; if they disagree the code wins, with a note."""
        codes = self._read_codes(cells, location)
        if not codes and fold(cells.municipality) in _COUNTRY_NAMES:
            return [COUNTRY]
        if not cells.municipality or (codes and self._unknown > MAX_SUGGESTED):
            return codes
        match = self._match(cells.municipality, cells, location)
        if codes:
            if match.code and match.code not in codes:
                text = said("name_and_code")
                location.warn("municipality", cells.municipality, text, said("code_of", place=self._show(codes[0])))
            elif match.reason is Reason.HINT_DISAGREES:
                text = said("hint_and_code")
                name = "province" if cells.province else "region"
                location.warn(name, cells.province or cells.region, text, said("code_of", place=self._show(codes[0])))
            return codes
        parts = split_list(cells.municipality)
        if match.code is None and len(parts) > 1:
            return [code for part in parts if (code := self._read_name(part, "municipality", cells, location))]
        return [match.code] if match.code else self._explain(match, "municipality", location)

    def _read_codes(self, cells: PlaceCells, location: Location) -> list[str]:
        codes: list[str] = []
        for token in split_list(cells.istat_code):
            text = _join_code(cells.province_part, token)
            code = COUNTRY if text.upper() == COUNTRY else self._read_code(text, "istat_code", location)
            codes += [code] if code and code not in codes else []
        if not codes and cells.cadastral_code:
            resolution = self._codes.resolve(cells.cadastral_code)
            if resolution.code:
                return [resolution.code]
            location.warn("cadastral_code", cells.cadastral_code, said("unknown_cadastral"), *resolution.notes)
        return codes

    def _read_code(self, text: str, name: str, location: Location) -> str:
        """Return the current code of a municipality code; empty, with a note, if it is unknown."""
        resolution = self._codes.resolve(text)
        if resolution.code is None:
            wide = (said("use_places"),) if len(to_bare_code(text)) <= 3 else ()
            location.warn(name, text, said("unknown_code"), *resolution.notes, *wide)
            return ""
        now = (said("now", place=self._show(resolution.code)), *resolution.notes)
        if resolution.reasons == (PADDED,):
            location.warn(name, text, said("padded"), *now)
        elif resolution.reasons != (UNCHANGED,) and resolution.notes:
            location.warn(name, text, said("changed"), *now)
        return resolution.code

    def _read_place(self, token: str, name: str, cells: PlaceCells, location: Location) -> str:
        """Return the territory code of one part of `places`: a code of any level, an area, the country, a name."""
        bare = to_bare_code(token)
        if fold(token) in _COUNTRY_NAMES:
            return COUNTRY
        # «80» can only be a province without its zero: there are no such regions.
        for known in (token, token.lower(), bare, bare.zfill(3) if len(bare) == 2 else ""):
            if known in self._territory:
                return known
        if bare:
            return self._read_code(token, name, location)
        return self._read_name(token, name, cells, location)

    def _read_lead(self, cells: PlaceCells, location: Location) -> str:
        code = self._read_place(cells.lead_place, "lead_place", cells, location)
        if not code or self._territory.level_of(code) in (Level.MUNICIPALITY, Level.PROVINCE):
            return code
        location.warn("lead_place", cells.lead_place, said("lead"))
        return ""

    def _read_name(self, text: str, name: str, cells: PlaceCells, location: Location) -> str:
        match = self._match(text, cells, location)
        return match.code or "".join(self._explain(match, name, location))

    def _match(self, text: str, cells: PlaceCells, location: Location) -> PlaceMatch:
        """Match a name within the province or the region, if they are known, with a note if not."""
        for name, hint in (("province", cells.province), ("region", cells.region)):
            if not hint:
                continue
            match = self._look_up(text, hint)
            if match.reason is not Reason.HINT_UNKNOWN:
                return match
            location.warn(name, hint, said("unknown_hint"))
        return self._look_up(text, "")

    def _look_up(self, text: str, within: str) -> PlaceMatch:
        if len(text) > MAX_NAME:
            return PlaceMatch(text[:MAX_NAME], MatchStatus.NONE, Reason.UNKNOWN)
        match = self._index.find(text, within[:MAX_NAME])
        if match.status is MatchStatus.MATCH or match.reason is Reason.HINT_UNKNOWN:
            return match
        self._unknown += 1
        if self._unknown > MAX_UNKNOWN:
            raise RefusedFileError(said("too_many_places"), said("check_places"))
        if match.suggestions or self._unknown > MAX_SUGGESTED:
            return match
        return replace(match, suggestions=self._index.suggest(match.query))

    def _explain(self, match: PlaceMatch, name: str, location: Location) -> list[str]:
        """Return the place chosen by the file's owner; without a choice none, with a note."""
        answer = self._answers.get((name, match.query), "")
        if answer in self._territory:
            return [answer]
        codes = match.candidates if match.status is MatchStatus.AMBIGUOUS else [code for code, _ in match.suggestions]
        shown = "; ".join(map(self._show, codes[:6]))
        hints = (said("perhaps", what=shown),) if shown else ()
        location.warn(name, match.query, match.explanation, *hints, choices=tuple(codes))
        return []

    def _show(self, code: str) -> str:
        return self._labels.get(code) or f"{self._territory.name_of(code)} {code}"


def _refuse(cells: PlaceCells, location: Location) -> None:
    """Turn the notes about the place into the reason why the row is rejected."""
    if all(note.field in ("province", "region") for note in location.notes):
        wide = (said("write_wide"),) if cells.province or cells.region else ()
        location.warn("", "", said("no_place_row"), said("write_place"), *wide)
    location.notes = [
        note if note.field in ("province", "region") else replace(note, severity=Severity.ERROR)
        for note in location.notes
    ]


def _join_code(province_part: str, text: str) -> str:
    """Return a six-digit code from separate columns for province and municipality."""
    part, code = to_bare_code(province_part), to_bare_code(text)
    if part and len(part) <= 3 and code and len(code) <= 3:
        return part.zfill(3) + code.zfill(3)
    return text
