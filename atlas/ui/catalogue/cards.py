"""An initiative as a card of a list and as a full card, the same words on every page."""

import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html import escape
from urllib.parse import quote, urlsplit

import pandas as pd
import streamlit as st

from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.base.settings import read_settings
from atlas.catalogue.links import HOME, to_address, to_query
from atlas.catalogue.search import matched_words
from atlas.figures.minimap import draw_marks
from atlas.indicators.similar import Similar, find_similar
from atlas.ui.parts.charts import theme_name
from atlas.ui.parts.labels import label_of
from atlas.ui.parts.markdown_escape import mark_words, to_line, to_link, to_plain
from atlas.ui.parts.printing import ROWS, is_for_paper, show_rest
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.card import Card, build_card, place_of, row_of, shorten, split_document, summary_of, title_of, when_of
from atlas.words.citation import cite_initiative
from atlas.words.sources import say_situation, say_source

PER_PAGE = 8
READING_WIDTH = 760  # pixels: about 90 characters a line
SIMILAR = 3
SHORT_SUMMARY = 200  # characters


def show_list(screen: Screen, ids: list[str], title: str, is_brief: bool = False) -> None:
    """Draw a page of initiatives, each with a button that opens its card and, unless brief, its summary."""
    words = screen.words
    st.header(title, anchor=False)
    pages = -(-len(ids) // PER_PAGE)
    # A new selection starts at the first page; returning to the same one restores its page.
    key = f"list_page_{zlib.crc32(repr(screen.selection).encode())}"
    page = min(int(st.session_state.get(key, 1)), max(pages, 1))
    shown = ids[:ROWS] if is_for_paper() else ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    if is_brief:
        with st.container(gap=None, key="list_titles"):
            show_titles(screen, shown, "open", with_facts=True)
    else:
        show_lines(screen, shown)
    show_rest(words, len(shown), len(ids))
    if pages > 1:
        st.pagination(pages, key=key, max_visible_pages=5, persist_state="session")
    if not ids:
        st.caption(words("map.legend.none"))


def show_card(screen: Screen, id_: str) -> None:
    """Draw everything known about one initiative, what is like it, and how to cite it."""
    words = screen.words
    card = build_card(screen.world, id_, words)
    st.button(
        words("list.back"),
        key="card_back",
        icon=":material/arrow_back:",
        shortcut="Esc",
        on_click=state.open_initiative,
        args=("",),
    )
    with st.container(border=True, gap="small", key="card"):
        marked = marked_words(screen)
        st.header(mark_words(card.title, marked), anchor=False)
        st.caption(to_line(card.place, card.when))
        situation = say_situation(screen.world, words) if screen.has_source(id_) else ""
        if situation:
            st.caption(to_plain(f"{situation} {words('card.as_of')}"))
        st.markdown(mark_words(card.summary, marked))
        _show_choices(screen, card)
        show_facts(card, words)
        show_documents(card, words)
        _show_place(screen, card)
        _show_source(screen, card)
    _show_similar(screen, id_)


def show_facts(card: Card, words: Translator) -> None:
    """Draw what is known of an initiative, as a table of two columns."""
    lines = [f"| {words('card.fact')} | {words('card.said')} |", "| --- | --- |"]
    lines += [f"| {to_plain(label)} | {to_plain(value)} |" for label, value in (*card.facts, *card.more)]
    with st.container(key="card_facts"):
        st.markdown("\n".join(lines))


def show_documents(card: Card, words: Translator) -> None:
    """Draw the documents of an initiative as text; below it, for each https address, a link that says its host."""
    if not card.documents:
        return
    links = [(text, address) for text, address in map(split_document, card.documents) if address]
    note = "" if links else f" ({words('card.documents_note')})"
    lines = "\n".join(f"- {to_plain(document)}" for document in card.documents)
    st.markdown(f"**{words('card.documents')}**{note}\n{lines}")
    if links:
        told = words("card.documents_open")
        st.html(f'<p class="atlas-documents">{told} {" · ".join(_to_anchor(*link) for link in links)}</p>')


def _to_anchor(text: str, address: str) -> str:
    """Return the link to a document. Anybody may have typed the address: for search engines we do not vouch for it."""
    host = urlsplit(address).hostname or ""
    name = f' aria-label="{escape(f"{host}: {text}")}"' if text else ""
    return f'<a href="{escape(address)}" rel="noopener nofollow noreferrer"{name}>{escape(host)}</a>'


def show_titles(
    screen: Screen, ids: Iterable[str], key: str, with_facts: bool = False, with_summary: bool = False
) -> None:
    """Draw the title of each initiative as a button that opens its card and, if asked, place and years or summary."""
    marked = marked_words(screen)
    for id_ in ids:
        row = row_of(screen.world, id_)
        title = mark_words(title_of(row, screen.view.language), marked)
        st.button(title, key=f"{key}_{id_}", type="tertiary", on_click=state.open_initiative, args=(id_,))
        if with_facts:
            st.caption(to_line(place_of(row, screen.world, screen.words), when_of(row, screen.words)))
        if with_summary:
            st.caption(to_plain(shorten(summary_of(row, screen.view.language), SHORT_SUMMARY)))


def show_lines(screen: Screen, ids: Iterable[str]) -> None:
    """Draw initiatives one below the other, each with its summary and a button that opens its card."""
    marked = marked_words(screen)
    for id_ in ids:
        card = build_card(screen.world, id_, screen.words)
        with st.container(border=True, gap="xsmall", key=f"line_{id_}"):
            title = f"**{mark_words(card.title, marked)}**"
            st.button(title, key=f"open_{id_}", type="tertiary", on_click=state.open_initiative, args=(id_,))
            st.caption(to_line(card.place, card.when))
            st.markdown(mark_words(card.summary, marked))
            _show_choices(screen, card)


def _show_choices(screen: Screen, card: Card) -> None:
    """Draw the themes and target groups of an initiative; pressing one filters by it."""
    row = row_of(screen.world, card.id)
    options = [(name, option) for name in ("themes", "targets") for option in str(row[name]).split(";") if option]
    if not options:
        return
    if is_for_paper():
        st.caption(to_line(*(label_of(screen, *option) for option in options)))
        return
    key = f"choices_{card.id}"
    st.session_state[key] = None
    st.pills(
        screen.words("card.choices"),
        options,
        key=key,
        format_func=lambda option: to_plain(label_of(screen, *option)),
        label_visibility="collapsed",
        on_change=_on_choice,
        args=(key,),
    )


def _on_choice(key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        dimension, option = chosen
        state.change_selection(**{dimension: (option,)})


def _show_place(screen: Screen, card: Card) -> None:
    """Draw a small map of the region with the municipalities of an initiative, and the way to their page."""
    words, territory = screen.words, screen.territory
    row = row_of(screen.world, card.id)
    codes = list(dict.fromkeys(one for code in str(row["places"]).split(";") for one in territory.expand(code)))
    if not codes:
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="card_place"):
        alt = words("compare.map_alt", name=card.title, text=f"{card.place}.")
        drawn, is_outlined = _draw_map(screen, card.id, codes)
        st.image(drawn, width=200, alt=alt)
        if is_outlined:  # beside it: below, the card would no longer fit on a sheet
            st.caption(words("map.outline"), width=200)
        alone = codes if len(codes) == 1 else [code for code in (str(row["lead_place"]),) if code in codes]
        for code in alone:
            name = label_of(screen, "place", code)
            view = replace(screen.view, initiative="", municipality=code)
            st.page_link(
                "pages/comune.py",
                label=words("card.municipality", name=to_plain(name)),
                icon=":material/location_city:",
                query_params=to_query(view),
            )


def _draw_map(screen: Screen, id_: str, codes: list[str]) -> tuple[str, bool]:
    catalogue, territory = screen.world.catalogue, screen.territory
    alone = catalogue.keep(catalogue.store.initiatives.index == id_)
    regions = set(map(territory.region_of, codes))
    return draw_marks(alone, territory, regions.pop() if len(regions) == 1 else "", theme_name())


def _show_source(screen: Screen, card: Card) -> None:
    """Name the source, and draw the permanent link, how to cite, and whom to tell of an error."""
    words = screen.words
    given = row_of(screen.world, card.id)["source_order"]
    number: int | None = None if pd.isna(given) else int(given)
    source = say_source(screen.world, words, in_full=True) if screen.has_source(card.id) else ""
    if source:
        n = words("card.source_number", number=number) if number else ""
        st.markdown(f"**{to_plain(f'{source}.')}** {n}")
    if not screen.is_published(card.id):
        st.caption(words("data.card_note"))
        return
    address = to_address(state.base_address(), HOME, View(language=screen.view.language, initiative=card.id))
    st.markdown(f"**{words('card.link')}**  \n{to_link(address)}")
    before, after = cite_initiative(card.title, number, screen.world, words, date.today(), "\0").split("\0")
    st.markdown(f"**{words('card.cite')}**  \n{to_plain(before)} {to_link(address)} {to_plain(after)}")
    contact = read_settings().contact
    if contact:
        subject = quote(words("card.report_subject", title=card.title))
        whom = contact if contact.startswith("https:") else f"mailto:{contact}?subject={subject}"
        st.link_button(words("card.report"), whom, icon=":material/flag:")
    else:
        st.page_link("pages/metodo.py", label=words("card.report"), icon=":material/flag:")


def _show_similar(screen: Screen, id_: str) -> None:
    """Draw the initiatives like one, each with what they share."""
    words = screen.words
    similar = find_similar(id_, screen.catalogue, screen.territory, SIMILAR)
    if not similar:
        return
    with st.container(gap="xsmall", key="similar"):
        st.subheader(words("card.similar"), anchor=False)
        for one in similar:
            card = build_card(screen.world, one.id, words)
            show_titles(screen, [one.id], "similar")
            st.caption(to_plain(f"{card.place} · {_say_shared(screen, one)}"))


def _say_shared(screen: Screen, similar: Similar) -> str:
    words = screen.words
    parts = [
        words.plural(
            f"card.same_{name}", len(options), labels=words.sequence(label_of(screen, name, o) for o in options)
        )
        for name, options in (("themes", similar.themes), ("targets", similar.targets))
        if options
    ]
    return "; ".join([*parts, *([words("card.same_size")] if similar.same_size else [])])


def marked_words(screen: Screen) -> frozenset[str]:
    """Return the folded words that the search of the selection matches."""
    selection = screen.selection
    if not selection.text:
        return frozenset()
    return matched_words(screen.catalogue.store.search, selection.text, selection.language)
