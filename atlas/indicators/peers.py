"""Which municipalities or regions are similar, and what similar municipalities do that another does not.

The distance between two municipalities (or two regions) a and b is

    d(a, b) = sqrt( sum_k w_k * (z_k(a) - z_k(b))^2 / sum_k w_k )

over four features k: the natural logarithm of the inhabitants, that of the inhabitants per km2, and the shares of
children (0-17) and of elderly people (65 and over) among the inhabitants. z_k is the feature minus its mean, divided by
its standard deviation (of a population), both over all the municipalities whose figures are known, each counting once.
The weights w_k are in WEIGHTS. So d is measured in standard deviations: 1 means that the two differ, feature by
feature, as much as municipalities typically do from the mean. Being a capital and the macro-area describe a
pair but are not part of the distance, because they are not quantities.

A territory without population figures is compared with none. Source of the figures: ISTAT, 1 January 2022.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from atlas.base.columns import UNKNOWN
from atlas.base.model import Level, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.indicators.ages import AGES
from atlas.indicators.indicators import Numbers
from atlas.territory.territory import Territory

# Children and elderly people weigh half each: both shares describe the age structure.
WEIGHTS = {"population": 1.0, "density": 1.0, "children": 0.5, "elderly": 0.5}
# Inclusive upper bounds, in inhabitants, of ISTAT's size classes; the last class has none.
SIZE_CLASSES = (1_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000)
# In standard deviations: up to ALIKE a feature counts as similar, beyond UNLIKE as different.
ALIKE, UNLIKE = 0.4, 1.0
# Up to these distances a peer is called very similar, then fairly similar.
CLOSE, FAIR = 0.4, 0.8
MAX_PEERS = 6
SIMILAR_REGIONS = 3


@dataclass(frozen=True)
class Profiles:
    """The features that municipalities, or regions, are compared by.

    figures: indexed by code; population (inhabitants), density (inhabitants per km2), children and elderly
    (shares from 0 to 1), NaN where unknown. standardised: the z of each of WEIGHTS, in the rows of `figures`.
    """

    figures: pd.DataFrame
    standardised: Numbers

    def of(self, code: str) -> dict[str, float]:
        """Return the figures of one municipality by feature."""
        row = self.figures.index.get_loc(code)
        return {str(column): float(self.figures[column].to_numpy()[row]) for column in self.figures}


@dataclass(frozen=True, slots=True)
class Peer:
    """A municipality with initiatives, its distance from the one asked for, and how they are similar or different.

    distance: in standard deviations (see the module). alike and unlike: names of features, in the order of WEIGHTS,
    then "capital" (both are, or only one is) and "macro_area". direct: initiatives of the municipality itself; wide:
    those that reach it only through an area, a province or a region. others: how many municipalities, further away,
    were left out because they take part in nothing but the shared initiatives of this and nearer peers.
    """

    code: str
    distance: float
    alike: tuple[str, ...]
    unlike: tuple[str, ...]
    direct: tuple[str, ...]
    wide: tuple[str, ...]
    others: int = 0

    @property
    def initiatives(self) -> tuple[str, ...]:
        return (*self.direct, *self.wide)


@dataclass(frozen=True, slots=True)
class Gap:
    """A theme or target group of the peers that the municipality does not have: which peers, by which initiatives."""

    option: str
    peers: tuple[str, ...]
    initiatives: tuple[str, ...]


@lru_cache(maxsize=8)
def build_profiles(territory: Territory, level: Level = Level.MUNICIPALITY) -> Profiles:
    """Return the figures of every territory of a level and their standardised values, built once."""
    frame = territory.at(level)
    known = territory.age_bands.notna().all(axis=1).to_numpy()
    bands = territory.age_bands[known].groupby(territory.parents[level][known]).sum().reindex(range(len(frame)))
    population = frame["population"].where(frame["population"] > 0).to_numpy(dtype=float)
    people = bands.sum(axis=1)
    figures = pd.DataFrame(
        {
            "population": population,
            "density": population / frame["area_km2"].to_numpy(dtype=float),
            "children": (bands[list(AGES["minors"])].sum(axis=1) / people).to_numpy(dtype=float),
            "elderly": (bands[list(AGES["elderly"])].sum(axis=1) / people).to_numpy(dtype=float),
        },
        index=frame.index,
    )
    figures[figures.isna().any(axis=1)] = np.nan
    values = figures.assign(population=np.log(figures["population"]), density=np.log(figures["density"])).to_numpy()
    mean, deviation = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standardised = (values - mean) / np.where(deviation > 0, deviation, 1.0)
    standardised.flags.writeable = False
    return Profiles(figures, standardised)


def without_place(selection: Selection) -> Selection:
    """Return the selection that peers are looked for in: the whole country, with the other filters unchanged."""
    return selection.with_(regions=(), place="")


def size_class(population: float) -> int:
    """Return the index of a number of inhabitants in SIZE_CLASSES; len(SIZE_CLASSES) for the open-ended class."""
    return int(np.searchsorted(np.array(SIZE_CLASSES), population, side="left"))


def distances_from(code: str, profiles: Profiles) -> Numbers:
    """Return the distance of every territory from one of them, in the order of the profiles; NaN where unknown."""
    weights = np.array(list(WEIGHTS.values()))
    difference = profiles.standardised - profiles.standardised[profiles.figures.index.get_loc(code)]
    squares: Numbers = (difference**2 * weights).sum(axis=1)
    distances: Numbers = np.sqrt(squares / weights.sum())
    return distances


def similar_regions(code: str, territory: Territory, n: int = SIMILAR_REGIONS) -> tuple[str, ...]:
    """Return the codes of the most similar regions, nearest first; none if its inhabitants are unknown."""
    profiles = build_profiles(territory, Level.REGION)
    distances = pd.Series(distances_from(code, profiles), index=profiles.figures.index).drop(code).dropna()
    return tuple(map(str, distances.sort_values(kind="stable").index[:n]))


def initiatives_of(code: str, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of a municipality's own initiatives, and of those that reach it through a wider area."""
    return _initiatives_by_way([code], catalogue)[code]


