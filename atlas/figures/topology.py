"""The simplified boundaries decoded for drawing, as rings of projected points."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from atlas.base.model import Level

# One ring: points x, y in degrees of longitude and in Mercator's degrees, as the interactive map shows them.
Ring = npt.NDArray[np.float64]
Shapes = Mapping[str, tuple[Ring, ...]]

_FILE_AND_OBJECT = {
    Level.REGION: ("outlines", "regions"),
    Level.PROVINCE: ("outlines", "provinces"),
    Level.MUNICIPALITY: ("municipalities", "municipalities"),
}


@cache
def read_shapes(folder: Path, level: Level) -> Shapes:
    """Return the rings of every territory of a level by code, decoded once a process; `folder` holds the TopoJSON."""
    file, name = _FILE_AND_OBJECT[level]
    document = json.loads((folder / f"{file}.topojson").read_text(encoding="utf-8"))
    arcs = _decode_arcs(document)
    return {
        str(shape["id"]): tuple(
            _join(ring, arcs)
            for polygon in ([shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"])
            for ring in polygon
        )
        for shape in document["objects"][name]["geometries"]
    }


def to_plane(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Ring:
    """Return points x, y of the Mercator projection, in degrees, so that x is the longitude."""
    y = np.degrees(np.arcsinh(np.tan(np.radians(np.asarray(lat, dtype=float)))))
    return np.column_stack((np.asarray(lon, dtype=float), y))


def _decode_arcs(document: Mapping[str, Any]) -> list[Ring]:
    """Return each arc on the plane: its steps on a grid are added up."""
    scale, shift = (np.array(document["transform"][key]) for key in ("scale", "translate"))
    return [to_plane(*(np.cumsum(np.array(steps), axis=0) * scale + shift).T) for steps in document["arcs"]]


def _join(indexes: list[int], arcs: list[Ring]) -> Ring:
    """Return a closed ring; a negative index is an arc walked backwards, and neighbours share their end points."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indexes]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
