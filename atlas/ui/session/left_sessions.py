"""Gives back the memory of those who left; it knows no page."""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from streamlit.runtime import Runtime

EVERY = 1.0  # seconds


@asynccontextmanager
async def forget_those_who_left(_: object) -> AsyncIterator[None]:
    """Forget, as long as the server runs, each session that is away for longer than `server.disconnectedSessionTTL`.

    Streamlit keeps it for whoever comes back, but looks at the clock only when somebody else leaves: what the last
    visitors had uploaded would stay in memory until then.
    """
    task = asyncio.create_task(_sweep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep() -> None:
    while True:
        await asyncio.sleep(EVERY)
        if Runtime.exists():
            away = Runtime.instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
            if away.expire():
                _give_back()


def _give_back() -> None:
    """Free sessions, which refer to themselves, and hand what is free to the system, where its C library can."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
