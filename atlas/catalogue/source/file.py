"""A catalogue in a local file."""

import os
from datetime import UTC, datetime
from pathlib import Path

from atlas.base.tables import explain_unreadable
from atlas.catalogue.source.source import MOST_BYTES, Fetched, SourceError

_ATTEMPTS = 5
_Stamp = tuple[int, int, int]


class FileSource:
    """Reads a file again when it has changed.

    A changed file is taken once two looks in a row find it unchanged, because somebody may still be copying it.
    """

    is_near = True
    interval = 10.0

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.shown = str(path)
        self._path = path
        self._read: _Stamp | None = None
        self._seen: _Stamp | None = None

    def fetch(self, *, is_urgent: bool = False) -> Fetched | None:
        """Return the content of the file if it is new; SourceError if there is none."""
        try:
            stamp = _stamp(self._path.stat())
            if stamp == self._read:
                return None
            if not is_urgent and stamp != self._seen:
                self._seen = stamp
                return None
            return self._take()
        except OSError as error:
            self._read = self._seen = None
            raise SourceError(" ".join(explain_unreadable(self._path, error))) from error

    def _take(self) -> Fetched:
        """Read the whole file, provided that it does not change meanwhile."""
        for _ in range(_ATTEMPTS):
            with self._path.open("rb") as file:
                before = _stamp(os.fstat(file.fileno()))
                data = file.read(MOST_BYTES + 1)
                after = _stamp(os.fstat(file.fileno()))
            if len(data) > MOST_BYTES:
                raise SourceError(f"il file è più grande di {MOST_BYTES // 1_000_000} MB.")
            if before == after == _stamp(self._path.stat()):
                self._read = before
                return Fetched(data, datetime.fromtimestamp(before[0] / 1e9, UTC))
        raise SourceError("il file continua a cambiare mentre lo si legge.")


def _stamp(found: os.stat_result) -> _Stamp:
    return (found.st_mtime_ns, found.st_size, found.st_ino)
