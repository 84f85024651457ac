"""Reading an upload in a process of its own, with a budget of time and memory that holds whatever is inside.

A template process has read the country once and is forked for each file: a file costs some milliseconds more, nothing
of it stays, and it can be killed. Where processes cannot be forked (Windows) a file is read in this process. Run as a
program, this file is the template; it ends with the process that started it, or after ten idle minutes.
"""

import contextlib
import gc
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
from functools import partial
from pathlib import Path
from typing import Any

from atlas.base.folders import PACKAGE
from atlas.base.said import said
from atlas.intake.cells.report import IntakeReport, MessageLog
from atlas.intake.reader import Progress, read_upload
from atlas.intake.rows import to_frame

resource: Any
try:
    import resource
except ImportError:  # Windows
    resource = None

# The budget of a file: seconds of processor, bytes on top of the country. The largest honest lists take a third of it.
PROCESSOR, MEMORY = 20, 500 * 1024 * 1024
# Seconds on a busy machine, whatever the file does in them.
PATIENCE = 180
IDLE = 600
_STEP = 0.2
_HEAD = struct.Struct(">cQ")
_PID, _PART, _DONE = b"p", b"%", b"!"
# Beside pages that are shown, a file can wait.
_NICER = 5


class _GoneError(Exception):
    """The child process ended without an answer."""


def read_apart(
    data: bytes,
    filename: str,
    *,
    on_progress: Progress | None = None,
    still_wanted: Callable[[], None] = lambda: None,
    **choices: Any,
) -> IntakeReport:
    """Read like `read_upload` with the bundled territory; a file that exceeds the budget is refused with a message.

    `still_wanted` is called five times a second; raise in it to cancel: the process that reads is killed.
    """
    if not hasattr(os, "fork"):
        return read_upload(data, filename, on_progress=on_progress, **choices)
    order = pickle.dumps((data, filename, choices, PROCESSOR, MEMORY))
    for attempt in (1, 2):  # the template may have ended just now, after its idle time
        here = _template.open()
        try:
            with here:
                return _ask(here, order, on_progress or (lambda _: None), still_wanted)
        except (_GoneError, OSError):
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def warm_up() -> None:
    """Start the template now, so that the first file need not wait for it."""
    if hasattr(os, "fork"):
        _template.start()


class _Template:
    """The template process, started when it is first needed and again whenever it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def open(self) -> socket.socket:
        """Return a connection to a new child of the template."""
        here, there = socket.socketpair()
        with there:
            try:
                socket.send_fds(self.start(), [_PID], [there.fileno()])
            except OSError:
                self.stop()
                socket.send_fds(self.start(), [_PID], [there.fileno()])
        return here

    def start(self) -> socket.socket:
        with self._lock:
            if self._line is None or self._process is None or self._process.poll() is not None:
                self._end()
                self._line, there = socket.socketpair()
                with there:
                    self._process = subprocess.Popen(  # noqa: S603  (this file)
                        [sys.executable, "-m", "atlas.intake.apart", str(there.fileno())],
                        stdin=subprocess.DEVNULL,
                        pass_fds=[there.fileno()],
                        cwd=PACKAGE.parent,
                        # Threads of the numeric libraries would not survive a fork.
                        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                    )
            return self._line

    def stop(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


_template = _Template()


def _ask(line: socket.socket, order: bytes, on_progress: Progress, still_wanted: Callable[[], None]) -> IntakeReport:
    """Send the order, pass its progress on, and return the report; _GoneError if nothing was even begun."""
    end, pid = time.monotonic() + PATIENCE, 0
    line.settimeout(_STEP)
    inbox = bytearray()
    try:
        while True:
            still_wanted()
            try:
                part = line.recv(1 << 20)
            except TimeoutError:
                if time.monotonic() > end:
                    return _refuse()
                continue
            if not part:
                if not pid:
                    raise _GoneError
                pid = 0
                return _refuse()
            inbox += part
            while len(inbox) >= _HEAD.size:
                kind, size = _HEAD.unpack_from(inbox)
                if len(inbox) < _HEAD.size + size:
                    break
                body = bytes(inbox[_HEAD.size : _HEAD.size + size])
                del inbox[: _HEAD.size + size]
                if kind == _PID:
                    pid = int(body)
                    line.settimeout(PATIENCE)
                    line.sendall(struct.pack(">Q", len(order)) + order)
                    line.settimeout(_STEP)
                elif kind == _PART:
                    on_progress(float(body))
                else:
                    pid = 0
                    report: IntakeReport = pickle.loads(body)  # noqa: S301  (written by this file's other half)
                    return report
    finally:
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _refuse() -> IntakeReport:
    log = MessageLog()
    log.error(0, "", "", said("over_budget", seconds=PROCESSOR, megabytes=MEMORY // 1024**2), said("over_budget_hint"))
    return IntakeReport(rows=to_frame([]), messages=log.close(), kinds=log.kinds())


def _serve(line: socket.socket) -> None:
    """Fork a child for every connection that comes along the line; return when it ends or stays idle."""
    read_upload(b"titolo;comune\nA;Roma\n", "")  # the country, the vocabulary, every list that is read once
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    gc.collect()
    gc.freeze()  # else every child looks through the country for garbage
    line.settimeout(IDLE)
    while True:
        try:
            told, descriptors, _, _ = socket.recv_fds(line, 1, 1)
        except OSError:
            return
        if not told:
            return
        with socket.socket(fileno=descriptors[0]) as there:
            if os.fork() == 0:
                try:
                    line.close()
                    _read(there)
                except Exception:
                    traceback.print_exc()
                finally:
                    os._exit(0)


def _read(line: socket.socket) -> None:
    """Read one file within the budget and answer with its report; on a breach the process ends without an answer."""
    os.nice(_NICER)
    send = partial(_send, line)
    send(_PID, str(os.getpid()).encode())
    (size,) = struct.unpack(">Q", _receive(line, 8))
    data, filename, choices, seconds, memory = pickle.loads(_receive(line, size))  # noqa: S301  (written by this file's other half)
    _limit(seconds, memory)
    try:
        report = read_upload(data, filename, on_progress=lambda part: send(_PART, str(part).encode()), **choices)
        answer = pickle.dumps(report)
    except (MemoryError, BrokenPipeError):  # too large, or not wanted any more
        return
    send(_DONE, answer)


def _limit(seconds: int, memory: int) -> None:
    """Set the budget of this process; memory only where the system says how much there is already (Linux)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds += int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        kept = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (kept + memory, kept + memory))


def _send(line: socket.socket, kind: bytes, body: bytes) -> None:
    line.sendall(_HEAD.pack(kind, len(body)) + body)


def _receive(line: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = line.recv(min(size - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _line:
        _serve(_line)
