"""Servers of the tests' own, as `streamlit run` starts them."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(port: int, root: Path = ROOT, **variables: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / f"server-{port}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=root, env={**os.environ, **variables}, stdout=log, stderr=log)


@contextmanager
def running_server(root: Path = ROOT, **variables: str) -> Iterator[str]:
    """Run a server of one's own, with ATLAS_… or STREAMLIT_… variables; yield its address."""
    port = free_port()
    process = start_server(port, root, **variables)
    base = variables.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    try:
        wait_healthy(address := f"http://127.0.0.1:{port}{'/' if base else ''}{base}")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def log_of(address: str) -> str:
    """Return what a server of these tests has written to its log."""
    return (ROOT / ".cache" / f"server-{urlsplit(address).port}.log").read_text(encoding="utf-8")


def wait_healthy(address: str, seconds: float = 60) -> None:
    """Return when the data are loaded; fail with what the server says otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server at {address} did not become healthy in {seconds} s")
