"""The frame of every page: navigation, language, filters, address, and the error when data are broken."""

from dataclasses import replace
from datetime import date
from html import escape

import streamlit as st

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import DataError, Face, Language
from atlas.base.settings import read_settings
from atlas.catalogue.links import DESK, HOME, PAGES, UNLISTED
from atlas.figures import map_files
from atlas.indicators.classes import PALETTES
from atlas.intake.rehearsal import Look
from atlas.ui.choices.filters import show_filters
from atlas.ui.desk.door import find_visitor
from atlas.ui.own_data.own_banner import show_banner
from atlas.ui.parts.charts import theme_name
from atlas.ui.parts.heard import show_heard
from atlas.ui.parts.messages import show_data_error
from atlas.ui.parts.printing import end_of_page, show_imprint, show_print_keys
from atlas.ui.present.stop_bar import show_stop_bar
from atlas.ui.session import cache, draft, state, stops
from atlas.ui.session.page_script import tell_page, tell_session
from atlas.ui.session.state import Screen
from atlas.words.phrases import describe_rule, describe_selection
from atlas.words.window import name_page, name_window

# Pages that no filter changes.
_WITHOUT_FILTERS = ("dati", "metodo", DESK, *UNLISTED)
# The page of presentations; the page with a form, whose draft the browser keeps.
STAGE, FORM = "presenta", "proponi"
STAGE_STYLE = ASSETS / "present.css"
ICON = ASSETS / "icon.svg"
_ICONS = {
    "mappa": "map",
    "regioni": "bar_chart",
    "comune": "location_city",
    "catalogo": "list_alt",
    "indovina": "school",
    "presenta": "slideshow",
    "dati": "upload_file",
    "metodo": "info",
    "proponi": "add_circle",
    "accessibilita": "accessibility",
    DESK: "edit_note",
}


def run() -> None:
    """Run the app: one script run from the address to the page."""
    words = translator(_language())
    st.set_page_config(page_title=words("app.title"), page_icon=str(ICON), layout="wide")
    pages = [
        st.Page(
            f"pages/{name}.py",
            title=name_page(name, words),
            icon=f":material/{_ICONS[name]}:",
            url_path=name,
            default=name == HOME,
            visibility="hidden" if name in (DESK, *UNLISTED) else "visible",
        )
        for name in (*PAGES, *([DESK] if read_settings().desk else []))
    ]
    on_stage = stops.stage_position() is not None
    page = st.navigation(pages, position="hidden" if on_stage else "top")
    if on_stage and page.url_path != STAGE:  # the browser's back or forward button was used
        stops.on_leave()
        st.rerun()
    if on_stage:
        st.html(STAGE_STYLE)
    else:
        st.logo(_wordmark(words("app.short_title"), words("app.subtitle")), size="large")
    screen = _open_screen(page.url_path)
    name = page.url_path or HOME
    headline, view = screen.description.headline, screen.view
    if view.face is Face.COMPARE:  # the pair that is shown while nothing is chosen
        view = replace(view, compared=screen.compared)
    st.set_page_config(page_title=name_window(name, view, headline, screen.world, screen.words))
    show_banner(screen, on_stage)
    if state.is_initiative_lost():
        st.info(screen.words("card.lost"), icon=":material/info:")
    # The page is sent first, starting with its heading; what surrounds it keeps its position but comes later.
    corner = st.container(horizontal=True, horizontal_alignment="right", gap="small", key="stop_bar")
    page.run()
    with corner:
        show_stop_bar(screen, name)
    _show_side(screen, page.url_path, on_stage=on_stage)
    if not on_stage:
        with st.container(horizontal=True, vertical_alignment="center", key="foot"):
            for other in UNLISTED:
                if other != name:
                    st.page_link(f"pages/{other}.py", label=name_page(other, screen.words), width="content")
            if name != DESK and find_visitor().is_editor:
                st.page_link(f"pages/{DESK}.py", label=name_page(DESK, screen.words), width="content")
            if read_settings().catalogue is not None and screen.look is not Look.ALONE:
                updated = screen.words("app.updated", date=screen.words.moment(screen.edition.date))
                st.caption(updated, width="content")
        show_imprint(_imprint(screen, name))
        show_print_keys()
    end_of_page()
    cache.set_aside_shared_memory()


def open_page() -> Screen:
    """Return the screen of the page. A page run on its own, as in tests, opens the frame itself."""
    screen = state.take_screen()
    if screen is None:
        screen = _open_screen("")
        _show_side(screen, "")
    return screen


def _open_screen(page: str) -> Screen:
    """Open the screen; stop with an error message if the data cannot be read."""
    try:
        stops.take_link()
        draft.take_link()
        screen = state.open_screen(page)
        map_files.published_files()
    except DataError as error:
        show_data_error(error, _language())
        st.stop()
    return screen


def _show_side(screen: Screen, page: str, on_stage: bool = False) -> None:
    """Draw the sidebar: language and filters, and what the page has to know."""
    with st.sidebar:
        if not on_stage:
            _show_language(screen.view.language)
            if page not in _WITHOUT_FILTERS:
                show_filters(screen, with_counts=page != "indovina")
            show_heard(screen, with_view=page != "indovina")
        tell_page(screen.view.language)
        tell_session(screen.view.language, is_form=page == FORM)


def _wordmark(title: str, subtitle: str) -> str:
    """Return the wordmark as a picture in the theme's text colour."""
    ink = PALETTES[theme_name()]["text"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="250" height="40" viewBox="0 0 250 40">'
        '<circle cx="9" cy="10" r="4" fill="#2f7fd0"/><circle cx="20" cy="19" r="7" fill="#2f7fd0"/>'
        '<circle cx="9" cy="29" r="3" fill="#2f7fd0"/>'
        f'<g fill="{ink}" font-family="Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif">'
        f'<text x="36" y="18" font-size="18" font-weight="700">{escape(title)}</text>'
        f'<text x="36" y="34" font-size="12">{escape(subtitle)}</text></g></svg>'
    )


def _imprint(screen: Screen, page: str) -> list[tuple[str, str]]:
    """Return what a printed page says of itself: what is selected and how it is counted, whose it is, day, address."""
    words, lines = screen.words, []
    if page in stops.PAGES_OF_DATA and not screen.view.initiative:  # a card stands for itself
        lines = [
            (words("files.selection"), describe_selection(screen.selection, screen.world, words)),
            (words("files.counting_rule"), describe_rule(screen.options.rule, words)),
        ]
    printed = (words("share.printed"), f"{words('app.title')}, {words.date(date.today())}")
    return [*lines, printed, (words("share.address"), screen.address_of(page))]


def _language() -> Language:
    """Return the language before the address is parsed: that of the address, or of the session."""
    asked = st.query_params.get("lang", "")
    return Language(asked) if asked in set(Language) else state.current_view().language


def _show_language(language: Language) -> None:
    words = translator(language)
    state.place_widgets([("language", language)])
    st.segmented_control(
        words("app.language"),
        list(Language),
        key="language",
        format_func=lambda code: words(f"app.{'italian' if code == Language.IT else 'english'}"),
        on_change=lambda: state.change_view(language=st.session_state["language"]),
        required=True,
        label_visibility="collapsed",
    )
