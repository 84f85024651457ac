"""Everything the atlas uses of Streamlit and uvicorn that is not public.

One test each in tests/unit/ui/test_streamlit_private.py; docs/streamlit_private.md says why, and what happens when
it is gone.
"""

import asyncio
import ctypes
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit.runtime import Runtime, media_file_manager
from streamlit.runtime.media_file_manager import MediaFileMetadata
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.secrets import SecretsValue
from streamlit.runtime.state.safe_session_state import SafeSessionState

from atlas.base.settings import CALLBACK, Settings, read_settings
from atlas.server.guard import Beneath

# Streamlit's own addresses that the pages need; its metrics and component API stay closed.
OPEN_CORE = frozenset({"health", "host-config", "stream", "upload_file", "bidi-components"})
# Sign-in, open only where an operator has named a provider: elsewhere each request would log an error.
SIGN_IN = frozenset({"auth/login", "auth/logout", CALLBACK})
SWEEP_SECONDS, COLLECT_SECONDS = 1.0, 5.0

_log = logging.getLogger("atlas")


def ignore_pages_folder() -> None:
    """Do not run the scripts of pages/ without the shell.

    Before the first call of st.navigation, Streamlit runs them on their own: the first visitor to open such an address
    after a start would see an error.
    """
    PagesManager.uses_pages_directory = False


class _KeptFile(MediaFileMetadata):
    """A download without references is deleted after `seconds`, not at the second cleanup."""

    seconds = 60.0
    _since: float | None = None

    @property
    def is_marked_for_delete(self) -> bool:
        return self._since is not None and time.monotonic() - self._since > self.seconds

    def mark_for_delete(self) -> None:
        self._since = self._since or time.monotonic()


class _KeyByKey(Mapping[str, Any]):
    """The values of a session by key: one that is asked for is looked up, all are gathered when all are."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __contains__(self, key: object) -> bool:
        return str(key) in self._state

    def __iter__(self) -> Iterator[str]:
        return iter(_gather(self._state))

    def __len__(self) -> int:
        return len(_gather(self._state))


_gather: Callable[[SafeSessionState], dict[str, Any]] = vars(SafeSessionState)["filtered_state"].fget


def look_up_single_keys() -> None:
    """Let a field look up its one key in the session, where Streamlit gathers all of them for each field.

    Of a run of the builder with sixty slides that is a third.
    """
    SafeSessionState.filtered_state = property(_KeyByKey)  # type: ignore[method-assign, assignment]


def keep_downloads() -> None:
    """Keep each deferred download for a minute; call it before the server starts.

    Streamlit holds no reference to such a file and deletes it after the second run of any session: with many visitors
    that is before the browser has fetched it, and the download fails.
    """
    media_file_manager.MediaFileMetadata = _KeptFile  # type: ignore[misc]


@asynccontextmanager
async def forget_those_who_left(_: object) -> AsyncIterator[None]:
    """While the server runs, drop sessions disconnected for longer than `server.disconnectedSessionTTL`.

    Streamlit drops expired sessions only when another one disconnects: the uploads of the last visitors would stay in
    memory until then. Also collects garbage, which Streamlit would do after every run (see .streamlit/config.toml).
    """
    tasks = [asyncio.create_task(_sweep()), asyncio.create_task(_collect())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _collect() -> None:
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        gc.collect()


async def _sweep() -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        if not Runtime.exists():
            continue
        try:
            expire = Runtime.instance()._session_mgr._session_storage._cache.expire  # type: ignore[attr-defined]
        except AttributeError as error:
            _log.error("memory of sessions that left is only given back when another leaves: %s", error)
            return
        if expire():  # the return value is not kept, so that the sessions can be freed
            _give_back()


def _give_back() -> None:
    """Free sessions, which are reference cycles, and return free memory to the system where the C library can."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def uploaded_bytes(session_id: str | None) -> int | None:
    """Return how many bytes of uploaded files a session, or None for all, keeps on this server; None if unknown."""
    try:
        kept = Runtime.instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
        held = list(kept.values()) if session_id is None else [kept.get(session_id, {})]
        return sum(len(file.data) for files in held for file in list(files.values()))
    except (AttributeError, RuntimeError, TypeError) as error:
        _log.error("no file is taken, because nobody knows how much a session keeps: %s", error)
        return None


def uploading_session(path: str) -> str:
    """Return the session that sends a file to this path, "" for any other path."""
    parts = path.strip("/").split("/")
    return parts[2] if parts[:2] == ["_stcore", "upload_file"] and len(parts) > 3 else ""


def is_closed(path: str) -> bool:
    """Tell whether this address is closed because no page needs it."""
    first, *rest = path.lstrip("/").split("/")
    if first in ("auth", CALLBACK):
        return read_settings().desk is None or path.lstrip("/") not in SIGN_IN
    return first == "_stcore" and (rest or [""])[0] not in OPEN_CORE


def sign_in_secrets(settings: Settings) -> dict[str, SecretsValue] | None:
    """Return what Streamlit's sign-in reads of its secrets; None where there are no editors."""
    known = settings.sign_in
    if known is None or settings.desk is None:
        return None
    auth: dict[str, SecretsValue] = {
        "redirect_uri": known.redirect,
        "cookie_secret": known.cookie_secret,
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "server_metadata_url": f"{known.issuer.rstrip('/')}/.well-known/openid-configuration",
    }
    return {"auth": auth}


def drop_banner(send: object) -> None:
    """Remove uvicorn's Server header, for which `streamlit run` has no option.

    `send` is that of the lifespan, the only one that leads to uvicorn's configuration.
    """
    config = getattr(getattr(send, "__self__", None), "config", None)
    if config is not None and hasattr(config, "encoded_headers"):
        config.encoded_headers = [pair for pair in config.encoded_headers if pair[0] != b"server"]


STREAMLIT = Beneath(is_closed, uploading_session, uploaded_bytes, drop_banner)
