"""The report on an upload: rows, counts, messages and a verdict."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import pandas as pd

from atlas.base.model import Severity
from atlas.base.said import Said, said
from atlas.intake.formats.refusal import FileColumn, Message, shorten

# Limit of equal messages, for files with the same fault on every row.
MESSAGES_PER_KIND = 500
# Limits: doubts offered, length of the value shown.
MAX_DOUBTS = 500
MAX_DOUBTED = 200

# The owner's choices: (field, value as written) → a code or an id.
Answers = Mapping[tuple[str, str], str]


class Verdict(StrEnum):
    """How much of the file was loaded: all of it, all with warnings, a part, nothing."""

    ACCEPT = "accept"
    WARN = "warn"
    PARTIAL = "partial"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An unrecognised place or term that the file's owner can decide on.

    `field` is our column, `column` the header as written, `choices` the possible codes or ids, most
    likely first. `sure` is the one that the value is but for a letter, or empty: what one button may accept for all.
    `line` is the first of the `n_rows` rows that say so.
    """

    field: str
    column: str
    value: str
    choices: tuple[str, ...]
    line: int
    n_rows: int = 1
    sure: str = ""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """Equal messages about one column: how many, and the line of the first."""

    severity: Severity
    column: str
    text: Said
    hints: tuple[Said, ...]
    line: int
    n_messages: int
    file: str = ""


@dataclass(frozen=True)
class IntakeReport:
    """The result of reading one upload.

    `rows` has the columns of initiatives.csv, all text, ready for `catalogue.build_catalogue`. Always
    `source_rows == len(rows) + rejected + blank`, where source rows are the records under the header line.
    `headers` maps the columns of the file to fields. `sheet` and `delimiter` are "" if the format has none; `encoding`
    is "" for a workbook. `columns` are all named columns, also of a file refused because none is known, so that its
    owner can choose their fields. `kinds` counts equal messages, also those beyond the limit. `header` is the header
    row, `left_out` the rejected rows as written. `parts` are the reports of several files read as one, by name, each
    without its rows. `lines` are those of the rows, in their order; empty for several files.
    """

    rows: pd.DataFrame
    source_rows: int = 0
    rejected: int = 0
    blank: int = 0
    messages: tuple[Message, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    columns: tuple[FileColumn, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    kinds: tuple[MessageKind, ...] = ()
    header: tuple[str, ...] = ()
    left_out: tuple[tuple[int, tuple[str, ...]], ...] = ()
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    parts: tuple[tuple[str, "IntakeReport"], ...] = ()

    @property
    def loaded(self) -> int:
        return len(self.rows)

    @property
    def verdict(self) -> Verdict:
        if not self.loaded:
            return Verdict.REFUSE
        if any(kind.severity is Severity.ERROR for kind in self.kinds):
            return Verdict.PARTIAL
        return Verdict.WARN if self.kinds else Verdict.ACCEPT


class MessageLog:
    """Collects messages in order and keeps at most MESSAGES_PER_KIND of each kind, counting the rest."""

    def __init__(self) -> None:
        self._kept: list[Message] = []
        self._count: Counter[tuple[Severity, str, Said]] = Counter()
        self._first: dict[tuple[Severity, str, Said], tuple[tuple[Said, ...], int]] = {}
        self._doubts: dict[tuple[str, str], Doubt] = {}

    def add(self, severity: Severity, line: int, column: str, value: str, text: Said, *hints: Said) -> None:
        """Add a message. Messages with the same text about the same column are of the same kind."""
        kind = (severity, column, text)
        self._count[kind] += 1
        self._first.setdefault(kind, (hints, line))
        if self._count[kind] <= MESSAGES_PER_KIND:
            self._kept.append(Message(severity, line, column, shorten(value), text, hints))

    def add_message(self, message: Message) -> None:
        self.add(message.severity, message.line, message.column, message.value, message.text, *message.hints)

    def error(self, line: int, column: str, value: str, text: Said, *hints: Said) -> None:
        self.add(Severity.ERROR, line, column, value, text, *hints)

    def warning(self, line: int, column: str, value: str, text: Said, *hints: Said) -> None:
        self.add(Severity.WARNING, line, column, value, text, *hints)

    def doubt(self, line: int, name: str, column: str, value: str, choices: tuple[str, ...], sure: str = "") -> None:
        """Count one more row with a value that the owner can decide on."""
        known = self._doubts.get((name, value))
        if known:
            self._doubts[name, value] = replace(known, n_rows=known.n_rows + 1)
        elif len(self._doubts) < MAX_DOUBTS and len(value) <= MAX_DOUBTED:
            self._doubts[name, value] = Doubt(name, column, value, choices, line, sure=sure)

    def doubts(self) -> tuple[Doubt, ...]:
        """Return the doubts, those with the most rows first."""
        return tuple(sorted(self._doubts.values(), key=lambda doubt: -doubt.n_rows))

    def kinds(self) -> tuple[MessageKind, ...]:
        """Return the kinds of messages with their number: errors first, then the most frequent."""
        kinds = [MessageKind(*kind, *self._first[kind], n) for kind, n in self._count.items()]
        return tuple(sorted(kinds, key=lambda kind: (kind.severity is not Severity.ERROR, -kind.n_messages)))

    def close(self) -> tuple[Message, ...]:
        """Return the messages by line, those on the whole file first, plus one for each kind beyond the limit."""
        cut = [
            Message(severity, 0, column, "", said("others_alike", n=count - MESSAGES_PER_KIND, text=text))
            for (severity, column, text), count in self._count.items()
            if count > MESSAGES_PER_KIND
        ]
        return tuple(sorted([*self._kept, *cut], key=lambda message: message.line))
