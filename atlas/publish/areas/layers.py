"""The territories of the map with their numbers as GIS layers: GeoPackage with QGIS styles, GeoJSON."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import shapely

from atlas.base.columns import About
from atlas.base.i18n import translator
from atlas.base.model import Language, Level, View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.publish.areas.styles import style_areas, style_footprints, style_points
from atlas.publish.areas.table import CRS, at_level, build_area_table, with_kind
from atlas.words.history import say_places_then

LAYERS = {Level.REGION: "regions", Level.PROVINCE: "provinces", Level.MUNICIPALITY: "municipalities"}
POINTS, FOOTPRINTS, ABOUT = "initiatives", "footprints", "about"
# The version of 2020, which older QGIS releases read without warnings.
_GPKG = {"VERSION": "1.3"}
_INITIATIVE_COLUMNS = (
    "title_it", "title_en", "scale", "themes", "targets", "service_type", "start_year", "places_date"
)  # fmt: skip
_HOLDERS = {Level.REGION: "region_code", Level.PROVINCE: "province_code", Level.MUNICIPALITY: ""}
_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""


def areas_geojson(selected: Catalogue, view: View, world: World, shapes: geopandas.GeoDataFrame, about: About) -> bytes:
    """Return the polygons of the view's level with the numbers of the map (RFC 7946, EPSG:4326), null where unknown.

    shapes: the municipality polygons, as territory.read_boundaries returns them.
    """
    frame = _build_areas(selected, view, world, shapes, view.options.level)[0]
    table = frame.drop(columns="geometry").astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    written = shapely.to_geojson(shapely.orient_polygons(frame.geometry.to_numpy(), exterior_cw=False))
    # Each feature is written apart: as one object the coordinates would take hundreds of megabytes.
    features = [
        f'{{"type":"Feature","properties":{_dump(row)},"geometry":{shape}}}'
        for row, shape in zip(rows, written, strict=True)
    ]
    head = f'{{"type":"FeatureCollection","metadata":{_dump(dict(about))},"features":[\n'
    return (head + ",\n".join(features) + "\n]}\n").encode()


def areas_gpkg(
    selected: Catalogue,
    view: View,
    world: World,
    shapes: geopandas.GeoDataFrame,
    about: About,
    crs: str = CRS[0],
) -> bytes:
    """Return a GeoPackage: the three levels with the numbers of the map, the initiatives' points and footprints.

    The measure of a level where it makes no sense is the count, as on the map. Each layer has the atlas' colours as its
    default QGIS style, and a table without geometry says what the numbers are.
    """
    layers: dict[str, geopandas.GeoDataFrame] = {}
    styles: dict[str, str] = {}
    for level, name in LAYERS.items():
        layers[name], styles[name] = _build_areas(selected, view, world, shapes, level)
    layers[FOOTPRINTS] = _build_footprints(selected, shapes, world, view.language)
    layers[POINTS] = _build_points(selected, world, view.language)
    styles |= {FOOTPRINTS: style_footprints(), POINTS: style_points()}
    day = world.territory.dates.geography.isoformat()
    # A fixed timestamp: the same view gives the same bytes.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atlante.gpkg"
        for name, layer in layers.items():
            kind = "Point" if name == POINTS else "MultiPolygon"
            pyogrio.write_dataframe(
                layer.to_crs(crs),
                path,
                layer=name,
                driver="GPKG",
                geometry_type=kind,
                promote_to_multi=kind != "Point",
                dataset_options=_GPKG,
            )
        table = pd.DataFrame(about, columns=["what", "words"])
        pyogrio.write_dataframe(table, path, layer=ABOUT, driver="GPKG", dataset_options=_GPKG)
        _write_styles(path, styles, f"{day}T00:00:00.000Z")
        return path.read_bytes()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _build_areas(
    selected: Catalogue, view: View, world: World, shapes: geopandas.GeoDataFrame, level: Level
) -> tuple[geopandas.GeoDataFrame, str]:
    shown, table = build_area_table(selected, at_level(view, level), world)
    geometry = shapes.geometry
    if by := _HOLDERS[level]:
        parts = {code: part.to_numpy() for code, part in geometry.groupby(shapes[by])}
        united = {code: shapely.coverage_union_all(parts[code]) for code in table["istat_code"]}
        geometry = geopandas.GeoSeries(united, crs=shapes.crs)
    geometry = geometry.reindex(table["istat_code"]).to_numpy()
    return geopandas.GeoDataFrame(with_kind(shown, table), geometry=geometry, crs=shapes.crs), style_areas(shown)


def _build_points(selected: Catalogue, world: World, language: Language) -> geopandas.GeoDataFrame:
    """Return one point for each initiative and municipality, inside the municipality."""
    placements = selected.placements
    places = world.territory.municipalities.loc[list(placements["istat_code"].astype(str))]
    table = _describe(selected, placements["initiative_id"].astype(str))
    table["istat_code"], table["name"] = list(places.index), places["name"].to_numpy()
    table["places_then"] = _say_then(table["istat_code"], table["places_date"], world, language)
    table["is_lead"] = placements["is_lead"].to_numpy(dtype=bool)
    points = geopandas.points_from_xy(places["lon"], places["lat"], crs=CRS[0])
    return geopandas.GeoDataFrame(table, geometry=points)


def _build_footprints(
    selected: Catalogue, shapes: geopandas.GeoDataFrame, world: World, language: Language
) -> geopandas.GeoDataFrame:
    """Return the united municipalities of each initiative that involves several."""
    placements = selected.placements
    groups = placements["istat_code"].astype(str).groupby(placements["initiative_id"].astype(str), sort=False)
    several = {id_: list(codes) for id_, codes in groups if len(codes) > 1}
    table = _describe(selected, pd.Series(list(several), dtype="str"))
    table["n_municipalities"] = [len(codes) for codes in several.values()]
    table["istat_codes"] = [";".join(codes) for codes in several.values()]
    table["places_then"] = _say_then(table["istat_codes"], table["places_date"], world, language)
    united = [shapely.union_all(shapes.geometry.loc[codes].to_numpy()) for codes in several.values()]
    return geopandas.GeoDataFrame(table, geometry=geopandas.GeoSeries(united, crs=shapes.crs))


def _say_then(places: Iterable[str], dates: Iterable[str], world: World, language: Language) -> list[str]:
    say = cache(partial(say_places_then, territory=world.territory, say=translator(language)))
    return [say(*one) for one in zip(places, dates, strict=True)]


def _describe(selected: Catalogue, ids: "pd.Series[Any]") -> pd.DataFrame:
    rows = selected.initiatives.loc[list(ids), list(_INITIATIVE_COLUMNS)]
    return rows.reset_index(names="initiative_id").astype({"start_year": "Int64"})


def _write_styles(path: Path, styles: Mapping[str, str], moment: str) -> None:
    """Add the table of QGIS layer styles, registered as the standard requires."""
    row = "INSERT INTO layer_styles VALUES (NULL, '', '', ?, ?, ?, ?, '', 1, '', '', '', ?)"
    with sqlite3.connect(path) as base:
        geometry = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
        base.execute(_STYLES_TABLE)
        for name, style in styles.items():
            base.execute(row, (name, geometry[name], f"Atlante: {name}", style, moment))
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (moment,),
        )
    base.close()
