import math

import pytest

from atlas.base.model import DataError, Level
from atlas.territory.territory import read_boundaries, read_territory
from tests import factories


@pytest.fixture(scope="module")
def territory():
    return factories.small_territory()


@pytest.fixture
def data(tmp_path):
    return factories.write_data(tmp_path)


def _faults(data):
    with pytest.raises(DataError) as caught:
        read_territory(data)
    return caught.value.faults


def _replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_reading_gives_back_what_was_written(data, territory):
    read = read_territory(data)
    assert read.municipalities.equals(territory.municipalities)
    assert read.provinces.equals(territory.provinces)
    assert read.regions.equals(territory.regions)
    assert read.age_bands.equals(territory.age_bands.round())
    assert read.areas == territory.areas
    assert read.dates == territory.dates
    told = [(other.code, other.name, other.is_current) for other in read.other_names]
    assert told == [("037006", "Bononia", True), ("037006", "Felsina", False), ("021", "Südtirol", True)]


def test_traps_of_names_and_codes_survive(data):
    municipalities = read_territory(data).municipalities
    assert municipalities.at["001168", "name"] == "None"
    assert municipalities.at["021008", "name_other"] == "Bozen"
    assert math.isnan(municipalities.at["099030", "population"])


def test_provinces_and_regions_add_up_their_municipalities(territory):
    bologna, emilia = territory.provinces.loc["037"], territory.regions.loc["08"]
    assert (bologna["name"], bologna["abbr"], bologna["population"]) == ("Bologna", "BO", 408_000)
    assert (emilia["n_municipalities"], emilia["n_provinces"], emilia["population"]) == (4, 3, 604_000)


def test_a_sum_of_nothing_known_is_missing_not_zero(territory):
    assert math.isnan(territory.provinces.at["099", "population"])


def test_a_province_is_drawn_on_one_of_its_municipalities(territory):
    points = set(map(tuple, territory.municipalities[["lon", "lat"]].to_numpy()))
    assert set(map(tuple, territory.provinces[["lon", "lat"]].to_numpy())) <= points


@pytest.mark.parametrize(
    ("code", "members"),
    [
        ("037006", ("037006",)),
        ("037", ("037006", "037020")),
        ("08", ("034027", "037006", "037020", "099030")),
        ("cintura-bologna", ("037020", "037006")),
        ("IT", ()),
    ],
)
def test_expand(territory, code, members):
    assert territory.expand(code) == members


def test_expand_refuses_what_it_does_not_know(territory):
    with pytest.raises(KeyError):
        territory.expand("999")


@pytest.mark.parametrize(
    ("code", "region", "province", "name"),
    [
        ("037006", "08", "037", "Bologna"),
        ("001", "01", "001", "Torino"),
        ("04", "04", "", "Trentino-Alto Adige/Südtirol"),
        ("cintura-bologna", "", "", "Cintura"),
        ("IT", "", "", "Italia"),
        ("999999", "", "", "999999"),
    ],
)
def test_what_a_code_belongs_to_and_is_called(territory, code, region, province, name):
    assert (territory.region_of(code), territory.province_of(code), territory.name_of(code)) == (region, province, name)


def test_seat_of_a_province(territory):
    assert (territory.seat_of("037"), territory.seat_of("099")) == ("037006", "")


def test_parents_point_at_the_rows_that_hold_each_municipality(territory):
    for level, column in ((Level.PROVINCE, "province_code"), (Level.REGION, "region_code")):
        holders = territory.at(level).index[territory.parents[level]]
        assert holders.tolist() == territory.municipalities[column].tolist()


def test_positions_cannot_be_changed(territory):
    with pytest.raises(ValueError, match="read-only"):
        territory.parents[Level.REGION][0] = 1


def test_truncated_boundaries_are_one_sentence_with_line_and_position(data):
    path = data / "comuni.geojson"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    (fault,) = _faults(data)
    assert fault.file == "comuni.geojson"
    assert fault.line == text[: len(text) // 2].count("\n") + 1
    assert "posizione" in fault.message
    assert "troncato" in fault.suggestion


def test_boundaries_cut_inside_the_coordinates(data):
    path = data / "comuni.geojson"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index('"coordinates"') + 30], encoding="utf-8")
    assert [fault.file for fault in _faults(data)] == ["comuni.geojson"]


@pytest.mark.parametrize("content", ["[]", "{}", '{"features": []}', '{"features": [1]}', "null"])
def test_json_that_is_not_boundaries(data, content):
    (data / "comuni.geojson").write_text(content, encoding="utf-8")
    assert [fault.column for fault in _faults(data)] == ["features"]


def test_boundaries_without_a_property(data):
    _replace(data / "comuni.geojson", '"region_code"', '"cod_reg"')
    assert [fault.column for fault in _faults(data)] == ["region_code"]


@pytest.mark.parametrize(("old", "new"), [("reference_date", "data"), ("2022-01-01", "gennaio"), ('"metadata"', '"m"')])
def test_boundaries_that_do_not_say_their_day(data, old, new):
    _replace(data / "comuni.geojson", old, new)
    assert [fault.column for fault in _faults(data)] == ["metadata"]


def test_boundaries_with_bad_codes_and_numbers(data):
    _replace(data / "comuni.geojson", '"istat_code": "001168"', '"istat_code": "1168"')
    _replace(data / "comuni.geojson", '"population": 840000', '"population": -1')
    _replace(data / "comuni.geojson", '"istat_code": "037020"', '"istat_code": "037006"')
    found = {(fault.column, fault.value) for fault in _faults(data) if fault.file == "comuni.geojson"}
    assert found == {("istat_code", "1168"), ("population", "-1.0"), ("istat_code", "037006")}


def test_faults_of_the_three_files_come_together(data):
    (data / "comuni.geojson").write_text("{", encoding="utf-8")
    (data / "population.csv").unlink()
    _replace(data / "areas.csv", "area_id", "nome")
    assert [fault.file for fault in _faults(data)] == ["comuni.geojson", "population.csv", "areas.csv"]


def test_lists_of_names_that_cannot_be_read_are_told(data):
    (data / "place_names.csv").unlink()
    assert [fault.file for fault in _faults(data)] == ["place_names.csv"]


def test_population_faults_have_line_and_column(data):
    path = data / "population.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("001168,160", "001168,tanti")
    lines[2] = lines[2].replace("001272", "999999")
    path.write_text("\n".join([*lines, lines[3]]) + "\n", encoding="utf-8")
    found = {(fault.line, fault.column) for fault in _faults(data)}
    assert found == {(2, "0-2"), (3, "istat_code"), (len(lines) + 1, "istat_code")}


def test_area_faults_have_line_and_column(data):
    path = data / "areas.csv"
    path.write_text(path.read_text(encoding="utf-8") + "cintura-bologna,x,x,037006\n080,x,x,037006\nb,x,x,000000\n")
    found = {(fault.line, fault.column) for fault in _faults(data)}
    assert found == {(4, "istat_code"), (5, "area_id"), (6, "istat_code")}


def test_an_area_may_have_no_name_of_its_own(data):
    _replace(data / "areas.csv", "area_name", "nota")
    assert read_territory(data).name_of("cintura-bologna") == "cintura-bologna"


def test_boundaries_as_polygons_share_the_index(data, territory):
    boundaries = read_boundaries(data)
    assert boundaries.index.tolist() == territory.municipalities.index.tolist()
    assert not boundaries.geometry.isna().any()


def test_boundaries_that_are_not_there(tmp_path):
    with pytest.raises(DataError, match="non esiste"):
        read_boundaries(tmp_path)
