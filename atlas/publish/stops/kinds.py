"""The words and figures of each kind of stop."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import isnan

import numpy as np
import pandas as pd

from atlas.base.columns import UNKNOWN
from atlas.base.model import Face, Level
from atlas.base.text import clean_line
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.drill import municipality_of
from atlas.catalogue.selection import select
from atlas.figures.mapview import target_group_of, territories_inside, usable_measure
from atlas.indicators.comparison import compare
from atlas.indicators.indicators import (
    SMALL_COUNT,
    count_by,
    count_by_theme_and_target,
    count_by_year,
    is_inside,
    summarise,
)
from atlas.indicators.peers import find_peers, initiatives_of, without_place
from atlas.indicators.ranking import build_ranking
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.story import StopKind, Story
from atlas.territory.places.names import place_name, title_of_place
from atlas.words import findings
from atlas.words.card import build_card, row_of, shorten, title_of, when_of, where_of
from atlas.words.headline import say_line
from atlas.words.sources import is_published, say_licence, say_shown, say_situation, say_what

# Longer lists are unreadable on a slide: they end with how many more there are.
LISTED = 12
PEERS = 5


def fill(content: StopContent, story: Story) -> StopContent:
    """Return the content filled according to its kind of stop."""
    kind = content.stop.kind
    if kind is StopKind.COVER:
        return _fill_cover(content, story)
    if content.stop.view.initiative and kind in _WITH_CARD:
        return _fill_card(content)
    return _FACES[content.stop.view.face](content) if kind is StopKind.REGIONS else _FILLERS[kind](content)


def _fill_cover(content: StopContent, story: Story) -> StopContent:
    say = content.say
    return replace(
        content,
        title=story.title or content.description.headline,
        lines=(*(clean_line(line) for line in (story.occasion, story.author) if clean_line(line)),),
        facts=() if content.stop.view.selection.is_empty else ((say("files.selection"), content.about[0][1]),),
        cautions=(f"{say('app.title')}. {say('finding.cover.read', date=say.date(content.today))}.",),
        derived_notes=content.description.sentences,
    )


def _fill_map(content: StopContent) -> StopContent:
    said = content.description.sentences
    if not len(content.selected):
        return replace(content, title=content.description.headline, lines=said, has_map=True)
    return replace(
        content,
        title=_say_message(content),
        figures=_key_figures(content),
        lines=said[1:-1],
        cautions=said[-1:],
        has_map=True,
        derived_notes=(said[0], content.about[1][1]),
    )


def _say_message(content: StopContent) -> str:
    """Say how many initiatives there are and how many of them several municipalities share."""
    say, view, held = content.say, content.stop.view, content.world
    footprint = content.selected.store.footprints[Level.MUNICIPALITY]
    inside = is_inside(held.territory, view.selection)
    kept = content.selected.kept[footprint.row] & inside[footprint.territory]
    per_initiative = np.bincount(footprint.row[kept], minlength=len(content.selected.kept))
    is_shared = per_initiative > 1
    n, shared = len(content.selected), int(is_shared.sum())
    if not shared:
        return content.description.headline
    together = say.number(len(np.unique(footprint.territory[kept & is_shared[footprint.row]])))
    some = say.plural("finding.shared", shared, count=say.plural("words.headline.plain", n), municipalities=together)
    every = say.plural("finding.shared_all", n, municipalities=together)
    bare = say.plural("finding.shared", shared, count=say.number(n), municipalities=together)
    plain = say.plural("words.headline.plain", n)
    counts = (every if shared == n else some, plain)
    return say_line(view.selection, counts, bare, held, say)


def _key_figures(content: StopContent) -> tuple[tuple[str, str], ...]:
    """Return the key figures as pairs (number, label)."""
    say, territory = content.say, content.world.territory
    figures = summarise(content.selected, territory, content.stop.view.selection)
    total = say.number(len(content.world.catalogue))
    rows = [(say.number(figures.initiatives), say.plural("figures.initiatives", figures.initiatives, total=total))]
    if figures.municipalities:
        unit = say.plural("figures.municipalities", figures.municipalities)
        partners = figures.undisclosed_partners
        unit += f" {say.plural('figures.partners', partners)}" if partners else ""
        rows.append((say.number(figures.municipalities), unit))
        total = say.number(len(territory.regions))
        rows.append((say.number(figures.regions), say.plural("figures.regions", figures.regions, total=total)))
        rows.append((say.number(figures.inhabitants), say("figures.inhabitants")))
    return tuple(rows)


def _fill_ranking(content: StopContent) -> StopContent:
    say, held, view = content.say, content.world, content.stop.view
    territory = held.territory
    group = target_group_of(view.selection, held.vocabulary)
    measure = usable_measure(view.options.measure, Level.REGION, group)
    ranking = build_ranking(content.selected, territory, view.options.rule, measure, group)
    # Regions outside the selection are left out, not shown as zero.
    chosen = territory.regions.index[territories_inside(territory, view.selection, Level.REGION)]
    ranking = replace(ranking, frame=ranking.frame[ranking.frame.index.isin(chosen)])
    some = ranking.frame[ranking.frame["n_initiatives"] > 0]
    total = say.number(len(ranking.frame))
    count = say.plural("finding.in_regions", len(some), total=total)
    title = content.description.headline
    if len(ranking.frame) > 1 and len(some):
        n = int(content.selected.placed.sum())
        bare = say("words.headline.bare.in_regions", n=say.number(n), regions=say.number(len(some)))
        title = say_line(view.selection, (count,), bare, held, say)
    names = tuple(place_name(str(code), territory, say.language) for code in some.index)
    chart = _bars(content, f"ranking.title_{measure.value}", names, some["value"], some["is_small"])
    lines = findings.say_regions(ranking, territory, say)
    caution = findings.say_regions_caution(ranking, say)
    return _with_charts(content, title, lines, (caution,), (chart,))


def _fill_options(content: StopContent, dimension: str, key: str) -> StopContent:
    counts = count_by(content.selected, dimension)
    labels = _labels(content, dimension, counts)
    total = len(content.selected)
    title = findings.say_options_title(dimension, counts, labels, total, content.say)
    lines = findings.say_options(dimension, counts, labels, content.say)
    chart = _option_bars(content, counts, labels, key)
    return _with_charts(content, title, lines, (content.say("sheet.several"),), (chart,))


def _fill_matrix(content: StopContent) -> StopContent:
    say, counts = content.say, count_by_theme_and_target(content.selected)
    counts = counts.loc[(counts > 0).any(axis=1), (counts > 0).any(axis=0)]
    if counts.empty:
        return replace(content, title=content.description.headline, lines=(say("finding.nothing"),))
    rows, columns = (
        {str(id_): content.label(dimension, str(id_)) for id_ in ids}
        for dimension, ids in (("themes", counts.index), ("targets", counts.columns))
    )
    numbers = tuple(tuple(int(n) for n in row) for row in counts.to_numpy())
    texts = tuple(tuple(say.number(n) if n else "" for n in row) for row in numbers)
    pair = findings.say_pairs(counts, rows, columns, say)
    return replace(
        content,
        title=say.plural("finding.pairs_title", int((counts > 0).to_numpy().sum())),
        lines=(pair,) if pair else (),
        cautions=(say("finding.pairs_blank"), say("sheet.several")),
        grid=Grid(say("heatmap.targets_title"), tuple(rows.values()), tuple(columns.values()), numbers, texts),
        derived_notes=content.description.sentences,
    )


def _fill_mix(content: StopContent) -> StopContent:
    say, selected = content.say, content.selected
    types, years = count_by(selected, "service_types"), count_by_year(selected)
    labels = _labels(content, "service_types", types)
    by_type = _option_bars(content, types, labels, "regions.by_service_types")
    title = findings.say_options_title("service_types", types, labels, len(selected), say)
    known = years.drop(UNKNOWN, errors="ignore")
    some = known[known > 0]
    if len(some):  # years without initiatives between others keep their place
        known = known.loc[some.index[0] : some.index[-1]]
    by_year = _bars(content, "regions.by_years", tuple(map(str, known.index)), known)
    lines = findings.say_options("service_types", types, labels, say)
    if years.get(UNKNOWN, 0):
        lines = (*lines, say.plural("finding.years.unknown", int(years[UNKNOWN])))
    charts = (by_type, by_year) if len(some) else (by_type,)
    return _with_charts(content, title, lines, (say("finding.collection"),), charts)


def _fill_comparison(content: StopContent) -> StopContent:
    say, held, view = content.say, content.world, content.stop.view
    if len(view.compared) < 2:
        return _fill_ranking(content)
    everywhere = select(held.catalogue, view.selection.with_(regions=(), place=""))
    sides = compare(everywhere, view.compared, held.territory)
    names = tuple(place_name(side.code, held.territory, say.language) for side in sides)
    is_small = [0 < len(side.ids) < SMALL_COUNT for side in sides]
    charts = (
        _bars(content, "compare.initiatives", names, [len(side.ids) for side in sides], is_small),
        _bars(content, "compare.per_million", names, [side.per_million for side in sides], is_small),
    )
    title = findings.say_sides_title(sides, view.selection, held, say)
    return _with_charts(content, title, (), (findings.say_chance(sides, held.territory, say),), charts)


def _with_charts(
    content: StopContent, title: str, lines: tuple[str, ...], cautions: tuple[str, ...], charts: tuple[Bars, ...]
) -> StopContent:
    """Return the content with the non-empty charts, or a sentence that there are none."""
    charts = tuple(chart for chart in charts if chart.labels)
    if not charts:
        return replace(content, title=content.description.headline, lines=content.description.sentences)
    hollow = (content.say("sheet.hollow"),) if any(any(chart.is_small) for chart in charts) else ()
    return replace(
        content,
        title=title,
        lines=lines,
        cautions=tuple(line for line in (*cautions, *hollow) if line),
        bars=charts,
        derived_notes=(*content.description.sentences, content.about[1][1]),
    )


def _fill_place(content: StopContent) -> StopContent:
    """Fill in the answers of a municipality's page; for a larger place, the map."""
    say, held, view = content.say, content.world, content.stop.view
    code, territory = municipality_of(view, held.territory), held.territory
    if territory.level_of(code) is not Level.MUNICIPALITY:
        return _fill_map(content)
    base = select(held.catalogue, without_place(view.selection))
    direct, wide = initiatives_of(code, base)
    ids = (*direct, *wide)
    count = say.plural("finding.place.some", len(ids)) if ids else say("finding.place.none")
    place = title_of_place(code, territory, say.language)
    people = float(territory.municipalities["population"][code])
    peers = find_peers(code, base, territory)
    near = tuple(
        (
            title_of_place(peer.code, territory, say.language),
            say.plural(
                "finding.place.peer",
                len(peer.initiatives),
                title=shorten(title_of(row_of(held, peer.initiatives[0]), say.language), 70),
            ),
        )
        for peer in peers[: PEERS if not ids else 3]
    )
    return replace(
        content,
        title=say("finding.place.title", place=place, count=count),
        figures=() if isnan(people) else ((say.number(people), say("finding.place.people")),),
        lines=(say.plural("finding.place.wide", len(wide)),) if wide else (),
        items=_items(content, ids[: LISTED - len(near)], len(ids) - (LISTED - len(near))),
        facts=near and ((say("finding.place.peers").rstrip(":"), ""), *near),
        cautions=(say("finding.place.caution"),),
        has_map=bool(ids),
        derived_notes=(content.about[1][1],),
        peers=peers,
    )


