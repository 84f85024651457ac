"""A list of codes is of the year whose codes it has; what a municipality was before is told."""

from functools import cache

import pytest

from atlas.territory.codes import read_code_changes
from atlas.territory.vintage import CodeYears, Vintage
from tests.factories import DATA_DIR, real_territory


@cache
def years():
    return CodeYears(real_territory().municipalities.index, read_code_changes(DATA_DIR), 2026)


@pytest.mark.parametrize(
    ("code", "used", "unused"),
    [
        ("058091", (2010, 2020, 2026), ()),
        ("104017", (2010, 2016), (2017, 2026)),  # Olbia, in its own province
        ("090047", (2017, 2025), (2012, 2026)),  # Olbia, province of Sassari
        ("113017", (2026,), (2010, 2025)),
        ("018082", (2025,), (2026,)),  # Lirio
        ("041033", (2015, 2020), (2022,)),  # Montecopiolo, Marche
        ("099030", (2022,), (2020,)),
        ("999999", (), (2010, 2026)),
    ],
)
def test_the_years_of_a_code(code, used, unused):
    assert all(years().is_in_use(code, year) for year in used)
    assert not any(years().is_in_use(code, year) for year in unused)


@pytest.mark.parametrize(
    ("codes", "year"),
    [
        (["090003", "058091", "111009"], 2025),
        (["104017", "107003", "058091"], 2016),
        (["090047", "041033", "041060", "058091"], 2020),
        (["005079", "058091"], 2022),
    ],
)
def test_a_list_is_of_the_latest_year_that_fits_it_best(codes, year):
    found = years().guess(codes)
    assert (found.year, found.n_fitting, found.n_codes) == (year, len(codes), len(codes))
    assert found.n_today == codes.count("058091")


def test_a_few_odd_codes_do_not_hide_the_year():
    assert years().guess(["090003", "090047", "113017", "111009", "058091", "123456"]) == Vintage(2025, 4, 2, 5)


@pytest.mark.parametrize("codes", [[], ["058091"], ["113017", "058091"], ["000000"]])
def test_codes_of_today_say_no_other_year(codes):
    assert years().guess(codes) is None


def test_every_code_of_today_is_in_use_today_and_only_those():
    frame = real_territory().municipalities
    assert all(years().is_in_use(code, 2026) for code in frame.index)
    old = {change.old_code for change in read_code_changes(DATA_DIR) if change.old_code.isdigit()} - set(frame.index)
    assert len(old) > 900 and not any(years().is_in_use(code, 2026) for code in old)


def test_what_a_municipality_was():
    assert [change.old_name for change in years().before("024129")] == ["Castegnero", "Nanto"]
    assert [(change.old_code, change.valid_until) for change in years().before("113017")] == [
        ("090047", "2025-12-31"),
        ("104017", "2016-12-31"),
    ]
    assert years().before("058091") == []
    assert [years().split_of("081021", year) for year in (2019, 2020, 2021)] == ["081025", "081025", ""]
    assert years().split_of("058091", 2019) == ""
