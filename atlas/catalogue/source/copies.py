"""The last valid version of a remote catalogue, kept on disk for restarts while the source is unavailable."""

import contextlib
import hashlib
import logging
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from atlas.catalogue.source.source import Fetched

_log = logging.getLogger("atlas")


class Copy:
    """One file in a folder, named after the address, so that copies of different catalogues are never mixed up."""

    def __init__(self, folder: Path, shown: str) -> None:
        digest = hashlib.sha256(shown.encode()).hexdigest()[:12]
        self._path = folder / f"catalogo-{digest}.csv"

    def load(self) -> Fetched | None:
        """Return the copy, or None if there is no readable one."""
        try:
            return Fetched(self._path.read_bytes(), datetime.fromtimestamp(self._path.stat().st_mtime, UTC))
        except OSError:
            return None

    def save(self, data: bytes, date: datetime) -> None:
        """Replace the copy, or log an error and keep the old one if it cannot be written."""
        try:
            replace_file(self._path, data)
            os.utime(self._path, (date.timestamp(), date.timestamp()))
        except OSError as error:
            _log.warning("catalogo: la copia %s non si può scrivere (%s)", self._path, error.strerror)


def replace_file(path: Path, data: bytes) -> None:
    """Replace the content of a file atomically; after an OSError it is unchanged."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # the permissions of an ordinarily written file
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
