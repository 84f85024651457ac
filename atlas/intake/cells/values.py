"""Reading one cell: text, amounts, years and codes as people and spreadsheets write them."""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from atlas.base.columns import FIRST_YEAR, LAST_YEAR
from atlas.base.formulas import restore_text
from atlas.base.said import Said, said
from atlas.base.text import fold
from atlas.intake.formats.sheet import Cell

# Notations for an unknown number or date. Not applied to text: «None» is a municipality, «NA» a province.
_MISSING = frozenset(
    {"", "-", "--", "—", "–", "/", ".", "?", "x", "n.d.", "n.d", "nd", "n/d", "n.a.", "n/a", "na", "n.c.", "nc"}
    | {"null", "none", "nan", "sconosciuto", "non disponibile", "non noto", "non definito", "in corso", "da definire"}
)
# Control characters, zero-width and direction marks, byte order marks, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Day 0 of spreadsheet dates.
_DAY_ZERO = date(1899, 12, 30)
_MARKED = frozenset(" '=")
_AS_FORMULA = re.compile(r'="([^"]*)"')
_SPREADSHEET_ERROR = re.compile(r"#(N/?[AD]|REF!|RIF!|VALUE!|VALORE!|NAME\?|NOME\?|DIV/0!|NULLO?!|NUM!)", re.I)

_CURRENCY = re.compile(r"€|\beuro\b|\beur\b", re.IGNORECASE)
_MULTIPLIERS = (
    (re.compile(r"(?<=\d)\s*(miliardi|miliardo|mld)\b\.?"), Decimal(10**9)),
    (re.compile(r"(?<=\d)\s*(milioni|milione|mln|million)\b\.?"), Decimal(10**6)),
    (re.compile(r"(?<=\d)\s*(mila|k)\b"), Decimal(1000)),
)
_PLAIN_NUMBER = re.compile(r"([+-]?)(\d[\d.,]*)(e[+-]?\d{1,3})?")
_LARGEST = Decimal(10**15)

# Serial dates of 1970 to 2050, for dates that lost their format. Lower numbers are more likely a mistyped year.
_SERIALS = range(25569, 55153)
_TIME = r"(?:[t ,]+\d{1,2}[:.]\d{2}.*)?"
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME)
_COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH_IN_WORDS = re.compile(r"(?:\d{1,2}[°º]?[ /-])?([a-z]{3,9})\.?[ /-](\d{4}|\d{2})")
_MONTH_AND_YEAR = re.compile(r"(?:\d{1,2}[-/])?(\d{4})(?:[-/]\d{1,2})?")
_WORDS = frozenset({
    "s", "entro", "dal", "dall", "da", "dalla", "del", "dell", "di", "al", "all", "a", "alla", "anno", "anni",
    "scolastico", "solare", "as", "in", "corso", "oggi", "il", "lo", "la", "l", "e", "ed", "nel", "fino", "inizio",
    "fine", "semestre", "sem", "trimestre", "trim", "quadrimestre", "quad", "primo", "secondo", "terzo", "quarto",
    "prima", "seconda", "i", "ii", "iii", "iv", "primavera", "estate", "autunno", "inverno", "inizi", "meta",
    "gia", "avviato", "avviata", "attivo", "attiva", "since", "from", "to", "until", "and",
})  # fmt: skip
_MONTH_NAMES = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = frozenset(name[:3] for name in _MONTH_NAMES)
_WEEKDAYS = frozenset({"lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"})
_MARKS = frozenset("-–—/.,()'’°º:")
_ENDS = re.compile(r"(?:fino|sino|entro|until)\b|al\b")
_TOKEN = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)|[a-z]+|\d+|\S")
_YEARS = re.compile(r"(?:a\.?s\.?|anno|anni|dal)?\s*(\d{4})\s*(?:[-/–]|al)\s*(\d{4}|\d{2})")


class UnreadableError(ValueError):
    """A cell does not fit its column; carries the message."""

    def __init__(self, fault: Said) -> None:
        self.fault = fault
        super().__init__(fault.key)


