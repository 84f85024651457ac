"""Work that takes seconds, in the background: a fair queue, progress, cancelling, result."""

import logging
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

# Called with (steps done, total steps) before each step.
Tell = Callable[[int, int], None]
T = TypeVar("T")
_log = logging.getLogger("atlas")
# Two at a time keep a small server responsive; beyond this queue length new work is refused.
SEATS, LONGEST_QUEUE = 2, 24


class FullError(Exception):
    """The queue is full."""


class _CancelledError(Exception):
    """Raised inside the work to stop it when it is cancelled."""


class _Work(Generic[T]):
    """The state shared with the thread; it outlives the Job only until the next step."""

    def __init__(self, owner: Hashable) -> None:
        self.owner = owner
        self.done, self.total = 0, 0
        self.result: T | None = None
        self.has_failed = False
        self.unwanted = threading.Event()

    def tell(self, done: int, total: int) -> None:
        if self.unwanted.is_set():
            raise _CancelledError
        self.done, self.total = done, total


class Queue:
    """A fair queue for a limited number of seats: sessions with the fewest seats first, then in order of arrival."""

    def __init__(self, seats: int = SEATS, longest: int = LONGEST_QUEUE) -> None:
        self._free, self._longest = seats, longest
        self._waiting: list[_Work[Any]] = []
        self._seated: Counter[Hashable] = Counter()
        self._changed = threading.Condition()

    def enter(self, work: _Work[Any], is_short: bool = False) -> None:
        """Join the queue; FullError if it is full, except for short work."""
        with self._changed:
            if len(self._waiting) >= self._longest and not is_short:
                raise FullError
            self._waiting.append(work)

    def leave(self, work: _Work[Any]) -> None:
        """Leave the queue without having had a seat."""
        with self._changed:
            self._waiting.remove(work)
            self._changed.notify_all()

    @contextmanager
    def seat(self, work: _Work[Any]) -> Iterator[None]:
        """Wait for a seat and hold it; _CancelledError if the work is cancelled first."""
        with self._changed:
            while not (self._free and self._next() is work):
                if work.unwanted.is_set():
                    self._waiting.remove(work)
                    raise _CancelledError
                self._changed.wait(0.5)  # cancelled work leaves the queue within half a second
            self._waiting.remove(work)
            self._free -= 1
            self._seated[work.owner] += 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._seated -= Counter([work.owner])  # and forget who has none
                self._changed.notify_all()

    def position(self, work: _Work[Any]) -> int:
        """Return the place in the queue from 1, or 0 for work that is not waiting."""
        with self._changed:
            order = sorted(self._waiting, key=lambda one: self._seated[one.owner])  # stable: then by arrival
            return order.index(work) + 1 if work in order else 0

    def _next(self) -> _Work[Any]:
        return min(self._waiting, key=lambda one: self._seated[one.owner])


_queue = Queue()


class Job(Generic[T]):
    """Started work. It stops at its next step after cancel(), or once the job is garbage-collected."""

    def __init__(self, work: Callable[[Tell], T], owner: Hashable = None, queue: Queue = _queue) -> None:
        self._work: _Work[T] = _Work(owner)
        self._queue = queue
        queue.enter(self._work)
        self._thread = threading.Thread(target=_run, args=(self._work, work, queue), daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the system gives no more threads
            queue.leave(self._work)
            raise FullError from None
        # Only the session holds the job: when the session is deleted, the work stops.
        weakref.finalize(self, self._work.unwanted.set)

    @property
    def done(self) -> int:
        return self._work.done

    @property
    def total(self) -> int:
        return self._work.total

    @property
    def result(self) -> T | None:
        return self._work.result

    @property
    def has_failed(self) -> bool:
        return self._work.has_failed

    @property
    def position(self) -> int:
        """Place in the queue from 1, or 0 once the work has begun."""
        return self._queue.position(self._work)

    @property
    def is_running(self) -> bool:
        """Tell whether the work is still under way and has not been cancelled."""
        return self._thread.is_alive() and not self._work.unwanted.is_set()

    def cancel(self) -> None:
        """Stop the work at its next step; its result is dropped."""
        self._work.unwanted.set()

    def wait(self, seconds: float) -> None:
        """Return when the work has ended, or after this many seconds."""
        self._thread.join(seconds)


def take_turn(work: Callable[[], bytes]) -> bytes:
    """Run short work in the calling thread, once a seat of the same queue is free."""
    mine: _Work[bytes] = _Work(None)
    _queue.enter(mine, is_short=True)
    with _queue.seat(mine):
        return work()


def _run(mine: _Work[T], work: Callable[[Tell], T], queue: Queue) -> None:
    try:
        with queue.seat(mine):
            mine.tell(0, 0)
            result = work(mine.tell)
        if not mine.unwanted.is_set():
            mine.result = result
    except _CancelledError:
        pass
    except Exception:
        _log.exception("a file could not be made")
        mine.has_failed = True
