"""Gives back the memory of those who left; it knows no page."""

import asyncio
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
            Runtime.instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]
