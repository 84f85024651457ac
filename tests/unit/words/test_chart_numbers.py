"""What the charts of the regions are given, counted a second time in plain Python over the CSV; no code is shared."""

import csv
import json
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.model import CountingRule, Measure, Selection
from atlas.catalogue.selection import select
from atlas.indicators.comparison import compare
from atlas.indicators.indicators import count_by_region_and_theme, count_by_theme_and_target, inhabitants_by_region
from atlas.indicators.ranking import build_ranking
from tests import factories

DATA = factories.DATA_DIR


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _places():
    document = json.loads((DATA / "comuni.geojson").read_text(encoding="utf-8"))
    return {one["properties"]["istat_code"]: one["properties"] for one in document["features"]}


PLACES = _places()
AREAS = defaultdict(set)
for _row in _rows("areas.csv"):
    AREAS[_row["area_id"]].add(_row["istat_code"])
VOCABULARY = _rows("vocabulary.csv")
THEMES = [row["id"] for row in VOCABULARY if row["kind"] == "theme"]
TARGETS = [row["id"] for row in VOCABULARY if row["kind"] == "target"]
BANDS = {row["id"]: row["population_group"].split(";") for row in VOCABULARY if row["population_group"]}
PEOPLE = {row["istat_code"]: row for row in _rows("population.csv")}
REGIONS = sorted({one["region_code"] for one in PLACES.values()})


def _expand(code):
    if code in AREAS:
        return AREAS[code]
    return {c for c, one in PLACES.items() if code in (c, one["province_code"], one["region_code"])}


class Case:
    """One initiative: its cells, its municipalities, its lead."""

    def __init__(self, row):
        self.row = row
        self.themes, self.targets = set(row["themes"].split(";")), set(row["targets"].split(";"))
        self.places = set().union(*(_expand(code) for code in row["places"].split(";") if code != "IT"))
        self.lead = row["lead_place"]
        if len(self.lead) == 3:
            (self.lead,) = (code for code in _expand(self.lead) if PLACES[code]["is_capital"])
        self.in_region = Counter(PLACES[code]["region_code"] for code in self.places)

    def value(self, region, rule):
        if rule is CountingRule.PRESENCE:
            return int(region in self.in_region)
        if rule is CountingRule.LEAD:
            return int(self.lead in self.places and PLACES[self.lead]["region_code"] == region)
        return Fraction(self.in_region[region], len(self.places)) if self.places else 0


CASES = [Case(row) for row in _rows(factories.CATALOGUE)]
CATALOGUE = factories.read_initiatives(factories.CATALOGUE, factories.real_territory(), factories.real_vocabulary())


def _kept(selection):
    columns = {"scales": "scale", "service_types": "service_type", "channels": "channel", "years": "start_year"}
    for case in CASES:
        tests = [
            not selection.themes or case.themes & set(selection.themes),
            not selection.targets or case.targets & set(selection.targets),
            not selection.regions or set(case.in_region) & set(selection.regions),
            *(
                not getattr(selection, field) or (case.row[column] or "unknown") in getattr(selection, field)
                for field, column in columns.items()
            ),
        ]
        if all(tests):
            yield case


def _denominator(region, measure, target):
    inside = [code for code, one in PLACES.items() if one["region_code"] == region]
    if measure is Measure.PER_100_MUNICIPALITIES:
        return len(inside) / 100
    if measure is Measure.PER_MILLION:
        return sum(PLACES[code]["population"] or 0 for code in inside) / 1_000_000
    return sum(int(PEOPLE[code][band] or 0) for code in inside for band in BANDS[target]) / 100_000


def _check_ranking(selection, rule, measure, target=None):
    selected = select(CATALOGUE, selection)
    group = ";".join(BANDS[target]) if target else None
    frame = build_ranking(selected, factories.real_territory(), rule, measure, group).frame
    kept = list(_kept(selection))
    assert len(selected) == len(kept)
    assert sorted(frame.index) == REGIONS
    for region in REGIONS:
        value = sum(case.value(region, rule) for case in kept)
        n = sum(region in case.in_region for case in kept)
        if measure.is_rate:
            value = float(value) / _denominator(region, measure, target)
        assert frame.at[region, "value"] == pytest.approx(float(value)), region
        assert frame.at[region, "n_initiatives"] == n, region


