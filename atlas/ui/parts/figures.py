"""The key figures of the selection, each with its unit and total."""

from collections.abc import Iterable

import streamlit as st

from atlas.indicators.indicators import summarise
from atlas.ui.session.state import Screen
from atlas.words.sources import say_days


def show_key_figures(screen: Screen) -> None:
    """Draw initiatives, municipalities, regions and inhabitants of the selection."""
    words = screen.words
    figures = summarise(screen.selected, screen.territory, screen.selection)
    total, n_regions = words.number(len(screen.catalogue)), words.number(len(screen.territory.regions))
    partners, missing = figures.undisclosed_partners, figures.municipalities_without_population
    involved = _label(screen, "municipalities", figures.municipalities)
    unnamed = words.plural("figures.partners", partners) if partners else ""
    days = words("figures.inhabitants_date", **say_days(screen.territory, words))
    unknown = words.plural("figures.inhabitants_missing", missing) if missing else ""
    first = "everything" if screen.selection.is_empty else "initiatives"
    show_figures(
        [
            (_label(screen, first, figures.initiatives, total=total), words.number(figures.initiatives), ""),
            (
                f"{involved} {unnamed}".strip(),
                words.number(figures.municipalities),
                words.plural("figures.without_national", figures.national) if figures.national else "",
            ),
            (_label(screen, "regions", figures.regions, total=n_regions), words.number(figures.regions), ""),
            (words("figures.inhabitants"), words.number(figures.inhabitants), f"{days} {unknown}".strip()),
        ],
        key="figures",
    )


def show_figures(figures: Iterable[tuple[str, str, str]], key: str | None = None) -> None:
    """Draw figures in a row: label, formatted number and help (may be empty) of each."""
    row = st.container(horizontal=True, gap="large", key=key)
    for label, value, about in figures:
        row.metric(label, value, width="content", help=about or None)


def _label(screen: Screen, key: str, n: int, **values: str) -> str:
    return screen.words(f"figures.{key}.{'one' if n == 1 else 'other'}", **values)
