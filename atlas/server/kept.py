"""What a server has made: kept within a number of bytes, the least recently used goes first, and sent with an ETag."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response

T = TypeVar("T")


class Kept(Generic[T]):
    """A thread-safe cache of up to `most_bytes`; what is larger than that is kept alone, until something else comes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes of everything that is kept."""
        return self._size

    def find(self, key: Hashable) -> T | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, made: T, size: int) -> None:
        """Keep what was made, `size` bytes, in the place of what was under the key before."""
        with self._lock:
            self._size += size - self._kept.pop(key, (made, 0))[1]
            self._kept[key] = (made, size)
            while self._size > self._most_bytes and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1][1]


def answer_with(
    request: Request, body: bytes, media_type: str, etag: str, headers: Mapping[str, str], compressed: bytes = b""
) -> Response:
    """Return a body as it is asked for, or 304 to who has it already; compressed: the same by gzip, if there is one."""
    headers = {"ETag": etag, **headers, **({"Vary": "Accept-Encoding"} if compressed else {})}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {"*", etag.removeprefix("W/")}:
        return Response(None, 304, headers)
    if compressed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, 200, {**headers, "Content-Encoding": "gzip"}, media_type)
    return Response(body, 200, headers, media_type)
