"""Why a file, or something in it, cannot be read: one sentence for the person who chose the file."""

from dataclasses import dataclass

from atlas.base.model import Severity

SHOWN_VALUE = 120


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to know about the file. `line` is the row number that a spreadsheet shows; 0 is the whole file.

    `column` is the header as the file writes it. `text` says what is wrong, `suggestion` what to do.
    """

    severity: Severity
    line: int
    column: str
    value: str
    text: str
    suggestion: str = ""

    def __str__(self) -> str:
        return self.say()

    def say(self, where: str = "") -> str:
        """Return the message as one line; `where` is what its row is called, if not by its number."""
        where = where or (f"riga {self.line}" if self.line else "file")
        column = f", colonna «{self.column}»" if self.column else ""
        value = f" (valore: «{self.value}»)" if self.value else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{where}{column}: {self.text}{value}{hint}"


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
    """The file cannot be read at all; carries one sentence for the person who chose it."""

    def __init__(self, text: str, suggestion: str = "", line: int = 0, column: str = "", value: str = "") -> None:
        self.message = Message(Severity.ERROR, line, column, shorten(value), text, suggestion)
        self.columns: tuple[FileColumn, ...] = ()
        super().__init__(text)


def shorten(value: str) -> str:
    """Return a value short enough for a message, on one line."""
    # A cell of megabytes that stands in every row would be split as often as it is told.
    flat = " ".join(value[: 50 * SHOWN_VALUE].split())
    return flat if len(flat) <= SHOWN_VALUE else flat[: SHOWN_VALUE - 1] + "…"
