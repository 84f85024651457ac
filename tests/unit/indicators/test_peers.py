import csv
import json
import math
import statistics
from collections import defaultdict

import pandas as pd
import pytest

from atlas.base.model import Selection
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.selection import select
from atlas.indicators.peers import (
    WEIGHTS,
    build_profiles,
    distances_from,
    find_gaps,
    find_peers,
    initiatives_of,
    similar_regions,
    size_class,
    without_place,
)
from tests import factories


def _read(name):
    with (factories.DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def catalogue():
    path = factories.CATALOGUE
    return factories.read_initiatives(path, factories.real_territory(), factories.real_vocabulary())


@pytest.fixture(scope="module")
def profiles():
    return build_profiles(factories.real_territory())


@pytest.fixture(scope="module")
def municipalities():
    document = json.loads((factories.DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["istat_code"]: feature["properties"] for feature in document["features"]}


@pytest.fixture(scope="module")
def standardised(municipalities):
    """The four features of each municipality in standard deviations, in plain Python over the two files."""
    features = {}
    for row in _read("population.csv"):
        one = municipalities[row["istat_code"]]
        people = sum(int(row[band] or 0) for band in row if band != "istat_code")
        if not one["population"] or not people:
            continue
        features[row["istat_code"]] = (
            math.log(one["population"]),
            math.log(one["population"] / one["area_km2"]),
            sum(int(row[band]) for band in ("0-2", "3-5", "6-13", "14-17")) / people,
            sum(int(row[band]) for band in ("65-74", "75+")) / people,
        )
    columns = list(zip(*features.values(), strict=True))
    means = [statistics.fmean(column) for column in columns]
    deviations = [statistics.pstdev(column) for column in columns]
    return {
        code: [(value - mean) / deviation for value, mean, deviation in zip(one, means, deviations, strict=True)]
        for code, one in features.items()
    }


def distance(a, b):
    weights = (1, 1, 0.5, 0.5)
    return math.sqrt(sum(w * (x - y) ** 2 for w, x, y in zip(weights, a, b, strict=True)) / 3)


@pytest.fixture(scope="module")
def involved(municipalities):
    """The municipalities of each initiative, and its row, in plain Python over the files."""
    areas = defaultdict(set)
    for row in _read("areas.csv"):
        areas[row["area_id"]].add(row["istat_code"])
    result = {}
    for row in _read(factories.CATALOGUE):
        codes = set()
        for place in row["places"].split(";"):
            codes |= areas[place] if place in areas else {
                code for code, one in municipalities.items()
                if place in (code, one["province_code"], one["region_code"])
            }  # fmt: skip
        result[row["id"]] = (row, codes)
    return result


SOME = ["019035", "037006", "058091", "072020", "001001", "022205", "080063", "019005", "020052", "004006"]


@pytest.mark.parametrize("code", SOME)
def test_distances_are_those_of_the_formula(code, profiles, standardised):
    territory = factories.real_territory()
    found = distances_from(code, profiles)
    for other, value in zip(territory.municipalities.index, found, strict=True):
        if other in standardised:
            assert value == pytest.approx(distance(standardised[code], standardised[other]), abs=1e-9)
        else:
            assert math.isnan(value)


@pytest.mark.parametrize("code", SOME)
def test_peers_are_the_nearest_that_add_an_initiative(code, catalogue, standardised, involved):
    near = sorted(standardised, key=lambda other: (distance(standardised[code], standardised[other]), other))
    expected, skipped = [], 0
    seen = {id_ for id_, (_, codes) in involved.items() if code in codes}
    shared_here = set(seen)
    for other in near:
        ids = {id_ for id_, (_, codes) in involved.items() if other in codes}
        if other == code or not ids:
            continue
        if ids <= seen:
            skipped += not ids <= shared_here
        elif len(expected) < 6:
            expected.append((other, ids))
            seen |= ids
    peers = find_peers(code, catalogue, factories.real_territory())
    assert [(peer.code, set(peer.initiatives)) for peer in peers] == expected
    assert sum(peer.others for peer in peers) == skipped
    assert [peer.distance for peer in peers] == sorted(peer.distance for peer in peers)


@pytest.mark.parametrize("code", SOME)
@pytest.mark.parametrize(("dimension", "column"), [("themes", "themes"), ("targets", "targets")])
def test_gaps_are_what_peers_have_and_the_municipality_has_not(code, dimension, column, catalogue, involved):
    peers = find_peers(code, catalogue, factories.real_territory())
    own = sum(initiatives_of(code, catalogue), ())
    having = defaultdict(lambda: (set(), set()))
    for id_, (row, codes) in involved.items():
        for peer in {peer.code for peer in peers} & codes:
            for option in row[column].split(";"):
                having[option][0].add(peer)
                having[option][1].add(id_)
    for id_ in own:
        for option in involved[id_][0][column].split(";"):
            having.pop(option, None)
    gaps = find_gaps(own, peers, catalogue, dimension)
    assert {gap.option: (set(gap.peers), set(gap.initiatives)) for gap in gaps} == dict(having)
    assert [len(gap.peers) for gap in gaps] == sorted((len(gap.peers) for gap in gaps), reverse=True)


def test_every_municipality_has_peers_but_those_without_population(catalogue, standardised):
    territory = factories.real_territory()
    for code in [*territory.municipalities.index[::97], "099030", "099031", "081025"]:
        assert bool(find_peers(code, catalogue, territory)) == (code in standardised)


def test_what_a_district_or_a_metropolitan_city_does_is_told_apart(catalogue):
    assert initiatives_of("019035", catalogue) == (
        (), ("interpreti-di-cambiamento-cremasco", "fami-lab-impact-cremasco")
    )  # fmt: skip
    assert initiatives_of("080063", catalogue) == ((), ("emergenza-abitativa-reggio-calabria",))
    assert initiatives_of("037006", catalogue) == (("garsia-bologna",), ())
    assert initiatives_of("001001", catalogue) == ((), ())


def test_filters_hold_for_the_peers_too(catalogue):
    selection = Selection(themes=("digital",), regions=("08",), place="037006", text="anziane")
    assert without_place(selection) == Selection(themes=("digital",), text="anziane")
    digital = select(catalogue, Selection(themes=("digital",)))
    peers = find_peers("037006", digital, factories.real_territory())
    kept = set(digital.initiatives.index)
    assert peers and all(set(peer.initiatives) <= kept for peer in peers)


def test_no_initiative_and_no_other_municipality():
    territory, vocabulary = factories.small_territory(), factories.small_vocabulary()
    only = build_catalogue(factories.make_frame(factories.make_row()), territory, vocabulary)
    assert find_peers("037006", only, territory) == ()
    assert [peer.code for peer in find_peers("034027", only, territory)] == ["037006"]
    none = build_catalogue(factories.make_frame(), territory, vocabulary)
    assert find_peers("034027", none, territory) == ()
    national = build_catalogue(
        factories.make_frame(factories.make_row(places="IT", scale="national")), territory, vocabulary
    )
    assert find_peers("034027", national, territory) == () and initiatives_of("034027", national) == ((), ())


def test_reasons(catalogue):
    by_name = {
        factories.real_territory().name_of(peer.code): peer
        for peer in find_peers("037006", catalogue, factories.real_territory())
    }
    assert "capital" in by_name["Bari"].alike and "macro_area" not in by_name["Bari"].alike
    assert "macro_area" in by_name["Parma"].alike
    (aosta, *_) = find_peers("019035", catalogue, factories.real_territory())
    assert aosta.alike == (*WEIGHTS, "macro_area") and aosta.unlike == ("capital",)


@pytest.mark.parametrize(
    ("population", "position"), [(1, 0), (1_000, 0), (1_001, 1), (50_000, 4), (250_000, 6), (250_001, 7)]
)
def test_the_upper_bound_belongs_to_the_class(population, position):
    assert size_class(population) == position


def test_each_region_has_others_that_are_alike_and_never_itself():
    territory = factories.real_territory()
    for code in territory.regions.index:
        found = similar_regions(str(code), territory)
        assert len(found) == len(set(found)) == 3 and code not in found


def test_likeness_is_symmetric_for_the_nearest_pair():
    territory = factories.real_territory()
    nearest = {str(code): similar_regions(str(code), territory, 1)[0] for code in territory.regions.index}
    assert any(nearest[other] == code for code, other in nearest.items())


def test_size_and_density_weigh():
    territory = factories.real_territory()
    # Molise is the region nearest to the Valle d'Aosta in inhabitants; Lombardia is the farthest of all from it.
    order = similar_regions("02", territory, 19)
    population = pd.Series(territory.regions["population"])
    assert population[order[0]] < population[order[-1]]
    assert order[-1] in {"03", "15"}
