"""What the selection is made of: service types, channels, scales, years, and the inhabitants it reaches."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.columns import UNKNOWN
from atlas.catalogue.selection import facet_counts, select
from atlas.figures.charts import BAR, Bar, build_bar_chart
from atlas.indicators.indicators import inhabitants_by_region
from atlas.ui.parts.charts import Figure, show_figure, toggle_bar
from atlas.ui.parts.figures import show_key_figures
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.session.state import Screen

DIMENSIONS = ("service_types", "channels", "scales", "years")


def show_composition(screen: Screen, controls: DeltaGenerator) -> None:
    """Draw a chart for each dimension, with the numbers of the filter options, and one of inhabitants."""
    show_key_figures(screen)
    counts = facet_counts(screen.catalogue, screen.selection)
    left, right = st.columns(2, gap="large")
    for place, dimensions in ((left, DIMENSIONS[:3]), (right, DIMENSIONS[3:])):
        with place:
            for dimension in dimensions:
                figure = build_figure(screen, dimension, counts[dimension])
                show_figure(screen, figure, BAR, partial(toggle_bar, dimension))
    with right:
        everywhere = select(screen.catalogue, screen.selection.with_(regions=(), place=""))
        people = inhabitants_by_region(everywhere, screen.territory)
        show_figure(screen, build_inhabitants_figure(screen, people), BAR, partial(toggle_bar, "regions"))


def build_figure(screen: Screen, dimension: str, counts: dict[str, int]) -> Figure:
    """Return the initiatives by option of a dimension as a chart, in words and as a table."""
    words = screen.words
    chosen = getattr(screen.selection, dimension)
    bars = []
    for option, n in counts.items():
        label = label_of(screen, dimension, option)
        text = words.number(n)
        hint = f"{label}: {words.plural('list.title', n)}"
        bars.append(Bar(option, label, float(n), text, hint, is_chosen=option in chosen))
    return Figure(
        name=f"composizione-{dimension}",
        title=words(f"regions.by_{dimension}"),
        finding=_say_finding(screen, dimension, counts),
        draw=partial(build_bar_chart, bars),
        table=lambda: pd.DataFrame(
            {words("column.name"): [bar.label for bar in bars], words("column.n_initiatives"): list(counts.values())}
        ),
        about="composition",
        within=screen.selection.with_(**{dimension: ()}),
        follows_rule=False,
    )


def build_inhabitants_figure(screen: Screen, people: pd.DataFrame) -> Figure:
    """Return the chart of inhabitants of the municipalities involved by region, and their percentage of the region."""
    words = screen.words
    chosen = {screen.territory.region_of(screen.selection.place), *screen.selection.regions}
    bars = []
    for code, involved, population in people.sort_values("involved", ascending=False, kind="stable").itertuples():
        name = name_of(screen, str(code))
        part = words.number(100 * involved / population, 1) if population else "0"
        key = "regions.inhabitants_text" if involved else "ranking.none"
        text = words(key, n=words.number(involved), part=part)
        hint = f"{name}: {text}"
        bars.append(Bar(str(code), name, float(involved), text, hint, is_chosen=str(code) in chosen))
    return Figure(
        name="abitanti-regioni",
        title=words("regions.inhabitants_title"),
        finding=words("regions.inhabitants_finding", n=words.number(float(people["involved"].sum()))),
        draw=partial(build_bar_chart, bars),
        table=partial(_build_inhabitants_table, screen, people),
        about="inhabitants",
        note=words("regions.inhabitants_note"),
        within=screen.selection.with_(regions=(), place=""),
        follows_rule=False,
    )


def _say_finding(screen: Screen, dimension: str, counts: Mapping[str, int]) -> str:
    """Say how many initiatives each option has, or the range of years, and for how many it is unknown."""
    words, total = screen.words, sum(counts.values())
    known = {option: n for option, n in counts.items() if n and option != UNKNOWN}
    if not total:
        return words("ranking.nothing")
    said = []
    if known and dimension == "years":
        said.append(words("regions.years_range", first=min(known), last=max(known)))
    elif known:
        options = (
            words("regions.option", label=label_of(screen, dimension, option), n=words.number(n))
            for option, n in known.items()
        )
        said.append(words("regions.options", options="; ".join(options)))
    if unknown := counts.get(UNKNOWN, 0):
        what = words(f"regions.unknown_{dimension}")
        said.append(words.plural("regions.unknown", unknown, total=words.number(total), what=what))
    return " ".join(said)


def _build_inhabitants_table(screen: Screen, people: pd.DataFrame) -> pd.DataFrame:
    words = screen.words
    return pd.DataFrame(
        {
            words("column.code"): people.index,
            words("column.name"): [name_of(screen, str(code)) for code in people.index],
            words("figures.inhabitants"): people["involved"].to_numpy(),
            words("regions.inhabitants_part"): (100 * people["involved"] / people["population"]).round(1).to_numpy(),
        }
    )
