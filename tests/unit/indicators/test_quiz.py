import csv
import json
import math
from collections import Counter, defaultdict

import pytest
from scipy.stats import chi2

from atlas.base.model import Question, Selection
from atlas.catalogue.catalogue import build_catalogue
from atlas.indicators.quiz import MAX_PLACES, Problem, Verdict, ask, distances_km, question_selection
from tests import factories

pytestmark = pytest.mark.fast

TERRITORY = factories.real_territory()


def _read(name):
    with (factories.DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def catalogue():
    return factories.read_initiatives(factories.CATALOGUE, TERRITORY, factories.real_vocabulary())


@pytest.fixture(scope="module")
def municipalities():
    document = json.loads((factories.DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["istat_code"]: feature["properties"] for feature in document["features"]}


@pytest.fixture(scope="module")
def rows(municipalities):
    """Each row of the file with the municipalities of its initiative, in plain Python."""
    areas = defaultdict(set)
    for row in _read("areas.csv"):
        areas[row["area_id"]].add(row["istat_code"])
    result = []
    for row in _read(factories.CATALOGUE):
        codes = set()
        for place in row["places"].split(";"):
            codes |= areas[place] if place in areas else {
                code for code, one in municipalities.items()
                if place in (code, one["province_code"], one["region_code"])
            }  # fmt: skip
        result.append((row, codes))
    return result


def counts_by_region(rows, municipalities, theme=""):
    counts = Counter({one["region_code"]: 0 for one in municipalities.values()})
    for row, codes in rows:
        if not theme or theme in row["themes"].split(";"):
            counts.update({municipalities[code]["region_code"] for code in codes})
    return counts


def great_circle(a, b):
    """Spherical law of cosines, another formula than the one under test."""
    lon_a, lat_a, lon_b, lat_b = (math.radians(one[key]) for one in (a, b) for key in ("lon", "lat"))
    cosine = math.sin(lat_a) * math.sin(lat_b) + math.cos(lat_a) * math.cos(lat_b) * math.cos(lon_a - lon_b)
    return 6371.0088 * math.acos(min(1.0, cosine))


def limits(n):
    """Garwood's limits by chi-square quantiles."""
    return (chi2.ppf(0.025, 2 * n) / 2 if n else 0.0), chi2.ppf(0.975, 2 * n + 2) / 2


@pytest.mark.parametrize("theme", ["", "digital", "housing", "justice"])
def test_the_region_with_most_and_those_that_chance_allows(catalogue, rows, municipalities, theme):
    counts = counts_by_region(rows, municipalities, theme)
    people = Counter()
    for one in municipalities.values():
        people[one["region_code"]] += one["population"] or 0
    for question, per in ((Question.REGION_COUNT, dict.fromkeys(counts, 1.0)),
                          (Question.REGION_RATE, {code: people[code] / 1e6 for code in counts})):  # fmt: skip
        riddle = ask(question, catalogue, Selection(themes=(theme,) if theme else ()), TERRITORY)
        values = {code: n / per[code] for code, n in counts.items()}
        assert riddle.values == pytest.approx(values)
        top = max(values.values())
        assert set(riddle.best) == {code for code, value in values.items() if math.isclose(value, top)}
        low, high = ({code: limits(n)[end] / per[code] for code, n in counts.items()} for end in (0, 1))
        possible = {code for code, n in counts.items() if n and high[code] >= max(low.values())}
        assert set(riddle.accepted) == possible
        assert {riddle.judge(code) for code in riddle.best} == {Verdict.BEST}
        assert {riddle.judge(code) for code in possible - set(riddle.best)} <= {Verdict.CLOSE}
        assert all(riddle.judge(code) is Verdict.WRONG for code, n in counts.items() if not n)


def test_chosen_regions_are_the_options_and_one_alone_is_no_question(catalogue):
    three = ask(Question.REGION_COUNT, catalogue, Selection(regions=("03", "05", "12")), TERRITORY)
    assert set(three.values) == {"03", "05", "12"} and three.best == ("12",)
    assert len(ask(Question.REGION_COUNT, catalogue, Selection(regions=("03",)), TERRITORY).values) == 20
    empty = ask(Question.REGION_COUNT, catalogue, Selection(regions=("07", "11")), TERRITORY)
    assert empty.problem is Problem.NO_INITIATIVES


@pytest.mark.parametrize(
    ("question", "column"), [(Question.RAREST_THEME, "themes"), (Question.RAREST_TARGET, "targets")]
)
@pytest.mark.parametrize("region", ["", "12", "18"])
def test_the_rarest_term(catalogue, rows, municipalities, question, column, region):
    kind = column.removesuffix("s")
    counts = {row["id"]: 0 for row in _read("vocabulary.csv") if row["kind"] == kind}
    for row, codes in rows:
        if not region or region in {municipalities[code]["region_code"] for code in codes}:
            for option in row[column].split(";"):
                counts[option] += 1
    riddle = ask(question, catalogue, Selection(regions=(region,) if region else ()), TERRITORY)
    assert dict(riddle.values) == counts
    assert set(riddle.best) == set(riddle.accepted) == {o for o, n in counts.items() if n == min(counts.values())}
    assert riddle.judge(max(counts, key=lambda option: counts[option])) is Verdict.WRONG


@pytest.mark.parametrize("theme", ["", "digital", "justice"])
def test_how_many_regions_have_none(catalogue, rows, municipalities, theme):
    counts = counts_by_region(rows, municipalities, theme)
    riddle = ask(Question.EMPTY_REGIONS, catalogue, Selection(themes=(theme,) if theme else ()), TERRITORY)
    expected = {code for code, n in counts.items() if not n}
    assert riddle.number == len(expected) and set(riddle.best) == expected
    assert riddle.judge(len(expected)) is Verdict.BEST and riddle.judge(len(expected) + 1) is Verdict.WRONG


@pytest.mark.parametrize("code", ["019035", "058091", "084001", "001001"])
def test_distances_are_great_circles(code, municipalities):
    found = distances_km(code, TERRITORY)
    for other, km in zip(TERRITORY.municipalities.index, found, strict=True):
        assert km == pytest.approx(great_circle(municipalities[code], municipalities[other]), abs=1e-3)


def test_a_distance_that_everybody_can_look_up():
    names = TERRITORY.municipalities["name"]
    rome, milan = names[names == "Roma"].index[0], names[names == "Milano"].index[0]
    assert distances_km(rome, TERRITORY)[TERRITORY.municipalities.index.get_loc(milan)] == pytest.approx(477, abs=8)


@pytest.mark.parametrize("place", ["019035", "058091", "084001", "080063", "115045"])
@pytest.mark.parametrize("target", ["", "elderly", "prisoners"])
def test_the_nearest_initiative(catalogue, rows, municipalities, place, target):
    nearest = {}
    for row, codes in rows:
        if codes and (not target or target in row["targets"].split(";")):
            km, code = min((great_circle(municipalities[place], municipalities[code]), code) for code in codes)
            nearest[row["id"]] = (km, code)
    selection = Selection(targets=(target,) if target else ())
    riddle = ask(Question.NEAREST, catalogue, selection, TERRITORY, place)
    closest, code = min(nearest.values())
    assert riddle.best == (code,) and next(iter(riddle.values)) == code
    assert riddle.values[code] == pytest.approx(closest, abs=1e-3)
    assert set(riddle.initiatives[code]) == {id_ for id_, (_, other) in nearest.items() if other == code}
    by_code = {other: km for km, other in nearest.values()}
    assert {o: by_code[o] for o in riddle.values} == pytest.approx(dict(riddle.values), abs=1e-3)
    assert set(riddle.accepted) == {other for other in riddle.values if by_code[other] - closest < 5}
    assert len(riddle.values) == min(len(by_code), MAX_PLACES)
    assert list(riddle.values.values()) == sorted(riddle.values.values())


def test_a_question_that_cannot_be_asked_says_why(catalogue):
    for place in ("", "037", "999999"):
        assert ask(Question.NEAREST, catalogue, Selection(), TERRITORY, place).problem is Problem.NO_PLACE
    nothing = Selection(text="parola-che-non-esiste")
    for question in set(Question) - {Question.EMPTY_REGIONS}:
        assert ask(question, catalogue, nothing, TERRITORY, "019035").problem is Problem.NO_INITIATIVES
    assert ask(Question.EMPTY_REGIONS, catalogue, nothing, TERRITORY).number == 20


def test_only_a_national_initiative_is_nowhere():
    small, vocabulary = factories.small_territory(), factories.small_vocabulary()
    row = factories.make_row(places="IT", scale="national")
    national = build_catalogue(factories.make_frame(row), small, vocabulary)
    for question in (Question.NEAREST, Question.REGION_RATE):
        assert ask(question, national, Selection(), small, "037006").problem is Problem.NO_INITIATIVES


def test_a_filter_that_would_answer_the_question_does_not_hold():
    selection = Selection(text="x", themes=("digital",), targets=("elderly",), regions=("03",), place="019035")
    here = {"regions": (), "place": ""}
    assert question_selection(Question.RAREST_THEME, selection) == selection.with_(themes=(), **here)
    assert question_selection(Question.RAREST_TARGET, selection) == selection.with_(targets=(), **here)
    assert question_selection(Question.NEAREST, selection) == selection.with_(**here)
    assert question_selection(Question.RAREST_THEME, Selection(regions=("03",))).regions == ("03",)
