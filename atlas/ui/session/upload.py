"""The file uploaded in a session, with its owner's choices; both are deleted with the session."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from atlas.intake.apart import read_apart, warm_up
from atlas.intake.cells.report import Answers, Doubt, IntakeReport
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.intake.rehearsal_files import from_choices
from atlas.intake.several import join_reports
from atlas.ui.session import state
from atlas.ui.session.jobs import FullError, Job, Queue, Tell
from atlas.ui.session.state import Screen

NAME_LENGTH = 100
_UPLOAD = "atlas_upload"
_READ = "atlas_upload_read"
_FAULT = "atlas_upload_fault"
_SAID = "atlas_upload_said"
# Texts of this size are read in a fraction of a second; whatever else takes turns.
_QUICK_BYTES = 500_000
_quick, _slow = Queue(seats=8), Queue()
_PARTS = 1_000
# Seconds between two looks at a file that is being read, and before its reading can be cancelled.
_STEP, _PATIENT = 0.2, 1.0


@dataclass(frozen=True, eq=False)
class Upload:
    """Uploaded files, read as one, with their owner's choices: fields of columns, decisions on doubts, year."""

    files: tuple[tuple[str, bytes], ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    year: int | None = None
    sheet: str = ""

    @property
    def name(self) -> str:
        return clean_name(", ".join(name for name, _ in self.files))

    @property
    def is_quick(self) -> bool:
        n_bytes = sum(len(data) for _, data in self.files)
        return n_bytes <= _QUICK_BYTES and not any(data.startswith(b"PK") for _, data in self.files)


def current_upload() -> Upload | None:
    """Return the file of this session, if any."""
    upload: Upload | None = st.session_state.get(_UPLOAD)
    return upload


def on_file(key: str) -> None:
    """Update the file from the upload field.

    The field is also empty while the next file is being uploaded, which may fail: only the remove button removes the
    current file.
    """
    file = st.session_state[key]
    if file:
        set_upload(Upload(((clean_name(file.name), file.getvalue()),)))


def on_files(key: str) -> None:
    """Read several files as one; of two with the same name the later one. Choices made so far are kept."""
    files = {clean_name(file.name): file.getvalue() for file in st.session_state[key] or ()}
    upload = current_upload()
    if not files:
        return
    if upload and not {name for name, _ in upload.files}.isdisjoint(files):
        set_upload(replace(upload, files=tuple(files.items())))
    else:
        set_upload(Upload(tuple(files.items())))


def on_paste(key: str, name: str) -> None:
    """Use pasted cells as a file."""
    text = st.session_state[key] or ""
    set_upload(Upload(((name, text.encode("utf-8", errors="replace")),)) if text.strip() else None)


def on_choices(key: str) -> None:
    """Apply a file of choices; an invalid one is reported and changes nothing."""
    file, upload = st.session_state[key], current_upload()
    if not file or not upload:
        return
    try:
        columns, answers = from_choices(file.getvalue())
    except ValueError:
        st.session_state[_FAULT] = "data.choices_wrong"
        return
    change(columns=columns, answers={**upload.answers, **answers})


def set_upload(upload: Upload | None) -> None:
    """Replace or remove the file, and discard what was read before."""
    st.session_state[_UPLOAD] = upload
    if upload is None:
        st.session_state[_READ] = None
        state.set_rehearsal(None)


def change(**changes: object) -> None:
    """Change the choices about the file, if there is one; it is read again."""
    upload = current_upload()
    if upload:
        st.session_state[_UPLOAD] = replace(upload, **changes)  # type: ignore[arg-type]


def say_columns(columns: Mapping[str, str]) -> None:
    """Set the field of each header; the file is read again."""
    change(columns=columns)
    st.session_state[_SAID] = st.session_state.get(_SAID, {}) | {tuple(sorted(columns)): columns}


def columns_said_before(headers: Sequence[str]) -> Mapping[str, str]:
    """Return what was said in this session of a file with the same headers; empty if there was none."""
    said: dict[tuple[str, ...], Mapping[str, str]] = st.session_state.get(_SAID, {})
    return said.get(tuple(sorted(headers)), {})


def settle(chosen: Mapping[Doubt, str]) -> None:
    """Decide on these doubts; the file is read again."""
    upload = current_upload()
    if upload:
        new = {(doubt.field, doubt.value): code for doubt, code in chosen.items()}
        change(answers={**upload.answers, **new})


def unsettle(*settled: tuple[str, str]) -> None:
    """Undo the decision on (field, value); the file is read again."""
    upload = current_upload()
    if upload:
        change(answers={key: code for key, code in upload.answers.items() if key not in settled})


def take_fault() -> str:
    """Return, once, the key of the message about an invalid file; empty if there is none."""
    fault: str = st.session_state.pop(_FAULT, "")
    return fault


def read_current(screen: Screen, on_cancel: Callable[[], None]) -> Rehearsal | None:
    """Read the file if it or its choices are new, showing the progress; then restart the page with it.

    `on_cancel` removes the file; it is offered when reading takes longer than a second.
    """
    upload = current_upload()
    if upload is None:
        warm_up()
        return None
    if st.session_state.get(_READ) is not upload:
        place = st.empty()
        with place.container():
            report = read_in_turn(screen, upload, on_cancel)
        if report is None:
            return None
        state.set_rehearsal(Rehearsal(report, screen.published))
        st.session_state[_READ] = upload
        place.empty()
        if screen.look is not Look.PUBLISHED:
            st.rerun()
    return state.current_rehearsal()


def read_in_turn(screen: Screen, upload: Upload, on_cancel: Callable[[], None]) -> IntakeReport | None:
    """Read the file when it is its turn; None, with a message, if it cannot be read now.

    Whatever ends this run (a click, another page, a visitor who left) ends the reading too.
    """
    words, start, has_button = screen.words, time.monotonic(), False
    bar = st.progress(0.0, text=words("data.reading"))
    try:
        job = Job(partial(_read, upload), queue=_quick if upload.is_quick else _slow)
    except FullError:
        st.warning(words("data.queue_full"), icon=":material/hourglass_top:")
        return None
    try:
        while job.is_running:
            waiting = words("data.queue", n=words.number(max(job.position, 1)))
            bar.progress(job.done / _PARTS, text=words("data.reading") if job.total else waiting)
            job.wait(_STEP)
            if not has_button and time.monotonic() - start > _PATIENT:
                st.button(words("data.cancel"), key="own_cancel", icon=":material/close:", on_click=on_cancel)
                has_button = True
    finally:
        job.cancel()
    if job.result is None:
        st.error(words("data.read_failed"), icon=":material/error:")
    return job.result


def _read(upload: Upload, tell: Tell) -> IntakeReport:
    done = 0
    parts: list[tuple[str, IntakeReport]] = []

    def show(part: float) -> None:
        nonlocal done
        done = int((len(parts) + part) / len(upload.files) * _PARTS)
        tell(done, _PARTS)

    for name, data in upload.files:
        report = read_apart(
            data,
            name,
            columns=upload.columns,
            answers=upload.answers,
            year=upload.year,
            sheet=upload.sheet,
            on_progress=show,
            still_wanted=lambda: tell(done, _PARTS),
        )
        parts.append((name, report))
    return join_reports(parts)


def clean_name(name: str) -> str:
    """Return a file name for display: printable, on one line, at most NAME_LENGTH characters."""
    shown = "".join(char for char in name if char.isprintable() and not "\ud800" <= char <= "\udfff")
    return shown if len(shown) <= NAME_LENGTH else shown[: NAME_LENGTH - 1] + "…"
