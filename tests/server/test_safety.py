"""What every answer of a real server carries, what it refuses, and what nobody gets to see."""

import json
import re
import socket
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from atlas.server.guard import SESSION_BYTES
from tests.server.conftest import ask

STREAM = "/_stcore/stream"
ANSWERS = {
    "page": ("/", "GET", 200),
    "page of a name": ("/regioni", "GET", 200),
    "moved": ("/static/", "GET", 301),
    "health": ("/healthz", "GET", 200),
    "health of the process": ("/_stcore/health", "GET", 200),
    "no such map file": ("/map/x", "GET", 404),
    "no such media": ("/media/x", "GET", 404),
    "no such component": ("/component/x/y", "GET", 404),
    "closed": ("/_stcore/metrics", "GET", 404),
    "wrong method": ("/", "POST", 405),
    "upload without a token": ("/_stcore/upload_file/a/b", "PUT", 403),
    "dangerous path": ("/component/..%2f..%2fetc", "GET", 400),
}


def is_guarded(headers):
    """The headers that keep a visitor's browser at home, each once, and no name of the program behind them."""
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["connect-src"] == policy["form-action"] == policy["base-uri"] == "'self'"
    assert policy["object-src"] == "'none'" and "ws:" not in headers["content-security-policy"]
    assert headers.get_all("x-content-type-options") == ["nosniff"]
    assert headers.get_all("referrer-policy") == ["same-origin"]
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers and "x-powered-by" not in headers
    return policy


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_guarded(open_server, name):
    path, method, status = ANSWERS[name]
    answer = ask(open_server, path, method, b"", content_length="0") if method != "GET" else ask(open_server, path)
    assert answer.status == status
    assert is_guarded(answer.headers)["frame-ancestors"] == "'self'"
    assert "strict-transport-security" not in answer.headers


def test_a_file_of_streamlit_is_guarded_too(open_server):
    script = re.search(rb'src="\./(static/js/[^"]+\.js)"', ask(open_server, "/").body)
    answer = ask(open_server, f"/{script[1].decode()}")
    assert answer.status == 200 and "javascript" in answer.headers["content-type"]
    is_guarded(answer.headers)


@pytest.mark.parametrize("path", ["/", "/catalogo?lang=en", "/nowhere", "/api/initiatives.json"])
def test_what_is_asked_of_the_head_is_what_one_gets(open_server, path):
    head, whole = (ask(open_server, path, method, accept="text/html") for method in ("HEAD", "GET"))
    assert head.body == b"" and whole.body
    assert (head.status, head.headers["content-length"]) == (whole.status, str(len(whole.body)))
    part = ask(open_server, path, range="bytes=0-9", accept="text/html")
    assert (part.status, part.body) == (whole.status, whole.body)


def test_a_coding_that_is_refused_is_not_used(open_server):
    for path in ("/api/initiatives.json", "/healthz", "/"):
        plain = ask(open_server, path, accept_encoding="br, gzip;q=0")
        assert plain.headers["content-encoding"] is None
        assert len(plain.headers.get_all("vary", [])) <= 1
        varies = [part.strip() for part in (plain.headers["vary"] or "").lower().split(",")]
        assert len(varies) == len(set(varies))
    assert ask(open_server, "/api/initiatives.json", accept_encoding="gzip;q=0.5").headers["content-encoding"] == "gzip"


def test_a_request_of_two_lengths_is_refused_and_ends_the_connection(open_server):
    host = urlsplit(open_server)
    lines = (
        "POST / HTTP/1.1",
        f"Host: {host.netloc}",
        "Content-Length: 4",
        "Transfer-Encoding: chunked",
        "",
        "0",
        "",
        "",
    )
    with socket.create_connection((host.hostname, host.port), timeout=20) as line:
        line.sendall(
            "\r\n".join((*lines, "", "0", "", "")).encode()
            + f"GET /healthz HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n".encode()
        )
        answer = b""
        while part := line.recv(65536):  # the server closes, or the test times out
            answer += part
    assert answer.startswith(b"HTTP/1.1 400") and answer.count(b"HTTP/1.1 ") == 1


CLOSED = ["metrics", "metrics/", "agent/openapi.json", "agent/mcp", "agent/interact", "script-health-check", ""]
CLOSED = [f"/_stcore/{name}" for name in CLOSED]
CLOSED += ["//_stcore/metrics", "/%5Fstcore/metrics", "/auth/login", "/oauth2callback"]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_what_no_page_needs_is_closed(open_server, path, method):
    answer = ask(open_server, path, method)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"session" not in answer.body and b"streamlit" not in answer.body.lower()


