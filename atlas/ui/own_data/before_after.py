"""The atlas with the uploaded file compared with the published one, and the switch between them."""

from functools import partial

import pandas as pd
import streamlit as st

from atlas.base.model import CountingRule, Level, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import select
from atlas.figures.charts import Part, build_profile_chart
from atlas.figures.marks import mark_areas, mark_points
from atlas.figures.minimap import build_minimap
from atlas.figures.vega import Spec
from atlas.indicators.indicators import count_by, count_by_territory, summarise
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.ui.parts.charts import Figure, show_figure, theme_name
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.printing import show_table
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.phrases import describe_selection

_LOOK = "own_look"
# The number of initiatives of the largest circle; for larger numbers both maps are scaled down.
_LARGEST = 60
SHOWN_IDS = 5
MAP_WIDTH = 400  # pixels, if there is room
Counts = dict[str, tuple[int, int]]


def show_look(screen: Screen, rehearsal: Rehearsal) -> None:
    """Draw the switch of what every page shows, and links to the pages."""
    words = screen.words
    st.header(words("data.look_title"), anchor=False)
    state.place_widgets([(_LOOK, screen.look)])
    st.segmented_control(
        words("data.look"),
        list(Look),
        key=_LOOK,
        format_func=lambda look: words(f"data.look_{look}"),
        on_change=lambda: state.look_at(Look(st.session_state[_LOOK])),
        required=True,
    )
    st.caption(words("data.look_note"))
    if rehearsal.new_ids:
        ids = list(rehearsal.new_ids)
        shown = ", ".join(ids[:SHOWN_IDS]) + ("…" if len(ids) > SHOWN_IDS else ".")
        st.caption(to_plain(words.plural("data.look_renamed", len(ids), ids=shown)))
    if screen.look is not Look.PUBLISHED:
        with st.container(horizontal=True):
            st.page_link("pages/mappa.py", label=words("data.open_map"), icon=":material/map:")
            st.page_link("pages/regioni.py", label=words("data.open_regions"), icon=":material/bar_chart:")


def show_before_after(screen: Screen, rehearsal: Rehearsal) -> None:
    """Draw the numbers before and after side by side, with the active filters."""
    words = screen.words
    look = Look.ADDED if screen.look is Look.PUBLISHED else screen.look
    st.header(words("data.compare_title"), anchor=False)
    st.caption(words(f"data.compare_{look}"))
    if not screen.selection.is_empty:
        filters = describe_selection(screen.selection, screen.world, words)
        st.caption(to_plain(words("data.compare_filters", filters=filters)))
    before = select(rehearsal.published.catalogue, screen.selection)
    after = select(rehearsal.catalogue(look), screen.selection)
    show_table(_build_figures(screen, before, after), words, "own_figures", alt=words("data.compare_title"))
    _show_maps(screen, before, after)
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(screen, _build_figure(screen, "region", _count_regions(screen, before, after)))
    with right:
        show_figure(screen, _build_figure(screen, "theme", _count_themes(screen, before, after)))


def _build_figures(screen: Screen, before: Catalogue, after: Catalogue) -> pd.DataFrame:
    words = screen.words
    names = ("initiatives", "municipalities", "regions", "inhabitants", "national")
    today, then = (summarise(one, screen.territory, screen.selection) for one in (before, after))
    numbers = [(int(getattr(today, name)), int(getattr(then, name))) for name in names]
    return pd.DataFrame(
        {
            words("data.figure_name"): [words(f"data.figure.{name}") for name in names],
            words("data.before"): [words.number(one) for one, _ in numbers],
            words("data.after"): [words.number(other) for _, other in numbers],
            words("data.difference"): [_say_difference(screen, other - one) for one, other in numbers],
        }
    )


def _say_difference(screen: Screen, difference: int) -> str:
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{screen.words.number(abs(difference))}"


def _show_maps(screen: Screen, before: Catalogue, after: Catalogue) -> None:
    """Draw two static maps on one scale, from codes and numbers only."""
    words, territory = screen.words, screen.territory
    marks = [mark_points(one, territory) for one in (before, after)]
    scale = max(1.0, max((n for one in marks for *_, n in one), default=0) / _LARGEST)
    for place, which, catalogue, points in zip(
        st.columns(2, gap="large"), ("before", "after"), (before, after), marks, strict=True
    ):
        name, n = words(f"data.{which}"), summarise(catalogue, territory, Selection()).municipalities
        initiatives, where = words.plural("list.title", len(catalogue)), words.plural("list.municipalities", n)
        alt = words("data.map_alt", which=name, initiatives=initiatives, municipalities=where)
        with place, st.container(width=MAP_WIDTH, gap="xsmall"):
            st.markdown(f"**{name}**")
            scaled = [(lon, lat, n / scale) for lon, lat, n in points]
            # Described by the text below, so it has no description of its own for screen readers.
            st.image(
                build_minimap("", scaled, theme_name(), areas=mark_areas(catalogue, territory)),
                caption=alt,
                alt="",
                width="stretch",
            )
    st.caption(f"{words('data.map_note')} {words('map.outline')}")


def _count_regions(screen: Screen, before: Catalogue, after: Catalogue) -> Counts:
    today, then = (
        count_by_territory(one, screen.territory, Level.REGION, CountingRule.PRESENCE)["n_initiatives"]
        for one in (before, after)
    )
    codes = sorted(map(str, today.index), key=screen.territory.name_of)
    return {name_of(screen, code): (int(today[code]), int(then[code])) for code in codes}


def _count_themes(screen: Screen, before: Catalogue, after: Catalogue) -> Counts:
    today, then = count_by(before, "themes"), count_by(after, "themes")
    ids = [str(id_) for id_ in then.index]
    return {label_of(screen, "themes", id_): (int(today.get(id_, 0)), int(then[id_])) for id_ in ids}


def _build_figure(screen: Screen, kind: str, counts: Counts) -> Figure:
    words = screen.words
    largest = max(counts, key=lambda what: abs(counts[what][1] - counts[what][0]))
    before, after = counts[largest]
    finding = words("data.by_nothing")
    if before != after:
        finding = words("data.by_finding", what=largest, before=words.number(before), after=words.number(after))
    return Figure(
        name=f"own_{kind}",
        title=words(f"data.by_{kind}"),
        finding=finding,
        draw=partial(_draw, screen, counts),
        table=partial(_build_table, screen, counts),
        about="compared",
        width=560,
    )


def _draw(screen: Screen, counts: Counts, theme: str) -> Spec:
    words = screen.words
    names = [words("data.before"), words("data.after")]
    longest = max((n for pair in counts.values() for n in pair), default=0) or 1
    parts = [
        Part(column, what, n / longest, words.number(n), words("data.hint", what=what, which=name, n=words.number(n)))
        for what, pair in counts.items()
        for column, (n, name) in enumerate(zip(pair, names, strict=True))
    ]
    return build_profile_chart(parts, names, theme)


def _build_table(screen: Screen, counts: Counts) -> pd.DataFrame:
    words = screen.words
    return pd.DataFrame(
        {
            words("data.figure_name"): list(counts),
            words("data.before"): [before for before, _ in counts.values()],
            words("data.after"): [after for _, after in counts.values()],
            words("data.difference"): [after - before for before, after in counts.values()],
        }
    )
