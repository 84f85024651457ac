"""What a presenter's second window shows: the notes of the screen that stands before the audience.

Kept in this process only, by a code that nobody can guess, and forgotten with the oldest when there are many.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

ROOMS_AT_MOST = 500


@dataclass(frozen=True)
class Notes:
    """The screen before the audience: its position from 0, how many there are, its title and notes, the next title."""

    at: int
    total: int
    title: str
    notes: str
    following: str
    started: float


_rooms: OrderedDict[str, Notes] = OrderedDict()
_lock = threading.Lock()


def new_room() -> str:
    """Return the code of a new room."""
    return secrets.token_urlsafe(12)


def tell(room: str, notes: Notes) -> None:
    """Keep what the room's second window shows."""
    with _lock:
        _rooms[room] = notes
        _rooms.move_to_end(room)
        while len(_rooms) > ROOMS_AT_MOST:
            _rooms.popitem(last=False)


def ask(room: str) -> Notes | None:
    """Return what the room's second window shows, None when nobody presents there."""
    return _rooms.get(room)
