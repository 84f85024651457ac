"""What the municipalities and provinces of today were on an earlier day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from atlas.base.tables import read_rows
from atlas.territory.codes import CodeChange
from atlas.territory.vintage import RENUMBERED, SPLIT

_YEAR = re.compile(r"\d{4}")
_MUNICIPALITY = 6  # digits of a code
RENAMED, ENDED = "renamed", "province_ended"


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


@dataclass(frozen=True, slots=True)
class ProvinceThen:
    """What was different in a province of today; each part is empty where nothing was, or where it is not known.

    code and name: those of the province that had all its municipalities of today and no others; name is empty if it is
    the same. Otherwise began: the first day (ISO) of its municipalities of today; had_others: a province of its name or
    code existed, with other municipalities.
    """

    code: str = ""
    name: str = ""
    began: str = ""
    had_others: bool = False


NOTHING, NO_PROVINCE = Then(), ProvinceThen()


def read_steps(data_dir: Path) -> tuple[Step, ...]:
    """Read data/geography_steps.csv; DataError if it is missing or broken."""
    columns = ("date", "kind", "old_code", "new_code", "name")
    return tuple(Step(*row) for row in read_rows(data_dir / "geography_steps.csv", columns))


def read_former_names(data_dir: Path) -> dict[str, tuple[str, ...]]:
    """Read from data/place_names.csv the former names of municipalities that have been renamed; DataError."""
    renamed: dict[str, tuple[str, ...]] = {}
    for name, code, kind in read_rows(data_dir / "place_names.csv", ("name", "istat_code", "kind")):
        if kind == RENAMED:
            renamed[code] = (*renamed.get(code, ()), name)
    return renamed


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
        self._renamed = {step.new_code for step in self._steps if step.kind == RENAMED}
        self._members: dict[str, list[str]] = {}
        for code in names:
            if len(code) == _MUNICIPALITY:
                self._members.setdefault(code[:3], []).append(code)
        self._then = lru_cache(maxsize=20_000)(self._find)
        self._numbered = lru_cache(maxsize=200)(self._find_numbered)

    def then(self, code: str, date: str) -> Then:
        """Return what was different in a municipality of today at a date (YYYY or YYYY-MM-DD)."""
        if not date or (code not in self._before and code not in self._renamed):
            return NOTHING
        return self._then(code, to_day(date))

    def _find(self, code: str, day: str) -> Then:
        changes = [change for change in self._before.get(code, []) if change.valid_until >= day]
        old_code = next((one.old_code for one in self._renumbered(code, day)), "")
        splits = [one for one in changes if one.kind == SPLIT]
        return Then(
            old_code,
            self._name_of_former(old_code[:3], code[:3]),
            self._find_name(code, day),
            tuple(sorted({one.old_name for one in changes if one.kind not in (RENUMBERED, SPLIT) and one.old_name})),
            tuple(self._names.get(one.new_code, "") for one in splits if one.old_code == code),
            next((one.old_name for one in splits if one.new_code == code), ""),
        )

    def _renumbered(self, code: str, day: str) -> list[CodeChange]:
        """Return how the code of a municipality of today has changed since a day, in order."""
        changes = (one for one in self._before.get(code, []) if one.kind == RENUMBERED and one.valid_until >= day)
        return sorted(changes, key=lambda one: (one.valid_until, one.old_code))

    def _name_of_former(self, old: str, new: str) -> str:
        """Return the name of the province `old`, unless it is that of the province of today `new`."""
        name = self._names.get(old) or self._ended.get(old, "")
        return name if old != new and name != self._names.get(new) else ""

    def _find_name(self, code: str, day: str) -> str:
        """Return the former name of a renamed municipality, where it has had only one."""
        is_later = any(step.kind == RENAMED and step.new_code == code and step.date > day for step in self._steps)
        names = self._former_names.get(code, ())
        return names[0] if is_later and len(names) == 1 else ""

    def province_then(self, province: str, date: str) -> ProvinceThen:
        """Return what was different in a province of today at a date (YYYY or YYYY-MM-DD)."""
        day = to_day(date)
        moved = self._numbered(day) if date else {}
        members = self._members.get(province, [])
        olds = {moved[code].old_code[:3] if code in moved else code[:3] for code in members}
        # What is elsewhere today and was in one of those provinces.
        guests = [code for code, change in moved.items() if code[:3] != province and change.old_code[:3] in olds]
        if len(olds) == 1 and not guests:
            old = olds.pop()
            if old == province:
                return NO_PROVINCE
            if old not in self._members:
                return ProvinceThen(old, self._name_of_former(old, province))
            olds = {old}
        # The last day of each outside its province of today, or of the guests inside this one.
        days = [
            change.valid_until
            for code in members
            for change in self._renumbered(code, day)
            if change.old_code[:3] != province
        ]
        days += [moved[code].valid_until for code in guests]
        if not (last := max(days, default="")):
            return NO_PROVINCE
        began = (datetime.fromisoformat(last) + timedelta(days=1)).date().isoformat()
        name = self._names.get(province)
        return ProvinceThen(
            began=began, had_others=any(old == province or self._ended.get(old) == name for old in olds)
        )

    def _find_numbered(self, day: str) -> dict[str, CodeChange]:
        """Return the municipalities of today that had another code on a day, with the change that ended it."""
        return {code: later[0] for code in self._before if (later := self._renumbered(code, day))}
