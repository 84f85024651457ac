"""The file that one session has chosen and what its owner has said about it; nothing of it outlives the session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from atlas.intake.bundled import bundled_gazetteer
from atlas.intake.reader import Doubt, read_upload
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.intake.rehearsal_files import from_choices
from atlas.intake.report import Answers
from atlas.ui.session import state
from atlas.ui.session.state import Screen

NAME_LENGTH = 100
_UPLOAD = "atlas_upload"
_READ = "atlas_upload_read"
_FAULT = "atlas_upload_fault"


@dataclass(frozen=True, eq=False)
class Upload:
    """A file as it was given, and what was said about it: which header is what, and the doubts that were settled."""

    name: str
    data: bytes
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)


def current_upload() -> Upload | None:
    """Return the file of this session, if any."""
    upload: Upload | None = st.session_state.get(_UPLOAD)
    return upload


def on_file(key: str) -> None:
    """Take over what the upload field holds.

    A field is also empty while the next file is on its way, which may never arrive: only the button that says so takes
    the file before away.
    """
    file = st.session_state[key]
    if file:
        set_upload(Upload(clean_name(file.name), file.getvalue()))


def on_paste(key: str, name: str) -> None:
    """Take over pasted cells as a file."""
    text = st.session_state[key] or ""
    set_upload(Upload(name, text.encode("utf-8", errors="replace")) if text.strip() else None)


def on_choices(key: str) -> None:
    """Take over a file of choices; one that is none is said, and changes nothing."""
    file, upload = st.session_state[key], current_upload()
    if not file or not upload:
        return
    try:
        columns, answers = from_choices(file.getvalue())
    except ValueError:
        st.session_state[_FAULT] = "data.choices_wrong"
        return
    st.session_state[_UPLOAD] = replace(upload, columns=columns, answers={**upload.answers, **answers})


def set_upload(upload: Upload | None) -> None:
    """Choose another file, or none: what was read before is forgotten at once."""
    st.session_state[_UPLOAD] = upload
    if upload is None:
        st.session_state[_READ] = None
        state.set_rehearsal(None)


def say_columns(columns: Mapping[str, str]) -> None:
    """Say which field each header is; the file is read again."""
    upload = current_upload()
    if upload:
        st.session_state[_UPLOAD] = replace(upload, columns=columns)


def settle(chosen: Mapping[Doubt, str]) -> None:
    """Accept a choice for each of these doubts; the file is read again."""
    upload = current_upload()
    if upload:
        new = {(doubt.field, doubt.value): code for doubt, code in chosen.items()}
        st.session_state[_UPLOAD] = replace(upload, answers={**upload.answers, **new})


def unsettle(*settled: tuple[str, str]) -> None:
    """Take back what was said about (field, value); the file is read again."""
    upload = current_upload()
    if upload:
        kept = {key: code for key, code in upload.answers.items() if key not in settled}
        st.session_state[_UPLOAD] = replace(upload, answers=kept)


def take_fault() -> str:
    """Return, once, the key of the sentence about a file that could not be taken; empty when all is well."""
    fault: str = st.session_state.pop(_FAULT, "")
    return fault


def read_current(screen: Screen) -> Rehearsal | None:
    """Read the file when it, or what was said about it, is new; show how far it is. Pages then start again with it."""
    upload = current_upload()
    if upload is None:
        bundled_gazetteer()  # a second of work, once a process: better now than when somebody waits for a file
        return None
    if st.session_state.get(_READ) is not upload:
        words = screen.words
        bar = st.progress(0.0, text=words("data.reading"))

        def show_progress(part: float) -> None:
            bar.progress(part, text=words("data.reading"))

        report = read_upload(
            upload.data,
            upload.name,
            columns=upload.columns,
            answers=upload.answers,
            on_progress=show_progress,
        )
        bar.progress(1.0, text=words("data.counting"))
        state.set_rehearsal(Rehearsal(report, replace(screen.world, catalogue=screen.edition.catalogue)))
        st.session_state[_READ] = upload
        bar.empty()
        if screen.look is not Look.PUBLISHED:
            st.rerun()
    return state.current_rehearsal()


def clean_name(name: str) -> str:
    """Return a file name as it can be shown: printable, on one line, not longer than NAME_LENGTH."""
    shown = "".join(char for char in name if char.isprintable() and not "\ud800" <= char <= "\udfff")
    return shown if len(shown) <= NAME_LENGTH else shown[: NAME_LENGTH - 1] + "…"
