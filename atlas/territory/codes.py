"""Territorial codes as people and spreadsheets write them, converted into current ISTAT codes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from atlas.base.said import Said, said
from atlas.base.tables import read_rows

UNCHANGED, PADDED, BELFIORE, MERGED, UNKNOWN = "unchanged", "padded", "belfiore", "merged", "unknown"
CHANGE_COLUMNS = ("old_code", "new_code", "old_name", "kind", "valid_until", "note")
FORMER_COLUMNS = ("istat_code", "name", "valid_until", "old_code", "old_belfiore")
_BELFIORE_CODE = re.compile(r"[A-Z]\d{3}")
_WRAPPING = re.compile(r"^[=\s\"'’`]+|[\s\"'’`]+$")
_LOCAL_UNIT_PREFIX = re.compile(r"^IT[\s_-]?(?=\d{6}$)")
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:E\+?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One line of istat_code_changes.csv: `new_code` is empty if the successor is unknown."""

    old_code: str
    new_code: str
    old_name: str = ""
    kind: str = ""
    valid_until: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The current meaning of a written code. `code` is None if it is unknown; `reasons` explain the steps taken."""

    code: str | None
    reasons: tuple[str, ...]
    notes: tuple[Said, ...] = ()


def read_code_changes(data_dir: Path) -> tuple[CodeChange, ...]:
    """Read data/istat_code_changes.csv, and from data/place_names.csv the codes of the municipalities suppressed
    since 1990: the ISTAT one and the cadastral one, as `old_code`. Raises DataError if a file is missing or broken.
    """
    changes = list(read_rows(data_dir / "istat_code_changes.csv", CHANGE_COLUMNS))
    listed = {old_code for old_code, *_rest in changes}
    former = [
        (old_code, new_code, name, MERGED, valid_until, "")
        for new_code, name, valid_until, *old_codes in read_rows(data_dir / "place_names.csv", FORMER_COLUMNS)
        for old_code in old_codes
        if old_code and old_code not in listed
    ]
    return tuple(CodeChange(*row) for row in (*changes, *former))


def to_bare_code(text: str) -> str:
    """Strip what spreadsheets add around a code (=\"…\", spaces, .0, exponents): digits or a cadastral code, or ''.

    >>> [to_bare_code(text) for text in ('="001272"', "1272.0", "1,272E+03", "h501", "Roma")]
    ['001272', '1272', '1272', 'H501', '']
    """
    bare = _WRAPPING.sub("", unicodedata.normalize("NFKC", text)).upper().replace(" ", "")
    bare = _LOCAL_UNIT_PREFIX.sub("", bare)
    if _BELFIORE_CODE.fullmatch(bare) or (bare.isascii() and bare.isdigit()):
        return bare
    if _THOUSANDS.fullmatch(bare) and not bare.endswith(".000"):
        return bare.replace(".", "")
    if not _NUMBER.fullmatch(bare):
        return ""
    try:
        number = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return ""
    return str(int(number)) if number == int(number) and number < 10**6 else ""


class CodeBook:
    """Today's codes and every known way to reach them. Built once from the municipalities (index istat_code,
    column belfiore if there is one) and the changes; looking up a code is then a few dictionary reads.
    """

    def __init__(self, municipalities: pd.DataFrame, changes: Iterable[CodeChange] = ()) -> None:
        self._current = frozenset(municipalities.index)
        regions = municipalities.get("region_code", pd.Series(dtype="str"))
        self._regions = dict(zip(regions.index, regions, strict=True))
        letters = municipalities.get("belfiore", pd.Series(dtype="str"))
        self._by_belfiore = dict(zip(letters, letters.index, strict=True))
        self._forward: dict[str, list[CodeChange]] = {}
        for change in changes:
            self._forward.setdefault(change.old_code, []).append(change)

    def resolve(self, text: str) -> Resolution:
        """Return today's code for a code as written.

        Order: the code itself, then its successors, then the cadastral code. An ambiguous code is never
        guessed.
        """
        bare = to_bare_code(text)
        if not bare:
            return Resolution(None, (UNKNOWN,), (said("no_code"),))
        if _BELFIORE_CODE.fullmatch(bare):
            return self._resolve_belfiore(bare)
        steps: tuple[str, ...] = ()
        if len(bare) == 9 and self._regions.get(bare[3:]) == bare[1:3] and bare[0] == "0":
            bare = bare[3:]  # region (3) + municipality (6), as in lists of European funds
        if len(bare) == 8:
            if self._regions.get(bare[2:]) == bare[:2]:
                bare = bare[2:]  # region (2) + municipality (6), as in some registers
            steps = (PADDED,)
        elif len(bare) < 6:
            bare, steps = bare.zfill(6), (PADDED,)
        if len(bare) != 6:
            return Resolution(None, (UNKNOWN,), (said("six_digits"),))
        if bare in self._current:
            return Resolution(bare, steps or (UNCHANGED,))
        return self._follow(bare, steps)

    def _resolve_belfiore(self, letters: str) -> Resolution:
        code = self._by_belfiore.get(letters)
        if code is not None:
            return Resolution(code, (BELFIORE,))
        if letters in self._forward:
            return self._follow(letters, (BELFIORE,))
        return Resolution(None, (UNKNOWN,), (said("no_cadastral", code=letters),))

    def _follow(self, code: str, steps: tuple[str, ...]) -> Resolution:
        notes: list[Said] = []
        seen = {code}
        here = code
        while here not in self._current:
            ahead = self._forward.get(here, [])
            if len({change.new_code for change in ahead}) > 1:
                names = ", ".join(sorted(change.new_code for change in ahead))
                return Resolution(None, (*steps, UNKNOWN), (said("divided", code=here, names=names),))
            if not ahead or not ahead[0].new_code or ahead[0].new_code in seen:
                break
            change = ahead[0]
            here = change.new_code
            seen.add(here)
            steps = (*steps, change.kind or "renumbered")
            notes += _explain(change)
        if here in self._current:
            return Resolution(here, steps, tuple(notes))
        if here in self._forward:
            change = self._forward[here][0]
            reason: tuple[Said, ...] = (said("gone", name=change.old_name or here), *_as_written(change))
        else:
            reason = (said("never", code=here),)
        return Resolution(None, (*steps, UNKNOWN), reason)


def _explain(change: CodeChange) -> tuple[Said, ...]:
    values = {"old": change.old_code, "name": change.old_name, "new": change.new_code}
    until = change.valid_until
    sentence = said("renumbered_until", **values, until=until) if until else said("renumbered", **values)
    return (sentence, *_as_written(change))


def _as_written(change: CodeChange) -> tuple[Said, ...]:
    """Return the register's note, which is not translated."""
    return (said("as_written", text=change.note),) if change.note else ()
