"""The data of this process: the bundled territory and vocabulary, read once, and the published catalogue."""

import hashlib
import threading
from functools import lru_cache
from pathlib import Path

from atlas.base.address import Scheme
from atlas.base.folders import DATA_DIR
from atlas.base.model import DataError, Fault
from atlas.base.settings import Settings, read_settings
from atlas.base.tables import decode_text, read_bytes
from atlas.catalogue.catalogue import Catalogue, parse_initiatives
from atlas.catalogue.provenance import UNSAID, Provenance, read_provenance
from atlas.catalogue.source.copies import Copy
from atlas.catalogue.source.file import FileSource
from atlas.catalogue.source.keeper import Edition, Keeper, Read
from atlas.catalogue.source.source import Source
from atlas.catalogue.vocabulary import Vocabulary, read_vocabulary
from atlas.catalogue.world import World
from atlas.territory.territory import Territory, read_territory
from atlas.territory.territory_files import BOUNDARIES_FILE

# The initiatives that come with the program, and what they say of themselves.
BUNDLED = DATA_DIR / "initiatives.csv"
ABOUT = DATA_DIR / "initiatives.toml"
# The watching thread and the first visitor may call this at the same time: the lock makes it read once.
_reading = threading.RLock()


def bundled_territory() -> Territory:
    """Return the territory; DataError if a file is missing or broken (the next call tries again)."""
    with _reading:
        return _territory(DATA_DIR)


def bundled_vocabulary() -> Vocabulary:
    """Return themes and target groups; DataError as above."""
    with _reading:
        return _vocabulary(DATA_DIR)


def published_catalogue() -> Catalogue:
    """Return the published initiatives, the same object until they change; DataError as above."""
    return published_edition().catalogue


def published_world() -> World:
    """Return everything that pages, files and answers are made from; DataError as above."""
    return world_of(published_catalogue())


def world_of(catalogue: Catalogue, sources: str = "app.sources") -> World:
    """Return a catalogue in its world; `sources` as in World. DataError as above."""
    return World(bundled_territory(), bundled_vocabulary(), catalogue, sources, published_provenance())


def published_provenance() -> Provenance:
    """Return what the published catalogue says of itself: nothing for an operator's own without a file about it."""
    return _provenance(read_settings())


def _provenance(settings: Settings) -> Provenance:
    path = settings.catalogue_about or (ABOUT if settings.catalogue is None else None)
    return read_provenance(path) if path else UNSAID


def published_edition() -> Edition:
    """Return the published version of the catalogue; DataError if there has been no valid one."""
    return bundled_keeper().edition()


def bundled_keeper() -> Keeper:
    """Return the keeper of this process's catalogue."""
    with _reading:
        return _keeper(BUNDLED, read_settings())


def bundled_digest() -> bytes:
    """Return what identifies the boundaries that the territory was read from; DataError as above."""
    bundled_territory()
    return _boundaries_digest(DATA_DIR / BOUNDARIES_FILE)


def boundaries_text() -> str:
    """Return comuni.geojson as it was when the territory was read; DataError if it is gone or has changed since."""
    digest, path = bundled_digest(), DATA_DIR / BOUNDARIES_FILE
    content = read_bytes(path)
    if hashlib.sha256(content).digest() != digest:
        problem = "il file è cambiato dopo l'avvio del programma."
        raise DataError([Fault(path.name, 0, "", problem, suggestion="Rimettere il file di prima o riavviare.")])
    return content.decode()


# What is read is kept by the folder it came from: a process has one, tests have many.
@lru_cache(maxsize=4)
def _territory(folder: Path) -> Territory:
    territory = read_territory(folder)
    _boundaries_digest(folder / BOUNDARIES_FILE)
    return territory


@lru_cache(maxsize=4)
def _boundaries_digest(path: Path) -> bytes:
    return hashlib.sha256(read_bytes(path)).digest()


@lru_cache(maxsize=4)
def _vocabulary(folder: Path) -> Vocabulary:
    return read_vocabulary(folder)


@lru_cache(maxsize=4)
def _keeper(bundled: Path, settings: Settings) -> Keeper:
    source = build_source(settings, bundled)
    copy = Copy(settings.copies, source.shown) if settings.copies and not source.is_near else None
    return Keeper(source, lambda data, name: _date(_reader(data, name), settings), copy)


def _date(catalogue: Catalogue, settings: Settings) -> Catalogue:
    """Return a catalogue whose places are of the time of its facts, unless a row says otherwise.

    In the bundled catalogue the facts that have such a time are those of the source, which have a number there.
    """
    situation = _provenance(settings).situation
    numbered = catalogue.store.initiatives["source_order"].notna().to_numpy(dtype=bool)
    return catalogue.dated(situation, numbered | (settings.catalogue is not None)) if situation else catalogue


def build_source(settings: Settings, bundled: Path = BUNDLED) -> Source:
    """Return the source of the catalogue set by the operator, by default the bundled file."""
    home = settings.catalogue or bundled
    if isinstance(home, Path):
        return FileSource(home)
    if home.scheme is Scheme.DATABASE:
        from atlas.catalogue.source.database import DatabaseSource

        return DatabaseSource(home)
    from atlas.catalogue.source.https import HttpsSource

    return HttpsSource(home)


def read_with(read: Read) -> None:
    """Set how the published catalogue is read; by default only as an initiatives.csv."""
    global _reader
    _reader = read


def read_catalogue(data: bytes, name: str) -> Catalogue:
    """Parse the bytes of an initiatives.csv with the rules of the bundled one; DataError with every fault."""
    return parse_initiatives(decode_text(data, name), name, bundled_territory(), bundled_vocabulary())


_reader: Read = read_catalogue
