"""Converting the records under a header into canonical rows, with messages."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import fields
from functools import cache
from urllib.parse import urlsplit

import pandas as pd

from atlas.base.columns import ALL_COLUMNS, COLUMNS, OPTIONAL_COLUMNS
from atlas.base.model import Scale
from atlas.base.said import Said, said
from atlas.base.text import is_year_or_day
from atlas.intake.cells.location import Location, PlaceCells, PlaceFinder
from atlas.intake.cells.report import MESSAGES_PER_KIND, IntakeReport, MessageLog
from atlas.intake.cells.terms import NO_HELP, Terms
from atlas.intake.cells.values import (
    UnreadableError,
    clean_text,
    has_day_or_month,
    is_spreadsheet_error,
    parse_amount,
    parse_count,
    parse_years,
    split_list,
)
from atlas.intake.columns.headers import ORGANISATION_FIELDS, TITLE_FIELDS, Header
from atlas.intake.formats.refusal import FileColumn, RefusedFileError
from atlas.intake.formats.sheet import MAX_CELL_CHARACTERS, Cell, Record, cells_of, is_empty
from atlas.intake.ids import Ids, make_slug
from atlas.territory.points import Place
from atlas.territory.territory import COUNTRY

Row = dict[str, str]

_TEXT_FIELDS = frozenset({"summary_it", "summary_en", "lead_organisation"})
_LIST_FIELDS = frozenset({"partners", "documents"})
_PLACE_FIELDS = tuple(one.name for one in fields(PlaceCells) if one.name != "organisation")
_NUMBER_FIELDS: Mapping[str, Callable[[Cell], str]] = {
    "funding_eur": parse_amount,
    "beneficiaries": parse_count,
    "undisclosed_partners": parse_count,
    "source_order": parse_count,
}
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
TITLE_LENGTH = 100
_STAND_INS = ("summary_it", "summary_en", "lead_organisation")
# Limit of unknown words reported for one cell.
MAX_UNKNOWN_WORDS = 5


class RowReader:
    """Converts the records of one file into rows, one at a time, keeping track of used ids."""

    def __init__(
        self,
        header: Header,
        terms: Mapping[str, Terms],
        finder: PlaceFinder,
        log: MessageLog,
        misquoted: Container[int],
        located: Mapping[int, Place],
        year: int | None,
    ) -> None:
        self._header = header
        self._scales = terms["scale"]
        self._terms = {name: cache(one.find_all) for name, one in terms.items() if name in header}
        self._explain = {name: cache(one.explain) for name, one in terms.items()}
        self._find_place = cache(finder.find)
        self._log = log
        self._misquoted = misquoted
        self._located = located
        self._year = str(year or "")
        titles = [name for name in TITLE_FIELDS if name in header]
        # Where there is a title, an empty one is not made up from a summary.
        has_title = any(name in header for name in ("title_it", "title_en", "call", "measure"))
        self._title_fields = [name for name in titles if not (has_title and name in _STAND_INS)]
        self._organisation = next((name for name in ORGANISATION_FIELDS if name in header), "")
        self._unknown_words = 0
        self._dated: set[str] = set()
        self._ids = Ids()
        self._lines: dict[str, int] = {}
        self._written: dict[str, int] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    def reserve_ids(self, records: Sequence[Record]) -> None:
        """Reserve the ids written in the file, so that generated ids do not collide with later rows."""
        at = self._header.positions.get("id")
        if at is not None:
            for (line, _), cell in zip(records, cells_of(records, at), strict=True):
                self._written.setdefault(clean_text(cell), line)
            self._ids = Ids(reserved=self._written)

    def read(self, record: Record) -> Row | None:
        """Return the canonical row of a record, or None, with an error in the log, if it is rejected."""
        line, cells = record
        if not self._check_shape(line, cells):
            return None
        named = {name: cells[at] if at < len(cells) else None for name, at in self._header.positions.items()}
        for name, cell in named.items():
            if isinstance(cell, str) and cell.startswith("#") and is_spreadsheet_error(cell.strip()):
                self._warn(line, name, cell, said("formula_error"))
                named[name] = None
        row = dict.fromkeys(ALL_COLUMNS, "")
        self._read_texts(line, named, row)
        location = self._read_location(line, named)
        if not row["title_it"]:
            column = self._header.text(self._title_fields[0])
            self._log.error(line, column, "", said("no_title_row"), said("need_title"))
        if not row["title_it"] or not location.places:
            return None
        row["places"], row["lead_place"] = ";".join(location.places), self._choose_lead(location)
        self._read_terms(line, named, row)
        self._read_numbers(line, named, row)
        self._read_years(line, named, row)
        self._read_date(line, named, row)
        if "scale" not in self._header:
            row["scale"] = derive_scale(location.places)
        first = self._seen.setdefault(tuple(clean_text(cell) for cell in cells), line)
        if first != line:
            self._log.warning(line, "", row["title_it"], said("same_row"), said("same_as", line=first))
        row["id"] = self._choose_id(line, clean_text(named.get("id")), row)
        return row

    def _check_shape(self, line: int, cells: list[Cell]) -> bool:
        width = len(self._header.texts)
        if line in self._misquoted:
            if len(cells) != width:
                self._log.error(line, "", "", said("misquoted", n=len(cells), width=width), said("quotes_close"))
                return False
            self._log.warning(line, "", "", said("quotes_mended"), said("quotes_hint"))
        if len(cells) > width and any(not is_empty(cell) for cell in cells[width:]):
            self._log.error(line, "", "", said("too_wide", n=width), said("quote_cells"))
            return False
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
                self._log.error(line, self._header.texts[at], cell, said("long_cell"), said("shorten"))
                return False
        return True

    def _warn(self, line: int, name: str, value: object, text: Said, *hints: Said) -> None:
        self._log.warning(line, self._header.text(name), str(value), text, *hints)

    def _read_texts(self, line: int, named: Mapping[str, Cell], row: Row) -> None:
        titles = [clean_text(named.get(name)) for name in self._title_fields]
        row["title_it"] = " ".join(next((title for title in titles if title), "").split())
        if self._title_fields[0] in ("summary_it", "summary_en"):
            row["title_it"] = _shorten(row["title_it"])
        row["title_en"] = " ".join(clean_text(named.get("title_en")).split())
        for name in _TEXT_FIELDS & named.keys():
            row[name] = clean_text(named[name])
        for name in _LIST_FIELDS & named.keys():
            row[name] = ";".join(dict.fromkeys(split_list(clean_text(named[name]))))
        row["lead_organisation"] = row["lead_organisation"] or clean_text(named.get("body"))
        sources = (clean_text(named.get(name)) for name in ("funding_source", "measure", "call"))
        row["funding_source"] = next((source for source in sources if source), "")
        links = [
            link for name in ("url", "source") for link in self._read_links(line, name, clean_text(named.get(name)))
        ]
        row["documents"] = ";".join(dict.fromkeys(filter(None, [*row["documents"].split(";"), *links])))

    def _read_links(self, line: int, name: str, text: str) -> list[str]:
        """Return the links of a cell; any other text, and a link with a password, is reported and not read."""
        links = _LINK.findall(text)
        if text and not links:
            self._warn(line, name, text, said("no_link") if name == "url" else said("source_no_link"))
        for link in links:
            if "@" in urlsplit(link).netloc:
                self._warn(line, name, "", said("link_with_password"))
        return [link.replace(";", "%3B") for link in links if "@" not in urlsplit(link).netloc]

    def _read_location(self, line: int, named: Mapping[str, Cell]) -> Location:
        if line in self._located:
            return self._read_point(line, named, self._located[line])
        texts = {name: clean_text(named[name]) for name in _PLACE_FIELDS if name in named}
        if not any(texts.values()) and self._scales.find(clean_text(named.get("scale"))) == Scale.NATIONAL:
            texts["places"] = COUNTRY
        texts["organisation"] = clean_text(named.get(self._organisation))
        location = self._find_place(PlaceCells(**texts))
        for note in location.notes:
            column = self._header.text(self._organisation if note.field == "organisation" else note.field)
            self._log.add(note.severity, line, column, note.value, note.text, *note.hints)
            if note.choices is not None:
                self._log.doubt(line, note.field, column, note.value, note.choices, note.sure)
        return location

    def _read_point(self, line: int, named: Mapping[str, Cell], place: Place) -> Location:
        """Return the municipalities of a row's geometry; one that is too far from all of them keeps the row out."""
        column = next((name for name in ("point", "latitude") if name in self._header), "")
        text, value = self._header.text(column), str(named.get(column) or "")
        kilometres = round(place.metres / 1000, 1) if place.metres == place.metres else 0.0
        if not place.codes and kilometres:
            self._log.error(line, text, value, said("far_point", n=kilometres), said("check_point"))
        elif not place.codes:
            self._log.error(line, text, value, said("no_point"), said("check_point"))
        elif place.metres:
            self._log.warning(line, text, value, said("near_point", n=kilometres))
        return Location(list(place.codes))

    def _choose_lead(self, location: Location) -> str:
        # If the file has a lead column, an empty cell means that the lead is unknown.
        if "lead_place" not in self._header and len(location.places) == 1 and location.places[0].isdigit():
            return location.lead or (location.places[0] if len(location.places[0]) in (3, 6) else "")
        return location.lead

    def _read_terms(self, line: int, named: Mapping[str, Cell], row: Row) -> None:
        for name, find_all in self._terms.items():
            text = clean_text(named[name])
            if not text:
                continue
            known, unknown = find_all(text)
            several = name in ("themes", "targets")
            row[name] = ";".join(known if several else known[:1])
            for word in unknown[:MAX_UNKNOWN_WORDS]:
                self._unknown_words += 1
                hints, choices, sure = NO_HELP
                if self._unknown_words <= MESSAGES_PER_KIND:
                    hints, choices, sure = self._explain[name](word)
                self._warn(line, name, word, said("unknown_value"), *hints)
                self._log.doubt(line, name, self._header.text(name), word, choices, sure)
            if not several and len(known) > 1:
                self._warn(line, name, text, said("several_values"), said("that_is", what=known[0]))

    def _read_numbers(self, line: int, named: Mapping[str, Cell], row: Row) -> None:
        for name, parse in _NUMBER_FIELDS.items():
            cell = named.get(name)
            if is_empty(cell):
                continue
            try:
                row[name] = parse(cell)
            except UnreadableError as error:
                self._warn(line, name, cell, said("left_empty", fault=error.fault), said("digits_only"))

    def _read_years(self, line: int, named: Mapping[str, Cell], row: Row) -> None:
        for column, sources in (("start_year", ("start_year", "start_date")), ("end_year", ("end_year", "end_date"))):
            for name in sources:
                cell = named.get(name)
                if is_empty(cell) or row[column]:
                    continue
                try:
                    first, last = parse_years(cell)
                except UnreadableError as error:
                    self._warn(line, name, cell, said("left_empty", fault=error.fault), said("write_year"))
                    continue
                if name not in self._dated and has_day_or_month(cell):
                    self._dated.add(name)
                    self._warn(line, name, cell, said("only_year"))
                row[column] = first if column == "start_year" else last or first
                if last and column == "start_year":
                    row["end_year"] = last
        if row["end_year"] and row["start_year"] and row["end_year"] < row["start_year"]:
            self._warn(line, "end_year", row["end_year"], said("end_before"))
            row["end_year"] = ""

    def _read_date(self, line: int, named: Mapping[str, Cell], row: Row) -> None:
        """Read the date of the places; without one it is the year of the file's codes."""
        text = clean_text(named.get("places_date"))
        row["places_date"] = "" if text else self._year
        if is_year_or_day(text):
            row["places_date"] = text
        elif text:
            try:
                row["places_date"] = parse_years(named["places_date"])[0]
            except UnreadableError as error:
                self._warn(line, "places_date", text, said("left_empty", fault=error.fault), said("write_year"))

    def _choose_id(self, line: int, wanted: str, row: Row) -> str:
        """Return a unique id. A repeated id is changed, with a message."""
        slug = make_slug(wanted, MAX_CELL_CHARACTERS) if wanted else ""
        slug = slug or make_slug(row["title_it"]) or "iniziativa"
        if wanted and slug != wanted:
            self._warn(line, "id", wanted, said("bad_id"), said("becomes", id=slug))
        is_repeated = slug in self._lines and not wanted and row["lead_place"]
        free = self._ids.take(f"{slug}-{row['lead_place']}" if is_repeated else slug, wanted)
        if wanted and free != slug:
            where = self._lines.get(slug) or self._written[slug]  # a later row may have it as it is
            self._warn(line, "id", wanted, said("taken_id"), said("taken_where", line=where, id=free))
        self._lines[free] = line
        return free


