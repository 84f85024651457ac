"""The figures of the real catalogue, counted a second time in plain Python that shares nothing with the atlas."""

import csv
import json
from collections import defaultdict
from fractions import Fraction

import pytest

from atlas.base.model import CountingRule, Level, Selection
from atlas.catalogue.selection import facet_counts, select
from atlas.indicators.indicators import count_by, count_by_territory, summarise
from tests import factories

pytestmark = pytest.mark.fast


@pytest.fixture(scope="module")
def catalogue():
    path = factories.DATA_DIR / "initiatives.csv"
    return factories.read_initiatives(path, factories.real_territory(), factories.real_vocabulary())


def _read(name):
    with (factories.DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def municipalities():
    document = json.loads((factories.DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["istat_code"]: feature["properties"] for feature in document["features"]}


@pytest.fixture(scope="module")
def counted(municipalities):
    """For each initiative: its row, its municipalities and its lead municipality."""
    areas = defaultdict(set)
    for row in _read("areas.csv"):
        areas[row["area_id"]].add(row["istat_code"])

    def expand(code):
        if code in areas:
            return areas[code]
        keys = ("istat_code", "province_code", "region_code")
        return {istat for istat, one in municipalities.items() if code in [one[key] for key in keys]}

    result = []
    for row in _read("initiatives.csv"):
        involved = set().union(*(expand(code) for code in row["places"].split(";") if code != "IT"))
        lead = row["lead_place"]
        if len(lead) == 3:
            (lead,) = [code for code in expand(lead) if municipalities[code]["is_capital"]]
        result.append((row, involved, lead))
    return result


def _parent(one, level):
    key = {Level.REGION: "region_code", Level.PROVINCE: "province_code", Level.MUNICIPALITY: "istat_code"}[level]
    return one[key]


def _recount(counted, municipalities, level, rule):
    values = defaultdict(Fraction)
    for _, involved, lead in counted:
        if rule is CountingRule.SHARE:
            for code in involved:
                values[_parent(municipalities[code], level)] += Fraction(1, len(involved))
        else:
            codes = involved if rule is CountingRule.PRESENCE else involved & {lead}
            for parent in {_parent(municipalities[code], level) for code in codes}:
                values[parent] += 1
    return {code: float(value) for code, value in values.items()}


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("rule", list(CountingRule))
def test_every_territory_by_every_rule(catalogue, counted, municipalities, level, rule):
    values = count_by_territory(catalogue, factories.real_territory(), level, rule)["value"]
    assert len(values) == len({_parent(one, level) for one in municipalities.values()})
    assert values[values > 0].to_dict() == pytest.approx(_recount(counted, municipalities, level, rule))


@pytest.mark.parametrize("dimension", ["themes", "targets"])
@pytest.mark.parametrize("rule", list(CountingRule))
def test_every_region_by_rule_for_each_theme_and_target(catalogue, counted, municipalities, dimension, rule):
    terms = getattr(factories.real_vocabulary(), dimension)
    for term in terms:
        selected = select(catalogue, Selection(**{dimension: (term,)}))
        mine = [one for one in counted if term in one[0][dimension].split(";")]
        assert list(selected.initiatives.index) == [row["id"] for row, _, _ in mine]
        values = count_by_territory(selected, factories.real_territory(), Level.REGION, rule)["value"]
        assert values[values > 0].to_dict() == pytest.approx(_recount(mine, municipalities, Level.REGION, rule))


def test_options_of_every_dimension(catalogue, counted, municipalities):
    columns = {"themes": "themes", "targets": "targets", "scales": "scale", "service_types": "service_type",
               "channels": "channel", "years": "start_year"}  # fmt: skip
    counts = facet_counts(catalogue, Selection())
    for dimension, column in columns.items():
        for option, count in counts[dimension].items():
            assert count == sum(option in (row[column] or "unknown").split(";") for row, _, _ in counted), option
    for region, count in counts["regions"].items():
        assert count == sum(any(municipalities[code]["region_code"] == region for code in one[1]) for one in counted)


def test_themes_counted_alone(catalogue, counted):
    assert count_by(catalogue, "themes").sum() == sum(len(row["themes"].split(";")) for row, _, _ in counted)


@pytest.mark.parametrize("region", ["", "08", "03", "18", "06"])
def test_key_figures(catalogue, counted, municipalities, region):
    selection = Selection(regions=(region,) if region else ())
    figures = summarise(select(catalogue, selection), factories.real_territory(), selection)
    kept = [one for one in counted if not region or any(municipalities[c]["region_code"] == region for c in one[1])]
    involved = {c for one in kept for c in one[1] if not region or municipalities[c]["region_code"] == region}
    people = [municipalities[code]["population"] for code in involved]
    assert figures.initiatives == len(kept)
    assert figures.municipalities == len(involved)
    assert figures.regions == len({municipalities[code]["region_code"] for code in involved})
    assert figures.inhabitants == sum(number for number in people if number is not None)
    assert figures.municipalities_without_population == people.count(None)
    assert figures.national == sum(not one[1] for one in kept)
    assert figures.undisclosed_partners == sum(int(one[0]["undisclosed_partners"] or 0) for one in kept)
