"""Initiatives by region: the chart, its controls and its findings."""

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import Level
from atlas.catalogue.selection import select
from atlas.figures.charts import BAR, Bar, RankingWords, build_ranking_chart, end_of_axis
from atlas.figures.mapview import target_group_of, usable_measure
from atlas.indicators.indicators import SMALL_COUNT
from atlas.indicators.ranking import Ranking, build_ranking
from atlas.ui.choices.counting import show_counting
from atlas.ui.parts.charts import Figure, show_figure, toggle_bar
from atlas.ui.parts.labels import name_of
from atlas.ui.session.state import Screen

# Longer lists of names are replaced by their number.
NAMED = 3


def show_ranking(screen: Screen, controls: DeltaGenerator) -> None:
    """Draw the chart of all regions; the chosen ones are highlighted."""
    group = target_group_of(screen.selection, screen.vocabulary)
    measure = usable_measure(screen.options.measure, Level.REGION, group)
    with controls:
        show_counting(screen, Level.REGION, measure, group, with_level=False)
    everywhere = select(screen.catalogue, screen.selection.with_(regions=(), place=""))
    ranking = build_ranking(everywhere, screen.territory, screen.options.rule, measure, group)
    show_figure(screen, build_figure(screen, ranking), BAR, partial(toggle_bar, "regions"))


def build_figure(screen: Screen, ranking: Ranking) -> Figure:
    """Return the ranking as a chart, in words and as a table."""
    words = screen.words
    notes = [say_legend(screen, ranking) if ranking.has_intervals else words("ranking.share")]
    notes += [words("ranking.legend_places")] if ranking.tells_places else []
    notes += [words("ranking.whole")] if screen.selection.regions or screen.selection.place else []
    return Figure(
        name=f"classifica-{ranking.measure.value}",
        title=words(f"ranking.title_{ranking.measure.value}"),
        finding=say_finding(screen, ranking),
        draw=partial(_draw, screen, ranking),
        table=partial(build_table, screen, ranking),
        about="ranking",
        note=" ".join([*notes, words("regions.click")]),
        within=screen.selection.with_(regions=(), place=""),
    )


def say_legend(screen: Screen, ranking: Ranking) -> str:
    """Explain bars and intervals, and the arrow of those that the chart cuts, if there is one."""
    words, frame = screen.words, ranking.frame
    highs = frame["high"][frame["value"] > 0].dropna().tolist()
    is_cut = max(highs, default=0) > end_of_axis(float(frame["value"].max()), highs, ranking.measure.is_rate)
    legend = words("ranking.legend", n=words.number(SMALL_COUNT))
    return f"{legend} {words('ranking.legend_arrow')}" if is_cut else legend


def say_finding(screen: Screen, ranking: Ranking) -> str:
    """Say which regions have most initiatives, how many could be first, how many have none."""
    words, frame = screen.words, ranking.frame
    if ranking.is_empty:
        return words("ranking.nothing")
    said = [] if ranking.measure.is_rate else [_say_most(screen, ranking)]
    if ranking.has_intervals:
        leaders, known = ranking.possible_leaders, int((frame["best"] > 0).sum())
        if len(leaders) == known:
            said.append(words("ranking.all_first"))
        else:
            named = words.sequence(name_of(screen, code) for code in leaders[:NAMED])
            said.append(words.plural("ranking.first", len(leaders), total=words.number(known), name=named))
    if led_elsewhere := ranking.led_elsewhere:
        names = words.sequence(name_of(screen, code) for code in led_elsewhere)
        said.append(words("ranking.led_elsewhere", names=names))
    empty = int((frame["n_initiatives"] == 0).sum())
    said += [words.plural("ranking.empty", empty)] if empty else []
    return " ".join(said)


