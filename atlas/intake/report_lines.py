"""A report on a file as lines of text, as the command line prints it and the log keeps it; it judges nothing."""

from collections.abc import Callable, Iterable

from atlas.intake.report import IntakeReport, Verdict

_WORDS = {
    Verdict.ACCEPT: "tutto caricato",
    Verdict.WARN: "tutto caricato, con avvisi",
    Verdict.PARTIAL: "caricato in parte",
    Verdict.REFUSE: "niente di caricato",
}


def to_lines(report: IntakeReport, name: str, name_row: Callable[[int], str] | None = None) -> Iterable[str]:
    """Return the verdict, how the file was read, the counts, then every message.

    name_row: what a row is called that is not "riga n" of a file, such as one of a database.
    """
    yield f"{name}: {_WORDS[report.verdict]}."
    delimiter = {"\t": "tabulazione"}.get(report.delimiter, report.delimiter)
    read_as = {"codifica": report.encoding, "separatore": delimiter, "foglio": report.sheet}
    shown = ", ".join(f"{what} {value}" for what, value in read_as.items() if value)
    if shown and not name_row:
        yield f"Letto con: {shown}."
    counts = f"{report.loaded} caricate, {report.rejected} respinte, {report.blank} vuote"
    yield f"Righe sotto l'intestazione: {report.source_rows} ({counts})."
    for message in report.messages:
        where = name_row(message.line) if name_row and message.line else ""
        yield f"{'ERRORE' if message.severity == 'error' else 'avviso'} {message.say(where)}"
