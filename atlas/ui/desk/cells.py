"""Cells of initiatives in words, and two versions of one beside each other."""

from collections.abc import Mapping

import streamlit as st

from atlas.base.columns import ALL_COLUMNS
from atlas.intake.proposals.proposal import FIELDS
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.propose.places import name_place
from atlas.ui.session.state import Screen

_MOST_PLACES = 3


def show_difference(screen: Screen, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Write what differs between two rows, a line a column; that nothing does, if nothing does."""
    words, none = screen.words, screen.words("desk.nothing")
    lines = []
    for name in ALL_COLUMNS:
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            shown = [to_plain(say_cell(screen, name, cell)) or none for cell in (old, new)]
            lines.append(f"- **{name_column(screen, name)}**: {shown[0]} → {shown[1]}")
    st.markdown("\n".join(lines) if lines else words("desk.same"))


def name_column(screen: Screen, name: str) -> str:
    """Return what a column is called in the form; its own name if it is not asked there."""
    if name == "places":
        return screen.words("propose.ask.places")
    return screen.words(f"propose.field.{name}") if name in FIELDS else f"`{name}`"


def say_cell(screen: Screen, name: str, cell: str) -> str:
    """Return a cell in words: names of places, labels of terms; what is not known stays as it is."""
    parts = [part for part in cell.split(";") if part]
    if name in ("places", "lead_place"):
        return ", ".join(name_or_code(screen, part) for part in parts)
    if name in ("themes", "targets"):
        terms = screen.vocabulary.themes if name == "themes" else screen.vocabulary.targets
        return ", ".join(terms[part].label(screen.view.language) if part in terms else part for part in parts)
    if name in ("scale", "service_type", "channel"):
        return ", ".join(screen.words(f"{name}.{part}") for part in parts)
    return ", ".join(parts)


def say_places(screen: Screen, cell: str) -> str:
    """Return the first few places of a cell by name."""
    codes = [code for code in cell.split(";") if code]
    return ", ".join(
        [*(name_or_code(screen, code) for code in codes[:_MOST_PLACES])] + ["…"] * (len(codes) > _MOST_PLACES)
    )


def name_or_code(screen: Screen, code: str) -> str:
    """Return the name of a place; what somebody has sent for one may be anything."""
    try:
        return name_place(screen, code)
    except (LookupError, ValueError):
        return code