def _fill_list(content: StopContent) -> StopContent:
    ids = ids_of(content.selected)
    headline = content.description.headline
    if not ids:
        return replace(content, title=headline, lines=content.description.sentences)
    return replace(
        content,
        title=content.say("finding.list", n=content.say.number(len(ids))) if 1 < len(ids) <= LISTED else headline,
        items=_items(content, ids[:LISTED], len(ids) - LISTED),
        cautions=(content.say("finding.collection"),),
        derived_notes=content.description.sentences[:1],
    )


def _fill_card(content: StopContent) -> StopContent:
    held, id_ = content.world, content.stop.view.initiative
    card = build_card(held, id_, content.say)
    only = held.catalogue.keep(np.asarray(held.catalogue.store.initiatives.index == id_))  # for the map
    summary, is_whole = card.slide_summary
    return replace(
        content,
        selected=only,
        title=card.title,
        lines=(summary,),
        facts=card.slide_facts,
        cautions=(*(() if is_whole else (content.say("finding.closing.shortened"),)), *_say_as_of(content, id_)),
        card=card,
        has_map=bool(only.placed.any()),
        derived_notes=() if is_whole else (card.summary,),
    )


def _say_as_of(content: StopContent, id_: str) -> tuple[str, ...]:
    """Say of which time the facts of an initiative of the published source are; nothing of any other."""
    world, say = content.world, content.say
    number = world.catalogue.store.initiatives["source_order"].get(id_)
    situation = say_situation(world, say)
    if not situation or pd.isna(number) or not is_published(world):
        return ()
    return (f"{situation} {say('card.as_of')}",)


