from atlas.indicators.similar import find_similar
from tests import factories

WORLD = factories.small_world()


def test_shared_themes_come_first_then_groups_then_size():
    found = find_similar("cintura", WORLD.catalogue, WORLD.territory, 5)
    assert [one.id for one in found] == ["bologna", "tre-citta", "torino", "italia"]
    assert found[0].themes == ("poverty",) and found[0].targets == ("elderly",)
    assert found[1].themes == ("housing",) and found[1].targets == ("youth",)
    assert not found[2].targets and not found[3].targets


def test_nothing_in_common_is_not_similar_and_one_is_not_like_itself():
    for id_ in WORLD.catalogue.store.initiatives.index:
        found = find_similar(str(id_), WORLD.catalogue, WORLD.territory, 10)
        assert id_ not in [one.id for one in found]
        assert all(one.themes or one.targets for one in found)
    assert len(find_similar("cintura", WORLD.catalogue, WORLD.territory, 2)) == 2
