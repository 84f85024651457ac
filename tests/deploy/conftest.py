"""Two processes of the atlas behind a real nginx with deploy/atlante.conf, on free ports of this machine."""

import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import database, database_server
from tests.servers import free_port

__all__ = ["database", "database_server"]

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "deploy" / "atlante.conf"
# What is not part of the site: where nginx keeps its files, and no log of this machine.
MAIN = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/atlante.conf;
}}
"""
said: list[str] = []


def pytest_terminal_summary(terminalreporter):
    for line in said:
        terminalreporter.write_line(line)


class Process:
    """One process of the atlas, started as the systemd unit starts it."""

    def __init__(self, port: int, secret: str, log: Path) -> None:
        self.port, self._secret, self._log = port, secret, log
        self.address = f"http://127.0.0.1:{port}"
        self.start()

    def start(self) -> None:
        variables = {
            "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
            "STREAMLIT_SERVER_PORT": str(self.port),
            "STREAMLIT_SERVER_HEADLESS": "true",
            "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
            "STREAMLIT_SERVER_COOKIE_SECRET": self._secret,
        }
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)

    def wait(self) -> None:
        """Return when its data are loaded, as the unit's ExecStartPost does."""
        command = [sys.executable, str(ROOT / "deploy" / "wait_healthy.py"), str(self.port), "90"]
        assert subprocess.run(command).returncode == 0, self._log.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """End it as systemd does."""
        self._popen.terminate()
        try:
            self._popen.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None


class Site:
    """The whole: the address of the visitors, the certificate to trust, the two processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.https, self.http = free_port(), free_port()
        self.address = f"https://127.0.0.1:{self.https}"
        self.trust = str(folder / "fullchain.pem")
        secret = secrets.token_hex(32)
        self.processes = [Process(free_port(), secret, folder / f"atlante-{n}.log") for n in range(2)]
        _make_certificate(folder)
        (folder / "atlante.conf").write_text(self._fill(SITE.read_text(encoding="utf-8")))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        self._command = [_nginx(), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
        checked = subprocess.run([*self._command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self._nginx = subprocess.Popen(self._command)

    def wait(self) -> None:
        for process in self.processes:
            process.wait()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                urllib.request.build_opener(_Stay()).open(f"http://127.0.0.1:{self.http}/", timeout=5)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        pytest.fail((self.folder / "error.log").read_text())

    def process_of(self, cookies: dict[str, str]) -> Process:
        """Return the process that a visitor's cookie names."""
        return next(process for process in self.processes if str(process.port) == cookies["atlante_process"])

    def other_than(self, process: Process) -> Process:
        return next(one for one in self.processes if one is not process)

    def stop(self) -> None:
        self._nginx.terminate()
        self._nginx.wait(timeout=20)
        for process in self.processes:
            if process.is_running:
                process.stop()

    def _fill(self, text: str) -> str:
        """Put this machine's ports and files where an operator puts theirs; each must be in the file."""
        replaced = {
            "8501": str(self.processes[0].port),
            "8502": str(self.processes[1].port),
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.https} ssl http2;",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "/etc/ssl/atlante": str(self.folder),
            "https://$host$request_uri": f"https://$host:{self.https}$request_uri",
        }
        for before, after in replaced.items():
            assert before in text, before
            text = text.replace(before, after)
        return text


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, "no nginx: run `make test-deploy`"
    return found


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    whole = Site(tmp_path_factory.mktemp("deploy"))
    try:
        whole.wait()
        yield whole
    finally:
        whole.stop()


@pytest.fixture
def healthy(site: Site) -> Site:
    """The site with both processes up, whatever the test before did to them."""
    for process in site.processes:
        if not process.is_running:
            process.start()
        process.wait()
    return site