def _fill_method(content: StopContent) -> StopContent:
    say = content.say
    what = " ".join(say_what(content.world, say))
    lines = (what, say("method.missing"), say("method.national"), say("method.small"))
    return replace(
        content,
        title=say("story.prepared.method"),
        lines=lines,
        cautions=(say_licence(content.world, say),),
        facts=content.about[3:],
    )


def _fill_closing(content: StopContent) -> StopContent:
    say, world = content.say, content.world
    where = (say("finding.closing.address"), content.address) if content.address else ()
    return replace(
        content,
        title=say("finding.closing.title"),
        lines=(
            say("story.method_what", shown=say_shown(world, say)),
            say("story.method_not"),
            say("story.method_rule"),
        ),
        facts=(*([where] if where else []), *content.about[3:], *content.about[2:3]),
        cautions=() if where else (say(f"finding.closing.{'no_address' if is_published(world) else 'not_published'}"),),
        derived_notes=(say("method.small"), say_licence(world, say)),
    )


def ids_of(selected: Catalogue) -> list[str]:
    """Return the ids of the selected initiatives in their order."""
    return [str(id_) for id_ in selected.store.initiatives.index[selected.rows]]


def _labels(content: StopContent, dimension: str, counts: "pd.Series[int]") -> list[tuple[str, str]]:
    return [(str(option), content.label(dimension, str(option))) for option in counts.index]


