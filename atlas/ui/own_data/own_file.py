"""The input of the page "Your data": a file, pasted cells, a template to start with."""

from functools import partial

import streamlit as st

from atlas.publish.template import build_template
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.session import upload
from atlas.ui.session.state import Screen

_FILE, _FILES, _PASTE, _SOURCE, _ROUND = "own_file", "own_files", "own_paste", "own_source", "own_round"


def show_intro(screen: Screen) -> None:
    """Say what the page is for, that nothing is stored, and which files can be read."""
    words = screen.words
    st.title(words("data.title"), anchor=False)
    st.markdown(words("data.intro"))
    st.info(words("data.privacy"), icon=":material/lock:")
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.expander(words("data.limits_title")):
            st.markdown(words("data.limits"))
        make = partial(build_template, screen.vocabulary, words)
        offer(words("data.template_button"), make, f"{words('data.template_name')}.xlsx", "own_template")


def show_source(screen: Screen) -> None:
    """Draw the ways to provide a file, or the name of the current one with a remove button."""
    words, current = screen.words, upload.current_upload()
    source = st.segmented_control(
        words("data.source"),
        ["file", "several", "paste"],
        default="file",
        key=_SOURCE,
        format_func=lambda one: words(f"data.source_{one}"),
        required=True,
        persist_state="session",
    )
    if source == "file":
        key = f"{_FILE}_{st.session_state.get(_ROUND, 0)}"
        st.file_uploader(words("data.upload"), key=key, on_change=upload.on_file, args=(key,))
    elif source == "several":
        key = f"{_FILES}_{st.session_state.get(_ROUND, 0)}"
        label = words("data.upload_several")
        st.file_uploader(label, key=key, on_change=upload.on_files, args=(key,), accept_multiple_files=True)
    else:
        st.text_area(words("data.paste"), key=_PASTE, help=words("data.paste_hint"), height=160)
        st.button(
            words("data.paste_read"),
            key="own_paste_read",
            type="primary",
            on_click=upload.on_paste,
            args=(_PASTE, words("data.pasted_name")),
        )
    if current:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{to_plain(current.name)}**", width="content")
            st.button(
                words("data.remove"),
                key="own_remove",
                icon=":material/delete:",
                type="tertiary",
                on_click=remove_file,
            )


def remove_file() -> None:
    """Remove the file, also from the field that it was chosen in."""
    # The browser's field keeps its file, so the next run draws a new, empty field.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state.pop(_PASTE, None)
    upload.set_upload(None)
