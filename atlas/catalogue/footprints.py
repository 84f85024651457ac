"""Where initiatives are: their placements in municipalities and their footprint at each level."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.model import Level
from atlas.territory.territory import Positions, Territory

# How a municipality is included, by the level of the code that names it; the most direct first.
_VIA_BY_LEVEL = {Level.MUNICIPALITY: "direct", Level.PROVINCE: "province", Level.REGION: "region", None: "area"}
VIAS = ("direct", "area", "province", "region")


@dataclass(frozen=True, slots=True)
class Footprint:
    """The territories of one level that initiatives touch, one entry per initiative and territory.

    row: position of the initiative; territory: row of the territory in the frame of its level;
    weight: the fraction of the initiative there (1 in total); is_lead: the lead is there.
    """

    row: Positions
    territory: Positions
    weight: npt.NDArray[np.float64]
    is_lead: npt.NDArray[np.bool_]


def build_placements(frame: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """Return one row per initiative and municipality (columns in Catalogue.placements), in the order of `frame`.

    A municipality named both directly and through a wider code counts once, as direct. The lead is the municipality of
    `lead_place`, or the capital when that is a province or metropolitan city.
    """
    position = territory.positions[Level.MUNICIPALITY]
    codes, distinct = pd.factorize(frame["places"])
    members = [_expand_places(cell, territory) for cell in distinct]
    sizes = np.array([len(one) for one in members], dtype=np.intp)[codes]
    row = np.repeat(np.arange(len(frame)), sizes)
    flat = [pair for code in codes for pair in members[code].items()]
    municipality = np.array([position[code] for code, _ in flat], dtype=np.intp)
    via = [how for _, how in flat]
    lead = np.array([position.get(_find_lead(code, territory), -1) for code in frame["lead_place"]], dtype=np.intp)
    columns = territory.municipalities[["province_code", "region_code"]].take(municipality).reset_index(drop=True)
    return pd.DataFrame(
        {
            "initiative_id": frame["id"].take(row).to_numpy(),
            "row": row,
            "istat_code": territory.municipalities.index.take(municipality),
            "province_code": columns["province_code"],
            "region_code": columns["region_code"],
            "is_lead": lead[row] == municipality,
            "via": pd.Categorical(via, categories=list(VIAS)),
            "weight": 1.0 / sizes[row],
        }
    )


def build_footprints(placements: pd.DataFrame, territory: Territory) -> Mapping[Level, Footprint]:
    """Return the footprint at each level, adding up the placements in the same territory."""
    municipality = territory.municipalities.index.get_indexer(pd.Index(placements["istat_code"]))
    row = placements["row"].to_numpy(dtype=np.intp)
    weight = placements["weight"].to_numpy(dtype=float)
    is_lead = placements["is_lead"].to_numpy(dtype=bool)
    footprints = {}
    for level in Level:
        size = len(territory.at(level))
        keys, pair = np.unique(row * size + territory.parents[level][municipality], return_inverse=True)
        footprints[level] = Footprint(
            row=keys // size,
            territory=keys % size,
            weight=np.bincount(pair, weights=weight, minlength=len(keys)).astype(float),
            is_lead=np.bincount(pair, weights=is_lead, minlength=len(keys)) > 0,
        )
    return footprints


def _expand_places(cell: str, territory: Territory) -> dict[str, str]:
    """Return how each municipality of a `places` cell is included; the most direct way wins."""
    vias = [(_VIA_BY_LEVEL[territory.level_of(place)], place) for place in cell.split(";")]
    how: dict[str, str] = {}
    for via, place in sorted(vias, key=lambda pair: VIAS.index(pair[0])):
        for code in territory.expand(place):
            how.setdefault(code, via)
    return how


def _find_lead(lead_place: str, territory: Territory) -> str:
    is_province = territory.level_of(lead_place) is Level.PROVINCE
    return territory.seat_of(lead_place) if is_province else lead_place
