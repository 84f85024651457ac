"""Ids: from a title, and so that no two are the same."""

import re
from collections.abc import Iterable

from atlas.base.text import fold

SLUG_LENGTH = 60


class Ids:
    """Gives out ids, each once: whoever wants one that is taken gets it with a number.

    `reserved` are written in a file and go only to those who wrote them.
    """

    def __init__(self, taken: Iterable[str] = (), reserved: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._reserved = frozenset(reserved)
        self._last_number: dict[str, int] = {}

    def take(self, wanted: str, written: str = "") -> str:
        """Return a free id; `written` is the one that the file has for it."""
        free = wanted
        while free in self._taken or (free in self._reserved and free != written):
            self._last_number[wanted] = self._last_number.get(wanted, 1) + 1
            free = f"{wanted}-{self._last_number[wanted]}"
        self._taken.add(free)
        return free


def make_slug(text: str, length: int = SLUG_LENGTH) -> str:
    """Return a text as an id: lower-case letters, digits and single hyphens, cut at a word."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return slug if len(slug) <= length else slug[:length].rpartition("-")[0] or slug[:length]