def find_peers(code: str, catalogue: Catalogue, territory: Territory) -> tuple[Peer, ...]:
    """Return the MAX_PEERS most similar municipalities that have initiatives, nearest first.

    Empty if the figures of the municipality are unknown. A municipality that only takes part in initiatives of nearer
    peers is counted in `others` and not listed: otherwise the 48 municipalities of one social district would fill
    every list. One that only takes part in initiatives of the municipality itself is left out for the same reason.
    At equal distance the lower code comes first.
    """
    profiles = build_profiles(territory)
    distances = distances_from(code, profiles)
    if np.isnan(distances).all():
        return ()
    initiatives, own = catalogue.rows_by_municipality, territory.positions[Level.MUNICIPALITY][code]
    rows = np.array([row for row in initiatives if row != own], dtype=np.intp)
    candidates = rows[~np.isnan(distances[rows])]
    chosen: list[int] = []
    others: dict[int, int] = {}
    holder = dict.fromkeys(initiatives.get(own, ()), own)
    for row in candidates[np.argsort(distances[candidates], kind="stable")].tolist():  # they come in ascending order
        ids = initiatives[row]
        if holder.keys() >= set(ids):
            others[holder[ids[0]]] = others.get(holder[ids[0]], 0) + 1
        elif len(chosen) < MAX_PEERS:
            chosen.append(row)
            holder |= {id_: row for id_ in ids if id_ not in holder}
    codes = territory.municipalities.index.take(chosen)
    by_way = _initiatives_by_way(codes, catalogue)
    return tuple(
        Peer(code, float(distances[row]), *_compare(own, row, territory, profiles), *by_way[code], others.get(row, 0))
        for row, code in zip(chosen, codes, strict=True)
    )


def nearest_in_size(
    population: int, region: str, catalogue: Catalogue, territory: Territory, limit: int
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the municipalities of a region (of all if "") nearest to a number of inhabitants, and who does something.

    The second are municipalities of the whole country with initiatives of their own and those initiatives, the nearest
    in size first; nearest in the ratio of inhabitants, at equal ratio by code. `population` is at least 1.
    """
    people = territory.municipalities["population"].to_numpy(dtype=float)
    ratio = np.abs(np.log(np.where(people > 0, people, np.nan) / population))
    codes = territory.municipalities.index
    order = [row for row in np.argsort(ratio, kind="stable").tolist() if not np.isnan(ratio[row])]
    regions = territory.municipalities["region_code"].tolist()
    here = tuple(str(codes[row]) for row in order if not region or regions[row] == region)[:limit]
    placements = catalogue.placements
    own = set(placements.loc[(placements["via"] == "direct").to_numpy(), "istat_code"])
    active = [str(codes[row]) for row in order if codes[row] in own][:limit]
    by_way = _initiatives_by_way(active, catalogue)
    return here, tuple((code, by_way[code][0]) for code in active)


def find_gaps(own: tuple[str, ...], peers: tuple[Peer, ...], catalogue: Catalogue, dimension: str) -> tuple[Gap, ...]:
    """Return the options of "themes" or "targets" that initiatives of peers have and none of `own` has.

    Those of most peers first, then in the order of the vocabulary. `own` and the initiatives of gaps are ids.
    """
    membership = catalogue.store.memberships[dimension]
    ids = list(dict.fromkeys((*own, *(id_ for peer in peers for id_ in peer.initiatives))))
    matrix = membership.matrix[:, catalogue.store.initiatives.index.get_indexer(pd.Index(ids, dtype=object))]
    gaps = []
    for option, has in zip(membership.options, matrix.tolist(), strict=True):
        having = {id_ for id_, one in zip(ids, has, strict=True) if one}
        holders = tuple(peer.code for peer in peers if having & set(peer.initiatives))
        if option != UNKNOWN and holders and not having & set(own):
            gaps.append(Gap(option, holders, tuple(id_ for id_ in ids if id_ in having)))
    return tuple(sorted(gaps, key=lambda gap: -len(gap.peers)))


def _initiatives_by_way(
    codes: Iterable[str], catalogue: Catalogue
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return for each municipality the ids of its own initiatives and of those of a wider area."""
    placements = catalogue.store.placements
    ids, vias, rows = placements["initiative_id"].array, placements["via"].array, placements["row"].to_numpy()
    by_way = {}
    for code in codes:
        here = catalogue.store.placed_in(code)
        here = here[catalogue.kept[rows[here]]]
        is_direct = np.asarray(vias[here] == "direct")
        by_way[code] = tuple(map(str, ids[here[is_direct]])), tuple(map(str, ids[here[~is_direct]]))
    return by_way


def _compare(own: int, other: int, territory: Territory, profiles: Profiles) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the features in which two municipalities, given by their rows, are similar and different."""
    alike, unlike = [], []
    differences = np.abs(profiles.standardised[own] - profiles.standardised[other]).tolist()
    for feature, difference in zip(WEIGHTS, differences, strict=True):
        if difference <= ALIKE:
            alike.append(feature)
        elif difference > UNLIKE:
            unlike.append(feature)
    frame = territory.municipalities
    capital = frame["is_capital"].to_numpy(dtype=bool)[[own, other]]
    if capital.any():
        (alike if capital.all() else unlike).append("capital")
    if str(frame["macro_area"].iat[own]) == str(frame["macro_area"].iat[other]):
        alike.append("macro_area")
    return tuple(alike), tuple(unlike)
