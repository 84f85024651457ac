"""A report on a file as lines of text, as the command line prints it and the log keeps it."""

from collections.abc import Callable, Iterable

from atlas.base.i18n import Translator
from atlas.intake.cells.report import IntakeReport


def to_lines(
    report: IntakeReport, name: str, words: Translator, name_row: Callable[[int], str] | None = None
) -> Iterable[str]:
    """Return the verdict, how the file was read, the counts, then every message.

    name_row: what a row is called that is not "riga n" of a file, such as one of a database.
    """
    yield words(f"message.verdict.{report.verdict}", name=name)
    delimiter = words("message.tab") if report.delimiter == "\t" else report.delimiter
    read_as = (("encoding", report.encoding), ("delimiter", delimiter), ("sheet", report.sheet))
    shown = ", ".join(words(f"message.{what}", value=value) for what, value in read_as if value)
    if shown and not name_row:
        yield words("message.read_as", how=shown)
    counts = {count: getattr(report, count) for count in ("loaded", "rejected", "blank")}
    yield words("message.counts", n=report.source_rows, **counts)
    for message in report.messages:
        where = name_row(message.line) if name_row and message.line else ""
        yield f"{words(f'message.severity.{message.severity}')} {message.say(words, where)}"
