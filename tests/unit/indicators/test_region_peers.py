import pandas as pd

from atlas.catalogue.source.bundle import bundled_territory
from atlas.indicators.region_peers import similar_regions

TERRITORY = bundled_territory()


def test_each_region_has_others_that_are_alike_and_never_itself():
    for code in TERRITORY.regions.index:
        found = similar_regions(str(code), TERRITORY)
        assert len(found) == len(set(found)) == 3 and code not in found


def test_likeness_is_symmetric_for_the_nearest_pair():
    nearest = {str(code): similar_regions(str(code), TERRITORY, 1)[0] for code in TERRITORY.regions.index}
    assert any(nearest[other] == code for code, other in nearest.items())


def test_size_and_density_weigh():
    # Molise is the region nearest to the Valle d'Aosta in inhabitants; Lombardia is the farthest of all from it.
    order = similar_regions("02", TERRITORY, 19)
    population = pd.Series(TERRITORY.regions["population"])
    assert population[order[0]] < population[order[-1]]
    assert order[-1] in {"03", "15"}
