import numpy as np
import pytest

from atlas.base.columns import COLUMNS, OPTIONAL_COLUMNS
from atlas.base.model import DataError, Selection
from atlas.base.text import fold
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.selection import select
from tests import factories
from tests.factories import make_row


@pytest.fixture(scope="module")
def catalogue():
    return factories.small_catalogue()


def _build(*rows):
    return build_catalogue(factories.make_frame(*rows), factories.small_territory(), factories.small_vocabulary())


def _read(tmp_path, *rows):
    path = factories.write_initiatives(tmp_path / "initiatives.csv", *rows)
    return factories.read_initiatives(path, factories.small_territory(), factories.small_vocabulary())


def test_reading_and_building_give_the_same(tmp_path, catalogue):
    read = _read(tmp_path, *factories.SMALL_ROWS)
    assert read.initiatives.equals(catalogue.initiatives)
    assert read.placements.equals(catalogue.placements)


def test_a_file_with_the_header_alone_is_an_empty_catalogue(tmp_path):
    catalogue = _read(tmp_path)
    assert (len(catalogue), len(catalogue.initiatives), len(catalogue.placements)) == (0, 0, 0)


def test_columns_and_types(catalogue):
    initiatives = catalogue.initiatives
    assert [initiatives.index.name, *initiatives.columns] == [*COLUMNS, *OPTIONAL_COLUMNS]
    assert initiatives["start_year"].tolist()[0] == 2018
    assert initiatives["undisclosed_partners"].notna().sum() == 1
    assert {str(initiatives[column].dtype) for column in ("title_it", "places", "themes")} == {"str"}
    assert str(initiatives["funding_eur"].dtype) == "Float64"


def test_the_date_of_the_places_is_optional_and_a_year_or_a_day(tmp_path):
    assert set(_read(tmp_path, make_row()).initiatives["places_date"]) == {""}
    rows = [make_row(f"r{at}", places_date=day) for at, day in enumerate(("2020", "2020-12-31", ""))]
    read = _read(tmp_path, *rows)
    assert read.initiatives["places_date"].tolist() == ["2020", "2020-12-31", ""]
    dated = read.dated("2019", np.array([True, True, True]))
    assert dated.initiatives["places_date"].tolist() == ["2020", "2020-12-31", "2019"]
    for wrong in ("2020-13-01", "31/12/2020", "12020", "1850"):
        with pytest.raises(DataError) as caught:
            _read(tmp_path, make_row(places_date=wrong))
        assert [fault.column for fault in caught.value.faults] == ["places_date"]


def test_unknown_numbers_are_missing_not_zero(catalogue):
    assert catalogue.initiatives["beneficiaries"].isna().all()


def test_faults_come_together_with_line_and_column(tmp_path):
    rows = [
        make_row("uno", themes="poverty;cucina", title_it="Due\nrighe"),
        make_row("uno", places="037006;999999", scale="city"),
        make_row("Tre!", start_year="20", end_year="1800", funding_eur="1.250,00"),
        make_row("quattro", summary_it="", targets="", places=""),
        make_row("cinque", lead_place="034027", beneficiaries="-3"),
        make_row("sei", places="IT;08", start_year="2020", end_year="2019"),
        make_row("sette", lead_place="08", places="08", channel="radio", service_type="vecchio"),
        make_row("otto", places="037006;037006"),
        make_row("", source_order="primo", undisclosed_partners="1.5"),
    ]
    with pytest.raises(DataError) as caught:
        _read(tmp_path, *rows)
    found = [(fault.line, fault.column) for fault in caught.value.faults]
    assert set(found) == {
        (2, "themes"),
        (3, "id"), (3, "places"), (3, "scale"),
        (4, "id"), (4, "start_year"), (4, "end_year"), (4, "funding_eur"),
        (5, "places"),
        (6, "lead_place"), (6, "beneficiaries"),
        (7, "places"), (7, "end_year"),
        (8, "lead_place"), (8, "channel"), (8, "service_type"),
        (9, "places"),
        (10, "id"), (10, "source_order"), (10, "undisclosed_partners"),
    }  # fmt: skip
    assert found == sorted(found, key=lambda place: place[0])
    assert len(found) == len(set(found))


def test_a_fault_says_what_is_wrong_and_what_to_do(tmp_path):
    with pytest.raises(DataError) as caught:
        _read(tmp_path, make_row("uno", themes="cucina"))
    assert str(caught.value) == (
        "initiatives.csv, riga 2, colonna themes: «cucina» non è un valore conosciuto. (valore: 'cucina') "
        "Valori ammessi: poverty, housing, digital."
    )


def test_missing_columns_are_all_named(tmp_path):
    path = tmp_path / "initiatives.csv"
    path.write_text("id,titolo\na,b\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        factories.read_initiatives(path, factories.small_territory(), factories.small_vocabulary())
    assert [fault.column for fault in caught.value.faults] == list(COLUMNS[1:])


def test_an_upload_may_know_little(tmp_path):
    frame = factories.make_frame(make_row("uno"))[["id", "title_it", "places"]]
    catalogue = build_catalogue(frame, factories.small_territory(), factories.small_vocabulary())
    assert catalogue.initiatives.at["uno", "themes"] == ""
    assert len(catalogue.placements) == 1


@pytest.mark.parametrize("cells", [{"places": ""}, {"places": "000000"}, {"themes": "cucina"}, {"start_year": "ieri"}])
def test_an_upload_is_checked_too(cells):
    with pytest.raises(DataError):
        _build(make_row("uno", **cells))


def test_building_does_not_change_the_frame_given():
    frame = factories.make_frame(*factories.SMALL_ROWS)
    before = frame.copy(deep=True)
    build_catalogue(frame, factories.small_territory(), factories.small_vocabulary())
    assert frame.equals(before)


def test_nobody_can_change_what_others_see(catalogue):
    mine = catalogue.initiatives
    mine.loc["bologna", "title_it"] = "altro"
    del mine["themes"]
    placements = catalogue.placements
    placements["weight"] = 0.0
    assert catalogue.initiatives.at["bologna", "title_it"] == "Titolo bologna"
    assert "themes" in catalogue.initiatives
    assert catalogue.placements["weight"].min() > 0
    with pytest.raises(ValueError, match="read-only"):
        catalogue.kept[0] = False


def test_placements_of_a_subset_point_at_its_own_rows(catalogue):
    subset = select(catalogue, Selection(themes=("digital",)))
    rows = subset.placements["row"].to_numpy()
    assert subset.initiatives.index[rows].tolist() == subset.placements["initiative_id"].tolist()
    assert set(subset.placements["initiative_id"]) == {"emilia", "torino"}


def test_national_initiatives_are_not_placed(catalogue):
    assert catalogue.initiatives.index[~catalogue.placed].tolist() == ["italia"]
    assert np.array_equal(catalogue.placed, catalogue.initiatives.index.isin(catalogue.placements["initiative_id"]))


def test_fold_compares_as_people_read():
    assert fold("Città dell’Aria ÀÈÌÒÙ Straße") == "citta dell'aria aeiou strasse"
