"""Says from the first bytes what a file really is, and refuses with one sentence what is no table."""

from enum import StrEnum

from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_BYTES

SAVE_AS = "Apri il file e salvalo come «Cartella di lavoro Excel (.xlsx)» o «CSV UTF-8»."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes → what the file is. The name does not count: many files carry the wrong ending.
_FOREIGN = (
    (b"%PDF", "È un PDF: da un PDF non si leggono tabelle in modo sicuro."),
    (b"\x89PNG", "È un'immagine (PNG), non una tabella."),
    (b"\xff\xd8\xff", "È un'immagine (JPEG), non una tabella."),
    (b"GIF8", "È un'immagine (GIF), non una tabella."),
    (b"BM", "È un'immagine (BMP), non una tabella."),
    (b"II*\x00", "È un'immagine (TIFF), non una tabella."),
    (b"RIFF", "È un file multimediale, non una tabella."),
    (b"{\\rtf", "È un documento RTF, non una tabella."),
    (b"\x1f\x8b", "È un archivio compresso (gzip): carica il file che contiene."),
    (b"7z\xbc\xaf", "È un archivio compresso (7-Zip): carica il file che contiene."),
    (b"Rar!", "È un archivio compresso (RAR): carica il file che contiene."),
    (b"SQLite format 3", "È una banca dati SQLite, non una tabella."),
    (b"PAR1", "È un file Parquet: esportalo in CSV o XLSX."),
)


class Kind(StrEnum):
    """The two formats that the intake reads."""

    TEXT = "text"
    WORKBOOK = "workbook"


def find_kind(data: bytes) -> Kind:
    """Return the kind of file; RefusedFileError for everything that is not a table."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise RefusedFileError("Il file è vuoto.", "Scegli un file con una riga di intestazione e almeno una riga.")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024**2:.1f}".replace(".", ",")
        raise RefusedFileError(f"Il file pesa {size} MB: il limite è 10 MB.", "Dividilo in più file o togli colonne.")
    if data.startswith(b"PK"):
        return Kind.WORKBOOK
    if data.startswith(_OLE):
        raise RefusedFileError(*_describe_ole(data))
    for magic, text in _FOREIGN:
        if data.startswith(magic) and not (magic == b"BM" and b"\x00" not in data[:64]):
            raise RefusedFileError(text, SAVE_AS)
    _refuse_markup(data)
    return Kind.TEXT


def _describe_ole(data: bytes) -> tuple[str, str]:
    # Excel wraps a workbook with a password in the same container as the old .xls.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "La cartella di lavoro è protetta da password.", "Togli la password in Excel e ricarica il file."
    return "È un vecchio file Excel (.xls) o un documento Office, che non leggiamo.", SAVE_AS


def _refuse_markup(data: bytes) -> None:
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<div", b"<meta")):
        raise RefusedFileError("È una pagina HTML, anche se il nome dice altro.", SAVE_AS)
    if start.startswith((b"<?xml", b"<!doctype")):
        raise RefusedFileError("È un file XML, non una tabella.", SAVE_AS)
    if start.startswith((b"{", b"[{")):
        raise RefusedFileError("È un file JSON, non una tabella.", "Esporta i dati in CSV o XLSX.")
