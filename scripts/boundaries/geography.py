"""One geography out of the sources: the list, the layer and the codes that changed, all after the last known step."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from . import sources, steps, tables
from .sources import BuildError

STEPS_FILE, BOUNDARIES_FILE, CHANGES_FILE = "geography_steps.csv", "comuni.geojson", "istat_code_changes.csv"
# What a zip of boundaries does not say of a municipality; what it may not say.
_KNOWN_ONLY = ["nuts3", "belfiore"]
_KNOWN_IF_MISSING = ["province", "province_abbr", "region"]


@dataclass(frozen=True)
class Geography:
    """Municipalities of today and how older codes become theirs.

    layer: index istat_code as in its source, METRIC_CRS. names: columns of LIST_COLUMNS without the past codes, sorted.
    today: an older code → today's. changes: data/istat_code_changes.csv. day: since when it is so (ISO).
    """

    layer: gpd.GeoSeries
    names: pd.DataFrame
    today: Mapping[str, str]
    changes: pd.DataFrame
    day: str
    layer_source: dict[str, str]
    names_source: dict[str, str]


def read_packages(data_dir: Path, geopop: Path, istat_list: Path) -> Geography:
    """Carry the pinned list and layer through data_dir's table of steps to the last one."""
    taken = steps.read_steps(data_dir / STEPS_FILE)
    listed = sources.read_municipality_list(istat_list)
    sardinia = steps.number_sardinia(listed)
    names = steps.carry_names(listed, steps.since(taken, sources.LIST_DATE), sardinia)
    changes = tables.build_code_changes(listed, sources.read_names_2022(geopop), taken, sardinia, names)
    return Geography(
        sources.read_layer(geopop),
        names,
        tables.list_successors(changes),
        changes,
        taken[-1].date,
        {
            "source": f"ISTAT, da {sources.GEOPOP.requirement}",
            "date": sources.LAYER_DATE,
            "sha256": sources.GEOPOP.sha256,
        },
        {"source": f"elenco ISTAT dei comuni, da {sources.ISTAT_LIST.requirement}", "date": sources.LIST_DATE},
    )


def read_zip(data_dir: Path, istat_zip: Path) -> Geography:
    """Carry an official ISTAT zip to the last step; what the zip does not say comes from the files of data_dir.

    BuildError names the municipalities that neither those files nor a step explain.
    """
    taken = steps.read_steps(data_dir / STEPS_FILE)
    document = json.loads((data_dir / BOUNDARIES_FILE).read_text(encoding="utf-8"))
    known = pd.DataFrame([feature["properties"] for feature in document["features"]])
    changes = pd.read_csv(data_dir / CHANGES_FILE, dtype=str, keep_default_na=False)
    sardinia = tables.list_successors(changes[changes["note"] == tables.SARDINIA_NOTE])
    newer = steps.since(taken, document["metadata"]["reference_date"])
    old_names = dict(zip(known["istat_code"], known["name"], strict=True))
    known = steps.carry_names(known, newer, {})
    changes = tables.extend_code_changes(changes, newer, old_names, known)
    given = sources.read_istat_zip(istat_zip)
    names = steps.carry_names(given.names, steps.since(taken, given.day), sardinia)
    explain_codes(names, known, given.layer)
    source = {"source": f"ISTAT, {istat_zip.name}", "date": given.day, "sha256": sources.sha256_of(istat_zip)}
    day = max(taken[-1].date, given.day)
    names = complete_names(names, known)
    return Geography(given.layer, names, tables.list_successors(changes), changes, day, source, source)


def explain_codes(given: pd.DataFrame, known: pd.DataFrame, layer: gpd.GeoSeries) -> None:
    """Raise BuildError when the zip and the steps do not lead to the same municipalities in the zip's regions."""
    here = known[known["region_code"].isin(given["region_code"].unique())]
    gone = here[~here["istat_code"].isin(given["istat_code"])]
    born = given[~given["istat_code"].isin(here["istat_code"])]
    if gone.empty and born.empty:
        return
    lines = [f"  gone: {code} {name}" for code, name in gone[["istat_code", "name"]].itertuples(index=False)]
    for code, name in born[["istat_code", "name"]].itertuples(index=False):
        near = _neighbours(code, layer)
        lines.append(f"  new: {code} {name}" + f" (touches {', '.join(near)})" * bool(near))
    message = f"the boundaries have changes that data/{STEPS_FILE} does not tell; add a row for each:"
    raise BuildError("\n".join([message, *lines]))


def _neighbours(code: str, layer: gpd.GeoSeries) -> list[str]:
    if code not in layer.index:
        return []
    return sorted(layer.index[layer.touches(layer[code])])


def complete_names(given: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Add to the zip's names what only the list says; what no source says stays empty."""
    frame, table = given.set_index("istat_code"), known.set_index("istat_code")
    for column in _KNOWN_ONLY:
        frame[column] = table[column].reindex(frame.index).fillna("")
    for column in _KNOWN_IF_MISSING:
        by = "region_code" if column == "region" else "province_code"
        by_code = known.drop_duplicates(by).set_index(by)[column]
        frame[column] = frame[column].where(frame[column] != "", frame[by].map(by_code)).fillna("")
    nameless = sorted(frame.index[(frame["province"] == "") | (frame["region"] == "")])
    if nameless:
        raise BuildError(f"no name of province or region for {nameless[:10]}: the zip must hold ProvCM… and Reg… too.")
    return frame.reset_index()[list(given.columns)]


def check_coverage(layer: gpd.GeoSeries, names: pd.DataFrame) -> None:
    """Raise BuildError unless the layer has exactly the municipalities of the list, none of them empty."""
    missing, unknown = set(names["istat_code"]) - set(layer.index), set(layer.index) - set(names["istat_code"])
    if missing or unknown:
        raise BuildError(f"the layer does not fit the list: missing {sorted(missing)}, unknown {sorted(unknown)}.")
    empty = sorted(layer.index[shapely.is_empty(layer.to_numpy())])
    if empty:
        raise BuildError(f"no shape for {empty[:10]}.")
