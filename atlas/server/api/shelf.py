"""A cache of answers, by query and version of the catalogue."""

import gzip
import hashlib
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from atlas.server.kept import Kept

# Enough for dozens of tables, or the boundaries of a few regions.
ROOM = 32_000_000
# Answers that may wait to be computed, one after the other: pages are drawn by the same process.
QUEUE = 8


class BusyError(Exception):
    """Too many answers are waiting to be computed."""


@dataclass(frozen=True, slots=True)
class Made:
    """The body of an answer, plain and compressed, with its ETag."""

    body: bytes
    compressed: bytes
    etag: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.compressed)


class Shelf:
    """A thread-safe cache that keeps the most recently used answers, up to ROOM bytes."""

    def __init__(self, room: int = ROOM, queue: int = QUEUE) -> None:
        self._places = threading.Semaphore(queue)
        self._seat = threading.Lock()
        self._kept: Kept[Made] = Kept(room)

    def take(self, key: Hashable, make: Callable[[], bytes]) -> Made:
        """Return the answer for a key, computing it if it is not cached, one at a time; BusyError if many wait."""
        if kept := self._kept.find(key):
            return kept
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            with self._seat:
                if kept := self._kept.find(key):  # computed while this one waited
                    return kept
                made = to_made(make())
                self._kept.keep(key, made, made.size)
                return made
        finally:
            self._places.release()


def to_made(body: bytes) -> Made:
    """Return a body ready to be sent. Its ETag is weak: the same for plain and compressed content."""
    return Made(body, gzip.compress(body, 6, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')
