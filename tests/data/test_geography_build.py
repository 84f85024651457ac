"""next year's geography is one command: a zip of ISTAT's layout in, the committed files out."""

import json
import shutil
import sys
import zipfile
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
sys.path.insert(0, str(ROOT / "scripts"))

import build_boundaries  # noqa: E402
from boundaries import geography, sources, steps, tables  # noqa: E402

pytestmark = pytest.mark.thorough

TODAY = "21022026"


@cache
def country():
    return gpd.read_file(DATA / "comuni.geojson")


def zip_frame(*regions):
    """Municipalities of some regions in the columns of ISTAT's shapefile."""
    part = country()[country()["region_code"].isin(regions)].to_crs("EPSG:32632")
    metropolitan = part["province_code"].isin(["112", "118"])
    province = part["province_code"].astype(int)
    return gpd.GeoDataFrame(
        {
            "COD_RIP": part["macro_area"].map({name: code for code, name in sources.MACRO_AREAS.items()}),
            "COD_REG": part["region_code"].astype(int),
            "COD_PROV": province,
            "COD_CM": province.where(~metropolitan, province + 200).where(metropolitan, 0),
            "COD_UTS": province.where(~metropolitan, province + 200),
            "PRO_COM": part["istat_code"].astype(int),
            "PRO_COM_T": part["istat_code"],
            "COMUNE": part["name"],
            "COMUNE_A": part["name_other"],
            "CC_UTS": part["is_capital"].astype(int),
        },
        geometry=part.geometry,
        crs=part.crs,
    )


def write_zip(frame, folder, day=TODAY):
    """Write Limiti…_g.zip with Com…_g_WGS84.shp as ISTAT lays it out."""
    shapes = folder / f"Com{day}_g"
    shapes.mkdir()
    frame.to_file(shapes / f"Com{day}_g_WGS84.shp", encoding="utf-8")
    path = folder / f"Limiti{day}_g.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in shapes.iterdir():
            archive.write(file, f"Limiti{day}_g/Com{day}_g/{file.name}")
    return path


def split_in_two(frame, code, parts):
    """Draw a municipality as two, as it was before they merged: a vertical cut through the middle."""
    row = frame[frame["PRO_COM_T"] == code]
    west, south, east, north = row.total_bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    rows = [
        row.assign(PRO_COM_T=part, PRO_COM=int(part), COMUNE=name, geometry=row.geometry.intersection(half))
        for (part, name), half in zip(parts.items(), halves, strict=True)
    ]
    return pd.concat([frame[frame["PRO_COM_T"] != code], *rows], ignore_index=True)


def properties(folder):
    document = json.loads((folder / "comuni.geojson").read_text(encoding="utf-8"))
    return pd.DataFrame([feature["properties"] for feature in document["features"]]).set_index("istat_code")


