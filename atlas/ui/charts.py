"""Charts on the page, each with a finding in words and the same numbers as a table; a click on a bar is a filter."""

import pandas as pd
import streamlit as st

from atlas import state
from atlas.charts import BarData, build_bar_chart
from atlas.indicators import count_by_target, count_by_territory, count_by_theme, count_by_year
from atlas.model import Level
from atlas.state import Screen
from atlas.ui.labels import label_of


def show_charts(screen: Screen) -> None:
    """Draw the selected initiatives by region, theme, target group and year."""
    regions, themes = st.columns(2, gap="large")
    with regions:
        counted = count_by_territory(screen.selected, screen.territory, Level.REGION, screen.options.rule)
        values = counted["value"].where(counted.index.isin(screen.selection.regions or counted.index), 0)
        _show_bars(screen, "region", "regions", values.sort_values(ascending=False, kind="stable"))
    with themes:
        _show_bars(screen, "theme", "themes", count_by_theme(screen.selected))
        _show_bars(screen, "target", "targets", count_by_target(screen.selected))
        _show_bars(screen, "year", "years", count_by_year(screen.selected))


def _show_bars(screen: Screen, name: str, dimension: str, counts: pd.Series) -> None:
    words = screen.words
    title = words(f"regions.by_{name}")
    st.subheader(title, anchor=False)
    if name in ("theme", "target", "region"):
        st.caption(words(f"regions.{name}_note" if name == "region" else f"regions.{name}s_note"))
    frame = pd.DataFrame(
        {
            "code": counts.index,
            "label": [label_of(screen, dimension, str(code)) for code in counts.index],
            "n": counts.to_numpy(),
            "text": [words.number(float(n)) for n in counts],
        }
    )
    st.altair_chart(
        build_bar_chart(BarData(frame, words("regions.axis")), _theme()),
        key=f"bars_{name}",
        on_select=lambda: _on_bar(name, dimension),
        selection_mode="bar",
        alt=_finding(screen, title, frame),
    )
    fold = st.expander(words("regions.as_table"), key=f"bars_{name}_fold", on_change="rerun")
    if fold.open:
        table = frame[["label", "n"]].rename(
            columns={"label": words("column.name"), "n": words("column.n_initiatives")}
        )
        fold.dataframe(table, hide_index=True, alt=title)


def _finding(screen: Screen, title: str, frame: pd.DataFrame) -> str:
    words = screen.words
    if not len(frame) or not frame["n"].max() > 0:
        return words("regions.finding_none", title=title)
    top = frame.iloc[int(frame["n"].to_numpy().argmax())]
    return words("regions.finding", title=title, name=top["label"], n=top["text"])


def _on_bar(name: str, dimension: str) -> None:
    points = st.session_state[f"bars_{name}"]["selection"].get("bar", [])
    if points:
        chosen = getattr(state.current_view().selection, dimension)
        option = str(points[0]["code"])
        state.change_selection(**{dimension: chosen if option in chosen else (*chosen, option)})


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"
