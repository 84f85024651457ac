"""The selected initiatives as files: CSV, XLSX, GeoJSON."""

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from atlas.base.columns import (
    ALL_COLUMNS,
    DATA_SHEET,
    NUMBER_COLUMNS,
    README_SHEET,
    REJECTED_SHEET,
    About,
)
from atlas.base.formulas import neutralise_formula
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.vocabulary import Term
from atlas.catalogue.world import World
from atlas.territory.places.names import place_name
from atlas.territory.territory import Territory
from atlas.words.card import title_of
from atlas.words.history import say_places_then

# Name → one text per initiative, in their order.
Extra = Mapping[str, Sequence[str]]
_NOTHING: Extra = {}
_WIDE = ("title_it", "title_en", "summary_it", "summary_en", "place_names", "documents")


def build_table(selected: Catalogue, world: World, language: Language = Language.IT) -> pd.DataFrame:
    """Return the table of all exports, one row per initiative: COLUMNS, OPTIONAL_COLUMNS, READABLE_COLUMNS."""
    table = selected.initiatives.reset_index()[[*ALL_COLUMNS]]
    say = translator(language)
    names = [
        [place_name(code, world.territory, language) for code in cell.split(";") if code] for cell in table["places"]
    ]
    return table.assign(
        place_names=["; ".join(one) for one in names],
        theme_labels=_to_labels(table["themes"], world.vocabulary.themes, language),
        target_labels=_to_labels(table["targets"], world.vocabulary.targets, language),
        places_then=[
            say_places_then(places, day, world.territory, say)
            for places, day in zip(table["places"], table["places_date"], strict=True)
        ],
    )


def to_csv(selected: Catalogue, world: World, language: Language = Language.IT, extra: Extra = _NOTHING) -> bytes:
    """Return a CSV for Italian Excel: UTF-8 with BOM, `;`, CRLF, decimal comma. `extra` are further columns of text."""
    return write_csv(build_table(selected, world, language).assign(**extra), NUMBER_COLUMNS)


