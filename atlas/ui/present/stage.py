"""The stage: one slide on the whole screen, with the keys of presentation remotes."""

import json
from dataclasses import replace
from math import isnan

import streamlit as st

from atlas.base.folders import ASSETS
from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.base.settings import read_settings
from atlas.figures.charts import Bar, Cell, build_bar_chart, build_heatmap
from atlas.figures.vega import TINTS, Spec
from atlas.indicators.classes import build_classes
from atlas.publish.decks.qr import to_qr
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.story import Stop, StopKind
from atlas.ui.map.map_panel import show_stage_map
from atlas.ui.parts.charts import theme_name
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import stops
from atlas.ui.session.state import Screen

_SCRIPT = ASSETS / "stage.js"
# A map is kept behind every slide: its frame is made once, and the next map only has to be painted.
_WITH_MAP = (StopKind.OVERVIEW, StopKind.MAP, StopKind.MUNICIPALITY, StopKind.CATALOGUE)
_WITH_CHART = (StopKind.REGIONS, StopKind.THEMES, StopKind.TARGETS)
# Set explicitly, because Streamlit would use the page's font size, which is very large on the stage.
_LETTERS = {"labelFontSize": 13, "titleFontSize": 13}
# The chart's width in pixels before it is enlarged to the screen: a smaller one has larger text.
_WIDTH = 340
_GRID_WIDTH = 480


def show_stage(screen: Screen, at: int) -> None:
    """Draw the slide at a position, with progress and keys.

    The layout is the same for all slides, so that the browser keeps its elements and the map's frame.
    """
    stages = stops.current_story().stops
    content = stops.content_of(stages[at], screen)
    following = stops.content_of(stages[at + 1], screen).title if at + 1 < len(stages) else ""
    stops.tell_room(content, following, at, len(stages))
    kind, ground = _kind_of(content), stops.ground()
    with st.container(key="stage"):
        st.title(to_plain(content.title), anchor=False)
        picture, side = st.columns([3, 2], gap="large")
        with picture:
            with st.container(key="stage_map"):
                mapped = content if kind == "map" else stops.content_of(_nearest_map(stages, at), screen)
                shown = replace(stops.screen_of(mapped.map_view, screen), selected=mapped.selected)
                show_stage_map(shown, mapped.stop.map_position or (), ground)
            with st.container(key="stage_chart"):
                _show_chart(content if kind == "chart" else _next_chart(stages, at, screen), ground)
        with side, st.container(key=f"stage_side_{kind}"), st.container(key=f"stage_ground_{ground or 'window'}"):
            show_words(content)
    _show_foot(content, at, len(stages), ground)


def prepare_stage(words: Translator) -> None:
    """Give the page the script that a click on "present" needs at once: full screen cannot be asked for later."""
    call = f"atlasStage({json.dumps({'noFull': words('story.no_full')})});".replace("<", "\\u003c")
    st.html(f"<script>{_SCRIPT.read_text(encoding='utf-8')}\n{call}</script>", unsafe_allow_javascript=True)


def _kind_of(content: StopContent) -> str:
    """Return what stands beside the words: cover, map, chart, or text for nothing."""
    if content.stop.kind is StopKind.COVER:
        return "cover"
    return "map" if content.has_map else "chart" if content.bars or content.grid else "text"


def _nearest_map(stages: tuple[Stop, ...], at: int) -> Stop:
    """Return the slide whose map is prepared off-screen: the next one with a map, or the last."""
    around = (*stages[at:], *reversed(stages[:at]))
    return next((stop for stop in around if stop.kind in _WITH_MAP), Stop(StopKind.MAP, View()))


def _next_chart(stages: tuple[Stop, ...], at: int, screen: Screen) -> StopContent | None:
    """Return the content of the next slide with a chart, prepared off-screen."""
    stop = next((stop for stop in stages[at:] if stop.kind in _WITH_CHART), None)
    return stops.content_of(stop, screen) if stop else None


def _show_chart(content: StopContent | None, ground: str) -> None:
    spec = build_stop_chart(content, ground or theme_name()) if content else None
    if content and spec:
        st.vega_lite_chart(spec, theme=None, width="content", alt=_say_chart(content))


