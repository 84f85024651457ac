"""What every other build is given: the atlas's shapes and catalogue, one filter, and rates ready to be drawn."""

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from atlas.base.model import CountingRule, Level, Measure, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import select
from atlas.indicators.classes import PALETTES, build_classes
from atlas.indicators.indicators import rate_by_territory
from tests.factories import DATA_DIR, make_catalogue, real_territory, real_vocabulary

N_INITIATIVES = 2_000
N_MUNICIPALITIES = 7_000
COLOURS = [str(colour) for colour in PALETTES["light"]["classes"]]  # type: ignore[attr-defined]
LAND = str(PALETTES["light"]["land"])


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the comparison."""
    return make_catalogue(N_INITIATIVES, N_MUNICIPALITIES, seed=1)


@cache
def shapes_text() -> str:
    """Return the atlas's light boundaries as GeoJSON with four decimals: the other builds cannot share arcs."""
    topology = json.loads((DATA_DIR / "map" / "municipalities.topojson").read_text(encoding="utf-8"))
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [(np.cumsum(arc, axis=0) * scale + shift).round(4).tolist() for arc in topology["arcs"]]

    def ring(indexes: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for index in indexes:
            line = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += line[1:] if points else line
        return points

    features = []
    for geometry in topology["objects"]["municipalities"]["geometries"]:
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        polygons = [[ring(rings) for rings in part] for part in parts]
        code = str(geometry["id"])
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


@cache
def shapes() -> dict[str, Any]:
    """Return the shapes, parsed once; nobody may change them."""
    parsed: dict[str, Any] = json.loads(shapes_text())
    return parsed


def choose_theme() -> str:
    """Draw the one filter of these programs and return the chosen theme."""
    themes = real_vocabulary().themes
    return str(st.pills("Tema", list(themes), key="theme", default=next(iter(themes)), required=True))


def rates(theme: str) -> pd.DataFrame:
    """Return every municipality, by code: initiatives per million inhabitants (`rate`), class and colour."""
    selected = select(catalogue(), Selection(themes=(theme,)))
    frame = rate_by_territory(
        selected, real_territory(), Level.MUNICIPALITY, CountingRule.PRESENCE, Measure.PER_MILLION
    )
    position = build_classes(frame["value"]).of(frame["value"])
    rate = frame["value"].fillna(0)
    colour = [COLOURS[at] if at >= 0 and value else LAND for at, value in zip(position, rate, strict=True)]
    return pd.DataFrame({"rate": rate, "colour": colour}, index=frame.index)


def marks(theme: str) -> list[tuple[float, float, str]]:
    """Return one mark for each selected initiative: latitude, longitude and id."""
    selected = select(catalogue(), Selection(themes=(theme,)))
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    kept = selected.kept[footprint.row]
    firsts = dict(zip(footprint.row[kept][::-1], footprint.territory[kept][::-1], strict=True))
    places = real_territory().municipalities
    latitudes, longitudes = places["lat"].to_numpy(), places["lon"].to_numpy()
    ids = selected.store.initiatives.index
    return [(float(latitudes[at]), float(longitudes[at]), str(ids[row])) for row, at in firsts.items()]
