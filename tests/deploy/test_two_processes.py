"""Two processes behind nginx: everything arrives, a dead process costs nobody a page, a restart is not noticed."""

import asyncio
import gzip
import http.client
import os
import re
import ssl
import time
from collections import Counter
from pathlib import Path

import pytest
import streamlit

from benchmarks.wire import Visitor, WireError, choice
from tests.deploy.conftest import ROOT, said

if not os.environ.get("ATLAS_DEPLOY"):
    pytest.skip("run by `make test-deploy`", allow_module_level=True)

CATALOGUE = (ROOT / "data" / "initiatives.csv").read_bytes()
N_VISITORS, AT_ONCE = 30, 6


def visitor_of(site, query=""):
    return Visitor(site.address, query, site.trust)


async def whole_visit(site, number):
    """What a visitor with a file does: the map, a filter, their own file up, a template down; return their process."""
    async with visitor_of(site) as visitor:
        await visitor.run()
        before = str(visitor.page.of("metric"))
        label = next(option for option in visitor.page.widget("filter_themes").options if "(0)" not in option)
        await visitor.run(filter_themes=choice(label))
        assert str(visitor.page.of("metric")) != before
        await visitor.leave()
    async with visitor_of(site, "lang=it") as visitor:
        await visitor.run(page="dati")
        down = await visitor.download(visitor.page.widget("own_template"))
        assert (down.status, len(down.body) > 100) == (200, True)
        key = visitor.page.of("file_uploader")[0].id.rsplit("-", 1)[1]
        up = await visitor.upload(key, f"elenco-{number}.csv", CATALOGUE)
        assert up.status == 204
        # The report is on the screen, with a file to take away that only this process has.
        corrected = await visitor.download(visitor.page.of("download_button")[-1])
        assert len(visitor.page.of("download_button")) > 1
        assert (corrected.status, len(corrected.body) > 100) == (200, True)
        return visitor.cookies["atlante_process"]


def test_everything_arrives(healthy):
    async def all_of_them():
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(number):
            async with turns:
                return await whole_visit(healthy, number)

        return await asyncio.gather(*(one(number) for number in range(N_VISITORS)), return_exceptions=True)

    started = time.monotonic()
    results = asyncio.run(all_of_them())
    faults = [repr(result) for result in results if isinstance(result, BaseException)]
    shares = Counter(result for result in results if isinstance(result, str))
    said.append(
        f"test-deploy: page, websocket, filter, upload and downloads for {len(results) - len(faults)} of {N_VISITORS} "
        f"visitors, {' + '.join(map(str, shares.values()))} on the two processes, {time.monotonic() - started:.0f} s"
    )
    assert faults == []
    assert len(shares) == 2


def test_the_cookie_is_sent_once_and_names_who_answered(healthy):
    async def look():
        visitor = visitor_of(healthy)
        first = await visitor.get("/", accept="text/html")
        again = [await visitor.get("/", accept="text/html") for _ in range(3)]
        stranger = await visitor.get("/", Cookie="atlante_process=1; x=y")
        return first, again, stranger

    first, again, stranger = asyncio.run(look())
    cookie = re.fullmatch(r"atlante_process=(\d+); Path=/; HttpOnly; Secure; SameSite=Lax", first.headers["set-cookie"])
    assert int(cookie[1]) in [process.port for process in healthy.processes]
    assert ["set-cookie" in answer.headers for answer in again] == [False] * 3
    assert "atlante_process=" in stranger.headers["set-cookie"]


def test_the_token_of_one_process_is_good_for_the_other(healthy):
    """A visitor who had to move brings the cookies of the first process: their upload must not be refused."""

    async def move():
        first, second = (Visitor(process.address) for process in healthy.processes)
        await first.load()
        second.cookies = dict(first.cookies)
        async with second:
            await second.run(page="dati")
            key = second.page.of("file_uploader")[0].id.rsplit("-", 1)[1]
            return first.cookies, await second.upload(key, "elenco.csv", CATALOGUE)

    cookies, answer = asyncio.run(move())
    assert "_streamlit_xsrf" in cookies
    assert answer.status == 204


def test_a_killed_process_costs_nobody_a_page(healthy):
    async def story():
        visitor = visitor_of(healthy)
        await visitor.load()
        await visitor.connect()
        await visitor.run()
        mine = healthy.process_of(visitor.cookies)
        other = healthy.other_than(mine)
        mine.kill()
        with pytest.raises(WireError, match="the websocket"):
            await visitor.run()
        # The next visitors are new: all are served by the other one, at once.
        for _ in range(10):
            started = time.monotonic()
            async with visitor_of(healthy) as newcomer:
                await newcomer.run()
                assert healthy.process_of(newcomer.cookies) is other
            assert time.monotonic() - started < 20
        # Whoever was there comes back as their browser does, and is moved.
        await visitor.connect()
        await visitor.run(page="dati")
        assert healthy.process_of(visitor.cookies) is other
        # The first is back: the session is where it was, and so are its uploads.
        mine.start()
        await asyncio.to_thread(mine.wait)
        key = visitor.page.of("file_uploader")[0].id.rsplit("-", 1)[1]
        assert (await visitor.upload(key, "elenco.csv", CATALOGUE)).status == 204
        assert (await visitor.get("/", accept="text/html")).status == 200
        assert healthy.process_of(visitor.cookies) is other
        await visitor.leave()
        shares = Counter()
        for _ in range(10):
            newcomer = visitor_of(healthy)
            await newcomer.load()
            shares[newcomer.cookies["atlante_process"]] += 1
        assert len(shares) == 2

    asyncio.run(story())


