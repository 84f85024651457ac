"""Downloads: of a presentation, as background jobs with progress and cancelling, and of a selection."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from urllib.parse import urljoin

import streamlit as st

from atlas.base.formats import FORMATS
from atlas.base.settings import read_settings
from atlas.catalogue.catalogue import Store
from atlas.publish.csv_types import to_zip
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.making import KINDS, Deck, make_deck, warm_up
from atlas.publish.export import to_csv, to_geojson, to_xlsx
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.story import Story, to_json
from atlas.ui.present.area_files import show_area_files
from atlas.ui.present.share import address_of
from atlas.ui.session import stops
from atlas.ui.session.jobs import FullError, Job, take_turn
from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of

_JOBS = "atlas_jobs"
_FULL = "atlas_jobs_full"
_POLL = 1.0  # seconds between two looks at work that is under way: each is a run of its own


@dataclass(frozen=True)
class _Order:
    """An ordered file: its format and presentation; another presentation or language is another order.

    `store` keeps the catalogue in memory, so that its identity in the mark stays unique.
    """

    kind: str
    mark: int
    store: Store = field(compare=False, repr=False)


def show_story_files(screen: Screen) -> None:
    """Draw the downloads of the presentation. While one is being made only this fragment is rerun."""
    warm_up()
    is_busy = any(job.is_running for job in _jobs().values())
    st.fragment(_show_orders, run_every=_POLL if is_busy else None)(screen, is_busy)


def end_outdated_files(screen: Screen) -> None:
    """End what is being made of another version of the presentation: nobody could take it away."""
    is_empty = not stops.current_story().stops
    for order in [one for one, job in _jobs().items() if job.is_running]:
        if is_empty or order != _order(screen, order.kind):
            _cancel(order)


def show_selection_files(screen: Screen, page: str) -> None:
    """Draw the downloads of the current selection, built on click."""
    makers: dict[str, Callable[[], bytes]] = {
        "png": partial(take_turn, partial(_make_picture, screen, page, "png")),
        "svg": partial(take_turn, partial(_make_picture, screen, page, "svg")),
        "csv": partial(_make_csv, screen),
        "zip": partial(_make_zip, screen),
        "xlsx": partial(_make_xlsx, screen, page),
        "geojson": partial(_make_geojson, screen, page),
        "bib": partial(_make_bibtex, screen, address_of(screen, page)),
    }
    for kind, make in makers.items():
        st.download_button(
            screen.words(f"story.file.{kind}"),
            make,
            f"atlante-{'mappa' if kind in ('png', 'svg') else 'iniziative'}.{kind}",
            FORMATS[kind],
            key=f"selection_{kind}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    show_area_files(screen, lambda: list(_content(screen, page).about))


def _jobs() -> dict[_Order, Job[bytes]]:
    jobs: dict[_Order, Job[bytes]] = st.session_state.setdefault(_JOBS, {})
    return jobs


def _show_orders(screen: Screen, was_busy: bool) -> None:
    for kind in KINDS:
        _show_order(screen, stops.current_story(), _order(screen, kind))
    if was_busy != any(job.is_running for job in _jobs().values()):
        st.rerun()  # rerun the whole page, to begin or end the polling


def _order(screen: Screen, kind: str) -> _Order:
    """Return the order of what is on the desk, identified by its text, its data and, offline, the view."""
    store, view = screen.catalogue.store, screen.view if kind == "html" else ""
    mark = f"{to_json(stops.current_story())}{view}{screen.look}{id(store)}"
    return _Order(kind, zlib.crc32(mark.encode()), store)


def _show_order(screen: Screen, story: Story, order: _Order) -> None:
    words, job = screen.words, _jobs().get(order)
    name = words(f"story.file.{order.kind}")
    if job is not None and job.is_running:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"making_{order.kind}"):
            st.progress(job.done / job.total if job.total else 0.0, _say_progress(screen, name, job))
            cancel = f"cancel_{order.kind}"
            st.button(words("story.cancel"), key=cancel, icon=":material/close:", on_click=_cancel, args=(order,))
        return
    if job is not None and job.result is not None:
        size = words("story.size", n=words.number(len(job.result) / 1e6, 1))
        st.download_button(
            words("story.take", file=name, size=size),
            job.result,
            f"atlante-presentazione.{order.kind}",
            FORMATS[order.kind],
            key=f"take_{order.kind}",
            on_click="ignore",
            type="primary",
            icon=":material/download:",
        )
        return
    if job is not None and job.has_failed:
        st.error(words("story.failed", file=name), icon=":material/error:")
    if st.session_state.pop(_FULL, False):
        st.warning(words("story.full"), icon=":material/hourglass_top:")
    # Not `if st.button`: of two clicks that arrive together the first would rerun the page before the second was read.
    make = partial(_start, screen, story, order)
    st.button(words("story.make", file=name), key=f"make_{order.kind}", icon=":material/description:", on_click=make)


def _cancel(order: _Order) -> None:
    if job := _jobs().pop(order, None):
        job.cancel()


def _say_progress(screen: Screen, name: str, job: Job[bytes]) -> str:
    if not job.total:
        return screen.words("story.waiting", file=name, n=screen.words.number(max(job.position, 1)))
    done, total = screen.words.number(job.done + 1), screen.words.number(job.total)
    return screen.words("story.making", file=name, n=done, total=total)


def _start(screen: Screen, story: Story, order: _Order) -> None:
    """Start making a file, replacing an older one of the same kind."""
    for other in [one for one in _jobs() if one.kind == order.kind]:
        _jobs().pop(other).cancel()
    base, settings = urljoin(st.context.url or "", "."), read_settings()
    branding = Branding(settings.pptx_template, settings.logo)
    deck = Deck(order.kind, screen.view, story, screen.world, date.today(), base, branding)
    try:
        _jobs()[order] = Job(partial(make_deck, deck), owner=id(_jobs()))
    except FullError:
        st.session_state[_FULL] = True


def _content(screen: Screen, page: str) -> StopContent:
    return build_content(stops.propose(screen, page), screen.world, date.today())


def _make_picture(screen: Screen, page: str, kind: str) -> bytes:
    from atlas.publish.stills.stills import to_png, to_svg

    return to_png(_content(screen, page)) if kind == "png" else to_svg(_content(screen, page))


def _make_csv(screen: Screen) -> bytes:
    return to_csv(screen.selected, screen.world, screen.view.language)


def _make_zip(screen: Screen) -> bytes:
    return to_zip("atlante-iniziative", _make_csv(screen))


def _make_xlsx(screen: Screen, page: str) -> bytes:
    about, language = _content(screen, page).about, screen.view.language
    return to_xlsx(screen.selected, screen.world, about, date.today(), language)


def _make_bibtex(screen: Screen, address: str) -> bytes:
    """Make the entry; the address of the server is known while the page is drawn, not while the file is asked for."""
    from atlas.words.citation import to_bibtex

    id_ = screen.view.initiative
    title = title_of(row_of(screen.world, id_), screen.view.language) if id_ else ""
    return to_bibtex(screen.view, screen.world, screen.words, date.today(), address, title).encode()


def _make_geojson(screen: Screen, page: str) -> bytes:
    return to_geojson(screen.selected, screen.territory, _content(screen, page).about, screen.view.language)
