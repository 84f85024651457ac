"""Reading GeoJSON, GeoPackage and zipped shapefiles as a sheet of records with geometries."""

import json
import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

from atlas.base.said import said
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, Cell, Sheet

# Files of a zipped shapefile; with any other file it is a different archive.
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qmd", ".sbn", ".sbx", ".xml", ".txt", ".qix")
MAX_PARTS = 40
# Limit of vertices: a detailed country has a tenth of it.
MAX_VERTICES = 2_000_000
_GEOJSON = re.compile(
    rb'\s*\{.{0,4000}?"(?:Feature|FeatureCollection|Point|Polygon|MultiPolygon|LineString)"', re.DOTALL
)


def is_geojson(data: bytes) -> bool:
    """Tell whether the bytes begin like GeoJSON."""
    return _GEOJSON.match(data.removeprefix(b"\xef\xbb\xbf")[:5_000]) is not None


def is_shapefile(data: bytes) -> bool:
    """Tell whether an archive holds a shapefile and nothing else."""
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return any(name.lower().endswith(".shp") for name in names)


def read_geography(data: bytes) -> Sheet:
    """Return the features as records under a header of their properties; RefusedFileError if they cannot be read.

    `geometries` of the sheet are in EPSG:4326, one for each record under the header. Lines are numbered from 2.
    """
    _check(data)
    import geopandas
    import pyogrio

    try:
        frame = geopandas.read_file(BytesIO(data), rows=MAX_ROWS + 1, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError, OSError) as error:
        raise RefusedFileError(said("broken_geography"), said("save_geography")) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise RefusedFileError(said("no_geometry"), said("save_geography"))
    if len(frame) > MAX_ROWS:
        raise RefusedFileError(said("more_rows"), said("split_file"))
    if len(frame.columns) > MAX_COLUMNS + 1:
        raise RefusedFileError(said("columns"), said("remove_columns"))
    if int(frame.geometry.count_coordinates().sum()) > MAX_VERTICES:
        raise RefusedFileError(said("too_many_vertices"), said("simplify"))
    sheet = Sheet([], len(frame) + 1)
    if frame.crs is None:
        west, south, east, north = frame.total_bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise RefusedFileError(said("crs_missing"), said("name_crs"))
        sheet.warnings.append((0, said("crs_assumed"), said("name_crs")))
        frame = frame.set_crs(4326)
    properties = frame.drop(columns=frame.geometry.name)
    sheet.records.append((1, [str(name) for name in properties.columns]))
    for line, row in enumerate(properties.itertuples(index=False, name=None), start=2):
        sheet.records.append((line, [_to_cell(value) for value in row]))
    sheet.geometries = frame.geometry.to_crs(4326)
    return sheet


def _check(data: bytes) -> None:
    """Refuse archives that are too large or unsafe before passing them to the library."""
    if data.startswith(b"PK"):
        archive = zipfile.ZipFile(BytesIO(data))
        entries = archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_PARTS or total > MAX_UNPACKED_BYTES or any(entry.flag_bits & 1 for entry in entries):
            raise RefusedFileError(said("too_large"), said("split_file"))
        names = [entry.filename for entry in entries if not entry.is_dir() and "__MACOSX" not in entry.filename]
        if any(not name.lower().endswith(_PARTS) or ".." in name for name in names):
            raise RefusedFileError(said("zip"), said("save_geography"))
        if sum(name.lower().endswith(".shp") for name in names) != 1:
            raise RefusedFileError(said("several_layers"), said("save_geography"))
    elif not data.startswith(b"SQLite"):
        try:
            json.loads(data.decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise RefusedFileError(said("broken_geography"), said("save_geography")) from error


def _to_cell(value: Any) -> Cell:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool | int | float | date):
        return value
    if hasattr(value, "item"):
        return _to_cell(value.item())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