def _option_bars(content: StopContent, counts: "pd.Series[int]", labels: list[tuple[str, str]], key: str) -> Bars:
    """Return the bars of the options that some initiative has, the most frequent first."""
    names = dict(labels)
    known = counts.drop(UNKNOWN, errors="ignore").sort_values(ascending=False, kind="stable")
    known = known[known > 0]
    return _bars(content, key, tuple(names[str(option)] for option in known.index), known)


def _bars(
    content: StopContent,
    key: str,
    labels: tuple[str, ...],
    values: Iterable[float],
    is_small: Iterable[bool] = (),
) -> Bars:
    say, numbers = content.say, tuple(map(float, values))
    texts = tuple(say("ranking.missing") if isnan(value) else say.number(value) for value in numbers)
    return Bars(say(key), labels, numbers, texts, tuple(map(bool, is_small)) or (False,) * len(labels))


def _items(content: StopContent, ids: Sequence[str], more: int) -> tuple[tuple[str, str], ...]:
    """Return title, and where and when, of initiatives, and how many more there are."""
    held, say = content.world, content.say
    rows = []
    for id_ in ids:
        row = row_of(held, id_)
        facts = (where_of(row, held.territory, say), when_of(row, say))
        rows.append((shorten(title_of(row, say.language)), " · ".join(fact for fact in facts if fact)))
    return (*rows, *([(say.plural("sheet.more", more), "")] if more > 0 else []))


_WITH_CARD = (StopKind.MAP, StopKind.REGIONS, StopKind.MUNICIPALITY, StopKind.CATALOGUE)
_FACES: Mapping[Face, Callable[[StopContent], StopContent]] = {
    Face.RANKING: _fill_ranking,
    Face.MATRIX: _fill_matrix,
    Face.MIX: _fill_mix,
    Face.COMPARE: _fill_comparison,
    Face.REGION: _fill_map,
}
_FILLERS: Mapping[StopKind, Callable[[StopContent], StopContent]] = {
    StopKind.OVERVIEW: _fill_map,
    StopKind.MAP: _fill_map,
    StopKind.THEMES: partial(_fill_options, dimension="themes", key="sheet.by_theme"),
    StopKind.TARGETS: partial(_fill_options, dimension="targets", key="sheet.by_target"),
    StopKind.MUNICIPALITY: _fill_place,
    StopKind.CATALOGUE: _fill_list,
    StopKind.METHOD: _fill_method,
    StopKind.CLOSING: _fill_closing,
}