def write_csv(table: pd.DataFrame, numbers: Collection[str]) -> bytes:
    """Return a table as such a CSV: `numbers` are the numeric columns, the others are text."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutralise_formula(str(name)) for name in table.columns])
    columns = [_to_csv_cells(column, is_number=name in numbers) for name, column in table.items()]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig", errors="replace")


def to_xlsx(
    selected: Catalogue,
    world: World,
    about: About,
    created: date,
    language: Language = Language.IT,
    rejected: Iterable[Sequence[object]] = (),
    extra: Extra = _NOTHING,
) -> bytes:
    """Return a workbook of two sheets: the data with typed cells, and `about` as pairs (what, words).

    `extra` are further columns of text, `rejected` are lines of text for a third sheet:
    the rows of a file that could not become initiatives.
    `about` has the selection, the counting rule, the date, the sources and the licences.
    `created` is the date in the properties of the document.
    """
    return write_workbook(
        build_table(selected, world, language).assign(**extra), NUMBER_COLUMNS, about, created, rejected
    )


def write_workbook(
    table: pd.DataFrame,
    numbers: Collection[str],
    about: About,
    created: date,
    rejected: Iterable[Sequence[object]] = (),
) -> bytes:
    """Return such a workbook of any table: `numbers` are the numeric columns, the others are text."""
    book = Workbook(write_only=True)
    book.properties.created = datetime(created.year, created.month, created.day)
    sheet = book.create_sheet(DATA_SHEET)
    sheet.freeze_panes = "C2"
    for at, name in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 48 if name in _WIDE else 20
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    sheet.append([_to_xlsx_cell(sheet, name, is_bold=True) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        sheet.append(
            [
                _to_number(value) if name in numbers else _to_xlsx_cell(sheet, value)
                for name, value in zip(table.columns, row, strict=True)
            ]
        )
    for line in rejected:
        aside = book[REJECTED_SHEET] if REJECTED_SHEET in book.sheetnames else book.create_sheet(REJECTED_SHEET)
        aside.append([_to_xlsx_cell(aside, cell) for cell in line])
    notes = book.create_sheet(README_SHEET)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 100
    for what, words in about:
        notes.append([_to_xlsx_cell(notes, what, is_bold=True), _to_xlsx_cell(notes, words)])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def to_geojson(selected: Catalogue, territory: Territory, about: About, language: Language = Language.IT) -> bytes:
    """Return one point for each municipality that the selected initiatives involve (RFC 7946, EPSG:4326).

    The point is inside the municipality. Properties: istat_code, name, province, region (official names, in every
    language), n_initiatives, n_led (initiatives whose lead is there), places_then (what the municipality was on the
    dates of its initiatives), initiative_ids and titles joined by `;`. National initiatives have no point: their ids
    are in `metadata`, with `about`.
    """
    say = translator(language)

    @cache
    def say_then(code: str, day: str) -> str:
        return say_places_then(code, day, territory, say)

    placements, dates = selected.placements, selected.initiatives["places_date"]
    titles = {str(row["id"]): title_of(row, language) for row in selected.initiatives.reset_index().to_dict("records")}
    places = territory.municipalities
    features = []
    for code, rows in placements.groupby("istat_code", sort=True, observed=True):
        place = places.loc[str(code)].to_dict()
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(place["lon"]), float(place["lat"])]},
                "properties": {
                    "istat_code": code,
                    "name": place["name"],
                    "province": place["province"],
                    "region": place["region"],
                    "n_initiatives": len(rows),
                    "n_led": int(rows["is_lead"].sum()),
                    "initiative_ids": ";".join(rows["initiative_id"]),
                    "places_then": " ".join(sorted({say_then(str(code), dates[id_]) for id_ in rows["initiative_id"]})),
                    "titles": ";".join(titles[id_].replace(";", ",") for id_ in rows["initiative_id"]),
                },
            }
        )
    placed = set(placements["initiative_id"])
    metadata = {**dict(about), "not_on_the_map": [id_ for id_ in titles if id_ not in placed]}
    document = {"type": "FeatureCollection", "name": DATA_SHEET, "metadata": metadata, "features": features}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", errors="replace")


def _to_labels(cells: "pd.Series[str]", terms: dict[str, Term], language: Language) -> list[str]:
    return ["; ".join(terms[id_].label(language) for id_ in cell.split(";") if id_) for cell in cells]


def _to_number(value: object) -> int | float | None:
    """Return a nullable number as a cell value: an int if it is whole, None if missing."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _to_csv_cells(column: "pd.Series[Any]", is_number: bool) -> list[str]:
    """Return a column as cells. Each different value is worded once: of 7,895 municipalities most have the same."""
    codes, different = pd.factorize(column)
    cells = [_to_csv_cell(value, is_number) for value in different]
    unknown = codes == -1
    if unknown.any():
        cells.append(_to_csv_cell(column[unknown].iloc[0], is_number))
    return [cells[code] for code in codes]


def _to_csv_cell(value: object, is_number: bool) -> str:
    if not is_number:
        return _neutralise(value)
    number = _to_number(value)
    if number is None:
        return ""
    whole, _, decimals = f"{Decimal(repr(number)):f}".partition(".")
    # Exactly three decimals would look like thousands when read back.
    return f"{whole},{decimals.ljust(2, '0') if len(decimals) != 3 else decimals + '0'}" if decimals else whole


def _neutralise(value: object) -> str:
    """Return a text without control characters and escaped so that it cannot run as a formula."""
    return neutralise_formula(ILLEGAL_CHARACTERS_RE.sub("", str(value)))


def _to_xlsx_cell(sheet: object, value: object, is_bold: bool = False) -> WriteOnlyCell:
    """Return a cell that is always text, never a formula, number or error; None for an empty text."""
    cell = WriteOnlyCell(sheet)
    if value:
        cell.value = _neutralise(value)
        cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    if "\n" in str(value):
        cell.alignment = Alignment(wrap_text=True)
    return cell
