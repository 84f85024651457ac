"""What is taken from Streamlit and uvicorn without their promise: each test fails when an upgrade takes it away."""

import asyncio
import gc
import logging
import socket
import tomllib
import weakref
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from streamlit import config
from streamlit.runtime import Runtime, media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_auth_routes, starlette_routes

from atlas.base.settings import Settings, to_settings
from atlas.ui.session import streamlit_private as private
from tests.openid import sign_in_variables

ROOT = Path(__file__).resolve().parents[3]


def test_a_folder_of_pages_is_no_list_of_pages(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(ROOT / "dashboard.py"))
    assert PagesManager.uses_pages_directory is True  # what Streamlit makes of a folder called pages
    private.ignore_pages_folder()
    PagesManager(str(ROOT / "dashboard.py"))
    assert PagesManager.uses_pages_directory is False


FIELDS = """
import streamlit as st
for at in range(3):
    st.session_state[f"field_{at}"] = f"text {at}"
for at in range(3):
    st.text_input("Field", key=f"field_{at}")
st.session_state["empty"] = None
st.text_input("Empty", "not this", key="empty")
st.text(sorted([key for key in st.session_state]))
st.text(len(st.session_state))
"""


def test_a_field_looks_up_its_own_key(monkeypatch):
    def run():
        gathered.clear()
        app = AppTest.from_string(FIELDS).run()
        return [field.value for field in app.text_input], [text.value for text in app.text]

    gathered = []
    whole = SafeSessionState.filtered_state.fget
    monkeypatch.setattr(SafeSessionState, "filtered_state", property(lambda self: gathered.append(1) or whole(self)))
    found = run()
    assert len(gathered) >= 4  # what Streamlit does: once a field
    monkeypatch.setattr(private, "_gather", SafeSessionState.filtered_state.fget)
    private.look_up_single_keys()
    assert run() == found
    assert found[0] == ["text 0", "text 1", "text 2", None]
    assert len(gathered) == 2  # for what asks for all


@pytest.fixture
def made(monkeypatch):
    """A file made at the press of its button, as Streamlit makes it: manager, storage, name of the file."""
    monkeypatch.setattr(media_file_manager, "MediaFileMetadata", media_file_manager.MediaFileMetadata)
    private.keep_downloads()
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    button = manager.add_deferred(lambda: b"a,b\n", "text/csv", "0.1", file_name="elenco.csv", element_id="x")
    return manager, storage, manager.execute_deferred(button).rsplit("/", 1)[1]


def test_a_browser_keeps_large_messages_for_more_than_a_few_runs():
    """The option is not documented: Streamlit only warns of one that it does not know."""
    chosen = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["global"]
    assert "global.maxCachedMessageAge" in config._config_options_template
    assert chosen["maxCachedMessageAge"] >= 100


def test_a_download_outlives_the_runs_of_other_visitors(made):
    manager, storage, name = made
    for _ in range(20):
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"a,b\n"


def test_a_download_is_given_back_when_its_time_is_over(made, monkeypatch):
    manager, storage, name = made
    manager.remove_orphaned_files()
    monkeypatch.setattr(private._KeptFile, "seconds", -1.0)
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)


@pytest.fixture
def runtime(monkeypatch):
    """A runtime in the place of Streamlit's; a test gives it the parts it needs."""
    runtime = SimpleNamespace()
    monkeypatch.setattr(Runtime, "exists", classmethod(lambda _: True))
    monkeypatch.setattr(Runtime, "instance", classmethod(lambda _: runtime))
    monkeypatch.setattr(private, "SWEEP_SECONDS", 0.01)
    return runtime


class Session:
    """Refers to itself, as Streamlit's does."""

    id = "one"

    def __init__(self):
        self.itself = self


@pytest.fixture
def no_collector():
    """Python's own collector, which might free a session by chance, is off."""
    gc.disable()
    yield
    gc.enable()


async def wait_for_freedom(away):
    for _ in range(200):
        await asyncio.sleep(0.01)
        if away() is None:
            return


def test_garbage_is_collected_while_the_server_runs(no_collector, monkeypatch):
    """Streamlit's own collection after every run is off."""
    monkeypatch.setattr(private, "COLLECT_SECONDS", 0.05)
    session = Session()
    away = weakref.ref(session)
    del session

    async def life():
        async with private.forget_those_who_left(None):
            assert away() is not None
            await wait_for_freedom(away)

    asyncio.run(life())
    assert away() is None


def test_sessions_are_forgotten_with_nobody_else_around(no_collector, runtime):
    """When the time to come back is over, not when the next one leaves."""
    storage = MemorySessionStorage(ttl_seconds=0.2)
    runtime._session_mgr = WebsocketSessionManager(storage, None, None, None)
    session = Session()
    away = weakref.ref(session)
    storage.save(SimpleNamespace(session=session))
    del session

    async def life():
        async with private.forget_those_who_left(None):
            await asyncio.sleep(0.05)
            assert away() is not None
            await wait_for_freedom(away)

    asyncio.run(life())
    assert away() is None


