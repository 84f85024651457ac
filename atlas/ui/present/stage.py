"""One stop before an audience: the whole screen, large, with the keys of a remote; it decides no content."""

import streamlit as st

from atlas.base.model import View
from atlas.publish.story import Stop
from atlas.ui.map.map_panel import show_stage_map
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.present.stage_content import Content, build_content
from atlas.ui.session import stops
from atlas.ui.session.state import Screen
from atlas.words.description import describe_selection

# A map stands ready behind every stop: the frame is made once, and the next map only has to be painted.
WITH_MAP = ("mappa", "comune", "catalogo")
WITH_CHART = ("regioni", "temi", "destinatari")
# Streamlit would take the letters of the axes from the page's, which are as large as the screen.
_LETTERS = {"labelFontSize": 12, "titleFontSize": 12}


def show_stage(screen: Screen) -> None:
    """Draw the stop that stands before the audience, its progress and its keys.

    The blocks are the same at every stop, only their content changes: the browser keeps them, and the map's frame too.
    """
    at, stages = stops.stage_position(), stops.current_story().stops
    if at is None:
        return
    stop = stages[at]
    own = stops.screen_of(stop.view, screen)
    content = build_content(own, stop.page)
    with st.container(key="stage"):
        st.title(to_plain(stop.title), anchor=False)
        picture, side = st.columns([3, 2], gap="large")
        with picture:
            with st.container(key="stage_map"):
                near = stop if content.kind == "map" else _nearest_map(stages, at)
                show_stage_map(stops.screen_of(near.view, screen), near.map_position or ())
            with st.container(key="stage_chart"):
                _show_chart(content if content.kind == "chart" else _next_chart(stages, at, screen))
        with side, st.container(key=f"stage_side_{content.kind}"):
            _show_words(content)
        with st.container(key="stage_notes"):
            if stops.shows_notes():
                st.markdown(
                    "  \n".join(to_plain(line) for line in stop.notes.splitlines()) or own.words("story.no_notes")
                )
    _show_foot(own, at, len(stages))


def _nearest_map(stages: tuple[Stop, ...], at: int) -> Stop:
    """Return the stop whose map is drawn out of sight: the next one that has a map, ready for its turn, or the last."""
    around = (*stages[at:], *reversed(stages[:at]))
    return next((stop for stop in around if stop.page in WITH_MAP), Stop("mappa", View(), ""))


def _next_chart(stages: tuple[Stop, ...], at: int, screen: Screen) -> Content | None:
    """Return what the next stop with a chart shows: drawn out of sight, it is there when its turn comes."""
    stop = next((stop for stop in stages[at:] if stop.page in WITH_CHART), None)
    return build_content(stops.screen_of(stop.view, screen), stop.page) if stop else None


def _show_chart(content: Content | None) -> None:
    if content is None or content.spec is None:
        return
    config = content.spec["config"]
    spec = {key: value for key, value in content.spec.items() if key != "params"}
    spec |= {"width": content.width, "config": {**config, "axis": {**config["axis"], **_LETTERS}}}
    st.vega_lite_chart(spec, theme=None, width="content", alt=content.alt)


def _show_words(content: Content) -> None:
    if content.figures:
        st.markdown("  \n".join(f"**{to_plain(number)}** {to_plain(unit)}" for number, unit in content.figures))
    for line in content.lines:
        st.markdown(to_plain(line))
    for line in content.cautions:
        st.caption(to_plain(line))


def _show_foot(screen: Screen, at: int, n: int) -> None:
    words = screen.words
    filters = describe_selection(screen.selection, screen.world, words)
    rule = words(f"map.{screen.options.rule.value}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stage_foot"):
        with st.container(key="stage_source"):
            st.caption(
                to_plain(words("story.source", filters=filters, rule=rule, whose=words(f"data.whose_{screen.look}")))
            )
        for key, by, icon, shortcut, is_end in (
            ("stage_previous", -1, "chevron_left", "Left", at == 0),
            ("stage_next", 1, "chevron_right", "Right", at == n - 1),
        ):
            if by > 0:
                st.markdown(words("story.progress", n=words.number(at + 1), total=words.number(n)), width="content")
            st.button(
                words(f"story.{key}"),
                key=key,
                icon=f":material/{icon}:",
                shortcut=shortcut,
                disabled=is_end,
                on_click=stops.on_turn,
                args=(by,),
            )
        st.button(
            words("story.notes"),
            key="stage_notes_switch",
            icon=":material/notes:",
            shortcut="n",
            on_click=stops.on_notes_switch,
        )
        st.button(
            words("story.leave"), key="stage_leave", icon=":material/close:", shortcut="Esc", on_click=stops.on_leave
        )
        _show_remote_keys()


def _show_remote_keys() -> None:
    """Take the keys of presenters' remotes: a button hears one key only, so these are two more, out of sight."""
    with st.container(key="stage_remote"):
        st.button("PageUp", key="stage_page_up", shortcut="PageUp", on_click=stops.on_turn, args=(-1,))
        st.button("PageDown", key="stage_page_down", shortcut="PageDown", on_click=stops.on_turn, args=(1,))
