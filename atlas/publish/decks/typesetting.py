"""Compiles a typst template into a tagged PDF in a process of its own.

typst caches its layouts while its process lives: a hundred megabytes for each long handout. The process ends with its
document, has a time limit, and is killed when the document is cancelled. Run as a program, this file reads one
document and writes its PDF.
"""

import base64
import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import Any

resource: Any
try:
    import resource
except ImportError:  # Windows
    resource = None

# Seconds of processor, and of waiting on a busy machine, for the longest presentation that there may be.
PROCESSOR, PATIENCE = 120, 600
_STEP = 0.2


def typeset(
    template: bytes, data: str, fonts: str, at: datetime, still_wanted: Callable[[], None] = lambda: None
) -> bytes:
    """Return the PDF (PDF/UA-1) of a template filled with data (JSON text); RuntimeError with typst's message.

    `fonts` is the folder of the only fonts used. `still_wanted` is called five times a second; raise in it to cancel.
    """
    order = json.dumps(
        {"template": base64.b64encode(template).decode(), "data": data, "fonts": fonts, "at": at.timestamp()}
    ).encode()
    command = [sys.executable, "-I", __file__]
    with (
        TemporaryFile() as given
    ):  # of a pipe, Python 3.11 forgets what a slow child has not read within the first step
        given.write(order)
        given.seek(0)
        pipe = subprocess.PIPE
        child = subprocess.Popen(command, stdin=given, stdout=pipe, stderr=pipe)  # noqa: S603  (this file)
    try:
        for _ in range(int(PATIENCE / _STEP)):
            still_wanted()
            try:
                pdf, reason = child.communicate(timeout=_STEP)
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            raise RuntimeError("the handout took too long")
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise RuntimeError(reason.decode(errors="replace").strip() or f"typst ended with {child.returncode}")
    return pdf


def without_rare_marks(text: str) -> str:
    """Return a text without combining marks that do not compose, which few fonts can draw."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char for char in composed if not unicodedata.category(char).startswith("M"))


def _compile(order: dict[str, str]) -> bytes:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
    at = datetime.fromtimestamp(float(order["at"]), UTC)

    def write(data: str) -> bytes:
        compiler = typst.Compiler(
            base64.b64decode(order["template"]),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": data},
        )
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=at)
        if not isinstance(pdf, bytes):
            raise TypeError("typst gives one PDF")
        return pdf

    try:
        return write(order["data"])
    except typst.TypstError:
        # PDF/UA forbids characters missing in the font: a rare one must not stop the whole document.
        return write(without_rare_marks(order["data"]))


def main() -> None:
    """Read a document on standard input and write its PDF on standard output."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    sys.stdout.buffer.write(_compile(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
