"""The interface of the catalogue's sources: a file, an https address or a database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from atlas.base.model import Fault

# Larger files are a mistake or an attack.
MOST_BYTES = 20_000_000


class SourceError(Exception):
    """The source cannot be read; carries one sentence for the log, without secrets."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A version as it was read: bytes in the format of data/initiatives.csv, and when it was last modified, if known.

    name_row: names the row on a line of the bytes, for sources without line numbers.
    """

    data: bytes
    date: datetime | None = None
    name_row: Callable[[int], str] | None = None

    def named(self, fault: Fault) -> Fault:
        """Return a fault with the name of its row, for sources that name rows."""
        if not self.name_row or not fault.line:
            return fault
        return replace(fault, file=f"{fault.file}, {self.name_row(fault.line)}", line=0)


class Source(Protocol):
    """A source of the catalogue.

    name: shown to visitors; shown: written to the log. is_near: as fast as reading a file, so that a visitor may wait
    for it. interval: seconds between two looks.
    """

    name: str
    shown: str
    is_near: bool
    interval: float

    def fetch(self, *, is_urgent: bool = False) -> Fetched | None:
        """Return the current version, or None if it has not changed; SourceError if it cannot be read.

        is_urgent: nothing is published yet, so take a version now rather than at the next look.
        """
        ...
