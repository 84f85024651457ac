"""The counting control: level, measure and rule, with the current choice in plain words."""

import streamlit as st

from atlas.base.model import CountingRule, Level, Measure
from atlas.figures.mapview import usable_measures
from atlas.ui.parts.heard import tell
from atlas.ui.session import state
from atlas.ui.session.state import Screen


def show_counting(
    screen: Screen, level: Level, measure: Measure, target_group: str | None, with_level: bool = True
) -> None:
    """Draw the control with levels (unless there is only one), measures and rules."""
    words, rule = screen.words, screen.options.rule
    parts = [words(f"map.{level.value}")] if with_level else []
    parts += [measure_label(screen, measure), words(f"map.{rule.value}")]
    first, *rest = parts
    choice = " · ".join([first, *(part[:1].lower() + part[1:] for part in rest)])
    label = words("counting.button", choice=choice)
    tell("counting", f"{label}.")
    state.place_widgets([("map_level", level), ("map_measure", measure), ("map_rule", rule)])
    with st.popover(label, icon=":material/tune:", key="counting"):
        if with_level:
            st.segmented_control(
                words("map.level"),
                list(Level),
                key="map_level",
                format_func=lambda level: words(f"map.{level.value}"),
                on_change=state.on_option,
                args=("level", "map_level"),
                required=True,
            )
        st.radio(
            words("map.measure"),
            usable_measures(level, target_group),
            key="map_measure",
            format_func=lambda measure: measure_label(screen, measure),
            on_change=state.on_option,
            args=("measure", "map_measure"),
            help=words("ranking.measure_help"),
        )
        st.radio(
            words("map.rule"),
            list(CountingRule),
            key="map_rule",
            format_func=lambda rule: words(f"map.{rule.value}"),
            captions=[words(f"map.{rule.value}_note") for rule in CountingRule],
            on_change=state.on_option,
            args=("rule", "map_rule"),
        )


def measure_label(screen: Screen, measure: Measure) -> str:
    """Return the label of a measure, with the target group if it refers to one."""
    if measure is not Measure.PER_100K_TARGET:
        return screen.words(f"map.{measure.value}")
    target = screen.vocabulary.targets[screen.selection.targets[0]]
    return screen.words("map.per_100k_target", target=target.label(screen.view.language))
