import logging
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from atlas.server.guard import ALL_BYTES, SESSION_BYTES, Faults, UploadLimit, is_known_host, without_base
from atlas.ui.session.streamlit_private import STREAMLIT
from tests.asgi import call


def _fail(request):
    raise RuntimeError("il segreto")


def _leave(request):
    raise ClientDisconnect


async def _fail_half_way(request):
    async def parts():
        yield b"mezza"
        raise RuntimeError("il segreto")

    return StreamingResponse(parts())


APP = Starlette(
    routes=[Route(path, _fail) for path in ("/fail", "/api/fail")]
    + [Route("/leave", _leave), Route("/half", _fail_half_way)],
    middleware=[Middleware(Faults)],
)


@pytest.mark.parametrize(("query", "words"), [("", "Qualcosa non ha funzionato"), ("lang=en", "Something went wrong")])
def test_an_unexpected_error_is_a_number_on_the_screen_and_a_trace_in_the_log(caplog, query, words):
    with caplog.at_level(logging.ERROR):
        answer = call(APP, "/fail", query)
    said = answer.json
    assert (answer.status, said["status"]) == (500, 500)
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in said["detail"] and said["reference"] in said["detail"]
    assert re.fullmatch(r"[0-9A-F]{8}", said["reference"])
    assert said["reference"] in caplog.text and "RuntimeError: il segreto" in caplog.text and "GET /fail" in caplog.text
    assert b"segreto" not in answer.body and b"Traceback" not in answer.body


def test_programs_of_other_sites_can_read_an_error_of_the_open_data():
    assert call(APP, "/api/fail").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in call(APP, "/fail").headers


def test_who_went_away_is_no_error(caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(IndexError):  # nothing at all is answered
        call(APP, "/leave")
    assert not caplog.records


def test_half_an_answer_is_cut_and_not_mended():
    with pytest.raises(RuntimeError):
        call(APP, "/half")


@pytest.mark.parametrize(
    ("path", "base", "bare"),
    [
        ("/a", "", "/a"),
        ("/atlante/a", "atlante", "/a"),
        ("/atlante/a", "/atlante/", "/a"),
        ("/atlantea", "atlante", "/atlantea"),
        ("/x/y/a", "x/y", "/a"),
    ],
)
def test_a_base_path_is_taken_off(path, base, bare):
    assert without_base(path, base) == bare


NAMED = {"a.it": True, "A.IT:80": True, "a.it.": True, "x.b.it": True, "[::1]:8501": True}
OTHER = dict.fromkeys(("b.it", "xa.it", "a.it.evil", "", "["), False)


@pytest.mark.parametrize(("header", "known"), (NAMED | OTHER).items())
def test_hosts_are_compared_by_name(header, known):
    assert is_known_host(header, ("a.it", "*.b.it", "[::1]")) is known
    assert is_known_host(header, ())


def limited(held):
    """An application that takes whatever is sent, behind the limit of a server that keeps `held` for a session."""
    routes = [Route("/{path:path}", lambda request: PlainTextResponse("preso"), methods=["PUT", "POST"])]
    limit = Middleware(UploadLimit, beneath=replace(STREAMLIT, held=held), base="atlante")
    return Starlette(routes=routes, middleware=[limit])


def test_a_session_that_keeps_too_much_gets_a_sentence():
    app = limited({"piena": SESSION_BYTES - 3, "vuota": 0, None: SESSION_BYTES}.get)

    def put(session, size, query=""):  # the length alone is looked at
        return call(app, f"/atlante/_stcore/upload_file/{session}/f", query, "PUT", content_length=str(size))

    assert [put("piena", 3).status, put("piena", 4).status, put("vuota", 4).status] == [200, 413, 200]
    sentence = "The files of this session exceed 50 MB: remove one before you add another."
    assert put("piena", 4, "lang=en").json["detail"] == sentence
    assert put("piena", "x").status == 411
    assert call(app, "/atlante/other", method="PUT").status == 200


def test_all_sessions_together_have_a_limit_too():
    app = limited({None: ALL_BYTES - 3, "a": 0}.get)
    answers = [
        call(app, "/atlante/_stcore/upload_file/a/f", "lang=en", "PUT", content_length=str(size)) for size in (3, 4)
    ]
    assert [answer.status for answer in answers] == [200, 503]
    assert answers[1].headers["retry-after"] == "60" and "all visitors together" in answers[1].json["detail"]


def test_no_file_is_taken_when_nobody_knows_what_a_session_keeps():
    answer = call(limited(lambda session: None), "/_stcore/upload_file/a/b", "lang=en", "PUT", content_length="1")
    assert answer.status == 503 and answer.json["detail"].startswith("For now this server takes no files")


@pytest.mark.parametrize("path", ["/", "/_stcore/upload/a/b", "/upload_file/a/b", "/_stcore/upload_file/a"])
def test_nothing_is_sent_past_the_limit_to_another_address(path):
    app = limited(lambda session: 0)
    for sent in ({"content_length": "1"}, {"content_length": "x"}, {"transfer_encoding": "chunked"}):
        for method in ("PUT", "POST"):
            answer = call(app, path, method=method, **sent)
            assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD"


def test_a_line_of_the_log_has_its_time_and_is_written_once():
    code = (
        "import logging; from atlas.server.problems import log_with_time; log_with_time(); log_with_time();"
        "logging.getLogger('atlas.server').warning('una riga')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} WARNING una riga\n", said)
