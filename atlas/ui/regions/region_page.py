"""The page of one region: map, figures, themes and groups present and absent, neighbours, similar regions."""

import math
from collections.abc import Iterable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.columns import UNKNOWN
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import select
from atlas.figures.shapes import neighbours_of
from atlas.indicators.comparison import Side, compare
from atlas.indicators.peers import similar_regions
from atlas.territory.places.names import in_place
from atlas.ui.catalogue.cards import show_list
from atlas.ui.parts.heard import tell
from atlas.ui.parts.labels import label_inside, name_of, regions_by_name
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.regions.faces import region_of_page
from atlas.ui.regions.side_by_side import draw_map, show_side_figures
from atlas.ui.session import state
from atlas.ui.session.state import Screen

_KEY = "region_page"


def show_region(screen: Screen, controls: DeltaGenerator) -> None:
    """Draw the choice of a region and its page; without one, a button for each region."""
    everywhere = select(screen.catalogue, screen.selection.with_(regions=(), place=""))
    code = region_of_page(screen)
    with controls:
        _show_choice(screen, code)
    if not code:
        st.markdown(screen.words("region_page.start"))
        _show_regions(screen, everywhere, regions_by_name(screen))
        return
    words, (side,) = screen.words, compare(everywhere, (code,), screen.territory)
    picture, facts = st.columns([1, 2], gap="large")
    text = words.plural("compare.list", len(side.ids))
    with picture:
        st.image(
            draw_map(screen, side),
            width="content",
            alt=words("compare.map_alt", name=name_of(screen, code), text=text),
        )
    said = [_say_present(screen, side, dimension) for dimension in (("themes", "targets") if side.ids else ("themes",))]
    tell("region", " ".join((f"{name_of(screen, code)}: {text}.", *said)))
    with facts:
        show_side_figures(screen, side)
        st.markdown("\n\n".join(map(to_plain, said)))
        st.caption(words("finding.collection"))
    show_list(screen, list(side.ids), words.plural("list.title", len(side.ids)))
    st.header(words("region_page.neighbours"), anchor=False)
    neighbours = neighbours_of(code)
    if neighbours:
        _show_regions(screen, everywhere, neighbours)
    else:
        st.markdown(words("region_page.no_neighbours"))
    _show_similar(screen, everywhere, side)


def _show_choice(screen: Screen, code: str) -> None:
    labels = {name_of(screen, one): one for one in regions_by_name(screen)}
    state.place_widgets([(_KEY, name_of(screen, code) if code else None)])
    st.selectbox(
        screen.words("filter.regions"),
        list(labels),
        index=None,
        key=_KEY,
        placeholder=screen.words("region_page.choose"),
        on_change=lambda: state.show_region(labels.get(st.session_state[_KEY] or "", "")),
        width=260,
    )


def _show_regions(screen: Screen, everywhere: Catalogue, codes: Iterable[str], key: str = "region") -> None:
    """Draw a button to the page of each region, with how many initiatives it has."""
    with st.container(horizontal=True, gap="small"):
        for side in compare(everywhere, tuple(codes), screen.territory):
            label = screen.words(
                "filter.option", label=name_of(screen, side.code), n=screen.words.number(len(side.ids))
            )
            st.button(to_plain(label), key=f"{key}_{side.code}", on_click=state.show_region, args=(side.code,))


def _say_present(screen: Screen, side: Side, dimension: str) -> str:
    """Say which themes or groups have initiatives in a region according to the catalogue, and which have none."""
    words = screen.words
    counts = {option: n for option, n in side.profiles[dimension].items() if option != UNKNOWN}
    present = [option for option, n in counts.items() if n]
    where = in_place(side.code, screen.territory, screen.view.language)
    where = f"{where[:1].upper()}{where[1:]}"
    if not side.ids:
        return words("region_page.nothing", where=where)
    said = words.plural(
        f"region_page.{dimension}",
        len(present),
        where=where,
        total=words.number(len(counts)),
        what=words.sequence(label_inside(screen, dimension, one) for one in present),
    )
    absent = [option for option in counts if option not in present]
    if not absent:
        return said
    what = words.sequence(label_inside(screen, dimension, one) for one in absent)
    return f"{said} {words(f'heatmap.without_{dimension}', what=what)}"


def _show_similar(screen: Screen, everywhere: Catalogue, side: Side) -> None:
    """Draw the most similar regions, each with the themes that this one lacks in the catalogue."""
    words = screen.words
    codes = similar_regions(side.code, screen.territory)
    if not codes or math.isnan(side.population):
        return
    st.header(words("region_page.similar"), anchor=False)
    st.markdown(words("region_page.similar_note"))
    lines = []
    for other in compare(everywhere, codes, screen.territory):
        more = [theme for theme, n in other.profiles["themes"].items() if n and theme != UNKNOWN]
        more = [theme for theme in more if not side.profiles["themes"][theme]]
        name = name_of(screen, other.code)
        if not other.ids:
            lines.append(words("region_page.has_none", name=name))
        elif more:
            what = words.sequence(label_inside(screen, "themes", one) for one in more)
            lines.append(words("region_page.does", name=name, what=what))
        else:
            lines.append(words("region_page.does_nothing", name=name))
    st.markdown("\n".join(f"- {to_plain(line)}" for line in lines))
    _show_regions(screen, everywhere, codes, "similar")
