"""Sign-in on a real server at a real OpenID provider: a forged or replayed answer opens nothing."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from atlas.base.address import read_address
from atlas.catalogue.register.editing import replace_rows
from atlas.catalogue.register.schema import upgrade
from tests.factories import make_row
from tests.openid import CLIENT, COOKIE_SECRET, EDITOR, running_provider, sign_in_variables
from tests.postgres import database_server
from tests.servers import free_port, start_server, wait_healthy

__all__ = ["database_server"]
USER = "_streamlit_user"
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def desk(database_server) -> Iterator[str]:
    """The address of a server with editors, whose provider says who they are."""
    upgrade(read_address(database_server.url))
    replace_rows(read_address(database_server.url), [make_row("uno")])
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running_provider() as issuer:
        variables = {"ATLAS_CATALOGUE": database_server.url} | sign_in_variables(issuer, address)
        process = start_server(port, **variables)
        try:
            wait_healthy(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def ticket(secret=COOKIE_SECRET):
    """What the page's button carries to the server, as Streamlit signs it."""
    parts = ({"alg": "HS256"}, {"provider": "default", "exp": int(time.time()) + 60})
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    mark = base64.urlsafe_b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).rstrip(b"=")
    return (signed + b"." + mark).decode()


def begin(browser, desk):
    """Start a sign-in and return the address at the provider."""
    sent = browser.get(f"{desk}/auth/login", params={"provider": ticket()}, allow_redirects=False)
    assert sent.status_code == 302
    return sent.headers["location"]


def confirm(browser, asked, who=EDITOR):
    """Sign in at the provider and return where it sends the browser."""
    return browser.post(asked, data={"sub": who}, allow_redirects=False).headers["location"]


def test_an_editor_comes_back_to_the_desk_with_a_cookie_that_scripts_cannot_read(desk):
    browser = requests.Session()
    assert browser.get(f"{desk}/redazione", headers=PAGE).status_code == 200
    asked = begin(browser, desk)
    query = parse_qs(urlsplit(asked).query)
    assert query["client_id"] == [CLIENT] and query["redirect_uri"] == [f"{desk}/oauth2callback"]
    assert query["state"][0] and query["nonce"][0] and "openid" in query["scope"][0]
    back = browser.get(confirm(browser, asked), allow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (302, "/redazione")
    assert "httponly" in back.headers["set-cookie"].lower() and "samesite=lax" in back.headers["set-cookie"].lower()
    assert USER in browser.cookies and EDITOR not in back.text


def test_a_forged_state_and_one_of_another_browser_sign_nobody_in(desk):
    browser, other = requests.Session(), requests.Session()
    answer = confirm(browser, begin(browser, desk))
    code = parse_qs(urlsplit(answer).query)["code"][0]
    for state in ("", "forged"):
        forged = browser.get(f"{desk}/oauth2callback", params={"code": code, "state": state}, allow_redirects=False)
        assert forged.status_code == 302 and USER not in browser.cookies
    begin(other, desk)
    other.get(answer, allow_redirects=False)  # session fixation: an answer that was meant for somebody else
    assert USER not in other.cookies
    assert requests.get(answer, allow_redirects=False).headers["location"] == "/redazione"


def test_an_answer_is_good_once(desk):
    browser = requests.Session()
    answer = confirm(browser, begin(browser, desk))
    browser.get(answer, allow_redirects=False)
    assert browser.cookies.get(USER)
    del browser.cookies[USER]
    browser.get(answer, allow_redirects=False)
    assert USER not in browser.cookies


def test_a_ticket_that_we_did_not_sign_leads_nowhere(desk):
    for forged in (ticket("another secret that is long enough"), "x", ""):
        sent = requests.get(f"{desk}/auth/login", params={"provider": forged}, allow_redirects=False)
        assert urlsplit(sent.headers["location"]).netloc == ""


def test_without_editors_nothing_of_it_exists(open_server):
    for path in ("/redazione", "/auth/login", "/auth/logout", "/oauth2callback"):
        assert requests.get(f"{open_server}{path}", headers=PAGE).status_code == 404
