"""A catalogue at an https address, against a real server: asked again only when it changed, cut answers never taken."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from atlas.base.address import read_address
from atlas.catalogue.source.https import HttpsSource
from atlas.catalogue.source.source import SourceError

WHO = ":".join(("anna", "segreto"))


@pytest.fixture
def source(site):
    site.body = b"prima"
    return HttpsSource(read_address(site.address))


def test_the_marks_of_the_last_version_are_sent_back(site, source):
    site.headers = {"ETag": '"1"', "Last-Modified": "Wed, 25 Nov 2026 10:00:00 GMT"}
    fetched = source.fetch()
    assert (fetched.data, fetched.date) == (b"prima", datetime(2026, 11, 25, 10, tzinfo=UTC))
    assert source.fetch() is None
    assert "if-none-match" not in site.asked[0]
    assert site.asked[1]["if-none-match"] == '"1"'
    assert site.asked[1]["if-modified-since"] == "Wed, 25 Nov 2026 10:00:00 GMT"
    site.headers, site.body = {"ETag": '"2"', "Last-Modified": "ieri"}, b"seconda"
    fetched = source.fetch()
    assert (fetched.data, fetched.date) == (b"seconda", None)


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_an_error_of_the_server_is_said_with_its_number(site, source, status):
    site.status = status
    with pytest.raises(SourceError, match=f"il server risponde {status}"):
        source.fetch()


def test_a_cut_answer_is_not_taken(site, source):
    site.headers, site.is_cut = {"ETag": '"1"'}, True
    with pytest.raises(SourceError, match="interrotta"):
        source.fetch()
    site.is_cut = False
    assert source.fetch().data == b"prima"  # its mark was not remembered


def test_what_is_too_large_is_given_up(site):
    site.body = b"x" * 200_000
    with pytest.raises(SourceError, match=r"più grande di 0\.1 MB"):
        HttpsSource(read_address(site.address), most_bytes=100_000).fetch()


def test_a_server_that_drips_is_given_up(site):
    site.body, site.slowly = b"x" * 2_000, threading.Event()
    # Each piece comes in time; all of them together do not.
    with pytest.raises(SourceError, match="non ha finito"):
        HttpsSource(read_address(site.address), seconds=0.5).fetch()
    site.slowly.set()


def test_only_https_is_followed(site, source):
    port = site.address.split(":")[2].partition("/")[0]
    site.status = 302
    for location in (f"http://127.0.0.1:{port}/x", "file:///etc/passwd", "ftp://127.0.0.1/x"):
        site.headers = {"Location": location}
        with pytest.raises(SourceError, match="non è https"):
            source.fetch()
    site.headers = {"Location": "/altrove"}
    with pytest.raises(SourceError, match="da un indirizzo all'altro"):
        source.fetch()


def test_a_password_stays_with_its_server_and_out_of_the_messages(site, source):
    address = read_address(site.address.replace("//", f"//{WHO}@") + "?token=riservato")
    source = HttpsSource(address)
    source.fetch()
    assert site.asked[-1]["authorization"].startswith("Basic ")
    site.status, site.headers = 302, {"Location": site.address.replace("127.0.0.1", "localhost")}
    with pytest.raises(SourceError) as failed:
        source.fetch()
    assert all(secret not in f"{failed.value}{source.shown}{address!r}" for secret in ("segreto", "riservato", "anna"))


def test_a_certificate_of_nobody_is_refused(site, source, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(SourceError, match="certificato"):
        source.fetch()


def test_a_server_that_is_not_there_is_said():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SourceError, match="non si raggiunge"):
        HttpsSource(read_address(f"https://127.0.0.1:{port}/x?token=riservato")).fetch()
