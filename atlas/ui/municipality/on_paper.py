"""The page of a municipality for paper: the answers on one sheet, without maps, tables and lists to press."""

import streamlit as st

from atlas.catalogue.catalogue import Catalogue
from atlas.indicators.peers import find_gaps, find_peers, initiatives_of
from atlas.territory.places.names import in_place, title_of_place, to_place
from atlas.ui.municipality.municipality import say_ages, say_none
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen
from atlas.words.card import build_card, row_of, title_of
from atlas.words.sources import say_days

# What still fits on one sheet; the page has them all.
SUMMARISED, NAMED = 3, 3


def show_on_paper(screen: Screen, code: str, base: Catalogue) -> None:
    """Draw what is here, what similar municipalities do and what they do that is not here, in a few lines each."""
    words, territory, language = screen.words, screen.territory, screen.view.language
    direct, wide = initiatives_of(code, base)
    ids, here = (*direct, *wide), in_place(code, territory, language)
    title = words.plural("municipality.initiatives", len(ids), where=here)
    title = title if ids else words("municipality.none_title", where=here)
    _show_lines(title, [_say_card(screen, id_) for id_ in ids[:SUMMARISED]])
    if len(ids) > SUMMARISED:
        st.markdown(to_plain(words.plural("municipality.more_initiatives", len(ids) - SUMMARISED)))
    if not ids:
        st.markdown(say_none(screen))
    peers = find_peers(code, base, territory)
    if peers:
        lines = [
            f"**{to_plain(title_of_place(peer.code, territory, language))}**, "
            f"{to_plain(name_of(screen, territory.region_of(peer.code)))}: {_titles(screen, peer.initiatives)}"
            for peer in peers
        ]
        _show_lines(words("municipality.peers_title", to=to_place(code, territory, language)), lines)
        gaps = []
        for dimension in ("themes", "targets"):
            labels = [label_of(screen, dimension, gap.option) for gap in find_gaps(ids, peers, base, dimension)]
            told = ", ".join(labels) or words("municipality.no_gaps")
            gaps.append(f"**{words(f'municipality.gaps_{dimension}')}**: {to_plain(told)}")
        _show_lines(words("municipality.gaps_title", where=here), gaps)
    st.markdown(to_plain(say_ages(screen, code)))
    st.caption(words("figures.inhabitants_date", **say_days(territory, words)))


def _show_lines(title: str, lines: list[str]) -> None:
    st.subheader(to_plain(title), anchor=False)
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def _say_card(screen: Screen, id_: str) -> str:
    card = build_card(screen.world, id_, screen.words)
    when = f" · {to_plain(card.when)}" if card.when else ""
    return f"**{to_plain(card.title)}**{when}  \n  {to_plain(card.summary)}"


def _titles(screen: Screen, ids: tuple[str, ...]) -> str:
    titles = [title_of(row_of(screen.world, id_), screen.view.language) for id_ in ids[:NAMED]]
    more = f" {screen.words.plural('municipality.more_initiatives', len(ids) - NAMED)}" if len(ids) > NAMED else ""
    return to_plain("; ".join(titles)) + (f".{more}" if more else "")
