"""The text of a slide on the stage: figures, sentences, initiatives, facts, cautions."""

import streamlit as st

from atlas.base.settings import read_settings
from atlas.publish.decks.qr import to_qr
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.story import StopKind
from atlas.ui.parts.markdown_escape import to_plain


def show_words(content: StopContent, key: str = "stage") -> None:
    """Draw the text of the slide without title and picture; on the cover with the operator's logo.

    `key` is that of the elements, once in a run.
    """
    if content.figures:
        with st.container(key=f"{key}_figures"):
            st.markdown("\n\n".join(f"**{to_plain(number)}** {to_plain(unit)}" for number, unit in content.figures))
    for line in content.lines:
        st.markdown(to_plain(line))
    if content.items:
        st.markdown("\n".join(f"- **{to_plain(title)}**{_after(where)}" for title, where in content.items))
    if content.facts:
        with st.container(key=f"{key}_facts"):
            st.markdown("\n\n".join(f"**{to_plain(what)}:** {to_plain(words)}" for what, words in content.facts))
    for line in content.cautions:
        st.caption(to_plain(line))
    if content.stop.kind is StopKind.COVER and (logo := read_settings().logo):
        st.image(str(logo), alt="Logo")
    if content.stop.kind is StopKind.CLOSING and content.address:
        st.image(to_qr(content.address), width=180, alt=content.say("sheet.qr_alt"))


def _after(where: str) -> str:
    return f" – {to_plain(where)}" if where else ""