def _say_most(screen: Screen, ranking: Ranking) -> str:
    """Say how many initiatives the regions with most of them have in the catalogue."""
    words, values = screen.words, ranking.frame["value"]
    top = float(values.max())
    names = [name_of(screen, str(code)) for code in values.index[values == top]]
    if len(names) > NAMED:
        return words.plural("ranking.have.many", top, regions=words.number(len(names)))
    return words.plural(f"ranking.have.{'single' if len(names) == 1 else 'tied'}", top, who=words.sequence(names))


def build_table(screen: Screen, ranking: Ranking) -> pd.DataFrame:
    """Return the ranking as a table: value, interval, possible positions, initiatives."""
    words, frame = screen.words, ranking.frame
    table = pd.DataFrame(
        {
            words("column.code"): frame.index,
            words("column.name"): [name_of(screen, str(code)) for code in frame.index],
            words(f"ranking.axis_{ranking.measure.value}"): frame["value"].round(2).to_numpy(),
        }
    )
    if ranking.has_intervals:
        table[words("ranking.low")] = frame["low"].round(2).to_numpy()
        table[words("ranking.high")] = frame["high"].round(2).to_numpy()
    if ranking.tells_places:
        table[words("ranking.places_head")] = [_say_places(screen, row) for _, row in frame.iterrows()]
    if ranking.measure.is_rate:
        table[words("column.denominator")] = frame["denominator"].to_numpy()
    table[words("column.n_initiatives")] = frame["n_initiatives"].to_numpy()
    caution = frame["is_small"].map({True: words("column.small"), False: ""})
    table[words("column.caution")] = caution.where(~frame["is_missing"], words("column.missing")).to_numpy()
    return table


def _draw(screen: Screen, ranking: Ranking, theme: str) -> dict[str, object]:
    words = screen.words
    titles = RankingWords(
        axis=words(f"ranking.axis_{ranking.measure.value}"),
        value=words("ranking.value_head"),
        note=words("ranking.place_head") if ranking.tells_places else "",
        decimal=words.number(0.5)[1],
        thousands=words.number(1000)[1],
    )
    return build_ranking_chart(_build_bars(screen, ranking), titles, theme, ranking.measure.is_rate)


def _build_bars(screen: Screen, ranking: Ranking) -> list[Bar]:
    words, frame = screen.words, ranking.frame
    chosen = {screen.territory.region_of(screen.selection.place), *screen.selection.regions}
    bars = []
    for index, row in frame.to_dict("index").items():
        code, value = str(index), row["value"]
        name, number = name_of(screen, code), "" if pd.isna(value) else words.number(value)
        note, hint = (
            _say_places(screen, row) if ranking.tells_places else "",
            words("ranking.hint", name=name, value=number),
        )
        if pd.isna(value) or not value:
            note = words("ranking.missing" if pd.isna(value) else "ranking.none")
            if not pd.isna(value) and row["n_initiatives"]:
                note = words.plural("ranking.no_lead", int(row["n_initiatives"]))
            hint = words("ranking.hint", name=name, value=note)
        elif ranking.has_intervals:
            low, high = (words.number(row[limit]) for limit in ("low", "high"))
            hint += " " + words("ranking.hint_interval", low=low, high=high)
            if ranking.tells_places:
                hint += " " + words("ranking.hint_places", places=note)
        bars.append(
            Bar(
                code=code,
                label=name,
                value=None if pd.isna(value) else float(value),
                text=number,
                hint=hint,
                note=note,
                low=None if pd.isna(row["low"]) else float(row["low"]),
                high=None if pd.isna(row["high"]) else float(row["high"]),
                is_small=bool(row["is_small"]),
                is_chosen=code in chosen,
            )
        )
    return bars


def _say_places(screen: Screen, row: "Mapping[Hashable, Any] | pd.Series") -> str:
    best, worst = int(row["best"]), int(row["worst"])
    if not best:
        return ""
    key = "ranking.place" if best == worst else "ranking.places"
    return screen.words(key, best=best, worst=worst)
