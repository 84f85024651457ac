"""Whoever left is forgotten when the time to come back is over, not when the next one leaves."""

import asyncio
import gc
import weakref
from types import SimpleNamespace

from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from atlas.ui.session import left_sessions


class Session:
    """Refers to itself, as Streamlit's does."""

    id = "one"

    def __init__(self):
        self.itself = self


def test_they_are_forgotten_with_nobody_else_around(monkeypatch):
    storage = MemorySessionStorage(ttl_seconds=0.2)
    manager = WebsocketSessionManager(storage, None, None, None)
    monkeypatch.setattr(left_sessions, "EVERY", 0.01)
    monkeypatch.setattr(Runtime, "exists", classmethod(lambda _: True))
    monkeypatch.setattr(Runtime, "instance", classmethod(lambda _: SimpleNamespace(_session_mgr=manager)))
    session = Session()
    away = weakref.ref(session)
    storage.save(SimpleNamespace(session=session))
    del session

    async def life():
        async with left_sessions.forget_those_who_left(None):
            await asyncio.sleep(0.05)
            was_kept = away() is not None
            for _ in range(200):
                await asyncio.sleep(0.01)
                if away() is None:
                    break
            return was_kept

    gc.disable()
    try:
        assert asyncio.run(life())
    finally:
        gc.enable()
    assert away() is None
