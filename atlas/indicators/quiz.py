"""The questions of the guessing page, with their answers computed from the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from atlas.base.columns import UNKNOWN
from atlas.base.model import CountingRule, Level, Measure, Question, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import count_options, select
from atlas.indicators.intervals import rank_ranges
from atlas.indicators.ranking import Ranking, build_ranking
from atlas.territory.territory import Territory

EARTH_RADIUS_KM = 6371.0088  # mean radius of the ellipsoid, IUGG
# A municipality is not a point: distances that differ by less than this count as equal.
SAME_DISTANCE_KM = 5.0
# Places to choose from; more would be a list to scroll through.
MAX_PLACES = 8

RATES = {Question.REGION_RATE: Measure.PER_MILLION, Question.REGION_COUNT: Measure.COUNT}
DIMENSIONS = {Question.RAREST_THEME: "themes", Question.RAREST_TARGET: "targets"}


class Verdict(StrEnum):
    """The result of a guess.

    accepted: not the best value, but equal to it within what can be measured, and right. close: not the best value in
    the catalogue, though chance alone could explain the difference; not right, or nearly every guess would be.
    """

    BEST = "best"
    ACCEPTED = "accepted"
    CLOSE = "close"
    WRONG = "wrong"

    @property
    def is_right(self) -> bool:
        return self in (Verdict.BEST, Verdict.ACCEPTED)


class Problem(StrEnum):
    """Why a question has no answer."""

    NO_PLACE = "no_place"
    NO_INITIATIVES = "no_initiatives"


@dataclass(frozen=True)
class Riddle:
    """A question and its answer.

    values: by option, the right end first: initiatives per million, initiatives, or km; the options are its keys, and
    for EMPTY_REGIONS all the regions with their initiatives. best: the options with the right value, several when they
    tie. accepted: those that the numbers cannot tell from the best (see Verdict). number: the answer when
    it is a number, else None. ranking: of the regions, for the questions about them. initiatives: ids by option, for
    NEAREST.
    """

    question: Question
    selection: Selection
    values: Mapping[str, float] = field(default_factory=dict)
    best: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    number: int | None = None
    ranking: Ranking | None = None
    initiatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: Problem | None = None

    def judge(self, guess: str | int) -> Verdict:
        """Return the verdict on a guess: an option, or a number where the answer is one."""
        if self.number is not None:
            return Verdict.BEST if guess == self.number else Verdict.WRONG
        if guess in self.best:
            return Verdict.BEST
        if guess not in self.accepted:
            return Verdict.WRONG
        return Verdict.CLOSE if self.question in RATES else Verdict.ACCEPTED


def question_selection(question: Question, selection: Selection) -> Selection:
    """Return the filters of a question, without those that would give the answer away or leave nothing to guess.

    A question about a dimension asks of all its options. Regions and place restrict only the rarest term, and there
    only regions chosen for themselves: with a place its region was chosen too.
    """
    if question in DIMENSIONS:
        regions = () if selection.place else selection.regions
        return selection.with_(**{DIMENSIONS[question]: (), "place": "", "regions": regions})
    return selection.with_(regions=(), place="")


def ask(
    question: Question, catalogue: Catalogue, selection: Selection, territory: Territory, start: str = ""
) -> Riddle:
    """Build a question from the part of the catalogue that matches a selection.

    start: the municipality from where the nearest is looked for; it filters nothing.
    """
    filters = question_selection(question, selection)
    selected = select(catalogue, filters)
    if question in RATES:
        return _ask_regions(question, selected, filters, selection.regions, territory)
    if question in DIMENSIONS:
        return _ask_rarest(question, selected, filters)
    if question is Question.EMPTY_REGIONS:
        return _ask_empty(selected, filters, territory)
    return _ask_nearest(selected, filters, start, territory)


def distances_km(code: str, territory: Territory) -> npt.NDArray[np.float64]:
    """Return the great-circle distance (haversine) from one municipality's inner point to every other's, in km."""
    degrees = territory.municipalities[["lon", "lat"]].to_numpy(dtype=float)
    lon, lat = np.radians(degrees).T
    here = territory.positions[Level.MUNICIPALITY][code]
    half = np.sin((lat - lat[here]) / 2) ** 2
    half += np.cos(lat) * np.cos(lat[here]) * np.sin((lon - lon[here]) / 2) ** 2
    distances: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return distances


def _ask_regions(
    question: Question, selected: Catalogue, filters: Selection, chosen: tuple[str, ...], territory: Territory
) -> Riddle:
    """Ask among the chosen regions, or among all with fewer than two.

    Accepted are the regions with at least one initiative whose exact Poisson interval overlaps those of all the regions
    above them, so that they could be the first.
    """
    ranking = build_ranking(selected, territory, CountingRule.PRESENCE, RATES[question], None)
    frame = ranking.frame
    if len(chosen) > 1:
        frame = frame.loc[[code for code in frame.index if code in chosen]]
    if not (frame["value"] > 0).any():
        return Riddle(question, filters, problem=Problem.NO_INITIATIVES)
    best, _ = rank_ranges(frame["low"], frame["high"])
    top = frame["value"].max()
    return Riddle(
        question,
        filters,
        values={str(code): float(value) for code, value in frame["value"].items()},
        best=tuple(map(str, frame.index[(frame["value"] == top).to_numpy()])),
        accepted=tuple(map(str, frame.index[(best == 1) & (frame["n_initiatives"] > 0).to_numpy()])),
        ranking=ranking,
    )


def _ask_rarest(question: Question, selected: Catalogue, filters: Selection) -> Riddle:
    """Ask for the term with fewest initiatives. It is a fact of the catalogue: only equal numbers tie."""
    counts = count_options(selected, DIMENSIONS[question])
    counts.pop(UNKNOWN, None)
    if not len(selected) or not counts:
        return Riddle(question, filters, problem=Problem.NO_INITIATIVES)
    values = {option: float(n) for option, n in sorted(counts.items(), key=lambda pair: pair[1])}
    best = tuple(option for option, n in values.items() if n == min(values.values()))
    return Riddle(question, filters, values=values, best=best, accepted=best)


def _ask_empty(selected: Catalogue, filters: Selection, territory: Territory) -> Riddle:
    """Ask how many regions have no initiative."""
    ranking = build_ranking(selected, territory, CountingRule.PRESENCE, Measure.COUNT, None)
    values = {str(code): float(n) for code, n in ranking.frame["n_initiatives"].items()}
    empty = tuple(code for code, n in values.items() if not n)
    return Riddle(
        Question.EMPTY_REGIONS, filters, values=values, best=empty, accepted=empty, number=len(empty), ranking=ranking
    )


def _ask_nearest(selected: Catalogue, filters: Selection, start: str, territory: Territory) -> Riddle:
    """Ask in which municipality the nearest initiative is; each initiative counts where it is nearest.

    Options are the nearest half of MAX_PLACES and others spread over the rest, so that the answer is not the only place
    nearby. National initiatives are left out.
    """
    question = Question.NEAREST
    if territory.level_of(start) is not Level.MUNICIPALITY:
        return Riddle(question, filters, problem=Problem.NO_PLACE)
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    kept = selected.kept[footprint.row]
    initiative, municipality = footprint.row[kept], footprint.territory[kept]
    if not len(initiative):
        return Riddle(question, filters, problem=Problem.NO_INITIATIVES)
    distance = distances_km(start, territory)
    order = np.lexsort((municipality, distance[municipality]))
    _, first = np.unique(initiative[order], return_index=True)
    nearest = order[np.sort(first)]
    codes, ids = territory.municipalities.index, selected.store.initiatives.index
    behind: dict[str, list[str]] = {}
    values: dict[str, float] = {}
    for row in nearest.tolist():
        code = str(codes[municipality[row]])
        behind.setdefault(code, []).append(str(ids[initiative[row]]))
        values.setdefault(code, float(distance[municipality[row]]))
    options = _spread(list(values))
    closest = min(values.values())
    return Riddle(
        question,
        filters,
        values={code: values[code] for code in options},
        best=tuple(code for code in options if values[code] == closest),
        accepted=tuple(code for code in options if values[code] - closest < SAME_DISTANCE_KM),
        initiatives={code: tuple(behind[code]) for code in options},
    )


def _spread(options: list[str]) -> list[str]:
    if len(options) <= MAX_PLACES:
        return options
    near = MAX_PLACES // 2
    rows = np.linspace(near, len(options) - 1, MAX_PLACES - near).round().astype(int)
    return [*options[:near], *(options[row] for row in rows)]
