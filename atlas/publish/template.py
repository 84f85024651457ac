"""A blank workbook to fill in, with lists to choose from and instructions."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from atlas.base.columns import DATA_SHEET, LISTS_SHEET, README_SHEET
from atlas.base.i18n import Translator
from atlas.base.model import Channel, Language, Scale, ServiceType
from atlas.catalogue.vocabulary import Vocabulary

ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template: our field, its header in each language, its width in characters."""

    field: str
    italian: str
    english: str
    width: int = 18

    def header(self, language: Language) -> str:
        return self.italian if language is Language.IT else self.english


# All headers are recognised by the intake: a test reads the template back.
COLUMNS = (
    Column("title_it", "titolo", "title", 44),
    Column("summary_it", "descrizione", "description", 60),
    Column("istat_code", "codice_istat", "istat_code", 14),
    Column("municipality", "comune", "municipality", 26),
    Column("province", "provincia", "province", 12),
    Column("places", "luoghi", "places", 26),
    Column("themes", "temi", "themes", 30),
    Column("targets", "destinatari", "targets", 30),
    Column("scale", "scala", "scale", 22),
    Column("service_type", "tipo_servizio", "service_type", 26),
    Column("channel", "canale", "channel", 22),
    Column("start_year", "anno_inizio", "start_year", 12),
    Column("end_year", "anno_fine", "end_year", 12),
    Column("lead_organisation", "ente_capofila", "lead_organisation", 30),
    Column("partners", "partner", "partners", 30),
    Column("funding_eur", "importo", "funding", 14),
    Column("funding_source", "fonte_finanziamento", "funding_source", 24),
    Column("beneficiaries", "numero_beneficiari", "beneficiaries", 18),
)
# Cells of these may hold several terms, which a drop-down list cannot select, so other values are allowed.
_SEVERAL = ("themes", "targets")


def build_template(vocabulary: Vocabulary, words: Translator) -> bytes:
    """Return an XLSX workbook: the table with its header, the lists behind its cells, and how to fill it in."""
    book = Workbook()
    sheet = book.active
    sheet.title = DATA_SHEET
    sheet.freeze_panes = "B2"
    lists, notes = book.create_sheet(LISTS_SHEET), book.create_sheet(README_SHEET)
    choices = _build_choices(vocabulary, words)
    for at, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(at)
        cell = sheet.cell(1, at, column.header(words.language))
        cell.font = Font(bold=True)
        sheet.column_dimensions[letter].width = column.width
        # Codes are text, or Excel would drop their leading zeros.
        sheet.column_dimensions[letter].number_format = "@" if column.field in ("istat_code", "places") else "General"
        if column.field in choices:
            source = _write_list(lists, list(choices).index(column.field) + 1, cell.value, choices[column.field])
            sheet.add_data_validation(_build_validation(column.field, letter, source, words))
    for line in range(2, ROWS + 2):
        sheet.cell(line, 3).number_format = "@"
    _write_notes(notes, words)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _build_choices(vocabulary: Vocabulary, words: Translator) -> Mapping[str, list[str]]:
    return {
        "themes": [term.label(words.language) for term in vocabulary.themes.values()],
        "targets": [term.label(words.language) for term in vocabulary.targets.values()],
        "scale": [words(f"scale.{option}") for option in Scale],
        "service_type": [words(f"service_type.{option}") for option in ServiceType],
        "channel": [words(f"channel.{option}") for option in Channel],
    }


def _write_list(sheet: object, column: int, header: str, choices: list[str]) -> str:
    """Write a list under its header; return the range of its cells."""
    for line, text in enumerate([header, *choices], start=1):
        sheet.cell(line, column, text)  # type: ignore[attr-defined]
    letter = get_column_letter(column)
    return f"{LISTS_SHEET}!${letter}$2:${letter}${len(choices) + 1}"


def _build_validation(field: str, letter: str, source: str, words: Translator) -> DataValidation:
    several = field in _SEVERAL
    validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=not several)
    validation.error = words("data.template.not_in_list")
    validation.prompt = words("data.template.choose_several" if several else "data.template.choose_one")
    validation.showInputMessage = True
    validation.add(f"{letter}2:{letter}{ROWS + 1}")
    return validation


def _write_notes(sheet: object, words: Translator) -> None:
    """Write the instructions: one line in general, then one per column."""
    lines = [(words("data.template.title"), words("data.template.how"))]
    lines += [(c.header(words.language), words(f"data.template.note.{c.field}")) for c in COLUMNS]
    for line, (what, text) in enumerate(lines, start=1):
        sheet.cell(line, 1, what).font = Font(bold=True)  # type: ignore[attr-defined]
        sheet.cell(line, 2, text).alignment = Alignment(wrap_text=True, vertical="top")  # type: ignore[attr-defined]
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100  # type: ignore[attr-defined]
