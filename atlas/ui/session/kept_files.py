"""How long the server keeps a file that was made to be taken away; it knows no page and no session."""

import time

from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileMetadata


class _KeptFile(MediaFileMetadata):
    """A file to take away that nobody refers to any more goes when its time is over, not at the second glance."""

    seconds = 60.0
    _since: float | None = None

    @property
    def is_marked_for_delete(self) -> bool:
        return self._since is not None and time.monotonic() - self._since > self.seconds

    def mark_for_delete(self) -> None:
        self._since = self._since or time.monotonic()


def keep_downloads() -> None:
    """Keep a file that was made at the press of its button for a minute; call it before the server starts.

    Streamlit refers to such a file nowhere and deletes it at the end of the second run after it, of any visitor: in a
    full room that is before the browser has fetched it, and the download fails.
    """
    media_file_manager.MediaFileMetadata = _KeptFile  # type: ignore[misc]
