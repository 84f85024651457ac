"""The open data as bytes: initiatives, indicators and boundaries."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from atlas.base.columns import ALL_COLUMNS, NUMBER_COLUMNS, READABLE_COLUMNS, READABLE_LISTS
from atlas.base.formats import FORMATS
from atlas.base.i18n import translator
from atlas.base.model import CountingRule
from atlas.catalogue.links import to_query
from atlas.catalogue.selection import select
from atlas.catalogue.source import bundle
from atlas.catalogue.world import World
from atlas.figures.mapview import legend_title
from atlas.publish.areas.csv_types import to_zip
from atlas.publish.areas.table import areas_csv, build_area_table
from atlas.publish.areas.writing import publish_areas
from atlas.publish.export import build_table, to_csv, to_geojson
from atlas.server.api.query import INDICATORS, LAYERS, PAGING, SELECTION, Query
from atlas.words.phrases import describe_rule, describe_selection
from atlas.words.sources import say_sources

LISTS = ("places", "themes", "targets", "partners", "documents", *READABLE_LISTS)


def initiatives_json(query: Query, world: World, version: str) -> bytes:
    """Return the selected initiatives, one object each: lists as arrays, unknown values as null."""
    selected = select(world.catalogue, query.view.selection)
    table = build_table(selected, world, query.view.language)
    page = table.iloc[query.offset : query.offset + query.limit]
    rows = [_to_object(row) for row in page.to_dict("records")]
    meta = _meta(query, world, version, total=len(table), count=len(rows))
    return to_json({"meta": meta, "initiatives": rows})


def initiatives_csv(query: Query, world: World, version: str) -> bytes:
    """Return the same CSV as the page's download for this selection."""
    selected = select(world.catalogue, query.view.selection)
    return to_csv(selected, world, query.view.language)


def initiatives_zip(query: Query, world: World, version: str) -> bytes:
    """Return that CSV with the types of its columns."""
    return to_zip("atlante-iniziative", initiatives_csv(query, world, version))


def initiatives_geojson(query: Query, world: World, version: str) -> bytes:
    """Return one point for each municipality that the selected initiatives involve, as in the page's download."""
    selected = select(world.catalogue, query.view.selection)
    return to_geojson(selected, world.territory, _about(query, world, version), query.view.language)


def indicators_json(query: Query, world: World, version: str) -> bytes:
    """Return the numbers of the map, one object per territory; an unknown number is null, never 0."""
    shown, table = build_area_table(select(world.catalogue, query.view.selection), query.view, world)
    say = translator(query.view.language)
    page = table.iloc[query.offset : query.offset + query.limit]
    rows = [{name: _to_number(value) for name, value in row.items()} for row in page.to_dict("records")]
    meta = _meta(query, world, version, total=len(table), count=len(rows)) | {
        "level": str(shown.level),
        "measure": {"id": str(shown.measure), "description": legend_title(shown, say)},
        "counting_rule": {"id": str(shown.rule), "description": describe_rule(shown.rule, say)},
        "interval": say("api.no_interval" if shown.rule is CountingRule.SHARE else "api.interval"),
        "missing": say("api.missing"),
    }
    return to_json({"meta": meta, "indicators": rows})


def indicators_csv(query: Query, world: World, version: str) -> bytes:
    """Return the same numbers as CSV, with level, measure and rule in each row; an unknown number is an empty cell."""
    return areas_csv(select(world.catalogue, query.view.selection), query.view, world)


def indicators_zip(query: Query, world: World, version: str) -> bytes:
    """Return that CSV with the types of its columns."""
    return to_zip("atlante-indicatori", indicators_csv(query, world, version))


def areas(kind: str, query: Query, world: World, version: str) -> bytes:
    """Return the territories with the same numbers: those of the level as geojson, of every level as layers in gpkg."""
    selected, about = select(world.catalogue, query.view.selection), _about(query, world, version)
    return publish_areas(kind, selected, query.view, world, about, world.territory.dates.geography, query.crs)


