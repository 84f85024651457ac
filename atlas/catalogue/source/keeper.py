"""Keeps the last valid version of the catalogue and replaces it when the source has a new valid one.

Visitors read the version that is kept and never wait for a remote source, which a thread watches.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from atlas.base.model import DataError, Fault
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.source.copies import Copy
from atlas.catalogue.source.source import Fetched, Source, SourceError

# (bytes, name) → the catalogue; DataError with every fault.
Read = Callable[[bytes, str], Catalogue]
# (refused version, name) → the lines of its report.
Report = Callable[[Fetched, str], Iterable[str]]
_log = logging.getLogger("atlas")


class Trouble(StrEnum):
    """Why the version kept is not the current version of the source."""

    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, eq=False)
class Edition:
    """A valid version: its catalogue, the SHA-256 of its bytes, when it was last modified (UTC). Immutable, shared."""

    catalogue: Catalogue
    digest: str
    date: datetime


class Keeper:
    """Holds the published version."""

    def __init__(self, source: Source, read: Read, copy: Copy | None = None) -> None:
        self.trouble: Trouble | None = None
        self._source, self._read, self._copy = source, read, copy
        self._edition: Edition | None = None
        self._error = DataError([Fault(source.name, 0, "", "il catalogo sta arrivando: riprova tra qualche secondo.")])
        self._refused = ""
        self._said = ""
        self._report: Report | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def edition(self) -> Edition:
        """Return the published version; DataError if there has been none. Does not wait for a remote source."""
        if self._edition is None and (self._source.is_near or self._thread is None):
            self.look()
        edition = self._edition
        if edition is None:
            raise self._error
        return edition

    def watch(self, report: Report) -> None:
        """Look now, then every `interval` seconds in a thread until stop(); refused versions are reported."""
        self._report = report
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="catalogue", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()

    def look(self) -> None:
        """Read the source once and take a new valid version; otherwise log why and keep the current one."""
        with self._lock:
            try:
                fetched = self._source.fetch(is_urgent=self._edition is None)
            except SourceError as error:
                self._miss(str(error))
                return
            if fetched is not None:
                self._judge(fetched)
            elif self._edition is not None:
                self._settle(Trouble.REFUSED if self._refused else None)

    def _watch(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # keep the current version and try again at the next look
                _log.exception("catalogo: %s: errore imprevisto", self._source.shown)
            if self._stopped.wait(self._source.interval):
                return

    def _judge(self, fetched: Fetched) -> None:
        digest = hashlib.sha256(fetched.data).hexdigest()
        if self._edition is not None and digest == self._edition.digest:
            self._refused = ""
            self._settle(None)
        elif digest == self._refused and self._edition is not None:
            self._settle(Trouble.REFUSED)
        else:
            self._try(fetched, digest)

    def _try(self, fetched: Fetched, digest: str) -> None:
        try:
            catalogue = self._read(fetched.data, self._source.name)
            if not len(catalogue):  # such as a truncated file or a table emptied by mistake
                raise DataError([Fault(self._source.name, 0, "", "non contiene nessuna iniziativa.")])
        except DataError as error:
            self._refuse(fetched, digest, error)
            return
        kept = self._copy.load() if self._copy else None
        is_kept = kept is not None and kept.data == fetched.data
        date = fetched.date or (kept.date if kept and is_kept else None) or datetime.now(UTC)
        self._refused = ""
        self._edition = Edition(catalogue, digest, date)
        _log.info("catalogo: %s: %d iniziative, versione %s", self._source.shown, len(catalogue), digest[:12])
        self._settle(None)
        if self._copy and not is_kept:
            self._copy.save(fetched.data, date)

    def _refuse(self, fetched: Fetched, digest: str, error: DataError) -> None:
        error = DataError([fetched.named(fault) for fault in error.faults])
        if digest != self._refused:
            _log.error("catalogo: %s: la versione %s è respinta", self._source.shown, digest[:12])
            for fault in error.faults:
                _log.error("catalogo: %s", fault)
            for line in self._report(fetched, self._source.name) if self._report else ():
                _log.error("catalogo: rapporto: %s", line)
        self._refused, self._error = digest, error
        self._take_copy()
        self._settle(Trouble.REFUSED)

    def _miss(self, reason: str) -> None:
        message = reason if self._source.is_near else "la sua fonte non risponde: riprova tra qualche minuto."
        self._error = DataError([Fault(self._source.name, 0, "", message)])
        if reason != self._said:
            _log.error("catalogo: %s: %s", self._source.shown, reason)
            self._said = reason
        self._take_copy()
        self._settle(Trouble.AWAY)

    def _take_copy(self) -> None:
        """If nothing is published yet, publish the copy of the last valid version, if there is one."""
        kept = self._copy.load() if self._copy and self._edition is None else None
        if kept is None or kept.date is None:
            return
        try:
            catalogue = self._read(kept.data, self._source.name)
        except DataError:
            return
        self._edition = Edition(catalogue, hashlib.sha256(kept.data).hexdigest(), kept.date)
        _log.warning(
            "catalogo: %s: si usa la copia del %s", self._source.shown, kept.date.isoformat(timespec="minutes")
        )

    def _settle(self, trouble: Trouble | None) -> None:
        if trouble is not Trouble.AWAY:
            if self._said:
                _log.info("catalogo: %s: risponde di nuovo", self._source.shown)
            self._said = ""
        self.trouble = trouble