def test_another_storage_of_sessions_is_said_once_and_stops_nothing(runtime, caplog):
    async def life():
        async with private.forget_those_who_left(None):
            await asyncio.sleep(0.1)

    with caplog.at_level(logging.ERROR):
        asyncio.run(life())
    assert [record.message for record in caplog.records] == [
        "memory of sessions that left is only given back when another leaves: "
        "'types.SimpleNamespace' object has no attribute '_session_mgr'"
    ]


def test_the_files_of_a_session_are_weighed(runtime):
    runtime.uploaded_file_mgr = MemoryUploadedFileManager("/_stcore/upload_file")
    for id_, data in (("x", b"abc"), ("y", b"de")):
        runtime.uploaded_file_mgr.add_file("one", UploadedFileRec(id_, "a.csv", "text/csv", data))
    assert [private.uploaded_bytes(session) for session in ("one", "two", None)] == [5, 0, 5]


@pytest.mark.parametrize("manager", [None, SimpleNamespace(), SimpleNamespace(file_storage=[])])
def test_another_store_of_files_has_no_known_weight(runtime, manager):
    runtime.uploaded_file_mgr = manager
    assert private.uploaded_bytes("one") is None


def test_without_a_runtime_no_weight_is_known(monkeypatch):
    monkeypatch.setattr(Runtime, "_instance", None)
    assert private.uploaded_bytes("one") is None


def test_files_are_sent_where_streamlit_takes_them():
    """By its routes: the limit sees every file, and the guard leaves it through."""
    manager = MemoryUploadedFileManager(f"/{starlette_routes.BASE_ROUTE_UPLOAD_FILE}")
    (sent,) = manager.get_upload_urls("one", ["a.csv"])
    assert private.uploading_session(sent.upload_url) == "one"
    assert not private.is_closed(sent.upload_url)
    assert private.uploading_session("/_stcore/upload_file/one") == private.uploading_session("/regioni") == ""


def test_what_the_pages_need_is_open():
    needed = ("/", "/regioni", "/_stcore/stream", "/_stcore/health", "/_stcore/upload_file/a/b")
    assert not any(map(private.is_closed, needed))
    assert all(map(private.is_closed, ("/_stcore", "/_stcore/", "/_stcore/metrics", "/auth/x", "//_stcore/metrics")))


def test_sign_in_is_open_only_where_there_are_editors(monkeypatch):
    addresses = ("/auth/login", "/auth/logout", "/oauth2callback")
    assert all(map(private.is_closed, addresses))
    assert private.sign_in_secrets(Settings()) is None
    variables = sign_in_variables("https://accesso.example.org/ente/", "https://atlante.example.org")
    opened = to_settings(variables | {"ATLAS_CATALOGUE": "postgresql://db.example.org/atlante"})
    monkeypatch.setattr(private, "read_settings", lambda: opened)
    assert not any(map(private.is_closed, addresses))
    assert all(map(private.is_closed, ("/auth", "/auth/x", "/oauth2callback/x", "//auth/logout/x", "/_stcore/metrics")))
    auth = private.sign_in_secrets(opened)["auth"]
    assert auth["server_metadata_url"] == "https://accesso.example.org/ente/.well-known/openid-configuration"
    assert (
        private.sign_in_secrets(replace(opened, catalogue=None)) is None
    )  # without a database there is nothing to edit


def test_streamlit_answers_a_sign_in_at_these_addresses():
    served = {route.path.lstrip("/") for route in starlette_auth_routes.create_auth_routes("")}
    assert served == private.SIGN_IN


def test_uvicorn_keeps_its_name_to_itself():
    """Asked over a socket: uvicorn writes the header below the application."""

    async def answer(scope, receive, send):
        if scope["type"] == "lifespan":
            private.drop_banner(send)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ciao"})

    async def ask():
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(answer, log_level="critical"))
        serving = asyncio.create_task(server.serve([listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        said = await reader.read()
        writer.close()
        server.should_exit = True
        await serving
        return said.lower()

    said = asyncio.run(ask())
    assert said.startswith(b"http/1.1 200") and b"ciao" in said
    assert b"server:" not in said


def test_only_one_file_knows_what_is_private():
    """No other file of the program names what this one takes."""
    names = ("pages_manager", "PagesManager", "media_file_manager", "_session_mgr", "file_storage", "uploaded_file_mgr",
             "_stcore", "encoded_headers", "streamlit.runtime", "streamlit.web", "import uvicorn")  # fmt: skip
    files = [ROOT / "dashboard.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "atlas").rglob("*.py")]
    found = {file.relative_to(ROOT).as_posix() for file in files for name in names if name in file.read_text("utf-8")}
    assert found == {"atlas/ui/session/streamlit_private.py"}
