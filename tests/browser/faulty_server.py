"""The dashboard on a machine whose disk is full: `python -m tests.browser.faulty_server …` takes streamlit's arguments.

What puts a file together on disk is told that there is no room, at the depth where the disk itself would say so; of a
deck, in the process that makes it.
"""

import errno
import sys
from typing import Any

import openpyxl.worksheet._writer
from streamlit.web.cli import main

from atlas.publish.decks import making, slides
from atlas.publish.stills import stills


def _no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def fill_disk() -> None:
    openpyxl.worksheet._writer.create_temporary_file = _no_room
    stills.to_png = _no_room  # type: ignore[assignment]
    slides.to_pptx = _no_room  # type: ignore[assignment]


def make_packed(packed: bytes, tell: Any) -> bytes:
    fill_disk()
    return making._make_packed(packed, tell)


if __name__ == "__main__":
    from tests.browser import faulty_server

    fill_disk()
    making._make_packed = faulty_server.make_packed
    sys.exit(main(sys.argv[1:], prog_name="streamlit"))
