"""The key figures of the selection, each with its unit and what it is a part of."""

import streamlit as st

from atlas.indicators import summarise
from atlas.state import Screen


def show_key_figures(screen: Screen) -> None:
    """Draw initiatives, municipalities, regions and inhabitants of the selection."""
    words = screen.words
    figures = summarise(screen.selected, screen.territory, screen.selection)
    initiatives, municipalities, regions, inhabitants = st.columns(4, gap="small")
    initiatives.metric(
        _label(screen, "initiatives", figures.initiatives),
        words.number(figures.initiatives),
        delta=words("figures.initiatives_of", total=words.number(len(screen.catalogue))),
        delta_color="off",
        delta_arrow="off",
    )
    partners = figures.undisclosed_partners
    municipalities.metric(
        _label(screen, "municipalities", figures.municipalities),
        words.number(figures.municipalities),
        delta=words.plural("figures.partners", partners) if partners else None,
        delta_color="off",
        delta_arrow="off",
    )
    regions.metric(
        _label(screen, "regions", figures.regions),
        words.number(figures.regions),
        delta=words("figures.regions_of", total=words.number(len(screen.territory.regions))),
        delta_color="off",
        delta_arrow="off",
    )
    missing = figures.municipalities_without_population
    inhabitants.metric(
        words("figures.inhabitants"),
        words.number(figures.inhabitants),
        delta=words.plural("figures.inhabitants_missing", missing) if missing else words("figures.inhabitants_of"),
        delta_color="off",
        delta_arrow="off",
    )


def _label(screen: Screen, key: str, n: int) -> str:
    return screen.words(f"figures.{key}.{'one' if n == 1 else 'other'}")
