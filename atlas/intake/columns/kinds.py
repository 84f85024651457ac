"""The kinds of values of a column, and the fields that they can fill."""

import re
from collections.abc import Callable, Sequence

from atlas.intake.cells.location import OF_A_MUNICIPALITY
from atlas.intake.cells.values import UnreadableError, parse_amount, parse_years
from atlas.territory.codes import to_bare_code

# The share of values of a column that must be of a kind.
MOST = 0.5
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\.\w+")
_MISSING = frozenset({"", "-", "n/d", "nd", "n.d.", "null"})
_NUMBER = re.compile(r"[-+]?[\d.,\s€%]+")
_DIGITS = re.compile(r"\d{1,3}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9/._-]*\d[A-Z0-9/._-]*", re.IGNORECASE)

_TEXTS = frozenset({
    "title_it", "title_en", "summary_it", "summary_en", "call", "measure", "body", "lead_organisation", "municipality",
    "themes", "targets", "partners",
})  # fmt: skip


def fits(field: str, values: Sequence[str]) -> bool:
    """Tell whether a column with these values may fill a field; a column without values may fill any."""
    values = [value for value in values if value.strip().lower() not in _MISSING]
    if not values:
        return True
    if field in _TEXTS:
        return _share(is_no_words, values) <= MOST
    check = _CHECKS.get(field)
    return check is None or _share(check, values) >= MOST


def is_short_number(values: Sequence[str]) -> bool:
    """Tell whether the values are one to three digits each: a part of a code in its own column."""
    values = [value for value in values if value.strip()]
    return bool(values) and _share(lambda value: _DIGITS.fullmatch(value.strip()) is not None, values) > 0.9


def names_municipalities(values: Sequence[str]) -> bool:
    """Tell whether some values are bodies called after a municipality: "Comune di Crema"."""
    return any(OF_A_MUNICIPALITY.match(value) for value in values)


def is_no_words(value: str) -> bool:
    """Tell whether a value is a link, an address, a number, a code or a date rather than words."""
    text = value.strip()
    return any(pattern.fullmatch(text) for pattern in (_LINK, _MAIL, _NUMBER, _CODE)) or _is_year(text)


def _is_year(value: str) -> bool:
    try:
        return any(parse_years(value))
    except UnreadableError:
        return False


def _is_amount(value: str) -> bool:
    try:
        return bool(parse_amount(value))
    except UnreadableError:
        return False


def _is_link(value: str) -> bool:
    return _LINK.search(value) is not None


def _is_code(value: str) -> bool:
    return all(to_bare_code(part) for part in re.split(r":::|[;|]", value)) and not value.isalpha()


def _is_part(value: str) -> bool:
    return value.strip().isdigit() and len(value.strip()) in (1, 2, 3, 6)


_CHECKS: dict[str, Callable[[str], bool]] = {
    "istat_code": _is_code,
    "cadastral_code": _is_code,
    "province_part": _is_part,
    "url": _is_link,
    "source": _is_link,
    "start_year": _is_year,
    "end_year": _is_year,
    "start_date": _is_year,
    "end_date": _is_year,
    "funding_eur": _is_amount,
    "beneficiaries": _is_amount,
}


def _share(check: Callable[[str], bool], values: Sequence[str]) -> float:
    return sum(map(check, values)) / len(values)
