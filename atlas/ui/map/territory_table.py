"""The table of the map's frame; selecting a row works like a click on the map."""

from functools import partial

import pandas as pd
import streamlit as st

from atlas.base.model import Level
from atlas.figures.mapview import MapView
from atlas.ui.parts.printing import show_table
from atlas.ui.session import state
from atlas.ui.session.state import Screen

_KEY = "territory_table"


def show_territory_table(screen: Screen, shown: MapView) -> None:
    """Draw the table inside an expander; it is only computed when opened."""
    fold = st.expander(screen.words("map.table"), key="table_fold", on_change="rerun")
    if not fold.open:
        return
    with fold:
        table = build_table(screen, shown)
        # The key depends on the territory, so that the selected row is not kept in the next table.
        key = "_".join((_KEY, shown.level, *screen.selection.regions, screen.selection.place))
        show_table(
            table,
            screen.words,
            "territories",
            key=key,
            on_select=partial(_on_row, key, list(table[screen.words("column.code")])),
            selection_mode="single-row",
            alt=screen.words("map.table_alt"),
            height=360,
        )


def build_table(screen: Screen, shown: MapView) -> pd.DataFrame:
    """Return the territories inside the selection with the map's numbers, highest value first.

    At the level of municipalities only those that have initiatives, which may be thousands but never the empty ones.
    """
    words = screen.words
    frame = shown.frame[shown.inside]
    if shown.level is Level.MUNICIPALITY:
        frame = frame[frame["n_initiatives"] > 0]
    frame = frame.sort_values(["value", "n_initiatives"], ascending=False, kind="stable")
    table = pd.DataFrame(
        {
            words("column.code"): frame.index,
            words("column.name"): screen.territory.at(shown.level)["name"].reindex(frame.index).to_numpy(),
            words("column.n_initiatives"): frame["n_initiatives"].to_numpy(),
        }
    )
    if shown.measure.is_rate:
        table[words("column.value")] = frame["value"].round(2).to_numpy()
        table[words("column.denominator")] = frame["denominator"].to_numpy()
        caution = frame["is_small"].map({True: words("column.small"), False: ""})
        table[words("column.caution")] = caution.where(~frame["is_missing"], words("column.missing")).to_numpy()
    elif shown.rule != "presence":
        table[words(f"column.{shown.rule.value}")] = frame["value"].round(3).to_numpy()
    return table


def _on_row(key: str, codes: list[str]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen and chosen[0] < len(codes):
        state.on_map_click(codes[chosen[0]])
