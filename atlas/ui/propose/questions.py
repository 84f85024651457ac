"""The questions about one initiative, each with what is meant, an example, and what was noticed in the answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from atlas.base.model import Channel, Language, Scale, ServiceType, Severity
from atlas.base.said import word, word_all
from atlas.catalogue.vocabulary import Term
from atlas.intake.proposals.proposal import LONGEST, Checked
from atlas.territory.territory_files import COUNTRY
from atlas.ui.choices.finder import show_finder
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.propose.places import name_place, show_place_map
from atlas.ui.session.draft import Draft
from atlas.ui.session.state import Screen, place_widgets

_PARAGRAPHS = ("summary_it", "summary_en", "partners", "documents")
_HIGH = 110  # pixels: four lines
_CHOICES = {"channel": [*Channel], "service_type": [*ServiceType], "scale": [*Scale]}


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it is drawn: on which screen, what was written, what was noticed."""

    screen: Screen
    draft: Draft
    checked: Checked


def show_questions(form: Form, after_place: Callable[[Form], None]) -> None:
    """Draw all questions in their order. after_place: draws what is known once title and place are."""
    language = form.screen.view.language
    other = Language.EN if language is Language.IT else Language.IT
    _ask(form, "title", (f"title_{language}",))
    with _question(form, "places"):
        _show_places(form)
    after_place(form)
    _ask(form, "summary", (f"summary_{language}",))
    for field, terms in (("themes", form.screen.vocabulary.themes), ("targets", form.screen.vocabulary.targets)):
        with _question(form, field):
            _show_terms(form, field, list(terms.values()))
    _ask(form, "when", ("start_year", "end_year"), beside=True)
    with _question(form, "how"):
        for field in _CHOICES:
            _show_choice(form, field)
    _ask(form, "who", ("lead_organisation", "partners"))
    _ask(form, "figures", ("funding_eur", "funding_source", "beneficiaries"))
    _ask(form, "documents", ("documents",))
    _ask(form, f"in_{other}", (f"title_{other}", f"summary_{other}"))


def _question(form: Form, name: str) -> "st.delta_generator.DeltaGenerator":
    """Open the box of a question, with its heading and what is meant."""
    words = form.screen.words
    box = st.container(border=True, gap="small", key=form.draft.key(f"ask_{name}"))
    box.header(words(f"propose.ask.{name}"), anchor=False)
    box.markdown(words(f"propose.means.{name}"))
    return box


def _ask(form: Form, name: str, fields: Iterable[str], beside: bool = False) -> None:
    with _question(form, name), st.container(horizontal=beside, key=form.draft.key(f"fields_{name}")):
        for field in fields:
            _show_text(form, field)


def _show_text(form: Form, field: str) -> None:
    words, draft, key = form.screen.words, form.draft, form.draft.key(field)
    place_widgets([(key, draft.cells.get(field, ""))])
    with st.container(gap="xsmall"):
        if field in _PARAGRAPHS:
            st.text_area(
                words(f"propose.field.{field}"),
                key=key,
                placeholder=words(f"propose.example.{field}"),
                height=_HIGH,
                max_chars=LONGEST[field],
                on_change=draft.on_text,
                args=(field,),
            )
        else:
            st.text_input(
                words(f"propose.field.{field}"),
                key=key,
                placeholder=words(f"propose.example.{field}"),
                max_chars=LONGEST[field],
                live=True,
                autocomplete="off",
                on_change=draft.on_text,
                args=(field,),
            )
        _show_remarks(form, field)


def _show_places(form: Form) -> None:
    """Draw the finder, the places that were chosen, and who leads where there are several."""
    screen, words, draft = form.screen, form.screen.words, form.draft
    show_finder(screen, draft.key("finder"), choose=draft.on_place)
    if COUNTRY not in draft.places:
        st.button(
            words("propose.country"),
            key=draft.key("country"),
            icon=":material/public:",
            on_click=draft.on_place,
            args=(COUNTRY,),
        )
    show_place_map(screen, draft)
    if draft.places:
        with st.container(horizontal=True, gap="small", key=draft.key("places")):
            for code in draft.places:
                st.button(
                    to_plain(name_place(screen, code)),
                    key=draft.key(f"place_{code}"),
                    icon=":material/close:",
                    icon_position="right",
                    help=words("propose.remove_place"),
                    on_click=draft.on_remove_place,
                    args=(code,),
                )
    if len(draft.places) > 1:
        key = draft.key("lead_place")
        leads = [code for code in draft.places if code.isdigit() and len(code) in (3, 6)]
        place_widgets([(key, draft.cells.get("lead_place") or None)])
        st.selectbox(
            words("propose.field.lead_place"),
            leads,
            key=key,
            index=None,
            format_func=lambda code: to_plain(name_place(screen, code)),
            placeholder=words("propose.unknown"),
            on_change=draft.on_text,
            args=("lead_place",),
        )
    if draft.places:
        _show_remarks(form, "places")


def _show_terms(form: Form, field: str, terms: list[Term]) -> None:
    """Draw a box for each theme or group, with its definition in sight."""
    draft, language = form.draft, form.screen.view.language
    ids, chosen = [term.id for term in terms], draft.cells.get(field, "").split(";")
    with st.container(gap="xsmall", key=draft.key(f"terms_{field}")):
        for term in terms:
            key = draft.key(f"{field}_{term.id}")
            place_widgets([(key, term.id in chosen)])
            meant = to_plain(term.description(language))
            st.checkbox(
                f"**{to_plain(term.label(language))}**  \n:small[{meant}]",
                key=key,
                on_change=draft.on_tick,
                args=(field, term.id, ids),
            )


def _show_choice(form: Form, field: str) -> None:
    words, draft, key = form.screen.words, form.draft, form.draft.key(field)
    place_widgets([(key, draft.cells.get(field) or None)])
    st.pills(
        words(f"propose.field.{field}"),
        [str(option) for option in _CHOICES[field]],
        key=key,
        format_func=lambda option: words(f"{field}.{option}"),
        on_change=draft.on_text,
        args=(field,),
    )


def _show_remarks(form: Form, field: str) -> None:
    """Say what was noticed in an answer, once there is one."""
    if not form.draft.cells.get(field, "").strip():
        return
    for message in form.checked.about(field):
        show_remark(form.screen, word_all((message.text, *message.hints), form.screen.words), message.severity)


def show_remark(screen: Screen, text: str, severity: Severity) -> None:
    """Draw one sentence about an answer."""
    if severity is Severity.ERROR:
        st.error(to_plain(text), icon=":material/error:")
    else:
        st.warning(to_plain(text), icon=":material/warning:")


def list_needs(form: Form) -> list[str]:
    """Return what a proposal still needs, a sentence each."""
    words = form.screen.words
    # A title in one language is enough: the one that is missing is that of the page.
    title = words(f"propose.field.title_{form.screen.view.language}")
    names = {"": "", "places": words("propose.ask.places"), "title_it": "" if form.checked.row else title}
    return [
        f"{names.get(message.column) or words(f'propose.field.{message.column}')}: {word(message.text, words)}"
        for message in form.checked.needs
    ]
