"""The year whose list of municipalities a set of codes comes from, and what a municipality was before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.territory.codes import CodeChange

# Before, one code may have meant the same municipality twice, and the table keeps one of the two.
FIRST_YEAR = 2010
RENUMBERED, SPLIT = "renumbered", "split"


@dataclass(frozen=True, slots=True)
class Vintage:
    """How many codes fit a year, how many fit today, of how many."""

    year: int
    n_fitting: int
    n_today: int
    n_codes: int


class CodeYears:
    """Tells which codes were in use in a year, and which year a list of codes is of. today: the codes in use now."""

    def __init__(self, today: Iterable[str], changes: Iterable[CodeChange], this_year: int) -> None:
        self._today = frozenset(today)
        self._this_year = this_year
        self._last_days: dict[str, str] = {}
        self._split: dict[str, CodeChange] = {}
        self._before: dict[str, list[CodeChange]] = {}
        for change in changes:
            if not change.old_code.isdigit():
                continue
            if change.kind == SPLIT:
                self._split[change.old_code] = change
                continue
            self._last_days[change.old_code] = change.valid_until
            self._before.setdefault(change.new_code, []).append(change)
        self._renumbered: Mapping[str, list[tuple[str, str]]] = {
            new: sorted((one.valid_until, one.old_code) for one in olds if one.kind == RENUMBERED and one.valid_until)
            for new, olds in self._before.items()
        }
        self._new_codes = {change.old_code: new for new, olds in self._before.items() for change in olds}

    def is_in_use(self, code: str, year: int) -> bool:
        """Tell whether a code was a municipality's on 1 July of a year; of a merger, only the end is known."""
        day = f"{year}-07-01"
        if code not in self._today and self._last_days.get(code, "") < day:
            return False
        new = self._new_codes.get(code, code)
        later = [old for until, old in self._renumbered.get(new, []) if until >= day]
        is_renumbered = code == new or any(old == code for _, old in self._renumbered.get(new, []))
        # Of the codes that one municipality has had, the one that ended first from that day on was in use.
        return not is_renumbered or (later[0] if later else new) == code

    def guess(self, codes: Iterable[str]) -> Vintage | None:
        """Return the latest of the years that most of these 6-digit codes fit; None if no year fits more than today.

        Codes that never were any municipality's are left out.
        """
        known = Counter(codes)
        best = max((self.count(known, year) for year in self.years), key=lambda one: (one.n_fitting, one.year))
        return best if best.n_fitting > best.n_today else None

    @property
    def years(self) -> range:
        """The years that codes can be told of, the latest first."""
        return range(self._this_year, FIRST_YEAR - 1, -1)

    def count(self, codes: Mapping[str, int], year: int) -> Vintage:
        """Count how many codes fit a year; codes: each with how often it is written."""
        known = {code: n for code, n in codes.items() if code in self._today or code in self._last_days}
        n_fitting = sum(n for code, n in known.items() if self.is_in_use(code, year))
        n_today = sum(n for code, n in known.items() if code in self._today)
        return Vintage(year, n_fitting, n_today, sum(known.values()))

    def split_of(self, code: str, year: int) -> str:
        """Return the municipality that in that year was still a part of this one; empty if none was."""
        change = self._split.get(code)
        return change.new_code if change and change.valid_until > f"{year}-12-31" else ""

    def before(self, code: str) -> list[CodeChange]:
        """Return what became a municipality of today: its older codes and those merged into it, the latest first."""
        return sorted(self._before.get(code, []), key=lambda change: change.valid_until, reverse=True)
