"""A chart with its finding in words, its click, its numbers as a table, and downloads of both."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from atlas.base.model import Selection
from atlas.figures.chart_files import to_csv, to_png, to_svg
from atlas.figures.charts import to_picture
from atlas.figures.vega import Spec
from atlas.ui.parts.about import show_about
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.parts.printing import show_table
from atlas.ui.session import state
from atlas.ui.session.jobs import take_turn
from atlas.ui.session.state import Screen
from atlas.words.phrases import describe_rule, describe_selection

Click = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True)
class Figure:
    """A chart with its text and table equivalents.

    name: of its widgets and files. title: with the unit. finding: what the chart shows, plain text, also its text
    alternative. draw: theme → specification. table: the same numbers, built on demand. about: the
    subject of its help. note: how to tell its marks apart. width: of its picture, in pixels. within: the filters that
    it obeys, when it leaves out those of its own rows; follows_rule: whether the counting rule changes it. Both are
    printed on its picture.
    """

    name: str
    title: str
    finding: str
    draw: Callable[[str], Spec]
    table: Callable[[], pd.DataFrame]
    about: str
    note: str = ""
    width: int = 760
    within: Selection | None = None
    follows_rule: bool = True


def show_figure(screen: Screen, figure: Figure, mark: str = "", on_click: Click | None = None) -> None:
    """Draw a figure; with `mark`, the selection of its specification, a click gives the fields of what was clicked."""
    st.header(to_plain(figure.title), anchor=False)
    st.markdown(to_plain(figure.finding))
    spec, alt = figure.draw(theme_name()), f"{figure.title}. {figure.finding}"
    if mark and on_click:
        key = _key(screen, figure.name)
        st.vega_lite_chart(
            spec,
            theme=None,
            width="stretch",
            key=key,
            on_select=partial(_take_click, key, mark, on_click),
            selection_mode=mark,
            alt=alt,
        )
    else:
        st.vega_lite_chart(spec, theme=None, width="stretch", alt=alt)
    if figure.note:
        st.caption(figure.note)
    _show_twins(screen, figure)


def _show_twins(screen: Screen, figure: Figure) -> None:
    words = screen.words
    with st.container(horizontal=True, gap="small", key=f"twins_{figure.name}"):
        fold = st.expander(words("regions.as_table"), key=f"{figure.name}_fold", on_change="rerun")
        with st.popover(words("regions.download"), icon=":material/download:"):
            makers: dict[str, Callable[[], bytes]] = {
                "png": lambda: to_png(_to_picture(screen, figure)),
                "svg": lambda: to_svg(_to_picture(screen, figure)),
                "csv": lambda: to_csv(figure.table()),
            }
            for kind, make in makers.items():
                label, name = words(f"regions.download_{kind}"), f"atlante-{figure.name}.{kind}"
                offer(label, partial(take_turn, make), name, f"{figure.name}_{kind}", "tertiary", icon=None)
        show_about(screen, figure.about, figure.name)
    if fold.open:
        table = figure.table()
        with fold:
            show_table(table, words, figure.name, alt=figure.title)


def _to_picture(screen: Screen, figure: Figure) -> Spec:
    words = screen.words
    within = screen.selection if figure.within is None else figure.within
    lines = [
        figure.finding,
        describe_selection(within, screen.world, words),
        *([describe_rule(screen.options.rule, words)] if figure.follows_rule else []),
        screen.sources,
    ]
    return to_picture(figure.draw("light"), figure.title, lines, figure.width)


def _key(screen: Screen, name: str) -> str:
    """Return a key that changes with what the chart shows.

    The browser remembers the clicked mark as long as the key is the same: a second click on it would be no event, and
    a mark that moved would stay selected.
    """
    shown = repr((screen.selection, screen.options, screen.view.language, theme_name()))
    return f"{name}_{zlib.crc32(shown.encode())}"


def _take_click(key: str, mark: str, on_click: Click) -> None:
    points = st.session_state[key]["selection"].get(mark, [])
    if points:
        on_click({field: str(value) for field, value in points[0].items()})


def toggle_bar(dimension: str, fields: Mapping[str, str]) -> None:
    """Handle a click on a bar: add its option to the selection or remove it."""
    state.toggle_option(dimension, fields["code"])


def theme_name() -> str:
    """Return the visitor's theme: light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"