def clean_text(cell: Cell) -> str:
    """Return a cell as text without invisible characters, outer spaces, the apostrophe of our export and `="…"`."""
    if type(cell) is str and cell.isascii() and cell.isprintable() and cell[:1] not in _MARKED and cell[-1:] != " ":
        return cell  # nearly every cell: no cleaning needed
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "sì" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute) == (0, 0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = unicodedata.normalize("NFC", str(cell))
    if not text.isprintable():
        text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    text = text.strip()
    if text.startswith("'"):
        return restore_text(text).strip()
    wrapped = _AS_FORMULA.fullmatch(text) if text.startswith("=") else None
    return wrapped.group(1).strip() if wrapped else text


def is_spreadsheet_error(text: str) -> bool:
    """Tell whether a cell holds the error of a formula, in English or Italian (#N/A, #RIF!)."""
    return _SPREADSHEET_ERROR.fullmatch(text) is not None


def parse_amount(cell: Cell) -> str:
    """Return a non-negative number in the format of initiatives.csv («1.234,56» → 1234.56), empty when it is missing.

    In a text with one kind of separator, three digits after it are thousands («700.000», «700,000»), because amounts
    of money have at most two decimals. Numbers of a workbook are used unchanged. Raises UnreadableError.
    """
    if isinstance(cell, bool | date):
        raise UnreadableError(said("no_number"))
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            return ""
        return _write_number(Decimal(repr(cell)))
    text = fold(clean_text(cell))
    if text in _MISSING:
        return ""
    text = _CURRENCY.sub("", text).strip()
    factor = Decimal(1)
    for pattern, value in _MULTIPLIERS:
        text, found = pattern.subn("", text)
        factor *= value if found else 1
    text = re.sub(r",[-=]+$|\.[-=]+$|(?<=\d)[ '](?=\d{3})", "", text.strip())
    match = _PLAIN_NUMBER.fullmatch(text)
    if match is None:
        raise UnreadableError(said("no_number"))
    sign, digits, exponent = match.groups()
    try:
        number = Decimal(sign + _to_point(digits) + (exponent or "")) * factor
    except InvalidOperation:
        raise UnreadableError(said("no_number")) from None
    return _write_number(number)


def parse_count(cell: Cell) -> str:
    """Return a non-negative whole number, empty if missing; UnreadableError."""
    text = parse_amount(cell)
    if "." in text:
        raise UnreadableError(said("no_integer"))
    return text


# Years, and a second one of two digits that is no month: «2019/20».
_ONLY_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\s*[-/–]\s*(?:1[3-9]|[2-9]\d))?(?!\d)|^[12]\.\d{3}$")


def parse_years(cell: Cell) -> tuple[str, str]:
    """Return (first, last) year of a year, a date, a serial date or a range; last is empty unless it is a range.

    Both are empty if the cell is marked as unknown; UnreadableError.
    """
    if isinstance(cell, date):
        return _check_year(cell.year), ""
    text = fold(clean_text(cell))
    if text in _MISSING:
        return "", ""
    number = re.fullmatch(r"(\d{4,5})(?:[.,]\d+)?|(\d)[.](\d{3})", text)
    if number:
        value = int(number.group(1) or number.group(2) + number.group(3))
        if value in _SERIALS:
            return _check_year((_DAY_ZERO + timedelta(days=value)).year), ""
        return _check_year(value), ""
    years = _YEARS.fullmatch(text)
    # «2019-05» is a month, «2019-20» and «2019/20» are two years.
    if years and not (len(years[2]) == 2 and int(years[2]) <= min(12, int(years[1][2:]))):
        last = years[2] if len(years[2]) == 4 else years[1][:2] + years[2]
        return _check_year(int(years[1])), _check_year(int(last))
    try:
        return _check_year(_find_date_year(text)), ""
    except UnreadableError as error:
        if error.fault.key != "no_date":
            raise
    return _read_phrase(text)


def has_day_or_month(cell: Cell) -> bool:
    """Tell whether a cell that was read as years says a day or a month too."""
    if isinstance(cell, date):
        return True
    rest = _ONLY_YEARS.sub(" ", fold(clean_text(cell)))
    return any(part[0].isdigit() or _is_month(part) for part in _TOKEN.findall(rest[:200]))