def _show_foot(content: StopContent, at: int, n: int, ground: str) -> None:
    words = content.say
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stage_foot"):
        with st.container(key="stage_source"):
            st.caption(to_plain(content.caption))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stage_buttons"):
            for key, to, icon in (("stage_previous", at - 1, "chevron_left"), ("stage_next", at + 1, "chevron_right")):
                if to > at:
                    st.markdown(words("story.progress", n=words.number(at + 1), total=words.number(n)), width="content")
                st.button(
                    words(f"story.{key}"),
                    key=key,
                    icon=f":material/{icon}:",
                    disabled=not 0 <= to < n,
                    on_click=stops.on_present,
                    args=(to,),
                )
            other = "light" if (ground or theme_name()) == "dark" else "dark"
            st.button(
                words(f"story.ground_{other}"),
                key="stage_theme",
                icon=f":material/{other}_mode:",
                on_click=stops.on_ground,
                args=(other,),
            )
            st.button(
                words("story.leave"),
                key="stage_leave",
                icon=":material/close:",
                on_click=stops.on_leave,
            )
            _show_screen_buttons(at, n)


def _show_screen_buttons(at: int, n: int) -> None:
    """Give stage.js, which hears the keys, a hidden button for each screen; that of the current one is disabled."""
    with st.container(key="stage_remote"):
        for to in range(n):
            st.button(str(to + 1), key=f"stage_go_{to}", disabled=to == at, on_click=stops.on_present, args=(to,))


def show_words(content: StopContent, key: str = "stage") -> None:
    """Draw the text of the slide without title and picture; on the cover with the operator's logo.

    `key` is that of the elements, once in a run.
    """
    if content.figures:
        with st.container(key=f"{key}_figures"):
            st.markdown("\n\n".join(f"**{to_plain(number)}** {to_plain(unit)}" for number, unit in content.figures))
    for line in content.lines:
        st.markdown(to_plain(line))
    if content.items:
        st.markdown("\n".join(f"- **{to_plain(title)}**{_after(where)}" for title, where in content.items))
    if content.facts:
        with st.container(key=f"{key}_facts"):
            st.markdown("\n\n".join(f"**{to_plain(what)}:** {to_plain(words)}" for what, words in content.facts))
    for line in content.cautions:
        st.caption(to_plain(line))
    if content.stop.kind is StopKind.COVER and (logo := read_settings().logo):
        st.image(str(logo), alt="Logo")
    if content.stop.kind is StopKind.CLOSING and content.address:
        st.image(to_qr(content.address), width=180, alt=content.say("sheet.qr_alt"))


def _after(where: str) -> str:
    return f" – {to_plain(where)}" if where else ""


def build_stop_chart(content: StopContent, theme: str) -> Spec | None:
    """Return the chart of a stop with bars or a grid, None for others."""
    specs = [_build_bars(bars, theme) for bars in content.bars]
    if content.grid:
        specs = [_build_grid(content.grid, content, theme)]
    if not specs:
        return None
    config = specs[0].pop("config")
    axis = {**config["axis"], **_LETTERS}
    parts = [
        {key: value for key, value in spec.items() if key not in ("config", "$schema", "params")} for spec in specs
    ]
    return {"config": {**config, "axis": axis}, "vconcat": parts, "spacing": 24}


def _say_chart(content: StopContent) -> str:
    """Return the alternative text of a stop's chart."""
    told = [
        f"{bars.title}: " + "; ".join(f"{label} {text}" for label, text in zip(bars.labels, bars.texts, strict=True))
        for bars in content.bars
    ]
    return ". ".join([*told, *([content.grid.title] if content.grid else [])])


def _build_bars(bars: Bars, theme: str) -> Spec:
    rows = [
        Bar(str(at), label, None if isnan(value) else value, text, hint=f"{label}: {text}", is_small=small)
        for at, (label, value, text, small) in enumerate(
            zip(bars.labels, bars.values, bars.texts, bars.is_small, strict=True)
        )
    ]
    return {**build_bar_chart(rows, theme), "title": bars.title, "width": _WIDTH}


def _build_grid(grid: Grid, content: StopContent, theme: str) -> Spec:
    classes = build_classes([n for row in grid.numbers for n in row], k=len(TINTS))
    cells = [
        Cell(
            row,
            column,
            row,
            column,
            content.say.number(n) if n else "",
            f"{row}, {column}: {content.say.number(n)}",
            tint,
        )
        for row, numbers in zip(grid.rows, grid.numbers, strict=True)
        for column, n, tint in zip(grid.columns, numbers, classes.of(numbers).tolist(), strict=True)
    ]
    return {**build_heatmap(cells, theme), "title": grid.title, "width": _GRID_WIDTH}
