"""Downloads about an uploaded file: the report, the corrected file, the choices."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from atlas.base.columns import About
from atlas.base.formulas import neutralise_formula
from atlas.base.i18n import Translator
from atlas.base.model import Severity
from atlas.base.said import word_all
from atlas.intake.cells.report import Answers, IntakeReport
from atlas.intake.columns.headers import AND, FIELDS

# Limit of a file of choices, which is always small.
MAX_CHOICES_BYTES = 200_000
_KIND = "atlas-choices"


def to_report_csv(report: IntakeReport, words: Translator) -> bytes:
    """Return the totals and all messages as CSV for Italian Excel."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    file = [words("data.message.file_name")] if report.parts else []
    names = ("severity", "line", "column", "value", "text", "do")
    writer.writerow([*file, *(words(f"data.message.{name}") for name in names)])
    for figure in ("read", "loaded", "rejected", "blank"):
        number = report.source_rows if figure == "read" else getattr(report, figure)
        row = [words("data.message.file"), "", "", number, words.plural(f"data.figure.{figure}", number), ""]
        writer.writerow([*[""] * len(file), *row])
    for message in report.messages:
        severity = words(f"data.severity.{message.severity}")
        told = (word_all((message.text,), words), word_all(message.hints, words))
        cells = (*[message.file] * len(file), severity, message.line or "", message.column, message.value, *told)
        writer.writerow([neutralise_formula(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig", errors="replace")


def rejected_rows(report: IntakeReport, words: Translator) -> Iterator[Sequence[object]]:
    """Yield the rejected rows as a table: a header, then line, reason and the cells as written."""
    file = [words("data.message.file_name")] if report.parts else []
    yield [*file, words("data.message.line"), words("data.message.text"), *report.header]
    for name, part in report.parts or (("", report),):
        reasons: dict[int, list[str]] = defaultdict(list)
        for message in part.messages:
            if message.severity is Severity.ERROR:
                reasons[message.line].append(word_all((message.text,), words))
        at = {text: position for position, text in enumerate(part.header)} if report.parts else {}
        for line, cells in part.left_out:
            # Files read as one may have their columns in another order.
            if report.parts:
                written = [cells[at[text]] if at.get(text, len(cells)) < len(cells) else "" for text in report.header]
                yield [name, line, " ".join(reasons[line]), *written]
            else:
                yield [line, " ".join(reasons[line]), *cells]


def about_correction(name: str, report: IntakeReport, answers: Answers, words: Translator) -> About:
    """Return the metadata of the corrected file: its origin and the choices made."""
    columns = "; ".join(f"{text} → {_label(fields, words)}" for text, fields in report.headers.items())
    settled = "; ".join(f"{value} → {code}" for (_, value), code in answers.items())
    return [
        (words("files.about"), words("data.corrected.about")),
        (words("data.corrected.from"), name),
        (words.plural("data.figure.loaded", report.loaded), words.number(report.loaded)),
        (words.plural("data.figure.rejected", report.rejected), words.number(report.rejected)),
        (words("data.corrected.columns"), columns),
        (words("data.corrected.settled"), settled or words("data.corrected.nothing")),
        (words("files.columns"), words("files.columns_note")),
    ]


def _label(fields: str, words: Translator) -> str:
    return " + ".join(words(f"data.field.{field}") for field in fields.split(AND))


def to_choices(columns: Mapping[str, str], answers: Answers) -> bytes:
    """Return the choices made for a file as JSON, for reuse with similar files."""
    settled = [{"field": field, "value": value, "code": code} for (field, value), code in answers.items()]
    document = {"kind": _KIND, "columns": dict(columns), "answers": settled}
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", errors="replace")


def from_choices(data: bytes) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return (columns, answers) of a file of choices; ValueError if it is not one. Unknown fields are ignored."""
    if len(data) > MAX_CHOICES_BYTES:
        raise ValueError("too large")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no text") from error
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise ValueError("no choices")
    columns, settled = document.get("columns"), document.get("answers")
    if not isinstance(columns, dict) or not isinstance(settled, list):
        raise ValueError("no choices")
    answers = {}
    for one in settled:
        if not isinstance(one, dict) or not all(isinstance(one.get(key), str) for key in ("field", "value", "code")):
            raise ValueError("no choices")
        answers[one["field"], one["value"]] = one["code"]
    fields = {"", *FIELDS}
    known = {text: one for text, one in columns.items() if isinstance(one, str) and set(one.split(AND)) <= fields}
    return known, answers