def _read_phrase(text: str) -> tuple[str, str]:
    """Return the years of words around dates: «dal 1/4/2020 al 31/7/2020», «marzo-giugno 2020», «2018-2019-2020».

    Every word must be one that goes with a date; what is only until a year has no first one.
    """
    years: list[int] = []
    parts = _TOKEN.findall(text[:200])
    for at, part in enumerate(parts):
        after = parts[at + 1] if at + 1 < len(parts) else ""
        if part[0].isdigit() and not part.isdigit():
            years.append(_find_date_year(part))
        elif part.isdigit() and len(part) == 4:
            years.append(int(part))
        elif part.isdigit():
            is_day = int(part) <= 31 and (_is_month(after) or after in ("°", "º"))
            if years and len(part) == 2 and parts[at - 1] in "-/–" and parts[at - 2] == str(years[-1]):
                years.append(years[-1] // 100 * 100 + int(part))
            elif not is_day:
                raise UnreadableError(said("no_date"))
        elif not (part in _WORDS or part in _WEEKDAYS or _is_month(part) if part.isalpha() else part in _MARKS):
            raise UnreadableError(said("no_date"))
    if not years or years != sorted(years):
        raise UnreadableError(said("no_date"))
    first, last = _check_year(years[0]), _check_year(years[-1])
    if len(years) == 1:
        return ("", last) if _ENDS.match(text) else (first, "")
    return first, last


def _is_month(token: str) -> bool:
    return len(token) >= 3 and any(name.startswith(token) for name in _MONTH_NAMES)


def split_list(text: str, commas: bool = False) -> list[str]:
    """Return the parts of a cell that holds a list, joined by `;`, `|` or line breaks (and by commas if asked)."""
    parts = re.split(r":::|[;|\n,]" if commas else r":::|[;|\n]", text)
    return [part.strip() for part in parts if part.strip()]


def _to_point(digits: str) -> str:
    """Return the digits with a decimal point and no thousands; the text unchanged (and no number) if it is neither."""
    marks = [mark for mark in ",." if mark in digits]
    if len(marks) == 2:
        decimal = max(marks, key=digits.rfind)
        whole, _, fraction = digits.rpartition(decimal)
        thousands = "." if decimal == "," else ","
        return f"{whole.replace(thousands, '')}.{fraction}" if _is_grouped(whole, thousands) else digits
    if not marks:
        return digits
    mark = marks[0]
    if _is_grouped(digits, mark) and not digits.startswith("0"):
        return digits.replace(mark, "")
    return digits.replace(mark, ".") if digits.count(mark) == 1 else digits


def _is_grouped(digits: str, mark: str) -> bool:
    return re.fullmatch(rf"\d{{1,3}}({re.escape(mark)}\d{{3}})+", digits) is not None


def _write_number(number: Decimal) -> str:
    if number < 0:
        raise UnreadableError(said("negative"))
    if number >= _LARGEST:
        raise UnreadableError(said("huge"))
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0") or "0"


def _find_date_year(text: str) -> int:
    for pattern, order in ((_ISO_DATE, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_COMPACT_DATE, (1, 2, 3))):
        match = pattern.fullmatch(text)
        if match:
            year, month, day = (int(match.group(group)) for group in order)
            if pattern is _DAY_FIRST and month > 12 >= day:
                month, day = day, month
            return _check_date(_to_four_digits(year), month, day)
    match = _MONTH_IN_WORDS.fullmatch(text)
    if match and match.group(1)[:3] in _MONTHS:
        return _to_four_digits(int(match.group(2)))
    match = _MONTH_AND_YEAR.fullmatch(text)
    if match:
        return int(match.group(1))
    raise UnreadableError(said("no_date"))


def _to_four_digits(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _check_date(year: int, month: int, day: int) -> int:
    """Return the year of a date that exists; ValueError otherwise."""
    try:
        return date(year, month, day).year
    except ValueError:
        raise UnreadableError(said("no_such_date")) from None


def _check_year(year: int) -> str:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableError(said("year_range", first=FIRST_YEAR, last=LAST_YEAR))
    return str(year)
