import pytest

from atlas.base.model import Level
from atlas.catalogue.catalogue import build_catalogue
from tests import factories
from tests.factories import make_row

TERRITORY = factories.small_territory()


def _placements(**cells):
    frame = factories.make_frame(make_row("uno", **cells))
    return build_catalogue(frame, TERRITORY, factories.small_vocabulary()).placements.set_index("istat_code")


@pytest.mark.parametrize(
    ("places", "via"),
    [
        ("037006", {"037006": "direct"}),
        ("cintura-bologna", {"037006": "area", "037020": "area"}),
        ("037", {"037006": "province", "037020": "province"}),
        ("04", {"021008": "region"}),
        ("IT", {}),
        ("08;037;cintura-bologna", {"037006": "area", "037020": "area", "034027": "region", "099030": "region"}),
        ("cintura-bologna;037006", {"037006": "direct", "037020": "area"}),
    ],
)
def test_each_municipality_comes_in_once_by_the_most_direct_way(places, via):
    assert _placements(places=places)["via"].to_dict() == via


def test_codes_of_the_three_levels_agree():
    placements = _placements(places="08;001272")
    expected = TERRITORY.municipalities.loc[placements.index, ["province_code", "region_code"]]
    assert placements[["province_code", "region_code"]].equals(expected)


@pytest.mark.parametrize(
    ("lead_place", "places", "leads"),
    [
        ("037020", "037", ["037020"]),
        ("037", "037", ["037006"]),
        ("", "037", []),
        ("099", "08", []),
    ],
)
def test_the_lead_is_a_municipality_or_the_capital_of_its_province(lead_place, places, leads):
    placements = _placements(lead_place=lead_place, places=places)
    assert placements.index[placements["is_lead"]].tolist() == leads


def test_weights_are_equal_parts_of_one():
    assert _placements(places="08")["weight"].tolist() == [0.25] * 4


def test_a_footprint_joins_the_placements_of_a_territory():
    store = factories.small_catalogue().store
    row = store.initiatives.index.get_loc("tre-citta")
    for level in Level:
        footprint = store.footprints[level]
        mine = footprint.row == row
        assert mine.sum() == 3
        assert footprint.weight[mine].sum() == pytest.approx(1)
        assert footprint.is_lead[mine].sum() == 1
    emilia = store.footprints[Level.REGION].row == store.initiatives.index.get_loc("emilia")
    assert (emilia.sum(), store.footprints[Level.REGION].weight[emilia].tolist()) == (1, [1.0])


def test_no_territory_twice_for_an_initiative():
    for footprint in factories.small_catalogue().store.footprints.values():
        pairs = list(zip(footprint.row.tolist(), footprint.territory.tolist(), strict=True))
        assert len(pairs) == len(set(pairs))
