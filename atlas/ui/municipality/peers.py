"""Similar municipalities with the reasons, and what they do that this one does not."""

from dataclasses import replace
from math import isnan

import pandas as pd
import streamlit as st

from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.links import to_query
from atlas.indicators.peers import (
    CLOSE,
    FAIR,
    Gap,
    Peer,
    build_profiles,
    find_gaps,
    find_peers,
    initiatives_of,
    size_class,
    without_place,
)
from atlas.territory.places.names import in_place, title_of_place, to_place
from atlas.ui.catalogue.cards import show_titles
from atlas.ui.municipality.municipality import area_label, size_label, to_percent
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.printing import show_table
from atlas.ui.session import state
from atlas.ui.session.state import Screen

COLUMNS = 3
# A peer or a theme can have hundreds of initiatives in a large catalogue; the catalogue's page has them all.
NAMED = 2


def show_peers(screen: Screen, code: str, base: Catalogue) -> tuple[Peer, ...]:
    """Draw the similar municipalities: each with its reasons and initiatives, then a table of figures; return them."""
    words = screen.words
    title = words("municipality.peers_title", to=to_place(code, screen.territory, screen.view.language))
    st.header(to_plain(title), anchor=False)
    if isnan(build_profiles(screen.territory).of(code)["population"]):
        st.info(words("municipality.no_peers_population"), icon=":material/info:")
        return ()
    peers = find_peers(code, base, screen.territory)
    st.markdown(words("municipality.peers_intro"))
    if not peers:
        st.info(words("municipality.no_peers"), icon=":material/info:")
        return ()
    for start in range(0, len(peers), COLUMNS):
        for column, peer in zip(st.columns(COLUMNS), peers[start : start + COLUMNS], strict=False):
            with column.container(border=True, gap="small", height="stretch"):
                _show_peer(screen, code, peer)
    fold = st.expander(words("municipality.as_table"), key="peers_fold", on_change="rerun")
    if fold.open:
        with fold:
            show_table(_build_table(screen, code, base, peers), words, "peers", alt=title)
    return peers


def show_gaps(screen: Screen, code: str, base: Catalogue, peers: tuple[Peer, ...]) -> None:
    """Draw the peers' themes and target groups that the municipality lacks, each with its initiatives."""
    if not peers:
        return
    words = screen.words
    own = sum(initiatives_of(code, base), ())
    st.header(
        words("municipality.gaps_title", where=to_plain(in_place(code, screen.territory, screen.view.language))),
        anchor=False,
    )
    st.markdown(words("municipality.gaps_note"))
    for column, dimension in zip(st.columns(2, gap="large"), ("themes", "targets"), strict=True):
        with column:
            st.subheader(words(f"municipality.gaps_{dimension}"), anchor=False)
            gaps = find_gaps(own, peers, base, dimension)
            for gap in gaps:
                _show_gap(screen, dimension, gap)
            if not gaps:
                st.caption(words("municipality.no_gaps"))


def _show_peer(screen: Screen, code: str, peer: Peer) -> None:
    words, territory = screen.words, screen.territory
    name = title_of_place(peer.code, territory, screen.view.language)
    closeness = "close" if peer.distance <= CLOSE else "fair" if peer.distance <= FAIR else "far"
    st.button(
        f"**{to_plain(name)}**",
        key=f"peer_{peer.code}",
        type="tertiary",
        on_click=state.show_municipality,
        args=(peer.code,),
    )
    distance = words.number(peer.distance, 2)
    place = name_of(screen, territory.region_of(peer.code))
    st.caption(to_plain(words(f"municipality.closeness.{closeness}", distance=distance, region=place)))
    for kind, features in (("alike", _order(screen, code, peer)), ("unlike", peer.unlike)):
        reasons = [_say_reason(screen, code, peer, kind, feature) for feature in features]
        if reasons:
            st.markdown(to_plain(words(f"municipality.{kind}_line", reasons=words.sequence(reasons))))
    show_titles(screen, peer.initiatives[:NAMED], f"peer_{peer.code}", with_summary=True)
    numbers = {"more_initiatives": len(peer.initiatives) - NAMED, "peer_wide": len(peer.wide), "others": peer.others}
    notes = [words.plural(f"municipality.{name}", n) for name, n in numbers.items() if n > 0]
    if notes:
        st.caption(" ".join(notes))


def _order(screen: Screen, code: str, peer: Peer) -> tuple[str, ...]:
    """Return the similar features; the same size class counts as one even if the numbers differ more."""
    own, other = (build_profiles(screen.territory).of(one)["population"] for one in (code, peer.code))
    same_class = size_class(own) == size_class(other)
    if same_class and "population" not in (*peer.alike, *peer.unlike):
        return ("population", *peer.alike)
    return peer.alike


def _say_reason(screen: Screen, code: str, peer: Peer, kind: str, feature: str) -> str:
    """Say one similarity or difference of two municipalities, with the peer's figure."""
    words, profiles = screen.words, build_profiles(screen.territory)
    if feature == "macro_area":
        macro_area = str(screen.territory.municipalities.at[peer.code, "macro_area"])
        return words("municipality.alike.macro_area", area=area_label(screen, macro_area))
    if feature == "capital":
        is_capital = bool(screen.territory.municipalities.at[peer.code, "is_capital"])
        return words(f"municipality.{kind}.{'capital' if is_capital else 'no_capital'}")
    value = profiles.of(peer.code)[feature]
    if feature == "population":
        if kind == "alike" and size_class(profiles.of(code)[feature]) == size_class(value):
            return words("municipality.alike.size", size=size_label(screen, value), n=words.number(value))
        return words("municipality.feature.population", n=words.number(value))
    if feature == "density":
        return words("municipality.feature.density", n=words.number(value, 0))
    return words(f"municipality.feature.{feature}", n=to_percent(screen, value))


def _show_gap(screen: Screen, dimension: str, gap: Gap) -> None:
    words = screen.words
    selection = without_place(screen.selection).with_(**{dimension: (gap.option,)})
    names = words.sequence(name_of(screen, code) for code in gap.peers)
    with st.container(gap=None, key=f"white_{dimension}_{gap.option}"):
        st.page_link(
            "pages/catalogo.py",
            label=f"**{to_plain(label_of(screen, dimension, gap.option))}**",
            icon=":material/filter_alt:",
            query_params=to_query(replace(screen.view, selection=selection, initiative="")),
        )
        st.caption(to_plain(words.plural("municipality.gap_peers", len(gap.peers), names=names)))
        show_titles(screen, gap.initiatives[:NAMED], f"gap_{dimension}_{gap.option}")


def _build_table(screen: Screen, code: str, base: Catalogue, peers: tuple[Peer, ...]) -> pd.DataFrame:
    """Return the figures used by the distance, with the municipality itself in the first row."""
    words = screen.words
    codes = [code, *(peer.code for peer in peers)]
    figures = build_profiles(screen.territory).figures.loc[codes]
    return pd.DataFrame(
        {
            words("column.name"): [title_of_place(one, screen.territory, screen.view.language) for one in codes],
            words("municipality.distance"): [words.number(one, 2) for one in (0.0, *(peer.distance for peer in peers))],
            words("municipality.inhabitants"): [words.number(value) for value in figures["population"]],
            words("municipality.density"): [words.number(value, 0) for value in figures["density"]],
            words("municipality.age.minors"): [to_percent(screen, value) for value in figures["children"]],
            words("municipality.age.elderly"): [to_percent(screen, value) for value in figures["elderly"]],
            words("column.n_initiatives"): [len(sum(initiatives_of(one, base), ())) for one in codes],
        }
    )
