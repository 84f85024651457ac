"""What a stop says before an audience: a picture and few large words, from the functions that draw the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isnan

import pandas as pd

from atlas.base.columns import UNKNOWN
from atlas.base.model import Face, Level
from atlas.catalogue.selection import count_options, initiatives_in, select
from atlas.figures.charts import Bar, build_bar_chart
from atlas.figures.mapview import target_group_of, usable_measure
from atlas.figures.vega import Spec
from atlas.indicators.comparison import compare
from atlas.indicators.indicators import count_by_target, count_by_theme, count_by_theme_and_target, summarise
from atlas.indicators.ranking import build_ranking
from atlas.ui.parts.cards import place_of, text_of, when_of
from atlas.ui.parts.charts import Figure, theme_name
from atlas.ui.parts.labels import label_of
from atlas.ui.regions import composition, heatmaps, ranking, side_by_side
from atlas.ui.session.state import Screen

# Nobody reads a longer list from the back row.
LISTED = 7


@dataclass(frozen=True)
class Content:
    """One stop. kind: "map", "chart" or "text", what stands beside the words; texts are plain.

    figures: (number, what it counts), the largest words. lines: what it says. cautions: what to be careful about,
    smaller. width: of the chart before it is enlarged to the screen: a small one has large letters.
    """

    kind: str
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    spec: Spec | None = None
    alt: str = ""
    width: int = 420


def build_content(screen: Screen, page: str) -> Content:
    """Return what a stop of a page shows."""
    return _BUILDERS[page](screen)


def _build_overview(screen: Screen) -> Content:
    return Content("text", _figures(screen), screen.description.sentences[1:])


def _build_map(screen: Screen) -> Content:
    if screen.view.initiative:
        return _build_initiative(screen)
    return Content("map", _figures(screen), cautions=screen.description.sentences[1:])


def _build_regions(screen: Screen) -> Content:
    if screen.view.initiative:
        return _build_initiative(screen)
    return _FACES[screen.view.face](screen)


def _build_ranking(screen: Screen) -> Content:
    group = target_group_of(screen.selection, screen.vocabulary)
    measure = usable_measure(screen.options.measure, Level.REGION, group)
    everywhere = select(screen.catalogue, screen.selection.with_(regions=(), place=""))
    whole = build_ranking(everywhere, screen.territory, screen.options.rule, measure, group)
    some = replace(whole, frame=whole.frame[whole.frame["n_initiatives"] > 0])
    figure = replace(ranking.build_figure(screen, some), finding=ranking.say_finding(screen, whole))
    return _of_figure(screen, figure, 460)


def _build_matrix(screen: Screen) -> Content:
    counts = count_by_theme_and_target(select(screen.catalogue, screen.selection.with_(themes=(), targets=()))).T
    return _of_figure(screen, heatmaps.build_figure(screen, counts, "targets"), 480)


def _build_mix(screen: Screen) -> Content:
    counts = count_options(screen.selected, "service_types")
    return _of_figure(screen, composition.build_figure(screen, "service_types", counts), 320)


def _build_comparison(screen: Screen) -> Content:
    if len(screen.view.compared) < 2:
        return _build_ranking(screen)
    everywhere = select(screen.catalogue, screen.selection.with_(regions=(), place=""))
    sides = compare(everywhere, screen.view.compared, screen.territory)
    figure = side_by_side.build_figure(screen, sides, "themes")
    figures = tuple((screen.words.number(len(side.ids)), side_by_side.side_name(screen, side.code)) for side in sides)
    return replace(_of_figure(screen, figure, 440), figures=figures)


def _build_themes(screen: Screen) -> Content:
    return _build_terms(screen, "themes", count_by_theme(screen.selected))


def _build_targets(screen: Screen) -> Content:
    return _build_terms(screen, "targets", count_by_target(screen.selected))


def _build_terms(screen: Screen, dimension: str, counts: pd.Series) -> Content:
    words = screen.words
    known = counts.drop(UNKNOWN, errors="ignore").sort_values(ascending=False, kind="stable").items()
    bars = [
        Bar(str(option), label_of(screen, dimension, str(option)), float(n), words.number(n)) for option, n in known
    ]
    top = max((bar.value or 0 for bar in bars), default=0)
    lines = [words("ranking.nothing")]
    if top:
        names = words.sequence(bar.label for bar in bars if bar.value == top)
        lines = [words("regions.option", label=names, n=words.number(top)) + "."]
    empty = [bar.label for bar in bars if not bar.value]
    if top and empty:
        lines.append(words("story.without", what=words.sequence(empty)))
    return Content(
        "chart",
        lines=tuple(lines),
        cautions=(words("story.several"),),
        spec=build_bar_chart([bar for bar in bars if bar.value], theme_name()),
        alt=" ".join(lines),
        width=300,
    )


def _build_municipality(screen: Screen) -> Content:
    words, code = screen.words, screen.selection.place
    if screen.view.initiative:
        return _build_initiative(screen)
    if screen.territory.level_of(code) is not Level.MUNICIPALITY:
        return _build_map(screen)
    ids = initiatives_in(select(screen.catalogue, screen.selection.with_(place="", regions=())), code)
    figures = [(words.number(len(ids)), words(f"story.initiatives.{'one' if len(ids) == 1 else 'other'}"))]
    people = float(screen.territory.municipalities["population"][code])
    if not isnan(people):
        figures.append((words.number(people), words("municipality.inhabitants").lower()))
    return Content("map", tuple(figures), cautions=_titles(screen, [str(id_) for id_ in ids]))


def _build_list(screen: Screen) -> Content:
    if screen.view.initiative:
        return _build_initiative(screen)
    ids = [str(id_) for id_ in screen.selected.store.initiatives.index[screen.selected.rows]]
    return Content("text", _figures(screen)[:1], _titles(screen, ids))


def _build_initiative(screen: Screen) -> Content:
    id_ = screen.view.initiative
    row = {str(name): value for name, value in screen.catalogue.store.initiatives.loc[id_].items()}
    themes = ", ".join(label_of(screen, "themes", theme) for theme in str(row["themes"]).split(";") if theme)
    facts = (place_of(screen, row), when_of(screen, row), themes)
    on_map = row["scale"] != "national"
    cautions = (" · ".join(fact for fact in facts if fact),)
    return Content("map" if on_map else "text", lines=(text_of(screen, row, "summary"),), cautions=cautions)


def _build_method(screen: Screen) -> Content:
    words = screen.words
    lines = tuple(
        words(f"story.method_{part}", n=words.number(len(screen.catalogue))) for part in ("what", "not", "rule")
    )
    return Content("text", lines=lines, cautions=(screen.sources,))


def _of_figure(screen: Screen, figure: Figure, width: int) -> Content:
    lines = (figure.title, figure.finding)
    caution = screen.description.sentences[-1:] if len(screen.description.sentences) > 2 else ()
    return Content("chart", (), lines, caution, figure.draw(theme_name()), f"{figure.title}. {figure.finding}", width)


def _figures(screen: Screen) -> tuple[tuple[str, str], ...]:
    """Return initiatives, municipalities and inhabitants of the selection, each with its unit."""
    words, figures = screen.words, summarise(screen.selected, screen.territory, screen.selection)
    total = words.number(len(screen.catalogue))
    rows = [(words.number(figures.initiatives), _unit(screen, "initiatives", figures.initiatives, total=total))]
    if figures.municipalities:
        unit = _unit(screen, "municipalities", figures.municipalities)
        partners = figures.undisclosed_partners
        more = f" {words.plural('figures.partners', partners)}" if partners else ""
        rows.append((words.number(figures.municipalities), unit + more))
        total = words.number(len(screen.territory.regions))
        rows.append((words.number(figures.regions), _unit(screen, "regions", figures.regions, total=total)))
        rows.append((words.number(figures.inhabitants), words("figures.inhabitants")))
    return tuple(rows)


def _unit(screen: Screen, key: str, n: int, **values: str) -> str:
    return screen.words(f"figures.{key}.{'one' if n == 1 else 'other'}", **values)


def _titles(screen: Screen, ids: list[str]) -> tuple[str, ...]:
    frame = screen.catalogue.store.initiatives
    titles = [text_of(screen, {str(k): v for k, v in frame.loc[id_].items()}, "title") for id_ in ids[:LISTED]]
    more = len(ids) - LISTED
    return (*titles, *([screen.words.plural("compare.more", more)] if more > 0 else []))


_FACES: Mapping[Face, Callable[[Screen], Content]] = {
    Face.RANKING: _build_ranking,
    Face.MATRIX: _build_matrix,
    Face.MIX: _build_mix,
    Face.COMPARE: _build_comparison,
}
_BUILDERS: Mapping[str, Callable[[Screen], Content]] = {
    "panoramica": _build_overview,
    "mappa": _build_map,
    "regioni": _build_regions,
    "temi": _build_themes,
    "destinatari": _build_targets,
    "comune": _build_municipality,
    "catalogo": _build_list,
    "metodo": _build_method,
}
