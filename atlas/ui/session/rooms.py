"""The data of the presenter's second window: the notes of the current slide.

Kept in this process by an unguessable code; the oldest are dropped if there are many.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

ROOMS_AT_MOST = 500


@dataclass(frozen=True)
class Notes:
    """The current slide: its zero-based position, the number of slides, its title and notes, the next title."""

    at: int
    total: int
    title: str
    notes: str
    following: str
    started: float


_rooms: OrderedDict[str, Notes] = OrderedDict()
_lock = threading.Lock()


def tell(room: str, notes: Notes) -> None:
    """Set what the second window of a room shows."""
    with _lock:
        _rooms[room] = notes
        _rooms.move_to_end(room)
        while len(_rooms) > ROOMS_AT_MOST:
            _rooms.popitem(last=False)


def ask(room: str) -> Notes | None:
    """Return what the second window of a room shows, None if there is no presentation."""
    return _rooms.get(room)
