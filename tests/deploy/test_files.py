"""The atlas as files behind a real nginx with deploy/atlante-file.conf: every link answers, and how many a second."""

import gzip
import http.client
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from lxml import etree

from tests.deploy import conftest
from tests.servers import free_port

if not os.environ.get("ATLAS_DEPLOY"):
    pytest.skip("run by `make test-deploy`", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "deploy" / "atlante-file.conf"
SECONDS, READERS = 5, 4


class Nginx:
    """The files of the bundled catalogue, served as an operator would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, plain = folder, free_port(), free_port()
        base = f"https://127.0.0.1:{self.port}/"
        command = [sys.executable, "-m", "atlas", "site", str(folder / "site"), "--base", base]
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        conftest.said.append(
            f"the atlas as files: {done.stdout.strip()} ({time.monotonic() - begun:.0f} s with its start)"
        )
        conftest._make_certificate(folder)
        text = FILES.read_text(encoding="utf-8")
        for before, after in {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "/etc/ssl/atlante": str(folder),
            "/srv/atlante": str(folder / "site"),
        }.items():
            assert before in text, before
            text = text.replace(before, after)
        (folder / "atlante.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(conftest.MAIN.format(folder=folder, user=user))
        command = [conftest._nginx(), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        command += ["-e", str(folder / "error.log")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen(command)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.ask(self.connect(), "/")
                return
            except OSError:
                assert time.monotonic() < deadline, (folder / "error.log").read_text()
                time.sleep(0.1)

    def connect(self) -> http.client.HTTPSConnection:
        trust = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trust)

    def ask(self, connection, path, **headers):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | headers)
        answer = connection.getresponse()
        body = answer.read()
        return answer, gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    nginx = Nginx(tmp_path_factory.mktemp("files"))
    try:
        yield nginx
    finally:
        nginx.stop()


def test_every_link_of_every_page_answers(files):
    connection, known, broken = files.connect(), {}, []
    listed = etree.fromstring(files.ask(connection, "/sitemap.xml")[1]).iter("{*}loc")
    waiting = ["/", "/robots.txt", "/novita.atom", "/en/novita.atom", *(urlsplit(one.text).path for one in listed)]
    while waiting:
        path = waiting.pop()
        if path in known:
            continue
        answer, body = files.ask(connection, path)
        known[path] = answer.status
        if answer.status != 200:
            broken.append(path)
        elif answer.getheader("Content-Type", "").startswith("text/html"):
            links = [link for _, _, link, _ in lxml.html.document_fromstring(body.decode()).iterlinks()]
            whole = (urlsplit(urljoin(f"https://127.0.0.1:{files.port}{path}", link)) for link in links)
            waiting += [unquote(one.path) for one in whole if one.port == files.port and one.path not in known]
    conftest.said.append(f"the atlas as files: {len(known)} addresses, {len(broken)} broken")
    assert broken == [] and len(known) > 700


def test_what_is_missing_and_what_stays(files):
    connection = files.connect()
    answer, body = files.ask(connection, "/non/esiste")
    assert answer.status == 404 and "Questa pagina non c" in body.decode()
    assert files.ask(connection, "/novita.json")[0].status == 404
    answer, _ = files.ask(connection, "/")
    assert answer.getheader("Cache-Control") == "no-cache" and answer.getheader("ETag")
    assert files.ask(connection, "/", **{"If-None-Match": answer.getheader("ETag")})[0].status == 304
    style = next((files.folder / "site" / "file").glob("site.*.css")).name
    assert "immutable" in files.ask(connection, f"/file/{style}")[0].getheader("Cache-Control")


def test_how_many_pages_a_second(files, healthy):
    """The files from nginx beside the first HTML of the same pages from one process, both with words and numbers."""
    process = healthy.processes[0]

    def ask_server(connection, path):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert b"<h1>" in answer.read()
        return answer.status

    from_files = _pages_a_second(
        files.connect,
        lambda connection, path: files.ask(connection, path)[0].status,
        ("/", "/regioni/08.html", "/iniziative/index.html"),
    )
    from_server = _pages_a_second(
        lambda: http.client.HTTPConnection("127.0.0.1", process.port, timeout=20),
        ask_server,
        ("/", "/regioni?face=region&about=08", "/catalogo"),
    )
    conftest.said.append(
        f"pages a second, asked by one process: {from_files:.0f} as files from nginx, {from_server:.0f} from one "
        f"process of the server, {from_files / from_server:.1f} times as many"
    )
    assert from_files > 50


def _pages_a_second(connect, ask, paths):
    counts, stop = [0] * READERS, time.monotonic() + SECONDS

    def read(at):
        connection = connect()
        while time.monotonic() < stop:
            assert ask(connection, paths[counts[at] % len(paths)]) == 200
            counts[at] += 1

    readers = [threading.Thread(target=read, args=(at,)) for at in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return sum(counts) / SECONDS
