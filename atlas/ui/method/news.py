"""What was added to the catalogue, changed or withdrawn, and when; never by whom."""

from datetime import datetime

import streamlit as st

from atlas.base.address import read_address
from atlas.base.model import Language, View
from atlas.base.settings import read_settings
from atlas.catalogue.links import to_query
from atlas.catalogue.source.source import SourceError
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen

SHOWN = 20


def show_news(screen: Screen) -> None:
    """Draw the latest changes, newest first; nothing where the catalogue keeps no history."""
    home = read_settings().database
    changes = _read_changes(home.url) if home else []
    if not changes:
        return
    words, language = screen.words, screen.view.language
    st.header(words("method.news_title"), anchor=False)
    st.markdown(words("method.news"))
    published = screen.edition.catalogue.store.initiatives.index
    with st.container(gap="xsmall", key="news"):
        for at, (day, action, id_, title_it, title_en) in enumerate(changes):
            title = (title_en or title_it) if language is Language.EN else (title_it or title_en)
            told = words(f"method.news_{action}", date=words.date(day.date()), title=to_plain(title))
            if id_ in published:
                query = to_query(View(language=language, initiative=id_))
                with st.container(key=f"news_{at}"):
                    st.page_link("pages/catalogo.py", label=told, query_params=query)
            else:
                st.markdown(told)


@st.cache_data(ttl=60, show_spinner=False)
def _read_changes(url: str) -> list[tuple[datetime, str, str, str, str]]:
    from atlas.catalogue.register.history import list_changes

    try:
        changes = list_changes(read_address(url), SHOWN)
    except SourceError:  # the page says elsewhere that the source does not answer
        return []
    return [(one.at, one.action.value, one.initiative, one.title_it, one.title_en) for one in changes]
