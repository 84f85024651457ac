"""The ZIP archive of a workbook: checks that it is safe to open, and reads its parts."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import ParseError

import numpy as np

from atlas.base.said import Said, said
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_UNPACKED_BYTES
from atlas.intake.formats.sniff import SAVE_AS

MAX_ENTRIES = 2_000
# A part is mostly tags; so many are about six seconds of work. 50,000 rows of 20 columns have four and a half million.
MAX_TAGS = 6_000_000
# Everything unpacked for one file, whatever it is read for: a workbook may name one part a thousand times.
MAX_READ_BYTES = 4 * MAX_UNPACKED_BYTES
# The parser compares each attribute of a tag with all the others. No program writes a thousand of them.
LONG_TAG, MAX_ATTRIBUTES = 1 << 16, 1_000
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_UNPARSED = re.compile(b"|".join(map(re.escape, _ENDS)))
_CHUNK = 1 << 20
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Errors of zipfile, the XML parser and the cell conversions for broken or malicious archives.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, ParseError, EOFError, OSError,
    NotImplementedError, RuntimeError, LookupError, ValueError, ArithmeticError,
)  # fmt: skip


class Archive:
    """The parts of a workbook. RefusedFileError without its main part, or if it is protected or too large."""

    def __init__(self, data: bytes, main: str = "xl/workbook.xml") -> None:
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._read_bytes = 0
        entries = self._zip.infolist()
        self.names = frozenset(entry.filename for entry in entries)
        if main not in self.names:
            raise RefusedFileError(_describe(self.names), SAVE_AS)
        if any(entry.flag_bits & 1 for entry in entries):
            raise RefusedFileError(said("password_zip"), said("remove_password"))
        self.size = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES or self.size > MAX_UNPACKED_BYTES:
            raise too_large()
        if any(entry.compress_type not in _PLAIN_METHODS for entry in entries):
            raise damaged()

    def read(self, path: str) -> bytes:
        """Return the bytes of a part, read in chunks because the declared size may be false.

        No document type and no entity gets past this point, so the parsers of the standard library are safe; the
        hardened ones are pure Python and take ten times as long.
        """
        data = bytearray()
        with self._zip.open(path) as source:
            while chunk := source.read(_CHUNK):
                data += chunk
                self._read_bytes += len(chunk)
                if len(data) > MAX_UNPACKED_BYTES or self._read_bytes > MAX_READ_BYTES:
                    raise too_large()
        if re.search(rb"<\0{0,3}!\0{0,3}[DE]", data):
            raise RefusedFileError(said("entities"), SAVE_AS)
        if b"\0" in data[:100]:  # UTF-16: no program writes a workbook in it, and tags would be hidden from us
            raise damaged()
        if data.count(b"<") > MAX_TAGS or _has_endless_tag(data) or _has_endless_comment(data):
            raise too_large()
        return bytes(data)


def _has_endless_tag(data: bytearray) -> bool:
    """Tell whether a tag has more attributes than can be parsed in time; `<` cannot stand inside a tag."""
    starts = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("<"))
    ends = np.append(starts[1:], len(data))
    return any(
        data.count(b"=", starts[at], ends[at]) > MAX_ATTRIBUTES for at in np.flatnonzero(ends - starts > LONG_TAG)
    )


def _has_endless_comment(data: bytearray) -> bool:
    """Tell whether a comment, an instruction or a verbatim text is too long: inside them `<` may stand."""
    at = -1
    while found := _UNPARSED.search(data, at + 1):
        at = data.find(_ENDS[found[0]], found.end())
        if at < 0 or at - found.end() > LONG_TAG:
            return True
    return False


def damaged() -> RefusedFileError:
    """Return the error for a workbook that does not open."""
    return RefusedFileError(said("damaged"), said("repair"), SAVE_AS)


def _describe(names: frozenset[str]) -> Said:
    if "xl/workbook.bin" in names:
        return said("xlsb")
    if any(name.startswith("word/") for name in names):
        return said("word")
    if any(name.startswith("ppt/") for name in names):
        return said("powerpoint")
    if "mimetype" in names and "content.xml" in names:
        return said("opendocument")
    return said("zip")


def too_large() -> RefusedFileError:
    """Return the error for a workbook that is too large."""
    return RefusedFileError(said("too_large"), said("only_the_sheet"))