def boundaries(query: Query, world: World, version: str) -> bytes:
    """Return the municipalities of some regions with their boundaries, and the metadata of the source file.

    comuni.geojson has one feature a line: parsing its ten megabytes would take hundreds in memory.
    """
    marks = [f'"region_code":"{code}"' for code in query.regions]
    opening, *lines = bundle.boundaries_text().splitlines()
    kept = [line.rstrip().rstrip(",") for line in lines if any(mark in line for mark in marks)]
    return (opening.rstrip() + "\n" + ",\n".join(kept) + "\n]}\n").encode()


def _meta(query: Query, world: World, version: str, total: int, count: int) -> dict[str, Any]:
    say = translator(query.view.language)
    end = query.offset + count
    return {
        "title": say("app.title"),
        "selection": describe_selection(query.view.selection, world, say),
        "query": to_query(query.view),
        "language": str(query.view.language),
        "licence": world.provenance.identifier or None,
        "licence_url": world.provenance.licence_address or None,
        "sources": say_sources(world, say),
        "catalogue_version": version,
        "total": total,
        "offset": query.offset,
        "limit": query.limit,
        "count": count,
        "next_offset": end if end < total else None,
    }


def _about(query: Query, world: World, version: str) -> tuple[tuple[str, str], ...]:
    say = translator(query.view.language)
    selection = describe_selection(query.view.selection, world, say)
    return (
        (say("files.selection"), selection),
        (say("files.sources"), say_sources(world, say)),
        ("licence", world.provenance.identifier),
        ("catalogue_version", version),
    )


def _to_object(row: Mapping[Any, Any]) -> dict[str, object]:
    made: dict[str, object] = {}
    for name in (*ALL_COLUMNS, *READABLE_COLUMNS):
        value = row[name]
        if name in NUMBER_COLUMNS:
            made[name] = None if pd.isna(value) else _to_number(float(value))
        elif name in LISTS:
            made[name] = [part.strip() for part in str(value).split(";") if part.strip()]
        else:
            made[name] = str(value) or None
    return made


def _to_number(value: object) -> object:
    """Return a number for JSON: an int if it is whole, None if unknown; anything else unchanged."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else value
    return value


def to_json(document: object) -> bytes:
    """Return a document as compact JSON; ValueError for NaN and infinity."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class Table:
    """One resource of the open data: accepted parameters, builder, file name, and schema of the description."""

    accepted: tuple[str, ...]
    make: Callable[[Query, World, str], bytes]
    file: str = ""
    schema: str = ""


TABLES = {
    "initiatives.json": Table((*SELECTION, *PAGING), initiatives_json, schema="Initiatives"),
    "initiatives.csv": Table(SELECTION, initiatives_csv, "atlante-iniziative.csv"),
    "initiatives.zip": Table(SELECTION, initiatives_zip, "atlante-iniziative.zip"),
    "initiatives.geojson": Table(SELECTION, initiatives_geojson, schema="Features"),
    "indicators.json": Table((*INDICATORS, *PAGING), indicators_json, schema="Indicators"),
    "indicators.csv": Table(INDICATORS, indicators_csv, "atlante-indicatori.csv"),
    "indicators.zip": Table(INDICATORS, indicators_zip, "atlante-indicatori.zip"),
    "areas.geojson": Table(INDICATORS, partial(areas, "geojson"), schema="Features"),
    "areas.gpkg": Table(LAYERS, partial(areas, "gpkg"), "atlante-territori.gpkg"),
    "municipalities.geojson": Table(("region", "lang"), boundaries, schema="Features"),
}
DOCUMENTS = ("openapi.json", "catalog.jsonld")


def media_type_of(name: str) -> str:
    """Return the media type of a table or document by the ending of its name."""
    return FORMATS[name.partition(".")[2]]
