"""Messages about a file, and the error of a file that cannot be read."""

from dataclasses import dataclass

from atlas.base.i18n import Translator
from atlas.base.model import Severity
from atlas.base.said import Said, word, word_all

SHOWN_VALUE = 120


@dataclass(frozen=True, slots=True)
class Message:
    """A message about the file. `line` is the row number that a spreadsheet shows; 0 is the whole file.

    `column` is the header as written. `text` says what is wrong, `hints` what to do. `file` is empty if there is only
    one.
    """

    severity: Severity
    line: int
    column: str
    value: str
    text: Said
    hints: tuple[Said, ...] = ()
    file: str = ""

    def say(self, words: Translator, where: str = "") -> str:
        """Return the message as one line; `where` names the row, by default its number."""
        where = where or (words("message.row", line=self.line) if self.line else words("message.file"))
        column = words("message.in_column", column=self.column) if self.column else ""
        value = words("message.with_value", value=self.value) if self.value else ""
        return f"{where}{column}: {word(self.text, words)}{value} {word_all(self.hints, words)}".rstrip()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A named column of the file: its header, its field (empty if none) and some of its values.

    `guess` is the guessed field of a column without one.
    """

    text: str
    field: str
    samples: tuple[str, ...]
    guess: str = ""


class RefusedFileError(Exception):
    """The file cannot be read at all; carries a message for its owner, and what to do."""

    def __init__(self, text: Said, *hints: Said, line: int = 0, value: str = "") -> None:
        self.message = Message(Severity.ERROR, line, "", shorten(value), text, hints)
        self.columns: tuple[FileColumn, ...] = ()
        super().__init__(text.key)


def shorten(value: str) -> str:
    """Return a value as one line, short enough for a message."""
    # Cut first: splitting a cell of megabytes for every message would be slow.
    flat = " ".join(value[: 50 * SHOWN_VALUE].split())
    return flat if len(flat) <= SHOWN_VALUE else flat[: SHOWN_VALUE - 1] + "…"
