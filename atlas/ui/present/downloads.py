"""Downloads: of a presentation, as background jobs with progress and cancelling, and of a selection."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import streamlit as st

from atlas.base.settings import read_settings
from atlas.catalogue.catalogue import Store
from atlas.catalogue.links import HOME
from atlas.publish.areas.csv_types import to_zip
from atlas.publish.areas.table import CRS
from atlas.publish.areas.writing import publish_areas
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.making import KINDS, Deck, make_deck, warm_up
from atlas.publish.export import to_csv, to_geojson, to_xlsx
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.story import Story, to_json
from atlas.ui.parts.offer import offer
from atlas.ui.session import state, stops
from atlas.ui.session.jobs import FullError, Job, take_turn
from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of

_JOBS = "atlas_jobs"
_FULL = "atlas_jobs_full"
# The numbers of the map by territory: names of the words of each file; its format stands before the underscore.
_AREAS = ("xlsx", "csv", "zip", "gpkg", "gpkg_utm", "geojson")
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


def show_selection_files(screen: Screen) -> None:
    """Draw the downloads of the current selection and of the map's numbers by territory, built on click."""
    selected, language = screen.selected, screen.view.language
    make_csv = partial(to_csv, selected, screen.world, language)
    makers: dict[str, Callable[[], bytes]] = {
        "png": partial(take_turn, partial(_make_picture, screen, "png")),
        "svg": partial(take_turn, partial(_make_picture, screen, "svg")),
        "csv": make_csv,
        "zip": lambda: to_zip("atlante-iniziative", make_csv()),
        "xlsx": lambda: to_xlsx(selected, screen.world, _content(screen).about, date.today(), language),
        "geojson": lambda: to_geojson(selected, screen.territory, _content(screen).about, language),
        "bib": partial(_make_bibtex, screen, screen.address_of(HOME)),
    }
    for kind, make in makers.items():
        name = f"atlante-{'mappa' if kind in ('png', 'svg') else 'iniziative'}.{kind}"
        offer(screen.words(f"story.file.{kind}"), make, name, f"selection_{kind}", "tertiary")
    st.markdown(f"**{screen.words('areas.title')}**")
    for kind in _AREAS:
        form = kind.partition("_")[0]
        make = partial(_make_areas, screen, form, CRS[1] if kind == "gpkg_utm" else CRS[0])
        name = f"atlante-territori{kind.removeprefix(form).replace('_', '-')}.{form}"
        offer(screen.words(f"areas.file.{kind}"), partial(take_turn, make), name, f"areas_{kind}", "tertiary")


def _jobs() -> dict[_Order, Job[bytes]]:
    jobs: dict[_Order, Job[bytes]] = st.session_state.setdefault(_JOBS, {})
    return jobs


def _show_orders(screen: Screen, was_busy: bool) -> None:
    for kind in KINDS:
        _show_order(screen, stops.current_story(), _order(screen, kind))
    if was_busy != any(job.is_running for job in _jobs().values()):
        st.rerun()  # rerun the whole page, to begin or end the polling


def _order(screen: Screen, kind: str) -> _Order:
    """Return the order of the presentation being built, identified by its text, its data and, offline, the view."""
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
        label = words("story.take", file=name, size=size)
        offer(label, job.result, f"atlante-presentazione.{order.kind}", f"take_{order.kind}", "primary")
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
    branding = Branding(read_settings().pptx_template, read_settings().logo)
    deck = Deck(order.kind, screen.view, story, screen.world, date.today(), state.base_address(), branding)
    try:
        _jobs()[order] = Job(partial(make_deck, deck), owner=id(_jobs()))
    except FullError:
        st.session_state[_FULL] = True


def _content(screen: Screen) -> StopContent:
    return build_content(stops.propose(screen, HOME), screen.world, date.today())


def _make_picture(screen: Screen, kind: str) -> bytes:
    from atlas.publish.stills.stills import to_png, to_svg

    return to_png(_content(screen)) if kind == "png" else to_svg(_content(screen))


def _make_bibtex(screen: Screen, address: str) -> bytes:
    """Make the entry; the address of the server is known while the page is drawn, not while the file is asked for."""
    from atlas.words.citation import to_bibtex

    id_ = screen.view.initiative
    title = title_of(row_of(screen.world, id_), screen.view.language) if id_ else ""
    return to_bibtex(screen.view, screen.world, screen.words, date.today(), address, title).encode()


def _make_areas(screen: Screen, kind: str, crs: str) -> bytes:
    about = list(_content(screen).about)
    return publish_areas(kind, screen.selected, screen.view, screen.world, about, date.today(), crs)
