"""Initiatives as list entries and as full cards. Facts missing in the source are not shown."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

import pandas as pd
import streamlit as st

from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.catalogue.links import to_query
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.printing import is_for_paper
from atlas.ui.session import state
from atlas.ui.session.state import Screen

PER_PAGE = 8
READING_WIDTH = 760  # pixels: about 90 characters a line
Row = Mapping[str, Any]
# Longer lists of places are replaced by the area and their number.
NAMED_PLACES = 6


def show_list(screen: Screen, ids: list[str], title: str) -> None:
    """Draw a page of initiatives, each with a button that opens its card."""
    words = screen.words
    st.header(title, anchor=False)
    pages = -(-len(ids) // PER_PAGE)
    # A new selection starts at the first page; returning to the same one restores its page.
    key = f"list_page_{zlib.crc32(repr(screen.selection).encode())}"
    page = min(int(st.session_state.get(key, 1)), max(pages, 1))
    for id_ in ids if is_for_paper() else ids[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _show_line(screen, id_)
    if pages > 1:
        st.pagination(pages, key=key, max_visible_pages=5, persist_state="session")
    if not ids:
        st.caption(words("map.legend.none"))


def _show_line(screen: Screen, id_: str) -> None:
    row = _row(screen, id_)
    with st.container(gap=None):
        st.button(
            f"**{to_plain(text_of(screen, row, 'title'))}**",
            key=f"open_{id_}",
            type="tertiary",
            on_click=state.open_initiative,
            args=(id_,),
        )
        facts = [place_of(screen, row), when_of(screen, row), _labels(screen, "themes", row)]
        st.caption(to_plain(" · ".join(fact for fact in facts if fact)))


def show_card(screen: Screen, id_: str) -> None:
    """Draw everything known about one initiative, with its permanent link and how to cite it."""
    words = screen.words
    row = _row(screen, id_)
    st.button(
        words("list.back"),
        key="card_back",
        icon=":material/arrow_back:",
        shortcut="Esc",
        on_click=state.open_initiative,
        args=("",),
    )
    with st.container(border=True, gap="small", key="card"):
        st.header(to_plain(text_of(screen, row, "title")), anchor=False)
        st.markdown(to_plain(text_of(screen, row, "summary")))
        with st.container(key="card_facts"):
            st.markdown(_to_table(_facts(screen, row), words))
        documents = [document for document in str(row["documents"]).split(";") if document]
        if documents:
            lines = "\n".join(f"- {to_plain(document)}" for document in documents)
            st.markdown(f"**{words('card.documents')}** ({words('card.documents_note')})\n{lines}")
        _show_address(screen, row, id_)


def _show_address(screen: Screen, row: Row, id_: str) -> None:
    """Draw the permanent link and the citation of a published initiative."""
    words = screen.words
    if not screen.is_published(id_):
        st.caption(words("data.card_note"))
        return
    query = urlencode(to_query(View(language=screen.view.language, initiative=id_)))
    address = f"{urljoin(st.context.url or '', '.')}?{query}"
    st.markdown(f"**{words('card.link')}**  \n[{to_plain(id_)}]({address})")
    citation = words("card.citation", title=text_of(screen, row, "title"), number=row["source_order"], link=address)
    st.markdown(f"**{words('card.cite')}**  \n{to_plain(citation)}")


def _to_table(facts: Iterable[tuple[str, str]], words: Translator) -> str:
    """Return a Markdown table of two columns: label and value."""
    lines = [f"| {words('card.fact')} | {words('card.said')} |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {to_plain(label)} | {to_plain(value)} |" for label, value in facts)])


def place_of(screen: Screen, row: Row) -> str:
    """Return where an initiative is, in words: a municipality and its province, a few names, or how many."""
    words, territory = screen.words, screen.territory
    if row["scale"] == "national":
        return words("list.national")
    places = [code for code in str(row["places"]).split(";") if code]
    if len(places) == 1 and territory.level_of(places[0]) is not None and len(places[0]) == 6:
        return _municipality(screen, places[0])
    codes = [municipality for code in places for municipality in territory.expand(code)]
    if len(codes) <= NAMED_PLACES:
        return words.sequence(name_of(screen, code) for code in codes)
    area = "" if len(places) > 1 else name_of(screen, places[0])
    number = words.plural("list.municipalities", len(codes))
    return f"{area} ({number})" if area else number


def when_of(screen: Screen, row: Row) -> str:
    """Return the years of an initiative in words; empty if the source gives none."""
    words = screen.words
    start, end = row["start_year"], row["end_year"]
    if not _is_known(start):
        return ""
    if not _is_known(end):
        return words("list.since", year=int(start))
    key = "list.in_year" if start == end else "list.years"
    return words(key, year=int(start), start=int(start), end=int(end))


def _facts(screen: Screen, row: Row) -> Iterator[tuple[str, str]]:
    words = screen.words
    yield words("card.where"), place_of(screen, row)
    if _is_known(row["undisclosed_partners"]):
        yield words("card.partners"), words.plural("card.undisclosed", int(row["undisclosed_partners"]))
    yield words("card.themes"), _labels(screen, "themes", row)
    yield words("card.targets"), _labels(screen, "targets", row)
    for key, value in (
        ("card.when", when_of(screen, row)),
        ("card.who", str(row["lead_organisation"])),
        ("card.partners", ", ".join(str(row["partners"]).split(";"))),
        ("card.funding", _number(screen, row["funding_eur"], "card.funding_value")),
        ("card.funding_source", str(row["funding_source"])),
        ("card.beneficiaries", _number(screen, row["beneficiaries"], None)),
    ):
        if value:
            yield words(key), value
    for key, dimension, column in (
        ("card.service_type", "service_types", "service_type"),
        ("card.channel", "channels", "channel"),
        ("card.scale", "scales", "scale"),
    ):
        if row[column]:
            yield words(key), label_of(screen, dimension, str(row[column]))


def _is_known(value: object) -> bool:
    return not bool(pd.isna(value))  # type: ignore[call-overload]


def _number(screen: Screen, value: Any, key: str | None) -> str:
    if not _is_known(value):
        return ""
    number = screen.words.number(float(value))
    return screen.words(key, n=number) if key else number


def _row(screen: Screen, id_: str) -> Row:
    cells = screen.catalogue.store.initiatives.loc[id_]
    return {str(column): value for column, value in cells.items()}


def text_of(screen: Screen, row: Row, column: str) -> str:
    """Return a title or summary in the reader's language, or in the other one when only that exists."""
    language = screen.view.language.value
    other = "it" if language == "en" else "en"
    return str(row[f"{column}_{language}"] or row[f"{column}_{other}"])


def _labels(screen: Screen, dimension: str, row: Row) -> str:
    return ", ".join(label_of(screen, dimension, option) for option in str(row[dimension]).split(";") if option)


def _municipality(screen: Screen, code: str) -> str:
    frame = screen.territory.municipalities
    return f"{name_of(screen, code)} ({frame.at[code, 'province_abbr']!s})"
