"""What the municipalities and provinces of today were on an earlier day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from atlas.base.model import DataError
from atlas.base.tables import read_table
from atlas.territory.codes import CodeChange
from atlas.territory.vintage import RENUMBERED, SPLIT

_STEP_COLUMNS = ("date", "kind", "old_code", "new_code", "name")
_YEAR = re.compile(r"\d{4}")
RENAMED, BEGUN, ENDED = "renamed", "province_begun", "province_ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of geography_steps.csv: `date` is the first day of the new state."""

    date: str
    kind: str
    old_code: str
    new_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Then:
    """What was different in a place of today; each part is empty where nothing was, or where it is not known.

    code: its ISTAT code; province: the name of its province, which had another one; name: its own name; parts: the
    municipalities that have since been merged into it; inside: those that were a part of it and are not any more;
    whole: the municipality that it was a part of.
    """

    code: str = ""
    province: str = ""
    name: str = ""
    parts: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    whole: str = ""


NOTHING = Then()


def read_steps(data_dir: Path) -> tuple[Step, ...]:
    """Read data/geography_steps.csv; DataError if it is missing or broken."""
    table = read_table(data_dir / "geography_steps.csv", _STEP_COLUMNS)
    if table.faults:
        raise DataError(table.faults)
    return tuple(Step(*row) for row in table.frame[list(_STEP_COLUMNS)].itertuples(index=False, name=None))


def read_former_names(data_dir: Path) -> dict[str, tuple[str, ...]]:
    """Read from data/place_names.csv the former names of municipalities that have been renamed; DataError."""
    frame = read_table(data_dir / "place_names.csv", ("name", "istat_code", "kind")).frame
    renamed = frame[frame["kind"] == RENAMED].groupby("istat_code")["name"].agg(tuple)
    return {str(code): names for code, names in renamed.items()}


def to_day(date: str) -> str:
    """Return the day that a year or a day stands for: of a year its middle, as for the codes of a year."""
    return f"{date}-07-01" if _YEAR.fullmatch(date) else date


class History:
    """Tells what places of today were on an earlier day.

    names: the name of every municipality and province of today by code; former_names: of a municipality, its former
    names, whose end is known only from the steps.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        changes: Iterable[CodeChange] = (),
        steps: Iterable[Step] = (),
        former_names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._names = names
        self._former_names = former_names or {}
        self._steps = tuple(steps)
        self._before: dict[str, list[CodeChange]] = {}
        for change in changes:
            # Without its last day nobody can tell whether an older code was still in use.
            if change.old_code.isdigit() and change.valid_until:
                for key in (change.new_code, change.old_code) if change.kind == SPLIT else (change.new_code,):
                    self._before.setdefault(key, []).append(change)
        self._ended = {step.old_code: step.name for step in self._steps if step.kind == ENDED}
        self._stepped = {step.new_code for step in self._steps if step.kind in (RENAMED, BEGUN)}
        self._then = lru_cache(maxsize=20_000)(self._find)

    def then(self, code: str, date: str) -> Then:
        """Return what was different in a municipality or province of today at a date (YYYY or YYYY-MM-DD)."""
        if not date or (code not in self._before and code not in self._stepped):
            return NOTHING
        return self._then(code, to_day(date))

    def _find(self, code: str, day: str) -> Then:
        changes = [change for change in self._before.get(code, []) if change.valid_until >= day]
        codes = sorted((one.valid_until, one.old_code) for one in changes if one.kind == RENUMBERED)
        old_code = codes[0][1] if codes else ""
        splits = [one for one in changes if one.kind == SPLIT]
        return Then(
            old_code,
            self._find_province(code, old_code),
            self._find_name(code, day),
            tuple(sorted({one.old_name for one in changes if one.kind not in (RENUMBERED, SPLIT) and one.old_name})),
            tuple(self._names.get(one.new_code, "") for one in splits if one.old_code == code),
            next((one.old_name for one in splits if one.new_code == code), ""),
        )

    def _find_province(self, code: str, old_code: str) -> str:
        old, new = old_code[:3], code[:3]
        name = self._names.get(old) or self._ended.get(old, "")
        return name if old != new and name != self._names.get(new) else ""

    def _find_name(self, code: str, day: str) -> str:
        """Return the former name of a renamed municipality, where it has had only one."""
        is_later = any(step.kind == RENAMED and step.new_code == code and step.date > day for step in self._steps)
        names = self._former_names.get(code, ())
        return names[0] if is_later and len(names) == 1 else ""

    def began(self, province: str, date: str) -> str:
        """Return the first day of a province of today, if it comes after the date; else nothing."""
        days = (step.date for step in self._steps if step.kind == BEGUN and step.new_code == province)
        return next((day for day in days if date and day > to_day(date)), "")

    def had_other_bounds(self, province: str) -> bool:
        """Tell whether a province that began anew had a predecessor of the same name."""
        return self._names.get(province) in self._ended.values()
