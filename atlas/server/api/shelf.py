"""Answers that were made already, by what was asked of which version of the catalogue; it knows no HTTP and no data."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

# Some dozens of tables, or the boundaries of a few regions.
ROOM = 32_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes of an answer, as they are and compressed, and the mark of their content."""

    body: bytes
    compressed: bytes
    etag: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.compressed)


class Shelf:
    """Keeps the answers that were asked for last, ROOM bytes of them. Safe to ask from several threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def take(self, key: Hashable, make: Callable[[], bytes]) -> Made:
        """Return the answer kept under a key, made now if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = to_made(make())
        with self._lock:
            self._size += made.size - (self._kept[key].size if key in self._kept else 0)
            self._kept[key] = made
            while self._size > self._room and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size
        return made


def to_made(body: bytes) -> Made:
    """Return bytes ready to be sent. The mark is weak: it stands for the content, compressed or not."""
    return Made(body, gzip.compress(body, 6, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')
