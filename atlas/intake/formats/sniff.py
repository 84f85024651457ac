"""Detecting the type of a file from its first bytes; other types than tables are refused."""

import math
from enum import StrEnum

from atlas.base.said import Said, said
from atlas.intake.formats.geography import is_geojson, is_shapefile
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_BYTES

SAVE_AS = said("save_as")

# The type that an .ods writes at its very beginning.
OPENDOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes → file type. The file name is ignored, because many have the wrong extension.
_FOREIGN = (
    (b"%PDF", said("pdf")),
    (b"\x89PNG", said("image", kind="PNG")),
    (b"\xff\xd8\xff", said("image", kind="JPEG")),
    (b"GIF8", said("image", kind="GIF")),
    (b"BM", said("image", kind="BMP")),
    (b"II*\x00", said("image", kind="TIFF")),
    (b"RIFF", said("media")),
    (b"{\\rtf", said("rtf")),
    (b"\x1f\x8b", said("compressed", kind="gzip")),
    (b"7z\xbc\xaf", said("compressed", kind="7-Zip")),
    (b"Rar!", said("compressed", kind="RAR")),
    (b"SQLite format 3", said("sqlite")),
    (b"PAR1", said("parquet")),
)


class Kind(StrEnum):
    """The formats that the intake reads."""

    TEXT = "text"
    WORKBOOK = "workbook"
    OPENDOCUMENT = "opendocument"
    GEOGRAPHY = "geography"


def find_kind(data: bytes) -> Kind:
    """Return the type of a file; RefusedFileError for everything that is not a table."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise RefusedFileError(said("empty"), said("choose_file"))
    if len(data) > MAX_BYTES:
        size = math.ceil(len(data) / 1024**2 * 10) / 10
        raise RefusedFileError(said("too_heavy", n=size), said("split_or_cut"))
    if data.startswith(b"PK"):
        if data[30:38] == b"mimetype" and OPENDOCUMENT in data[38:100]:
            return Kind.OPENDOCUMENT
        return Kind.GEOGRAPHY if is_shapefile(data) else Kind.WORKBOOK
    if is_geojson(data) or (data.startswith(b"SQLite format 3") and b"gpkg_contents" in data[:100_000]):
        return Kind.GEOGRAPHY
    if data.startswith(_OLE):
        raise RefusedFileError(*_describe_ole(data))
    for magic, text in _FOREIGN:
        if data.startswith(magic) and not (magic == b"BM" and b"\x00" not in data[:64]):
            raise RefusedFileError(text, SAVE_AS)
    _refuse_markup(data)
    return Kind.TEXT


def _describe_ole(data: bytes) -> tuple[Said, Said]:
    # Workbooks with a password are in the same container format as old .xls files.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return said("password_book"), said("remove_in_excel")
    return said("old_xls"), SAVE_AS


def _refuse_markup(data: bytes) -> None:
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<div", b"<meta")):
        raise RefusedFileError(said("html"), SAVE_AS)
    if start.startswith((b"<?xml", b"<!doctype")):
        raise RefusedFileError(said("xml"), SAVE_AS)
    if start.startswith((b"{", b"[{")):
        raise RefusedFileError(said("json"), said("export_it"))
