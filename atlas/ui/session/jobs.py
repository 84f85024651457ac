"""A piece of work that takes seconds, beside the session that asked for it: progress, cancelling, result.

It knows neither what is made nor who waits for it.
"""

import logging
import threading
from collections.abc import Callable

# Called with (steps done, steps in all) before each step.
Tell = Callable[[int, int], None]
_log = logging.getLogger("atlas")
# Two at a time keep a small server answering; the others wait.
_seats = threading.BoundedSemaphore(2)


class _CancelledError(Exception):
    """Raised inside the work when nobody wants its result any more."""


class Job:
    """Work that has been started. It ends by itself, by cancel(), or at the next step after it."""

    def __init__(self, work: Callable[[Tell], bytes]) -> None:
        self.done, self.total = 0, 0
        self.result: bytes | None = None
        self.has_failed = False
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Tell whether somebody still waits for a result that may come."""
        return self._thread.is_alive() and not self._unwanted.is_set()

    def cancel(self) -> None:
        """Give the result up."""
        self._unwanted.set()

    def wait(self, seconds: float) -> None:
        """Return when the work has ended, or after some seconds."""
        self._thread.join(seconds)

    def _tell(self, done: int, total: int) -> None:
        if self._unwanted.is_set():
            raise _CancelledError
        self.done, self.total = done, total

    def _run(self, work: Callable[[Tell], bytes]) -> None:
        try:
            with _seats:
                self._tell(0, 0)
                result = work(self._tell)
            if not self._unwanted.is_set():
                self.result = result
        except _CancelledError:
            pass
        except Exception:
            _log.exception("a file could not be made")
            self.has_failed = True
