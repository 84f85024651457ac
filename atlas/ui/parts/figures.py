"""The key figures of the selection, each with its unit and total."""

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
    row = st.container(horizontal=True, gap="large", key="figures")
    row.metric(
        _label(screen, "everything" if screen.selection.is_empty else "initiatives", figures.initiatives, total=total),
        words.number(figures.initiatives),
        width="content",
    )
    row.metric(
        " ".join(
            (
                _label(screen, "municipalities", figures.municipalities),
                words.plural("figures.partners", partners) if partners else "",
            )
        ),
        words.number(figures.municipalities),
        width="content",
        help=words.plural("figures.without_national", figures.national) if figures.national else None,
    )
    row.metric(
        _label(screen, "regions", figures.regions, total=n_regions), words.number(figures.regions), width="content"
    )
    row.metric(
        words("figures.inhabitants"),
        words.number(figures.inhabitants),
        width="content",
        help=" ".join(
            (
                words("figures.inhabitants_date", **say_days(screen.territory, words)),
                words.plural("figures.inhabitants_missing", missing) if missing else "",
            )
        ),
    )


def _label(screen: Screen, key: str, n: int, **values: str) -> str:
    return screen.words(f"figures.{key}.{'one' if n == 1 else 'other'}", **values)
