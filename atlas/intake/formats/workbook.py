"""Reading XLSX workbooks, within limits on size and time.

The four necessary parts are parsed here because existing readers are unsafe or slow with untrusted files: one that
keeps a sheet as a rectangle needs 550 GB for a single cell at XFD1048576, and openpyxl takes 13 s for 50,000 rows.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from posixpath import join, normpath
from typing import NamedTuple, cast
from xml.etree.ElementTree import Element, XMLPullParser, fromstring

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from atlas.base.said import said
from atlas.intake.formats.archive import DAMAGED, Archive, damaged, too_large
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    SEARCHED_RECORDS,
    Cell,
    Record,
    Sheet,
    is_empty,
)

LAST_LINE = 1_048_576
# Limit of elements held at once. A row of 16,384 cells has fewer.
MAX_PENDING = 100_000
# Small chunks: with few live elements the garbage collector has little to do (three times as fast).
_CHUNK = 1 << 12
# Bytes parsed between two reports of progress.
_TOLD = 1 << 20
# Limit of the total length of shared strings repeated in cells, the only part of a workbook that grows when read.
MAX_SHARED_CHARACTERS = 150_000_000
# More merged cells than anybody makes by hand.
MAX_MERGED = 20_000
_ROW_OR_MERGE = ("row", "mergeCell")
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_DIGITS = "0123456789"
_ESCAPED_CONTROL = re.compile(r"_x00(0[0-9A-F]|1[0-9A-F])_", re.IGNORECASE)
# More sheets than anybody reads; the head of each is looked at.
MAX_SHEETS = 100
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class _LocalNames(dict[str, str]):
    """Tag → tag without its namespace: transitional and strict workbooks differ only in that."""

    def __missing__(self, tag: str) -> str:
        self[tag] = name = tag.rpartition("}")[2]
        return name


class _ColumnNumbers(dict[str, int]):
    """Letters of a cell reference → column number; 0 if the letters are not a column reference."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters if re.fullmatch("[A-Z]{1,3}", letters) else "":
            number = number * 26 + ord(letter) - ord("A") + 1
        self[letters] = number
        return number


class SheetEntry(NamedTuple):
    """A sheet: its name and its part of the archive."""

    name: str
    path: str
    is_hidden: bool