def test_no_page_of_another_site_steers_the_frame(open_server):
    assert json.loads(ask(open_server, "/_stcore/host-config").body)["allowedOrigins"] == []


def test_tls_is_kept_once_it_was_there(open_server):
    answer = ask(open_server, "/_stcore/health", x_forwarded_proto="https")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["set-cookie"].endswith("; Secure")
    assert "Secure" not in ask(open_server, "/_stcore/health").headers["set-cookie"]


@pytest.mark.parametrize("host", ["atlante.example.org", "ATLANTE.example.org:8501", "a.b.comune.example.it"])
def test_a_named_host_is_served(named_server, host):
    assert ask(named_server, "/", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "evil.example", "comune.example.it", "atlante.example.org.evil.example", "[::1", "a@b", ""]
)
def test_another_host_is_refused_everywhere_but_for_the_probe(named_server, host):
    for path in ("/", "/map/x", "/_stcore/health", "/nope"):
        answer = ask(named_server, path, host=host)
        assert answer.status == 421 and json.loads(answer.body)["status"] == 421
        is_guarded(answer.headers)
    assert ask(named_server, "/healthz", host=host).status == 200


def open_stream(address, **options):
    """Open the websocket as a browser does; the Host header and the origin are what the options say."""
    return connect(f"{address.replace('http', 'ws', 1)}{STREAM}", proxy=None, max_size=None, **options)


def test_a_websocket_of_another_host_is_refused(named_server):
    with pytest.raises(InvalidStatus) as refused:
        open_stream(named_server)  # names 127.0.0.1
    assert refused.value.response.status_code == 421
    assert "content-security-policy" in refused.value.response.headers
    assert "server" not in refused.value.response.headers


def test_a_websocket_of_another_origin_is_refused_with_the_same_headers(open_server):
    with pytest.raises(InvalidStatus) as refused:
        open_stream(open_server, origin="https://evil.example")
    answer = refused.value.response
    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


def test_an_accepted_websocket_has_no_banner(open_server):
    with open_stream(open_server) as stream:
        assert "server" not in stream.response.headers


def test_an_operator_says_who_may_embed(named_server):
    policy = is_guarded(ask(named_server, "/", host="atlante.example.org").headers)
    assert policy["frame-ancestors"] == "'self' https://www.comune.example.it https://*.regione.example.it"
    assert policy["frame-src"] == "'self'"


def test_a_session_keeps_only_so_much(open_server):
    """Files of nine megabytes, one after another, as no page would send them."""
    token = ask(open_server, "/_stcore/health").headers["set-cookie"].split(";")[0].partition("=")[2]
    with open_stream(open_server, subprotocols=["streamlit"]) as stream:
        session = begin_session(stream)
        body = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
            + b"a" * 9_000_000
            + b"\r\n--x--\r\n"
        )
        headers = {"cookie": f"_streamlit_xsrf={token}", "x_xsrftoken": token}
        kept = 0
        for number in range(8):
            path = f"/_stcore/upload_file/{session}/{number}"
            answer = ask(open_server, path, "PUT", body, content_type="multipart/form-data; boundary=x", **headers)
            if answer.status != 204:
                break
            kept += 9_000_000
        assert answer.status == 413 and "50 MB" in json.loads(answer.body)["detail"]
        assert SESSION_BYTES - len(body) <= kept <= SESSION_BYTES
        assert ask(open_server, f"/_stcore/upload_file/{session}/0", "DELETE", **headers).status == 204
        assert (
            ask(open_server, path, "PUT", body, content_type="multipart/form-data; boundary=x", **headers).status == 204
        )
        assert ask(open_server, path, "PUT", transfer_encoding="chunked", **headers).status == 411


def begin_session(stream):
    """Ask for the first page, as a browser does; return the id of the session."""
    stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
    while True:
        said = ForwardMsg.FromString(stream.recv(timeout=60))
        if said.WhichOneof("type") == "new_session":
            return said.new_session.initialize.session_id


@pytest.mark.parametrize("size", [10_600_000, 60_000_000])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(open_server, size):
    token = ask(open_server, "/_stcore/health").headers["set-cookie"].split(";")[0].partition("=")[2]
    with open_stream(open_server, subprotocols=["streamlit"]) as stream:
        path = f"/_stcore/upload_file/{begin_session(stream)}/a"
        headers = {"cookie": f"_streamlit_xsrf={token}", "x_xsrftoken": token, "content_length": str(size)}
        assert ask(open_server, path, "PUT", b"", **headers).status == 413
