"""The location of a row: codes and names converted into territory codes, with notes about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from atlas.base.model import Level, Severity
from atlas.base.said import Said, said
from atlas.base.text import fold
from atlas.intake.cells.gazetteer import Gazetteer
from atlas.intake.cells.report import Answers
from atlas.intake.cells.values import split_list
from atlas.intake.formats.refusal import RefusedFileError
from atlas.territory.codes import PADDED, UNCHANGED, to_bare_code
from atlas.territory.places.answers import MatchStatus, PlaceMatch, Reason
from atlas.territory.places.wide import is_country, is_everything
from atlas.territory.territory_files import COUNTRY

# Longer than any name of a municipality; longer texts are not searched, to save time.
MAX_NAME = 200
MAX_UNKNOWN = 10_000
MAX_SUGGESTED = 200
MAX_PARTS = 60
# Notations for a missing name. «None» is a municipality and «NA» a province.
_NO_NAME = frozenset({
    "-", "--", "—", "–", "/", ".", "n.d.", "n.d", "nd", "n/d", "n.a.", "n/a", "n.c.", "nc", "null",
    "non disponibile", "non noto", "non definito", "non indicato", "nessuno", "#n/d", "n.p.", "non applicabile",
})  # fmt: skip
OF_A_MUNICIPALITY = re.compile(r"(?:comune|citt[aà]'?|municipio|amministrazione comunale)\b", re.IGNORECASE)
# Between the places of one cell; those inside brackets belong to a place: "Samone (TN, Trentino)".
_BETWEEN = re.compile(r"\s*(?:[,;/&|\n+]|:::)\s*(?![^()]*\))|\s+[-–—]\s+|\s*[–—]\s*")
_AND = re.compile(r"\s+(?:ed?|and|nonch[eé])\s+|\s*-\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlaceCells:
    """The location cells of a row, as text; empty if the file does not have them.

    `organisation` is who carries the initiative out: "Comune di Crema" says where, when nothing else does.
    """

    istat_code: str = ""
    cadastral_code: str = ""
    municipality: str = ""
    province: str = ""
    region: str = ""
    province_part: str = ""
    lead_place: str = ""
    places: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on one field of a row; `choices` are the possible codes, None if there is no doubt.

    `sure` is the choice that the value is but for a letter, in the province or region that the row names.
    """

    severity: Severity
    field: str
    value: str
    text: Said
    hints: tuple[Said, ...] = ()
    choices: tuple[str, ...] | None = None
    sure: str = ""


@dataclass(slots=True)
class Location:
    """The location of a row: without any place the row cannot be loaded, and the notes say why."""

    places: list[str] = field(default_factory=list)
    lead: str = ""
    notes: list[Note] = field(default_factory=list)

    def warn(self, name: str, value: str, text: Said, *hints: Said) -> None:
        self.notes.append(Note(Severity.WARNING, name, value, text, hints))

    def doubt(self, name: str, value: str, text: Said, *hints: Said, choices: tuple[str, ...], sure: str = "") -> None:
        self.notes.append(Note(Severity.WARNING, name, value, text, hints, choices, sure))

    def add(self, *codes: str) -> None:
        self.places += [code for code in codes if code and code not in self.places]