def test_a_rolling_restart_fails_no_request(healthy):
    """Newcomers and those who were there go on asking while each process is stopped, started and waited for."""
    paths = ("/", "/_stcore/health", "/healthz", f"/static/{_a_static_file()}")

    async def ask(counts, faults, is_over, visitor, number):
        while not is_over.is_set():
            asker = visitor or visitor_of(healthy)
            path = paths[(number + counts["asked"]) % len(paths)]
            counts["asked"] += 1
            try:
                status = (await asker.get(path)).status
                if status != 200:
                    faults.append(f"{path}: {status}")
            except WireError as error:
                faults.append(str(error))
            await asyncio.sleep(0.25)

    async def session(counts, faults, is_over):
        """A visitor with an open websocket, who comes back when it closes."""
        visitor = visitor_of(healthy)
        await visitor.load()
        await visitor.connect()
        while not is_over.is_set():
            try:
                await visitor.run()
                counts["runs"] += 1
                await asyncio.sleep(0.5)
            except WireError:
                counts["moved"] += 1
                try:
                    await visitor.connect()
                except WireError as error:
                    faults.append(f"not taken back: {error}")
                    return
        await visitor.leave()

    async def story():
        counts, faults, is_over = Counter(), [], asyncio.Event()
        known = [visitor_of(healthy) for _ in range(4)]
        for visitor in known:
            await visitor.load()
        tasks = [
            asyncio.create_task(ask(counts, faults, is_over, one, n)) for n, one in enumerate([*known, None, None])
        ]
        tasks += [asyncio.create_task(session(counts, faults, is_over)) for _ in range(4)]
        for process in healthy.processes:
            await asyncio.to_thread(process.stop)
            process.start()
            await asyncio.to_thread(process.wait)
        is_over.set()
        await asyncio.gather(*tasks)
        return counts, faults

    counts, faults = asyncio.run(story())
    said.append(
        f"test-deploy: rolling restart, {counts['asked']} requests and {counts['runs']} runs, "
        f"{counts['moved']} sessions moved, {len(faults)} failed"
    )
    assert faults == []
    assert counts["asked"] > 50
    assert counts["moved"] >= 4


def _a_static_file():
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return f"js/{min(folder.glob('*.js'), key=lambda file: file.stat().st_size).name}"


def test_a_whole_room_opens_the_link_at_once(healthy):
    """Fifty people behind one address, each with the page and twenty of its files: the limits let them all in."""

    async def one():
        visitor = visitor_of(healthy)
        answers = [await visitor.load(), await visitor.get("/_stcore/host-config")]
        answers += [await visitor.get(f"/static/{_a_static_file()}") for _ in range(20)]
        return [answer.status for answer in answers]

    async def room():
        return await asyncio.gather(*(one() for _ in range(50)))

    statuses = Counter(status for person in asyncio.run(room()) for status in person)
    assert statuses == {200: 50 * 22}


def test_what_nginx_refuses_and_what_it_adds(healthy):
    async def look():
        visitor = visitor_of(healthy)
        page = await visitor.get("/", accept="text/html", **{"Accept-Encoding": "gzip"})
        metrics = await visitor.get("/_stcore/metrics")
        heavy = await visitor.get("/_stcore/upload_file/x/y", method="PUT", body=bytes(13 * 1024 * 1024))
        health = await visitor.get("/healthz")
        return page, metrics, heavy, health

    page, metrics, heavy, health = asyncio.run(look())
    assert page.headers["content-encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.body)
    assert "content-security-policy" in page.headers
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert page.headers["server"] == "nginx"
    assert (metrics.status, heavy.status, health.status) == (404, 413, 200)
    plain = http.client.HTTPConnection("127.0.0.1", healthy.http, timeout=20)
    plain.request("GET", "/regioni?lang=en")
    answer = plain.getresponse()
    assert (answer.status, answer.headers["location"]) == (301, f"{healthy.address}/regioni?lang=en")
    plain.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_tls_is_refused(healthy):
    def ask(version):
        context = ssl.create_default_context(cafile=healthy.trust)
        # At this level the client would take the old one.
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        connection = http.client.HTTPSConnection("127.0.0.1", healthy.https, context=context, timeout=20)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        finally:
            connection.close()

    assert ask(ssl.TLSVersion.TLSv1_2) == 200
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        ask(ssl.TLSVersion.TLSv1_1)


def test_when_nobody_answers_a_sentence_says_so(healthy):
    for process in healthy.processes:
        process.kill()

    async def look():
        return await visitor_of(healthy).get("/", accept="text/html")

    answer = asyncio.run(look())
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert "riprova fra un minuto" in answer.body.decode()
