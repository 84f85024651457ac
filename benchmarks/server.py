"""One measured program as a server process: starting it, its processor time, its memory, stopping it."""

import os
import resource
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

import psutil

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / ".cache" / "benchmarks"


class Server:
    """A running `streamlit run` of one script: `with Server(…) as server` waits until it answers, and ends it."""

    def __init__(self, name: str, script: Path, health: str, **variables: str) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
        LOGS.mkdir(parents=True, exist_ok=True)
        self._log = LOGS / f"{name}.log"
        variables = {"PYTHONPATH": str(ROOT), **variables}
        with self._log.open("wb") as log:
            # In the root, so that every program runs with the same .streamlit/config.toml.
            self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)
        self._ps = psutil.Process(self._process.pid)
        self._health = f"{self.address}/{health}"

    def __enter__(self) -> Self:
        try:
            self._wait()
        except RuntimeError:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _wait(self, seconds: float = 300) -> None:
        """Return when the program answers; RuntimeError with the end of its log when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(self._health, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"{self._health} does not answer:\n{self._log.read_text(errors='replace')[-2000:]}")

    def cpu_seconds(self) -> float:
        """Return the processor time of the process since its start, in steps of 10 ms."""
        times = self._ps.cpu_times()
        return float(times.user + times.system)

    def wait_idle(self, seconds: float = 60) -> None:
        """Return when the process has done nothing for half a second: its last rerun must not slow the next build."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.cpu_seconds()
            time.sleep(0.5)
            if self.cpu_seconds() - before < 0.05:
                return

    def memory_mb(self) -> float:
        """Return the resident memory in MB."""
        return float(self._ps.memory_info().rss) / 1e6

    def _stop(self) -> None:
        """End the process and wait for it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()


def peak_memory_mb() -> float:
    """Return the largest memory of this process so far; Linux counts in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
