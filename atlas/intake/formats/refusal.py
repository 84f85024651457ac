"""Why a file, or something in it, cannot be read: one sentence for the person who chose the file."""

from dataclasses import dataclass

from atlas.base.i18n import Translator
from atlas.base.model import Severity
from atlas.base.said import Said, word, word_all

SHOWN_VALUE = 120


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to know about the file. `line` is the row number that a spreadsheet shows; 0 is the whole file.

    `column` is the header as the file writes it. `text` says what is wrong, `hints` what to do.
    """

    severity: Severity
    line: int
    column: str
    value: str
    text: Said
    hints: tuple[Said, ...] = ()

    def say(self, words: Translator, where: str = "") -> str:
        """Return the message as one line; `where` is what its row is called, if not by its number."""
        where = where or (words("message.row", line=self.line) if self.line else words("message.file"))
        column = words("message.in_column", column=self.column) if self.column else ""
        value = words("message.with_value", value=self.value) if self.value else ""
        return f"{where}{column}: {word(self.text, words)}{value} {word_all(self.hints, words)}".rstrip()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A named column of the file: its header, the field that it fills (empty when none) and some of its values.

    `guess` is the field that a column without one may be meant for.
    """

    text: str
    field: str
    samples: tuple[str, ...]
    guess: str = ""


class RefusedFileError(Exception):
    """The file cannot be read at all; carries one sentence for the person who chose it, and what to do."""

    def __init__(self, text: Said, *hints: Said, line: int = 0, value: str = "") -> None:
        self.message = Message(Severity.ERROR, line, "", shorten(value), text, hints)
        self.columns: tuple[FileColumn, ...] = ()
        super().__init__(text.key)


def shorten(value: str) -> str:
    """Return a value short enough for a message, on one line."""
    # A cell of megabytes that stands in every row would be split as often as it is told.
    flat = " ".join(value[: 50 * SHOWN_VALUE].split())
    return flat if len(flat) <= SHOWN_VALUE else flat[: SHOWN_VALUE - 1] + "…"
