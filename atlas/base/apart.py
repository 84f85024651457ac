"""Work in a process of its own, which has a budget and can be killed.

A template process prepares once what such work needs (libraries, the country) and is forked for each piece: a piece
costs some milliseconds more, and nothing of it stays. Where processes cannot be forked (Windows) the work is done in
this one. Run as a program, this file is the template; it ends with the process that started it, or after ten idle
minutes.
"""

import contextlib
import gc
import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from atlas.base.folders import PACKAGE

resource: Any
try:
    import resource
except ImportError:  # Windows
    resource = None

T = TypeVar("T")
# Seconds without work after which the template ends; seconds that it may take to prepare and to fork.
IDLE, STARTING = 600, 180
_STEP = 0.2
_HEAD = struct.Struct(">cQ")
_PID, _TOLD, _DONE, _FAILED = b"p", b"%", b"!", b"x"
# The longest name of a function that prepares: every request to the template has this length.
_NAME = 128
# Beside pages that are shown, such work can wait.
_NICER = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """What one piece of work may use: seconds of processor, seconds of waiting, bytes on top of the template.

    The waiting counts on a busy machine too, whatever the work does in it. Memory is limited on Linux only.
    """

    processor: int
    patience: int
    memory: int | None = None


class EndedError(Exception):
    """The process ended without a result: its budget was used up, or something else has killed it."""


class FailedError(Exception):
    """The work raised an error, which is in the log, or its process could not be prepared or started."""


class _GoneError(Exception):
    """The template ended before the work began, or could not prepare it."""


class _HangsError(Exception):
    """The template has not begun the work in its time."""


def run_apart(
    work: Callable[..., T],
    *args: Any,
    prepare: Callable[[], object],
    budget: Budget,
    on_told: Callable[[Any], object] = lambda _: None,
    still_wanted: Callable[[], object] = lambda: None,
) -> T:
    """Return `work(*args, tell)` from a process of its own; EndedError or FailedError without a result.

    work, prepare: functions of a module; args and result can be pickled. prepare: called once in the template, before
    the first such work. on_told: called here with what the work passes to `tell` (JSON). still_wanted: called five
    times a second; raise in it to cancel: the process and those that it has started are killed.
    """
    if not hasattr(os, "fork"):
        return work(*args, on_told)
    order = pickle.dumps((work, args, budget))
    for _ in range(2):  # the template may have ended just now, after its idle time
        try:
            here, template = _template.open(prepare)
        except OSError as error:
            raise FailedError("no process could be started") from error
        with here:
            try:
                result: T = _ask(here, order, budget.patience, on_told, still_wanted)
                return result
            except _HangsError:
                _template.stop(template)
            except _GoneError:
                pass
    raise FailedError("no process could be prepared")


def prepare_apart(prepare: Callable[[], object]) -> None:
    """Start the template and let it prepare now, so that the first such work need not wait for it.

    Where that is impossible now, the work itself will say so.
    """
    if hasattr(os, "fork"):
        with contextlib.suppress(OSError):
            _template.tell(prepare)