def _shorten(text: str) -> str:
    """Return a description as a title: its first words, at most TITLE_LENGTH characters."""
    return text if len(text) <= TITLE_LENGTH else f"{text[:TITLE_LENGTH].rpartition(' ')[0] or text[:TITLE_LENGTH]}…"


def to_frame(rows: list[Row]) -> pd.DataFrame:
    """Return rows as a frame with the columns of initiatives.csv, all text; optional ones if a row fills them."""
    columns = (*COLUMNS, *(name for name in OPTIONAL_COLUMNS if any(row.get(name) for row in rows)))
    return pd.DataFrame({column: [row.get(column, "") for row in rows] for column in columns}, dtype="str")


def to_records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame in which everything is text."""
    return [{str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def refuse(
    refusal: RefusedFileError, log: MessageLog | None = None, columns: tuple[FileColumn, ...] = ()
) -> IntakeReport:
    """Return the report on a file of which nothing can be read."""
    log = log or MessageLog()
    log.add_message(refusal.message)
    return IntakeReport(to_frame([]), messages=log.close(), kinds=log.kinds(), columns=columns)


def derive_scale(places: list[str]) -> str:
    """Return the scale implied by the places; empty if they do not determine it."""
    if places == [COUNTRY]:
        return Scale.NATIONAL
    if all(len(code) == 6 and code.isdigit() for code in places):
        return Scale.MUNICIPALITY if len(places) == 1 else Scale.INTERMUNICIPAL
    return ""
