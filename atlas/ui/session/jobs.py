"""Background jobs of a few seconds, with progress, cancelling and result."""

import logging
import threading
from collections.abc import Callable

# Called with (steps done, total steps) before each step.
Tell = Callable[[int, int], None]
_log = logging.getLogger("atlas")
# Two jobs at a time, so that a small server stays responsive; the others wait.
_seats = threading.BoundedSemaphore(2)


class _CancelledError(Exception):
    """Raised inside the job after it was cancelled."""


class Job:
    """A started job. It ends by itself, or at the next step after cancel()."""

    def __init__(self, work: Callable[[Tell], bytes]) -> None:
        self.done, self.total = 0, 0
        self.result: bytes | None = None
        self.has_failed = False
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Tell whether a result may still come."""
        return self._thread.is_alive() and not self._unwanted.is_set()

    def cancel(self) -> None:
        """Cancel the job."""
        self._unwanted.set()

    def wait(self, seconds: float) -> None:
        """Wait until the job has ended, or for some seconds."""
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
