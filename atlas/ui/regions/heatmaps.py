"""Matrices of themes by target groups and by regions; empty cells can be selected too."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import Selection
from atlas.catalogue.selection import select
from atlas.figures.charts import CELL, Cell, build_heatmap
from atlas.figures.vega import TINTS, Spec
from atlas.indicators.classes import Classes, build_classes
from atlas.indicators.indicators import count_by_region_and_theme, count_by_theme_and_target
from atlas.territory.places.names import in_place
from atlas.ui.parts.charts import Figure, show_figure
from atlas.ui.parts.labels import label_inside, label_of, name_of, regions_by_name
from atlas.ui.session import state
from atlas.ui.session.state import Screen


def show_heatmaps(screen: Screen, controls: DeltaGenerator) -> None:
    """Draw the two matrices; each has all its rows and columns, and the filters of the other dimensions."""
    with controls:
        _show_one_region(screen)
    # One below the other: side by side the cells would be too narrow to touch and to read.
    by_target = count_by_theme_and_target(select(screen.catalogue, _filters_of(screen, "targets"))).T
    within = select(screen.catalogue, _filters_of(screen, "regions"))
    by_region = count_by_region_and_theme(within, screen.territory, screen.options.rule)
    # The same number has the same colour in both.
    numbers = [counts.to_numpy(dtype=float).ravel() for counts in (by_target, by_region)]
    classes = build_classes(np.concatenate(numbers), k=len(TINTS))
    for rows, counts in (("targets", by_target), ("regions", by_region)):
        show_figure(screen, build_figure(screen, counts, rows, classes), CELL, partial(_on_cell, rows))


def build_figure(screen: Screen, counts: pd.DataFrame, rows: str, classes: Classes) -> Figure:
    """Return a matrix of a dimension (rows) by theme (columns) as a chart, in words and as a table."""
    words = screen.words
    if rows == "regions":
        counts = counts.loc[regions_by_name(screen)]
    notes = [words("heatmap.legend"), words(f"heatmap.{rows}_note"), words("heatmap.click")]
    if rows == "regions":
        notes.append(words(f"map.{screen.options.rule.value}_note"))
    return Figure(
        name=f"temi-{'gruppi' if rows == 'targets' else 'regioni'}",
        title=words(f"heatmap.{rows}_title"),
        finding=say_finding(screen, counts, rows),
        draw=partial(_draw, screen, counts, rows, classes),
        table=partial(build_table, screen, counts, rows),
        about=rows,
        note=" ".join(notes),
        width=620,
        within=_filters_of(screen, rows),
        follows_rule=rows == "regions",
    )


def _filters_of(screen: Screen, rows: str) -> Selection:
    """Return the filters that apply to a matrix: all but those of its own rows and columns."""
    selection = screen.selection.with_(themes=(), **{rows: ()})
    return selection.with_(place="") if rows == "regions" else selection


def say_finding(screen: Screen, counts: pd.DataFrame, rows: str) -> str:
    """Say how many rows and themes have initiatives in the catalogue, and name those without any."""
    words = screen.words
    covered = {"rows": (counts > 0).any(axis=1).tolist(), "themes": (counts > 0).any(axis=0).tolist()}
    if not any(covered["rows"]):
        return words("ranking.nothing")
    numbers = {name: words.number(sum(found)) for name, found in covered.items()}
    text = words(
        f"heatmap.{rows}_finding",
        **numbers,
        all_rows=words.number(len(counts.index)),
        all_themes=words.number(len(counts.columns)),
    )
    if rows == "regions":
        text = words(f"words.most.rule.{screen.options.rule}", text=text)
    elif where := _chosen_place(screen):
        text = words("heatmap.within", where=in_place(where, screen.territory, screen.view.language), text=text)
    said = [f"{text[:1].upper()}{text[1:]}"]
    for dimension, options, found in (
        (rows, counts.index, covered["rows"]),
        ("themes", counts.columns, covered["themes"]),
    ):
        if not all(found):
            empty = [str(option) for option, any_here in zip(options, found, strict=True) if not any_here]
            what = words.sequence(label_inside(screen, dimension, option) for option in empty)
            said.append(words(f"heatmap.without_{dimension}", what=what))
    return " ".join(said)


def _chosen_place(screen: Screen) -> str:
    """Return the code of the only territory in the filters; empty for the country or several regions."""
    regions = screen.selection.regions
    return screen.selection.place or (regions[0] if len(regions) == 1 else "")


def build_table(screen: Screen, counts: pd.DataFrame, rows: str) -> pd.DataFrame:
    """Return the matrix as a table with the names of rows and columns."""
    table = counts.round(2)
    table.columns = [label_of(screen, "themes", str(theme)) for theme in counts.columns]
    table.insert(0, screen.words("column.name"), [label_of(screen, rows, str(code)) for code in counts.index])
    return table


def _draw(screen: Screen, counts: pd.DataFrame, rows: str, classes: Classes, theme: str) -> Spec:
    words, selection = screen.words, screen.selection
    columns = {str(code): label_of(screen, "themes", str(code)) for code in counts.columns}
    chosen_rows, chosen_columns = getattr(selection, rows), selection.themes
    cells = []
    for index, values in zip(counts.index, counts.to_numpy(dtype=float).tolist(), strict=True):
        row, label = str(index), label_of(screen, rows, str(index))
        for (column, name), value, tint in zip(columns.items(), values, classes.of(values).tolist(), strict=True):
            number = words.number(round(value, 1))
            hint = words("heatmap.hint", row=label, column=name, n=number if value else words("ranking.none"))
            is_chosen = row in chosen_rows and column in chosen_columns
            text = number if value else ""
            cells.append(Cell(row, column, label, name, text, hint, tint, is_chosen))
    bold = [label_of(screen, rows, option) for option in chosen_rows]
    return build_heatmap(cells, theme, [*bold, *(columns[chosen] for chosen in chosen_columns if chosen in columns)])


def _show_one_region(screen: Screen) -> None:
    """Draw the choice of a single region, which sets the region filter."""
    words = screen.words
    labels = {words("heatmap.everywhere"): "", **{name_of(screen, code): code for code in regions_by_name(screen)}}
    chosen = screen.selection.regions
    shown = next((label for label, code in labels.items() if (code,) == (chosen or ("",))), None)
    state.place_widgets([("heatmap_region", shown)])
    st.selectbox(
        words("heatmap.one_region"),
        list(labels),
        index=None,
        key="heatmap_region",
        placeholder=words("heatmap.several", n=words.number(len(chosen))),
        on_change=_on_region,
        args=(labels,),
        width=320,
    )


def _on_region(labels: Mapping[str, str]) -> None:
    code = labels.get(st.session_state["heatmap_region"] or "", "")
    state.change_selection(regions=(code,) if code else (), place="")


def _on_cell(rows: str, fields: Mapping[str, str]) -> None:
    state.toggle_cell(**{rows: fields["row"], "themes": fields["column"]})
