"""The method page: where every figure comes from and what it does not say."""

from urllib.parse import urljoin

import streamlit as st

from atlas.base.model import CountingRule
from atlas.base.settings import read_settings
from atlas.catalogue.source.bundle import bundled_keeper
from atlas.catalogue.vocabulary import Term
from atlas.ui.method.accessibility import to_link
from atlas.ui.method.news import show_news
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen
from atlas.words.sources import say_days, say_licence, say_what

_BEFORE = ("what", "figures", "missing")
_AFTER = ("national", "small", "intervals", "rates", "peers", "quiz", "boundaries")
_LAST = ("privacy", "licence")
# Addresses of the open data, one of each kind.
_EXAMPLES = {
    "initiatives": "initiatives.csv?theme=housing",
    "regions": "indicators.json?level=region&measure=per_million",
    "points": "initiatives.geojson?region=08",
    "areas": "areas.gpkg?measure=per_million",
    "boundaries": "municipalities.geojson?region=08",
    "catalogue": "catalog.jsonld",
    "openapi": "openapi.json",
}


def show_method(screen: Screen) -> None:
    """Draw the page, including the definitions of themes and target groups."""
    words = screen.words
    st.title(words("method.title"), anchor=False)
    _show_trouble(screen)
    for section in _BEFORE:
        _show_section(screen, section)
    _show_section(screen, "counting")
    st.markdown(
        "\n".join(f"- **{words(f'map.{rule.value}')}.** {words(f'map.{rule.value}_note')}" for rule in CountingRule)
    )
    for section in _AFTER:
        _show_section(screen, section)
    st.header(words("method.vocabulary_title"), anchor=False)
    themes, targets = st.columns(2, gap="large")
    with themes:
        _show_terms(screen, "method.vocabulary_themes", list(screen.vocabulary.themes.values()))
    with targets:
        _show_terms(screen, "method.vocabulary_targets", list(screen.vocabulary.targets.values()))
    _show_open_data(screen)
    show_news(screen)
    for section in _LAST:
        _show_section(screen, section)
    _show_errors(screen)
    st.caption(screen.sources)


def _show_trouble(screen: Screen) -> None:
    """Say that the last valid version is shown, if the source has an invalid one or does not answer."""
    trouble = bundled_keeper().trouble
    if trouble is not None:
        date = screen.words.moment(screen.edition.date)
        st.info(screen.words(f"method.trouble.{trouble.value}", date=date), icon=":material/history:")


def _show_section(screen: Screen, section: str) -> None:
    words = screen.words
    st.header(words(f"method.{section}_title"), anchor=False)
    if section == "what":
        st.markdown(to_plain(" ".join(say_what(screen.world, words))))
    elif section == "licence":
        st.markdown(to_plain(say_licence(screen.world, words)))
    else:
        st.markdown(words(f"method.{section}", **_numbers(screen)))


def _numbers(screen: Screen) -> dict[str, str]:
    """Return what the sections fill in: initiatives, municipalities, provinces, how many have no residents, days."""
    words, territory = screen.words, screen.territory
    counts = {
        "n": len(screen.catalogue),
        "municipalities": len(territory.municipalities),
        "provinces": len(territory.provinces),
        "unknown": int(territory.municipalities["population"].isna().sum()),
    }
    return {name: words.number(count) for name, count in counts.items()} | say_days(territory, words)


def _show_errors(screen: Screen) -> None:
    """Say how to report an error, and to whom if the operator has set a contact."""
    words = screen.words
    contact = read_settings().contact
    whom = words("method.errors_contact", contact=to_link(contact)) if contact else words("method.errors_no_contact")
    st.header(words("method.errors_title"), anchor=False)
    st.markdown(words("method.errors", whom=whom))


def _show_terms(screen: Screen, title: str, terms: list[Term]) -> None:
    language = screen.view.language
    st.subheader(screen.words(title), anchor=False)
    st.markdown(
        "\n\n".join(f"**{to_plain(term.label(language))}**  \n{to_plain(term.description(language))}" for term in terms)
    )


def _show_open_data(screen: Screen) -> None:
    """Describe the open data, with an example of each resource in the language of the page."""
    words = screen.words
    st.header(words("api.title"), anchor=False)
    st.markdown(f"{words('api.intro')}\n\n{words('api.examples')}")
    base = urljoin(st.context.url or "", "api/")
    for name, example in _EXAMPLES.items():
        st.markdown(words(f"api.example.{name}"))
        st.code(base + example, language=None, wrap_lines=True)