@dataclass(eq=False)
class PlaceFinder:
    """Finds the locations of the rows of one file. Rows repeat the same places, so cache `find`.

    Only the first unknown names get suggestions, and after MAX_UNKNOWN the file is refused, so that a column without
    municipalities does not take minutes. `answers` are the choices of the file's owner for such names.
    `keeps_zeros` says that codes of the file have their leading zeros: then «15» is a region, otherwise it may be a
    province without its zero. `has_names` says that it has a column of municipalities, `by_body` that only
    the bodies tell where its rows are. `year` is that of its codes, if it is an earlier one.
    """

    known: Gazetteer
    answers: Answers
    keeps_zeros: bool
    has_names: bool
    by_body: bool
    year: int | None
    _unknown: int = field(default=0, init=False)

    def find(self, cells: PlaceCells) -> Location:
        """Return the location of a row; without places the row cannot be loaded and the notes say why."""
        location = Location()
        cells = _without_fillers(cells)
        for token in split_list(cells.places):
            location.add(self._read_place(token, "places", cells, location))
        listed = bool(location.places)
        single = list(dict.fromkeys(filter(None, self._find_municipalities(cells, location))))
        location.add(*single)
        if cells.lead_place:
            location.lead = self._read_lead(cells, location)
        elif len(single) == 1 and self.known.territory.level_of(single[0]) is Level.MUNICIPALITY:
            location.lead = single[0]
        if COUNTRY in location.places:
            location.places = [COUNTRY]
            location.lead = ""
        elif location.lead and not (listed and self._covers(location.places, location.lead)):
            if listed and cells.lead_place:
                location.warn("lead_place", cells.lead_place, said("lead_added"))
            location.places = [location.lead, *(code for code in location.places if code != location.lead)]
        if not location.places:
            _refuse(cells, location)
        return location

    def _covers(self, places: list[str], lead: str) -> bool:
        involved = {code for place in places for code in self.known.territory.expand(place)}
        return not involved.isdisjoint(self.known.territory.expand(lead))

    def _find_municipalities(self, cells: PlaceCells, location: Location) -> list[str]:
        """Return the places of the columns of codes and names; empty where one is a doubt."""
        codes = self._read_codes(cells, location)
        if codes:
            return [self._compare(codes[0], cells, location)] if len(codes) == 1 else codes
        if cells.municipality:
            return self._read_names(cells.municipality, cells, location)
        if cells.places or any(note.choices is not None for note in location.notes):
            return []
        if OF_A_MUNICIPALITY.match(cells.organisation) or (self.by_body and cells.organisation):
            return [self._read_organisation(cells, location)]
        if cells.istat_code or cells.cadastral_code or cells.organisation:
            return []
        return [self._read_wide(cells, location)]

    def _read_names(self, text: str, cells: PlaceCells, location: Location) -> list[str]:
        """Return the places of a cell of names: one municipality, several, or a wider territory; empty is a doubt."""
        if is_country(text):
            return [COUNTRY]
        if is_everything(text):
            return [self._read_wide(cells, location)]
        if "\n" in text or ";" in text or "|" in text or ":::" in text:
            parts = _pair_parts(split_list(text)[:MAX_PARTS], cells)
            return [self._read_name(part, "municipality", beside, location) for part, beside in parts]
        match = self._match(text, cells, location)
        if match.code:
            self._check_second(text, "municipality", match.code, cells, location)
            return [self._settle(text, match.code, "municipality", location)]
        wide = self._find_wide(text, "municipality", location)
        if wide:
            return [wide]
        several = self._read_several(text, cells, location)
        return [self._explain(match, "municipality", cells, location)] if several is None else several

    def _read_several(self, text: str, cells: PlaceCells, location: Location) -> list[str] | None:
        """Return the municipalities of «A, B e C»: all of them, or none and a doubt for each part that is none.

        None when the text does not look like several: no part of it is a municipality.
        """
        parts = self._split(text, cells)
        if len(parts) < 2:
            return None
        quiet = Location()
        matches = {part: self._match(part, cells, quiet) for part in parts[:MAX_PARTS]}
        found = {part: match.code or self._answer("municipality", match.query) for part, match in matches.items()}
        if len(parts) > MAX_PARTS or not any(found.values()) or self._answer("municipality", text):
            return None
        if all(found.values()):
            for part, code in found.items():
                self._check_second(part, "municipality", code, cells, location)
            return [self._settle(part, code, "municipality", location) for part, code in found.items()]
        location.warn("municipality", text, said("several_places"), said("several_places_hint"))
        for part, code in found.items():
            if not code:
                self._explain(matches[part], "municipality", cells, location)
        return []

    def _split(self, text: str, cells: PlaceCells) -> list[str]:
        """Return the parts of a cell of names; «e» and a hyphen divide only what is no name as a whole."""
        parts: list[str] = []
        for part in filter(None, (one.strip(" .") for one in _BETWEEN.split(text[: MAX_NAME * 10]))):
            pieces = [piece for piece in (one.strip(" .") for one in _AND.split(part)) if piece]
            is_whole = len(pieces) < 2 or self._match(part, cells, Location()).code
            parts += [part] if is_whole else pieces
        return list(dict.fromkeys(parts))

    def _read_organisation(self, cells: PlaceCells, location: Location) -> str:
        """Return the municipality of a body called after it; anything else is a doubt."""
        match = self._match(cells.organisation, cells, location)
        if match.code and OF_A_MUNICIPALITY.match(cells.organisation):
            return self._settle(cells.organisation, match.code, "organisation", location)
        wide = self._find_wide(cells.organisation, "organisation", location)
        return wide or self._explain(match, "organisation", cells, location)

    def _read_wide(self, cells: PlaceCells, location: Location) -> str:
        """Return the province or else the region that stands alone in its column."""
        for name, text, length in (("province", cells.province, 3), ("region", cells.region, 2)):
            if not text or is_everything(text):
                continue
            code = COUNTRY if is_country(text) else self.known.wide.find_beside(text, name == "province")
            code = code or (text if text in self.known.territory and len(text) == length else "")
            if code == COUNTRY:
                return COUNTRY
            if code and name == "province" and self.has_names and not cells.municipality:
                # An empty cell beside a province is rather a name that was lost.
                if not self._answer(name, text):
                    told = said("only_province", place=self._show(code))
                    location.doubt(name, text, told, said("write_place"), choices=(code,))
                    return ""
                return code
            if code:
                location.warn(name, text, said("whole_territory", place=self._show(code)), said("if_one_municipality"))
                return code
        return ""

    def _find_wide(self, text: str, name: str, location: Location) -> str:
        """Return the code of a territory wider than a municipality by its name, and say which it is."""
        code = self.known.wide.find(text) or self.known.areas.find(text)
        if code and code != COUNTRY:
            location.warn(name, text, said("whole_territory", place=self._show(code)))
        return code

    def _compare(self, code: str, cells: PlaceCells, location: Location) -> str:
        """Return the municipality of a code, or empty where name and territory agree on another one.

        If only the name or only the territory differs, the code wins, with a note.
        """
        if self._unknown > MAX_SUGGESTED:
            return code
        name, hint = ("province", cells.province) if cells.province else ("region", cells.region)
        allowed = self.known.index.within(hint[:MAX_NAME]) if hint and ":::" not in hint else None
        is_elsewhere = allowed is not None and code not in allowed
        match = self._match(cells.municipality, cells, Location()) if cells.municipality else None
        other = match.code if match and match.code != code else None
        if other and is_elsewhere:
            value = f"{cells.istat_code or cells.cadastral_code} · {cells.municipality}"
            if answer := self._answer("istat_code", value):
                return answer
            text = said("code_or_name", code=self._show(code), name=self._show(other))
            location.doubt("istat_code", value, text, choices=(other, code))
            return ""
        if other:
            told = said("name_and_code")
            location.warn("municipality", cells.municipality, told, said("code_of", place=self._show(code)))
        elif is_elsewhere:
            location.warn(name, hint, said("hint_and_code"), said("code_of", place=self._show(code)))
        return code

    def _read_codes(self, cells: PlaceCells, location: Location) -> list[str]:
        codes: list[str] = []
        for token in split_list(cells.istat_code):
            if not token.strip("0"):
                continue
            text = _join_code(cells.province_part, token)
            code = COUNTRY if text.upper() == COUNTRY else self._read_code(text, "istat_code", location)
            codes += [code] if code and code not in codes else []
        if not codes and cells.cadastral_code:
            resolution = self.known.codes.resolve(cells.cadastral_code)
            if resolution.code:
                return [resolution.code]
            location.warn("cadastral_code", cells.cadastral_code, said("unknown_cadastral"), *resolution.notes)
        return codes

    def _read_code(self, text: str, name: str, location: Location) -> str:
        """Return the current code of a municipality code; empty, with a note, if it is unknown."""
        resolution = self.known.codes.resolve(text)
        if resolution.code is None:
            is_wide = len(to_bare_code(text)) in (1, 2, 3)
            notes = (said("six_digits"), said("use_places")) if is_wide else resolution.notes
            location.warn(name, text, said("unknown_code"), *notes)
            return ""
        now = (said("now", place=self._show(resolution.code)), *resolution.notes)
        if resolution.reasons == (PADDED,):
            location.warn(name, text, said("padded"), *now)
        elif resolution.reasons != (UNCHANGED,) and resolution.notes:
            location.warn(name, text, said("changed"), *now)
        return self._settle(text, resolution.code, name, location)

    def _settle(self, text: str, code: str, name: str, location: Location) -> str:
        """Return the code of what was written; empty, with a doubt, if it has been divided since the file's year."""
        if not self.year or not (other := self.known.years.split_of(code, self.year)):
            return code
        chosen = self._answer(name, text)
        if not chosen:
            told = said("divided_since", year=self.year, other=self._show(other))
            location.doubt(name, text, told, choices=(code, other))
        return chosen

    def _read_place(self, token: str, name: str, cells: PlaceCells, location: Location) -> str:
        """Return the territory code of one part of `places`: a code of any level, an area, the country, a name."""
        if is_country(token):
            return COUNTRY
        bare = to_bare_code(token)
        if len(bare) <= 2 and bare.isdigit():
            return self._read_short(token, bare, name, location)
        for known in (token, token.lower(), bare):
            if known in self.known.territory:
                return known
        if bare:
            return self._read_code(token, name, location)
        return self._read_name(token, name, cells, location)

    def _read_short(self, token: str, bare: str, name: str, location: Location) -> str:
        """Return a region or province of one or two digits, where «8» may be 08 or 008 and «15» 15 or 015."""
        region, province = bare.zfill(2), bare.zfill(3)
        known = [code for code in (region, province) if code in self.known.territory]
        if name == "lead_place" and province in known:
            known = [province]
        if len(known) == 2 and len(bare) == 2 and (bare[0] == "0" or self.keeps_zeros):
            return region
        if len(known) == 1 and len(bare) == 2:
            if known[0] != bare:
                location.warn(name, token, said("padded"), said("now", place=self._show(known[0])))
            return known[0]
        answer = self._answer(name, token)
        if not answer:
            shown = "; ".join(map(self._show, known))
            hints = (said("perhaps", what=shown),) if known else (said("use_places"),)
            location.doubt(name, token, said("short_code"), *hints, choices=tuple(known))
        return answer

    def _read_lead(self, cells: PlaceCells, location: Location) -> str:
        code = self._read_place(cells.lead_place, "lead_place", cells, location)
        if not code or self.known.territory.level_of(code) in (Level.MUNICIPALITY, Level.PROVINCE):
            return code
        location.warn("lead_place", cells.lead_place, said("lead"))
        return ""

    def _read_name(self, text: str, name: str, cells: PlaceCells, location: Location) -> str:
        match = self._match(text, cells, location)
        if match.code:
            self._check_second(text, name, match.code, cells, location)
            return self._settle(text, match.code, name, location)
        return self._find_wide(text, name, location) or self._explain(match, name, cells, location)

    def _check_second(self, text: str, name: str, code: str, cells: PlaceCells, location: Location) -> None:
        """Warn where «Riomaggiore - La Spezia» was read as one municipality with its province: it may be two."""
        pieces = [piece.strip(" .") for part in _BETWEEN.split(text[:MAX_NAME]) for piece in _AND.split(part)]
        if len(pieces) < 2 or fold(text) == fold(self.known.territory.name_of(code)):
            return
        for piece in filter(None, pieces):
            other = self.known.index.find(piece, cells.province[:MAX_NAME]).code
            if other and other != code:
                told = said("second_as_hint", place=self._show(other))
                location.warn(name, text, told, said("second_as_hint_hint"))
                return

    def _match(self, text: str, cells: PlaceCells, location: Location) -> PlaceMatch:
        """Match a name within the province or the region, if they are known, with a note if not."""
        for name, hint in (("province", cells.province), ("region", cells.region)):
            if not hint or is_everything(hint):
                continue
            match = self._look_up(text, hint)
            if match.reason is not Reason.HINT_UNKNOWN:
                return match
            location.warn(name, hint, said("unknown_hint"))
        return self._look_up(text, "")

    def _look_up(self, text: str, within: str) -> PlaceMatch:
        if len(text) > MAX_NAME:
            return PlaceMatch(text[:MAX_NAME], MatchStatus.NONE, Reason.UNKNOWN)
        match = self.known.index.find(text, within[:MAX_NAME])
        if match.status is MatchStatus.MATCH or match.reason is Reason.HINT_UNKNOWN:
            return match
        if "\ufffd" in text:
            lost = sorted(self.known.index.find_lost(text, within[:MAX_NAME]))
            if len(lost) == 1 and within:
                return replace(match, status=MatchStatus.MATCH, code=lost[0])
            return replace(match, status=MatchStatus.AMBIGUOUS, candidates=tuple(lost)) if lost else match
        self._unknown += 1
        if self._unknown > MAX_UNKNOWN:
            raise RefusedFileError(said("too_many_places"), said("check_places"))
        if match.suggestions or self._unknown > MAX_SUGGESTED:
            return match
        return replace(match, suggestions=self.known.index.suggest(match.query, within[:MAX_NAME]))

    def _explain(self, match: PlaceMatch, name: str, cells: PlaceCells, location: Location) -> str:
        """Return the place chosen by the file's owner; without a choice empty, with a note."""
        if answer := self._answer(name, match.query):
            return answer
        codes = match.candidates if match.status is MatchStatus.AMBIGUOUS else [code for code, _ in match.suggestions]
        if match.reason is Reason.LARGER_AREA:
            areas = self.known.areas.find_alike(match.query)
            codes = [*areas, *dict.fromkeys(code for area in areas for code in self.known.territory.expand(area))]
        hints = (said("perhaps", what="; ".join(map(self._show, codes[:6]))),) if codes else ()
        sure = ""
        if match.reason is Reason.UNKNOWN and self._unknown <= MAX_SUGGESTED and not match.candidates:
            code, is_sure = self.known.index.nearest(match.query, cells.province or cells.region)
            sure = code if is_sure else ""
        location.doubt(name, match.query, match.explanation, *hints, choices=tuple(codes), sure=sure)
        return ""

    def _answer(self, name: str, value: str) -> str:
        answer = self.answers.get((name, value), "")
        return answer if answer in self.known.territory else ""

    def _show(self, code: str) -> str:
        name = self.known.territory.name_of(code)
        return self.known.labels.get(code) or (name if code in self.known.territory.areas else f"{name} {code}")