@pytest.mark.parametrize("rule", list(CountingRule))
@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.PER_MILLION, Measure.PER_100_MUNICIPALITIES])
def test_every_region_by_measure_and_rule(measure, rule):
    _check_ranking(Selection(), rule, measure)


@pytest.mark.parametrize("rule", list(CountingRule))
@pytest.mark.parametrize("target", sorted(BANDS))
def test_every_region_per_people_of_each_target_group(target, rule):
    _check_ranking(Selection(targets=(target,)), rule, Measure.PER_100K_TARGET, target)


@pytest.mark.parametrize("rule", list(CountingRule))
def test_every_theme_and_target_in_every_region(rule):
    territory = factories.real_territory()
    for target in ("", *TARGETS):
        selection = Selection(targets=(target,) if target else ())
        counts = count_by_region_and_theme(select(CATALOGUE, selection), territory, rule)
        assert list(counts.columns) == THEMES and list(counts.index) == REGIONS
        for theme in THEMES:
            kept = [case for case in _kept(selection) if theme in case.themes]
            expected = [float(sum(case.value(region, rule) for case in kept)) for region in REGIONS]
            assert counts[theme].tolist() == pytest.approx(expected), (theme, target)


@pytest.mark.parametrize("region", ["", *REGIONS])
def test_every_pair_of_theme_and_target_in_every_region(region):
    selection = Selection(regions=(region,) if region else ())
    counts = count_by_theme_and_target(select(CATALOGUE, selection))
    for theme in THEMES:
        for target in TARGETS:
            n = sum(theme in case.themes and target in case.targets for case in _kept(selection))
            assert counts.at[theme, target] == n, (theme, target)


def _some(options):
    return st.lists(st.sampled_from(options), unique=True, max_size=3).map(tuple)


SELECTIONS = st.builds(
    Selection,
    themes=_some(THEMES),
    targets=_some(TARGETS),
    regions=_some(REGIONS),
    scales=_some(["municipality", "intermunicipal", "national"]),
    service_types=_some(["new", "reshaped", "established"]),
    channels=_some(["digital", "in_person", "both", "unknown"]),
    years=_some(["2016", "2018", "2019", "2020", "unknown"]),
)


@settings(max_examples=40)
@given(SELECTIONS, st.sampled_from(CountingRule), st.sampled_from([Measure.COUNT, Measure.PER_MILLION]))
def test_random_selections_rank_alike(selection, rule, measure):
    _check_ranking(selection, rule, measure)


@settings(max_examples=40)
@given(SELECTIONS)
def test_inhabitants_of_random_selections(selection):
    people = inhabitants_by_region(select(CATALOGUE, selection), factories.real_territory())
    involved = set().union(*(case.places for case in _kept(selection)))
    for region in REGIONS:
        inside = [code for code in involved if PLACES[code]["region_code"] == region]
        assert people.at[region, "involved"] == sum(PLACES[code]["population"] or 0 for code in inside)


@settings(max_examples=40)
@given(
    SELECTIONS.map(lambda selection: selection.with_(regions=())),
    st.lists(st.sampled_from(["IT", *REGIONS, "037", "058", "063", "021"]), unique=True, min_size=2, max_size=4),
)
def test_sides_of_random_selections(selection, codes):
    sides = compare(select(CATALOGUE, selection), codes, factories.real_territory())
    kept = list(_kept(selection))
    assert [side.code for side in sides] == codes
    for side in sides:
        inside = set(PLACES) if side.code == "IT" else _expand(side.code)
        own = [case for case in kept if side.code == "IT" or case.places & inside]
        assert list(side.ids) == [case.row["id"] for case in own]
        assert side.municipalities == Counter(code for case in own for code in case.places & inside)
        assert side.n_municipalities == len(inside)
        people = sum(PLACES[code]["population"] or 0 for code in inside)
        assert side.per_million == pytest.approx(len(own) / people * 1_000_000)
        assert side.profiles["themes"] == {theme: sum(theme in case.themes for case in own) for theme in THEMES}
        assert side.profiles["targets"] == {t: sum(t in case.targets for case in own) for t in TARGETS}
