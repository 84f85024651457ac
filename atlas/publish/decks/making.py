"""Makes the file of a presentation, in a process of its own: pages go before it."""

import io
import logging
import pickle
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from atlas.base.apart import Budget, prepare_apart, run_apart
from atlas.base.model import View
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.source.bundle import bundled_digest, bundled_territory, bundled_vocabulary
from atlas.catalogue.world import World
from atlas.intake.rows import to_frame
from atlas.publish.decks.branding import Branding
from atlas.publish.stops.gathering import Tell
from atlas.publish.stops.story import Stop, StopKind, Story

_log = logging.getLogger("atlas")
KINDS = ("pptx", "pdf", "html")
# The longest presentation takes a hundredth of it; typesetting has a budget of its own.
BUDGET = Budget(processor=300, patience=900)
_TERRITORY = "the bundled territory"


@dataclass(frozen=True)
class Deck:
    """All that the file of a presentation is made from.

    view: the selection that the offline page explores. base_address: where the atlas is served, "" if nowhere.
    """

    kind: str
    view: View
    story: Story
    world: World
    today: date
    base_address: str = ""
    branding: Branding | None = None


def make_deck(deck: Deck, tell: Tell) -> bytes:
    """Return the file; `tell` is called with (stops done, all stops) and five times a second: raise in it to cancel.

    EndedError or FailedError of atlas.base.apart if there is none.
    """
    latest = (0, 0)

    def note(pair: tuple[int, int]) -> None:
        nonlocal latest
        latest = pair[0], pair[1]
        tell(*latest)

    work = partial(_make_packed, _pack(deck))
    return run_apart(work, prepare=_prepare, budget=BUDGET, on_told=note, still_wanted=lambda: tell(*latest))


def warm_up() -> None:
    """Let the country and the libraries be read for this now, so that the first file need not wait for it."""
    prepare_apart(_prepare)


def make_here(deck: Deck, tell: Tell | None = None) -> bytes:
    """Return the same file, made in this process, which keeps the libraries for it from then on."""
    from atlas.publish.decks import handout, slides, standalone

    if deck.kind == "html":
        return standalone.to_html(deck.view, deck.story, deck.world, deck.today, tell, deck.base_address)
    make = slides.to_pptx if deck.kind == "pptx" else handout.to_pdf
    return make(deck.story, deck.world, deck.today, deck.base_address, tell, deck.branding)


def _make_packed(packed: bytes, tell: Any) -> bytes:
    return make_here(_unpack(packed), lambda done, total: tell((done, total)))


def _prepare() -> None:
    """Make one deck of each kind with a stop of each kind: what is read and drawn once is kept.

    The catalogue is empty: the operator's comes with each deck, and may not be there to be read now.
    """
    territory, vocabulary = bundled_territory(), bundled_vocabulary()
    world = World(territory, vocabulary, build_catalogue(to_frame([]), territory, vocabulary))
    story = Story(stops=tuple(Stop(kind, View()) for kind in StopKind))
    for kind in KINDS:
        try:
            make_here(Deck(kind, View(), story, world, date.today()))
        except Exception:  # what fails now may go well later, and the other kinds do not depend on it
            _log.exception("%s is not prepared", kind)


def _pack(deck: Deck) -> bytes:
    """Return a deck without the country, which the template has read too and keeps much with."""
    packed = io.BytesIO()
    _Pickler(packed).dump((bundled_digest(), deck))
    return packed.getvalue()


def _unpack(packed: bytes) -> Deck:
    digest, deck = _Unpickler(io.BytesIO(packed)).load()
    if digest != bundled_digest():
        raise RuntimeError("the boundaries have changed since the server was started: start it again")
    made: Deck = deck
    return made


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: Any) -> str | None:
        return _TERRITORY if obj is bundled_territory() else None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        return bundled_territory()
