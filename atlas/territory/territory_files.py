"""Reads and checks the files of the territory: comuni.geojson, population.csv, areas.csv, names."""

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.model import DataError, Fault
from atlas.base.tables import Table, read_rows, read_table, read_text

COUNTRY = "IT"
_CURRENT_KINDS = ("short", "exonym", "province", "region")
BOUNDARIES_FILE = "comuni.geojson"
TEXT_PROPERTIES = (
    "name", "name_other", "province_code", "province", "province_abbr",
    "region_code", "region", "macro_area", "nuts3", "belfiore",
)  # fmt: skip
NUMBER_PROPERTIES = ("population", "area_km2", "lon", "lat")
# The age bands of population.csv, youngest first; a population group is a list of them.
AGE_BANDS = ("0-2", "3-5", "6-13", "14-17", "18-34", "35-64", "65-74", "75+")
AREA_COLUMNS = ("area_id", "area_name", "area_name_en", "istat_code")
# The coordinates are nine tenths of the file and are not needed here.
_COORDINATES = re.compile(r'"coordinates":\s*\[[^{}"]*\]')


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name of a place besides the official one: short or foreign, or (not current) former, or of a hamlet."""

    code: str
    name: str
    is_current: bool


def read_names_of_municipalities(path: Path) -> tuple[OtherName, ...]:
    """Read place_names.csv but for the names that mean a place only beside the name of another; DataError."""
    rows = read_rows(path, ("istat_code", "name", "kind", "within"))
    return tuple(OtherName(code, name, kind in _CURRENT_KINDS) for code, name, kind, within in rows if not within)


def read_names_of_territories(path: Path) -> tuple[OtherName, ...]:
    """Read the names of provinces and regions in place_hints.csv, not those of groups of them; DataError."""
    rows = read_rows(path, ("codes", "name", "kind"))
    one = re.compile(r"\d{2,3}")
    return tuple(OtherName(code, name, kind in _CURRENT_KINDS) for code, name, kind in rows if one.fullmatch(code))


@dataclass(frozen=True, slots=True)
class Dates:
    """The day since which the municipalities and provinces are these, and the day of the population."""

    geography: datetime.date
    population: datetime.date


def read_municipalities(path: Path) -> tuple[pd.DataFrame, Dates]:
    """Return the properties of comuni.geojson, one row per municipality by istat_code, and its dates; DataError."""
    properties, metadata = _read_document(path)
    required = ("istat_code", *TEXT_PROPERTIES, "is_capital", *NUMBER_PROPERTIES)
    missing = [name for name in required if any(name not in feature for feature in properties)]
    if missing:
        message = "manca la proprietà in almeno un comune."
        suggestion = "Rifare il file con scripts/build_boundaries.py."
        raise DataError([Fault(path.name, 0, name, message, suggestion=suggestion) for name in missing])
    frame = pd.DataFrame(
        {name: [feature[name] for feature in properties] for name in required},
        columns=list(required),
    )
    faults = _find_municipality_faults(path.name, frame)
    if faults:
        raise DataError(faults)
    frame = frame.set_index("istat_code")
    text = dict.fromkeys(TEXT_PROPERTIES, "str")
    frame[list(TEXT_PROPERTIES)] = frame[list(TEXT_PROPERTIES)].fillna("").astype(text)
    return frame.astype({"is_capital": bool} | dict.fromkeys(NUMBER_PROPERTIES, float)), _read_dates(path, metadata)


def _read_dates(path: Path, metadata: Mapping[str, Any]) -> Dates:
    try:
        days = metadata["reference_date"], metadata["population"]["date"]
        return Dates(*(datetime.date.fromisoformat(day) for day in days))
    except (KeyError, TypeError, ValueError) as error:
        message = "non dice di quale giorno sono i confini o la popolazione (reference_date, population.date)."
        suggestion = "Rifare il file con scripts/build_boundaries.py."
        raise DataError([Fault(path.name, 0, "metadata", message, suggestion=suggestion)]) from error


def _read_document(path: Path) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    text = read_text(path)
    suggestion = "Il file è forse troncato: copiarlo di nuovo o rifarlo con scripts/build_boundaries.py."
    try:
        document = json.loads(_COORDINATES.sub('"coordinates":[]', text))
    except json.JSONDecodeError as error:
        line, position = _locate_json_error(text, error)
        message = f"non è un JSON valido, posizione {position}."
        raise DataError([Fault(path.name, line, "", message, suggestion=suggestion)]) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(one, dict) for one in features):
        raise DataError([Fault(path.name, 0, "features", "non contiene nessun comune.", suggestion=suggestion)])
    return [feature.get("properties") or {} for feature in features], document.get("metadata") or {}


def _locate_json_error(text: str, error: json.JSONDecodeError) -> tuple[int, int]:
    """Return line and column in the whole text, because it was parsed without the coordinates."""
    try:
        json.loads(text)
    except json.JSONDecodeError as exact:
        error = exact
    return error.lineno, error.colno


def _find_municipality_faults(file: str, frame: pd.DataFrame) -> list[Fault]:
    """Check codes and numbers; faults have no line, because features are not rows, but the value."""
    faults = []
    for column, digits in (("istat_code", 6), ("province_code", 3), ("region_code", 2)):
        wrong = [code for code in frame[column] if not re.fullmatch(rf"\d{{{digits}}}", str(code))]
        message, suggestion = f"il codice non ha {digits} cifre.", "Servono gli zeri iniziali."
        faults += [Fault(file, 0, column, message, str(code), suggestion=suggestion) for code in wrong]
    repeated = frame.loc[frame["istat_code"].duplicated(), "istat_code"]
    faults += [Fault(file, 0, "istat_code", "il comune compare più di una volta.", str(code)) for code in repeated]
    for column in NUMBER_PROPERTIES:
        numbers = pd.to_numeric(frame[column], errors="coerce")
        wrong_number = (numbers.isna() & frame[column].notna()) | (numbers.isna() & (column != "population"))
        negative = (numbers < 0) & (column not in ("lon", "lat"))
        bad = frame.loc[wrong_number | negative]
        for code, value in zip(bad["istat_code"], bad[column], strict=True):
            faults.append(Fault(file, 0, column, f"numero non valido per il comune {code}.", str(value)))
    return faults


def read_age_bands(path: Path, known: set[str]) -> pd.DataFrame:
    """Return inhabitants by municipality and age band, empty cells as NaN; `known` codes only; DataError."""
    table = read_table(path, ("istat_code", *AGE_BANDS))
    numbers = pd.DataFrame({band: pd.to_numeric(table.frame[band], errors="coerce") for band in AGE_BANDS}, dtype=float)
    wrong = (numbers.isna() & (table.frame[list(AGE_BANDS)] != "")) | (numbers < 0)
    faults = [
        table.fault(int(row), AGE_BANDS[column], "numero di abitanti non valido.", "Lasciare vuoto se non è noto.")
        for row, column in np.argwhere(wrong.to_numpy(dtype=bool))
    ]
    faults = [*table.faults, *faults, *_find_code_faults(table, known), *_find_repeated(table, ["istat_code"])]
    if faults:
        raise DataError(faults)
    return numbers.set_index(pd.Index(table.frame["istat_code"], name="istat_code"))


def read_areas(path: Path, known: set[str]) -> pd.DataFrame:
    """Return the rows of areas.csv, one per municipality of an area; `known` codes only; DataError."""
    table = read_table(path, ("area_id", "istat_code"))
    keys = ["area_id", "istat_code"]
    faults = [*table.faults, *_find_code_faults(table, known), *_find_repeated(table, keys)]
    faults += [
        table.fault(row, "area_id", "identificativo vuoto o uguale a un codice.", "Usare lettere e trattini.")
        for row, area in enumerate(table.frame["area_id"])
        if not area or area.isdigit() or area == COUNTRY
    ]
    if faults:
        raise DataError(faults)
    frame = table.frame
    # Names are for people and may be left out: the identifier, or the Italian name, is used instead.
    for column, other in (("area_name", "area_id"), ("area_name_en", "area_name")):
        frame = frame if column in frame else frame.assign(**{column: frame[other]})
    return frame


def _find_code_faults(table: Table, known: set[str]) -> list[Fault]:
    """Report unknown municipalities, unless the boundaries could not be read."""
    return [
        table.fault(row, "istat_code", "codice di comune sconosciuto.", "Usare i codici di comuni.geojson.")
        for row, code in enumerate(table.frame["istat_code"])
        if known and code not in known
    ]


def _find_repeated(table: Table, keys: list[str]) -> list[Fault]:
    repeated = np.flatnonzero(table.frame.duplicated(keys).to_numpy())
    return [table.fault(int(row), keys[-1], "riga ripetuta.", "Lasciarne una sola.") for row in repeated]
