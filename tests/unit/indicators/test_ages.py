import csv
import json
import math

import pytest

from atlas.indicators.ages import AGES, share_by_age
from tests import factories


def count(codes):
    """Inhabitants by age of some municipalities, in plain Python over the files."""
    ages = dict.fromkeys(("minors", "young", "adults", "elderly"), 0)
    bands = {"0-2": "minors", "3-5": "minors", "6-13": "minors", "14-17": "minors", "18-34": "young",
             "35-64": "adults", "65-74": "elderly", "75+": "elderly"}  # fmt: skip
    with (factories.DATA_DIR / "population.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["istat_code"] in codes:
                for band, age in bands.items():
                    ages[age] += int(row[band] or 0)
    return {age: n / sum(ages.values()) for age, n in ages.items()}


@pytest.mark.parametrize("code", ["019035", "058091", "001168", "007003"])
def test_shares_are_those_of_the_files(code):
    document = json.loads((factories.DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    region_of = {one["properties"]["istat_code"]: one["properties"]["region_code"] for one in document["features"]}
    region = {other for other in region_of if region_of[other] == region_of[code]}
    shares = share_by_age(factories.real_territory(), code)
    assert list(shares) == [code, region_of[code], "IT"]
    for column, codes in zip(shares, ({code}, region, set(region_of)), strict=True):
        assert shares[column] == pytest.approx(count(codes))


def test_a_missing_population_is_not_zero():
    shares = share_by_age(factories.small_territory(), "099030")
    assert all(math.isnan(share) for share in shares["099030"].values())
    assert math.isclose(sum(shares["08"].values()), 1) and math.isclose(sum(shares["IT"].values()), 1)
    assert list(shares["08"]) == list(AGES)
