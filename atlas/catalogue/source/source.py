"""What a home of the catalogue is asked for, and how it says that it cannot answer; it knows no kind of home."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from atlas.base.model import Fault

# No catalogue of initiatives is larger; whatever is, is a mistake or an attack.
MOST_BYTES = 20_000_000


class SourceError(Exception):
    """The home of the catalogue cannot be read; one sentence for the log, without secrets."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A version as it was read: bytes like those of data/initiatives.csv, and since when it is so, if the home says.

    name_row: what a reader calls the row that stands on a line of the bytes, when it is not "line n of a file".
    """

    data: bytes
    date: datetime | None = None
    name_row: Callable[[int], str] | None = None

    def named(self, fault: Fault) -> Fault:
        """Return a fault that calls its row by name, where rows have names."""
        if not self.name_row or not fault.line:
            return fault
        return replace(fault, file=f"{fault.file}, {self.name_row(fault.line)}", line=0)


class Source(Protocol):
    """A home of the catalogue.

    name: what visitors may read; shown: what the log may read. is_near: asking it takes no longer than reading a file,
    so that a visitor may wait for it. interval: seconds between two looks.
    """

    name: str
    shown: str
    is_near: bool
    interval: float

    def fetch(self, *, is_urgent: bool = False) -> Fetched | None:
        """Return the version that is there now, None when it is the one read last; SourceError when there is none.

        is_urgent: nothing is published yet, so a version is better taken now than at the next look.
        """
        ...
