"""What may be published: one rule for `validate`, the page, `db import` and the catalogue of a server.

A file is published if it follows the rules of initiatives.csv, or if the intake reads all of it and loses nothing.
"""

from atlas.base.i18n import translator
from atlas.base.model import DataError, Fault, Language, Severity
from atlas.base.said import word, word_all
from atlas.catalogue.catalogue import Catalogue, build_catalogue
from atlas.catalogue.source.bundle import bundled_territory, bundled_vocabulary, read_catalogue, read_with
from atlas.intake.cells.report import IntakeReport, MessageKind
from atlas.intake.formats.refusal import Message
from atlas.intake.reader import read_upload
from atlas.territory.places.answers import Reason

# Warnings after which the published catalogue would say less, or something else, than the file.
_LOSSES = frozenset({
    "unknown_value", "left_empty", "several_values", "end_before", "no_link", "source_no_link", "link_with_password",
    "bad_id", "taken_id", "lead", "lead_added", "unknown_code", "unknown_cadastral", "unknown_hint", "formula_error",
    "name_and_code", "hint_and_code", "quotes_mended", "quotes_open", "swallowed",
    "several_places", "beside",
    # A place beside others that are read is missing from the row.
    "short_code", "only_province", "divided_since", "code_or_name", *(f"place.{reason}" for reason in Reason),
})  # fmt: skip


def publish_what_is_read() -> None:
    """Let this process publish, besides initiatives.csv, every file that the intake reads without a loss."""
    read_with(read_publication)


def read_publication(data: bytes, name: str) -> Catalogue:
    """Return the catalogue that a file makes; DataError with everything that publication still needs."""
    try:
        return read_catalogue(data, name)
    except DataError as error:
        report = read_upload(data, name)
        needs = find_needs(report)
        if needs:
            is_ours = all(fault.line > 1 for fault in error.faults)
            raise error if is_ours else DataError([_to_fault(need, name) for need in needs]) from None
        return build_catalogue(report.rows, bundled_territory(), bundled_vocabulary())


def find_needs(report: IntakeReport) -> list[Message]:
    """Return what of a report keeps its file from being published: errors, and warnings that something is lost."""
    return [message for message in report.messages if message.severity is Severity.ERROR or message.text.key in _LOSSES]


def find_needed_kinds(report: IntakeReport) -> list[MessageKind]:
    """Return the same as kinds of messages, each with its number of rows."""
    return [kind for kind in report.kinds if kind.severity is Severity.ERROR or kind.text.key in _LOSSES]


def say_needs(data: bytes, name: str) -> list[str]:
    """Return, line by line, what a file still needs to be published; nothing if it can be published as it is."""
    try:
        read_publication(data, name)
    except DataError as error:
        return [str(fault) for fault in error.faults]
    return []


def _to_fault(message: Message, name: str) -> Fault:
    words = translator(Language.IT)
    text, hint = word(message.text, words), word_all(message.hints, words)
    return Fault(name, message.line, message.column, text, message.value, message.severity, hint)