def _without_fillers(cells: PlaceCells) -> PlaceCells:
    """Return the cells without notations of missing values («N/D»), and no hint that is the whole country."""
    blank: dict[str, str] = {
        one.name: ""
        for one in fields(cells)
        if (text := getattr(cells, one.name)) and (fold(text) in _NO_NAME or not text.strip("0"))
    }
    # Numbers in a column of regions or provinces are their codes, with or without the region before: «003», «003015».
    if cells.region.isdigit() and "region" not in blank:
        blank["region"] = cells.region.lstrip("0").zfill(2)
    province = cells.province or cells.province_part
    if province.isdigit() and province.strip("0"):
        blank["province"] = province[-3:].zfill(3)
    if cells.municipality:
        blank |= {name: "" for name in ("province", "region") if is_country(getattr(cells, name))}
        if blank.get("municipality") == "" and any(is_country(getattr(cells, n)) for n in ("province", "region")):
            blank |= {"municipality": "IT"}
    return replace(cells, **blank) if blank else cells


def _pair_parts(parts: list[str], cells: PlaceCells) -> Iterator[tuple[str, PlaceCells]]:
    """Yield each name of a list with the province and region of its own, where their cells list as many."""
    hints = {name: split_list(getattr(cells, name)) for name in ("province", "region")}
    for at, part in enumerate(parts):
        own = {name: some[at] if len(some) == len(parts) else "" for name, some in hints.items() if len(some) > 1}
        yield part, replace(cells, **own)


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