class _Template:
    """The template process, started when it is first needed and again whenever it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._told: set[bytes] = set()

    def open(self, prepare: Callable[[], object]) -> tuple[socket.socket, socket.socket]:
        """Return a connection to a new child of the template, and the line to the template."""
        line = self._start()
        here, there = socket.socketpair()
        with there:
            try:
                socket.send_fds(line, [_name_of(prepare)], [there.fileno()])
            except OSError:
                self.stop(line)
                line = self._start()
                socket.send_fds(line, [_name_of(prepare)], [there.fileno()])
        return here, line

    def tell(self, prepare: Callable[[], object]) -> None:
        line, name = self._start(), _name_of(prepare)
        with self._lock:
            if line is not self._line or name in self._told:
                return
            self._told.add(name)
            line.sendall(name)

    def stop(self, line: socket.socket | None = None) -> None:
        """End the template; with a line, only if it is still the one at its other end."""
        with self._lock:
            if line is None or line is self._line:
                self._end()

    def _start(self) -> socket.socket:
        with self._lock:
            if self._line is None or self.process is None or self.process.poll() is not None:
                self._end()
                # In the folder of this process: an operator's paths may be relative to it.
                path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
                self._line, there = socket.socketpair()
                with there:
                    self.process = subprocess.Popen(  # noqa: S603  (this file)
                        [sys.executable, "-m", __name__, str(there.fileno())],
                        stdin=subprocess.DEVNULL,
                        pass_fds=[there.fileno()],
                        # Threads of the numeric libraries would not survive a fork.
                        env=os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                    )
            return self._line

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._line = self.process = None
        self._told = set()


_template = _Template()


def _name_of(prepare: Callable[[], object]) -> bytes:
    return f"{prepare.__module__}:{prepare.__qualname__}".encode().ljust(_NAME, b"\0")


def _ask(
    line: socket.socket,
    order: bytes,
    patience: int,
    on_told: Callable[[Any], object],
    still_wanted: Callable[[], object],
) -> Any:
    """Send the order, pass on what is told, and return the result; _GoneError or _HangsError if nothing was begun."""
    end, pid = time.monotonic() + STARTING, 0
    line.settimeout(_STEP)
    inbox = bytearray()
    try:
        while True:
            still_wanted()
            try:
                part = line.recv(1 << 20)
            except TimeoutError:
                if time.monotonic() < end:
                    continue
                if pid:
                    raise EndedError("it took too long") from None
                raise _HangsError from None
            except OSError:
                part = b""
            if not part:
                raise EndedError("it was ended: budget used up, or killed") if pid else _GoneError
            inbox += part
            while len(inbox) >= _HEAD.size:
                kind, size = _HEAD.unpack_from(inbox)
                if len(inbox) < _HEAD.size + size:
                    break
                body = bytes(inbox[_HEAD.size : _HEAD.size + size])
                del inbox[: _HEAD.size + size]
                if kind == _PID:
                    pid, end = int(body), time.monotonic() + patience
                    line.settimeout(patience)
                    with contextlib.suppress(OSError):  # it has ended, as the next look will tell
                        line.sendall(order)
                    line.settimeout(_STEP)
                elif kind == _TOLD:
                    on_told(json.loads(body))
                elif kind == _FAILED:
                    raise FailedError("an error of the work, see above")
                else:
                    return pickle.loads(body)  # noqa: S301  (written by this file's other half)
    finally:
        if pid:  # with what it has started; ended already if there is a result
            with contextlib.suppress(ProcessLookupError, PermissionError):  # the second on macOS
                os.killpg(pid, signal.SIGKILL)


def _serve(line: socket.socket) -> None:
    """Prepare what is named along the line, and fork a child for every connection that comes with a name; return when
    the line ends or stays idle.
    """
    os.nice(_NICER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    prepared: set[bytes] = set()
    line.settimeout(IDLE)
    while True:
        try:
            name, descriptors, _, _ = socket.recv_fds(line, _NAME, 1)
        except OSError:
            return
        if not name:
            return
        try:
            if name not in prepared:
                _prepare(name.rstrip(b"\0").decode())
                prepared.add(name)
        except Exception:
            traceback.print_exc()
            for descriptor in descriptors:
                os.close(descriptor)
            continue
        for descriptor in descriptors:
            with socket.socket(fileno=descriptor) as there:
                if os.fork() == 0:
                    try:
                        line.close()
                        _work(there)
                    except Exception:
                        traceback.print_exc()
                    finally:
                        os._exit(0)


def _prepare(name: str) -> None:
    module, _, function = name.partition(":")
    getattr(import_module(module), function)()
    gc.collect()
    gc.freeze()  # else every child looks through the country for garbage


def _work(line: socket.socket) -> None:
    """Do one piece of work within its budget and answer with its result; on a breach the process just ends."""
    os.setsid()  # a group of its own, to be killed with what it starts
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    send = partial(_send, line)
    send(_PID, str(os.getpid()).encode())
    try:
        with line.makefile("rb") as order:
            work, args, budget = pickle.load(order)  # noqa: S301  (written by this file's other half)
        _limit(budget)
        answer = pickle.dumps(work(*args, partial(_tell, line)))
    except MemoryError:
        return
    except BaseException:
        traceback.print_exc()  # first: who asked kills this process when it hears of it
        send(_FAILED, b"")
        return
    send(_DONE, answer)


def _tell(line: socket.socket, value: Any) -> None:
    body = json.dumps(value).encode()
    try:
        _send(line, _TOLD, body)
    except BrokenPipeError:  # nobody waits for it any more
        os._exit(0)


def _limit(budget: Budget) -> None:
    """Set the budget of this process; memory only where the system says how much there is already (Linux)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = budget.processor + int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if budget.memory is None:
        return
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        kept = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (kept + budget.memory, kept + budget.memory))


def _send(line: socket.socket, kind: bytes, body: bytes) -> None:
    line.sendall(_HEAD.pack(kind, len(body)) + body)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _line:
        _serve(_line)