def test_a_zip_of_the_same_day_gives_the_same_table(tmp_path):
    """Valle d'Aosta, two languages, and Sardinia, whose provinces are new."""
    figures = build_boundaries.build(tmp_path / "out", write_zip(zip_frame("02", "20"), tmp_path), None)
    assert (figures["features"], figures["provinces"], figures["regions"]) == (451, 9, 2)
    assert figures["invalid"] == figures["bad_edges"] == figures["small_holes"] == figures["real_holes"] == 0
    built, committed = properties(tmp_path / "out"), properties(DATA)
    same = [column for column in committed.columns if column not in ("area_km2", "lon", "lat")]
    pd.testing.assert_frame_equal(built[same], committed.loc[built.index, same], check_dtype=False)
    assert (built["area_km2"] / committed.loc[built.index, "area_km2"] - 1).abs().max() < 0.1
    for name in ("istat_code_changes.csv", "place_names.csv", "place_hints.csv", "areas.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (DATA / name).read_bytes(), name


def test_what_the_zip_does_not_know_yet_is_done_to_it(tmp_path):
    """Castegnero and Nanto are still two on 1 January 2026."""
    frame = split_in_two(zip_frame("05"), "024129", {"024027": "Castegnero", "024071": "Nanto"})
    figures = build_boundaries.build(tmp_path / "out", write_zip(frame, tmp_path, "01012026"), None)
    built = properties(tmp_path / "out")
    assert figures["features"] == len(frame) - 1 == len(built)
    assert built.loc["024129", "name"] == "Castegnero Nanto"
    assert built.loc["024129", "population"] == properties(DATA).loc["024129", "population"]
    metadata = json.loads((tmp_path / "out" / "comuni.geojson").read_text(encoding="utf-8"))["metadata"]
    assert (metadata["boundaries"]["date"], metadata["reference_date"]) == ("2026-01-01", "2026-02-21")
    assert metadata["population"]["date"] == "2022-01-01"


def test_a_change_that_no_step_tells_stops_the_build_and_names_its_neighbours(tmp_path):
    frame = zip_frame("02")
    frame.loc[frame["PRO_COM_T"].isin(["007001", "007002"]), ["PRO_COM_T", "COMUNE"]] = ["007999", "Nuovo"]
    frame = frame.dissolve("PRO_COM_T", as_index=False)
    with pytest.raises(sources.BuildError) as stopped:
        build_boundaries.build(tmp_path / "out", write_zip(frame, tmp_path, "01012027"), None)
    told = str(stopped.value)
    assert "geography_steps.csv" in told
    assert "gone: 007001 Allein" in told and "gone: 007002" in told and "new: 007999 Nuovo (touches 0070" in told


def test_a_step_added_to_the_table_is_enough_for_next_year(tmp_path, monkeypatch):
    """Two municipalities of the Valle d'Aosta become one: the code, the name and the residents follow."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    with (data / "geography_steps.csv").open("a", encoding="utf-8") as table:
        for old in ("007001", "007002"):
            table.write(f"2027-01-01,merged,{old},007999,Prova,,Z999,atto di prova,prova\n")
    monkeypatch.setattr(build_boundaries, "DATA_DIR", data)
    frame = zip_frame("02")
    figures = build_boundaries.build(tmp_path / "out", write_zip(frame, tmp_path), None)
    built, before = properties(tmp_path / "out"), properties(DATA)
    assert figures["features"] == 73
    assert built.loc["007999", "population"] == before.loc[["007001", "007002"], "population"].sum()
    assert built.loc["007999", ["name", "belfiore", "province_abbr"]].tolist() == ["Prova", "Z999", "AO"]
    changes = pd.read_csv(tmp_path / "out" / "istat_code_changes.csv", dtype=str, keep_default_na=False)
    row = changes.set_index("old_code").loc["007001"]
    assert row.tolist() == ["007999", "Allein", "merged", "2026-12-31", "ora Prova"]


def test_residents_come_from_istats_file_by_age(tmp_path):
    posas = tmp_path / "POSAS_2027_it_Comuni.csv"
    codes = country().loc[country()["region_code"] == "02", "istat_code"]
    lines = ["Popolazione residente per sesso ed età al 1° gennaio 2027", "Codice comune;Comune;Età;Totale"]
    lines += [f"{code};X;{age};{1 if age < 101 else 101}" for code in codes for age in (*range(101), 999)]
    posas.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    build_boundaries.build(tmp_path / "out", write_zip(zip_frame("02"), tmp_path), posas)
    built = pd.read_csv(tmp_path / "out" / "population.csv", dtype={"istat_code": str}).set_index("istat_code")
    assert built.loc["007003"].tolist() == [3, 3, 8, 4, 17, 30, 10, 26]
    assert (properties(tmp_path / "out")["population"] == 101).all()
    metadata = json.loads((tmp_path / "out" / "comuni.geojson").read_text(encoding="utf-8"))["metadata"]
    assert metadata["population"] == {"source": f"ISTAT, {posas.name}", "date": "2027-01-01"}


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda path: path.write_bytes(b"no"), "not a zip"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "found 0"),
    ],
)
def test_a_file_that_is_no_zip_of_boundaries_says_so(tmp_path, write, told):
    path = tmp_path / "Limiti01012026_g.zip"
    write(path)
    with pytest.raises(sources.BuildError, match=told):
        sources.read_istat_zip(path)


def test_ages_that_do_not_add_up_stop_the_build(tmp_path):
    path = tmp_path / "POSAS_2026_it_Comuni.csv"
    path.write_text("Titolo\nCodice comune;Comune;Età;Totale\n1001;X;0;3\n1001;X;999;4\n", encoding="utf-8")
    with pytest.raises(sources.BuildError, match="001001"):
        sources.read_posas(path)


def test_an_unknown_part_makes_the_sum_unknown():
    bands = pd.DataFrame({"0-2": [1, None, 3]}, index=["a", "b", "c"], dtype="Int64")
    carried = tables.carry_population(bands, pd.Series(["n", "c", "d"]), {"a": "n", "b": "n"})
    assert carried["0-2"].isna().tolist() == [True, False, True]
    assert carried.loc["c", "0-2"] == 3


# geography_steps.csv


def read_steps():
    return steps.read_steps(DATA / geography.STEPS_FILE)


def test_the_steps_say_why_the_numbers_are_no_longer_those_of_the_list():
    """The list of 22 January 2024 had 7,896 municipalities, 107 provinces and 20 regions."""
    later = steps.since(read_steps(), sources.LIST_DATE)
    gone = {step.old_code for step in later if step.kind == steps.MERGED}
    born = {step.new_code for step in later if step.kind == steps.MERGED} - set(properties(DATA).index) | {"024129"}
    ended = [step for step in later if step.kind == steps.PROVINCE_ENDED]
    begun = [step for step in later if step.kind == steps.PROVINCE_BEGUN]
    assert (len(gone), len(born), len(ended), len(begun)) == (3, 1, 5, 8)
    frame = properties(DATA)
    assert len(frame) == 7896 - len(gone) + len(born)
    assert frame["province_code"].nunique() == 107 - len(ended) + len(begun)
    assert frame["region_code"].nunique() == 20


def test_every_step_has_its_source_and_leads_to_a_place_of_today():
    frame = properties(DATA)
    for step in read_steps():
        assert step.source, step
        assert step.kind == steps.PROVINCE_ENDED or step.new_code in {*frame.index, *frame["province_code"]}, step
        if step.kind in (steps.RENAMED, steps.MERGED) and step.date > "2022-01-01":
            assert frame.loc[step.new_code, "name"] == step.name


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-13-01,merged,1,2,X,,,,S", "line 2: '2026-13-01' is not a date"),
        ("2026-01-01,merge,1,2,X,,,,S", "line 2: 'merge' is none of merged"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, row, told):
    path = tmp_path / "geography_steps.csv"
    path.write_text(",".join(steps.COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(sources.BuildError, match=told):
        steps.read_steps(path)
