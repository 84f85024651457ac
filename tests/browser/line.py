"""The line between a browser and the server, which a test can cut: at once, or in the middle of what is sent."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_PIECE = 65_536


class Line:
    """Passes on what comes to a port of its own; while it is cut, nobody gets through."""

    def __init__(self, to: str) -> None:
        parts = urlsplit(to)
        self._to = (parts.hostname, parts.port)
        self._ends: set[socket.socket] = set()
        self._is_cut = False
        # A connection that begins like this is cut after so many bytes; told when it has been.
        self.cut_request: bytes = b""
        self.cut_after = 0
        self.has_cut = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close every connection and let nobody through."""
        self._is_cut = True
        for end in list(self._ends):
            _close(end)

    def mend(self) -> None:
        """Let everybody through again."""
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _close(self._listener)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._is_cut:
                    _close(near)
                    continue
                try:
                    far = socket.create_connection(self._to)
                except OSError:  # the server is gone
                    _close(near)
                    continue
                self._ends |= {near, far}
                for source, goal in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, goal, source is near), daemon=True).start()

    def _pass_on(self, source: socket.socket, goal: socket.socket, is_asking: bool) -> None:
        with contextlib.suppress(OSError):
            n_passed, is_doomed = 0, False
            while piece := source.recv(_PIECE):
                is_doomed |= bool(is_asking and self.cut_request and piece.startswith(self.cut_request))
                n_passed += len(piece) if is_doomed else 0
                if is_doomed and n_passed > self.cut_after:
                    self.has_cut.set()
                    break
                goal.sendall(piece)
        for end in (source, goal):
            self._ends.discard(end)
            _close(end)


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    line = Line(server)
    try:
        yield line
    finally:
        line.close()


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