class Workbook:
    """An XLSX file whose sheets can be read one by one.

    Raises RefusedFileError if the file is damaged, too large or not a workbook.
    """

    def __init__(self, data: bytes, on_progress: Callable[[float], None] = lambda _: None) -> None:
        """`on_progress` is told the share of the file that was parsed, from 0 to 1."""
        self._on_progress = on_progress
        self._n_parsed = 0
        self._local = _LocalNames()
        self._columns = _ColumnNumbers()
        self._n_shared = 0
        try:
            self._archive = Archive(data)
            self._root = self._parse("xl/workbook.xml")
            self.entries = self._read_entries()
        except DAMAGED as error:
            raise damaged() from error

    def read_sheet(self, entry: SheetEntry, only_first: bool = False) -> Sheet:
        """Return a sheet; `only_first` stops after SEARCHED_RECORDS non-empty records."""
        try:
            return self._read_sheet(entry, only_first)
        except DAMAGED as error:
            raise damaged() from error

    def _read_sheet(self, entry: SheetEntry, only_first: bool) -> Sheet:
        sheet = Sheet([], 0, name=entry.name)
        for line, cells in self._read_rows(entry.path, sheet.merged):
            while cells and is_empty(cells[-1]):
                cells.pop()
            if not cells:
                continue
            sheet.records.append((line, cells))
            sheet.last_line = max(line, sheet.last_line)
            if only_first and len(sheet.records) == SEARCHED_RECORDS:
                break
            if len(sheet.records) > MAX_ROWS + SEARCHED_RECORDS:
                raise RefusedFileError(said("more_rows_sheet"), said("split_file"))
        return sheet

    def _read_rows(self, path: str, merged: list[tuple[int, int, int]]) -> Iterator[Record]:
        """Yield the rows; merged cells, which the file lists after the rows, are added to `merged`."""
        line = 0
        for element in self._iterate(path, _ROW_OR_MERGE, stop="mergeCells", last="sheetData"):
            if self._local[element.tag] == "mergeCell":
                if len(merged) < MAX_MERGED:
                    merged += self._read_merge(element.get("ref", ""))
                continue
            line = int(element.get("r") or line + 1)
            if not 1 <= line <= LAST_LINE:
                raise ValueError("row number")
            yield line, self._read_cells(element)

    def _read_merge(self, reference: str) -> list[tuple[int, int, int]]:
        """Return a range of several rows ("B2:C5") as column and lines of its left edge; None for others."""
        found = _RANGE.fullmatch(reference)
        if not found or int(found[2]) >= int(found[3]):
            return []
        return [(self._columns[found[1]] - 1, int(found[2]), int(found[3]))]

    def _iterate(self, path: str, names: tuple[str, ...], stop: str, last: str = "") -> Iterator[Element]:
        """Yield each complete element with one of these names and discard it; end after `stop`.

        After `last` it continues only if the part contains `stop`.

        ValueError if too many elements are open or collected at once, as in an endless row or a bottomless tree. Open
        elements are estimated from the bytes read, because start events would take a second more.
        """
        data = self._archive.read(path)
        parser: XMLPullParser[Element] = XMLPullParser(("end",))
        opened = collected = 0
        start, at = 0, 0
        while at < len(data):
            # Up to a tag: the parser begins an unfinished one again from its start each time it is fed.
            start, at = at, data.find(b"<", at + _CHUNK)
            at = len(data) if at < 0 else at
            chunk = data[start:at]
            parser.feed(chunk)
            self._n_parsed += len(chunk)
            if at // _TOLD > start // _TOLD:
                self._on_progress(min(1.0, self._n_parsed / self._archive.size))
            opened += chunk.count(b"<") - chunk.count(b"</")
            for _, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
                opened -= 1
                collected += 1
                name = self._local[element.tag]
                if name in names:
                    yield element
                    element.clear()
                    collected = 0
                elif name == stop or (name == last and data.find(stop.encode(), start) < 0):
                    return
            if max(opened, collected) > MAX_PENDING:
                raise ValueError("element without end")
        parser.close()

    def _read_cells(self, row: Element) -> list[Cell]:
        """Return the cells by position; cells beyond the column limit count as the first one beyond it."""
        cells: list[Cell] = []
        column = 0
        for element in row:
            if self._local[element.tag] != "c":
                continue
            column = self._columns[element.get("r", "").rstrip(_DIGITS)] or column + 1
            value = self._read_value(element)
            if value is None:
                continue
            at = min(column, MAX_COLUMNS + 1)
            cells += [None] * (at - len(cells))
            cells[at - 1] = value
        return cells

    def _read_value(self, element: Element) -> Cell:
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return self._read_string(element[0] if len(element) == 1 else element)
        text = next((child.text for child in element if self._local[child.tag] == "v"), None)
        if not text:
            return None
        if kind == "n":
            number = float(text) if any(mark in text for mark in ".eE") else int(text)
            style = int(element.get("s") or 0)
            return self._to_date(number) if style in self._date_styles else number
        if kind == "s":
            shared = self._shared_strings[int(text)]
            self._n_shared += len(shared)
            if self._n_shared > MAX_SHARED_CHARACTERS:
                raise too_large()
            return shared
        if kind == "b":
            return text.strip() in ("1", "true")
        return _clean_escapes(text[: MAX_CELL_CHARACTERS + 1])

    def _read_string(self, element: Element) -> str:
        """Return the text of a string; nearly all are a single `t`.

        Strings too long for a cell are cut just above the limit: 50,000 rows may share one of 30 MB.
        """
        is_plain = len(element) == 1 and self._local[element[0].tag] == "t"
        text = (element[0].text or "") if is_plain else self._read_runs(element)
        return _clean_escapes(text[: MAX_CELL_CHARACTERS + 1])

    def _read_runs(self, element: Element) -> str:
        """Return the text of a string in one or several formats, without the phonetic guides of Asian scripts."""
        parts = []
        for child in element:
            name = self._local[child.tag]
            if name == "t":
                parts.append(child.text or "")
            elif name in ("is", "r"):
                parts.append(self._read_runs(child))
        return "".join(parts)

    def _to_date(self, number: float) -> Cell:
        try:
            moment = from_excel(number, CALENDAR_MAC_1904 if self._counts_from_1904 else CALENDAR_WINDOWS_1900)
        except (ValueError, OverflowError):
            return number
        return moment if isinstance(moment, datetime) else number

    @cached_property
    def _shared_strings(self) -> list[str]:
        path = self._find_part("sharedStrings")
        strings: list[str] = []
        for element in self._iterate(path, ("si",), stop="sst") if path else ():
            strings.append(self._read_string(element))
        return strings

    @cached_property
    def _date_styles(self) -> frozenset[int]:
        """Return the positions of the cell formats that show a number as a date."""
        path = self._find_part("styles")
        if not path:
            return frozenset()
        root = self._parse(path)
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        for element in self._find_all(root, "numFmt"):
            formats[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
        styles = next(self._find_all(root, "cellXfs"), ())
        return frozenset(
            at for at, style in enumerate(styles) if is_date_format(formats.get(int(style.get("numFmtId", 0)), ""))
        )

    @cached_property
    def _counts_from_1904(self) -> bool:
        return any(element.get("date1904") in ("1", "true") for element in self._find_all(self._root, "workbookPr"))

    @cached_property
    def _relations(self) -> dict[str, tuple[str, str]]:
        """Relation id → (kind, path of the part)."""
        root = self._parse("xl/_rels/workbook.xml.rels")
        return {
            element.get("Id", ""): (element.get("Type", "").rpartition("/")[2], _locate(element.get("Target", "")))
            for element in self._find_all(root, "Relationship")
        }

    def _read_entries(self) -> list[SheetEntry]:
        """Return the sheets that hold cells, visible ones first; each part once, at most MAX_SHEETS."""
        entries: list[SheetEntry] = []
        seen: set[str] = set()
        for element in self._find_all(self._root, "sheet"):
            relation = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            kind, path = self._relations.get(relation, ("", ""))
            if kind == "worksheet" and path in self._archive.names and path not in seen:
                if len(seen) == MAX_SHEETS:
                    raise too_large()
                seen.add(path)
                hidden = element.get("state", "visible") != "visible"
                entries.append(SheetEntry(element.get("name", ""), path, hidden))
        return sorted(entries, key=lambda entry: entry.is_hidden)

    def _find_part(self, kind: str) -> str:
        return next(
            (path for found, path in self._relations.values() if found == kind and path in self._archive.names), ""
        )

    def _find_all(self, root: Element, name: str) -> Iterator[Element]:
        return (element for element in root.iter() if self._local[element.tag] == name)

    def _parse(self, path: str) -> Element:
        return fromstring(self._archive.read(path))  # noqa: S314 - see Archive.read


def _locate(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _clean_escapes(text: str) -> str:
    return _ESCAPED_CONTROL.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x00" in text else text
