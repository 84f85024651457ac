"""data/geography_steps.csv: what changed in the municipalities and provinces, and the codes and names that follow."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from .sources import BuildError

MERGED, MOVED, SPLIT, RENAMED = "merged", "moved", "split", "renamed"
PROVINCE_ENDED, PROVINCE_BEGUN = "province_ended", "province_begun"
KINDS = {MERGED, MOVED, SPLIT, RENAMED, PROVINCE_ENDED, PROVINCE_BEGUN}
COLUMNS = ["date", "kind", "old_code", "new_code", "name", "abbr", "belfiore", "act", "source"]

# Sardinia, from 1 January 2026: the province of the list with 110 provinces gives the new one.
SARDINIA = "20"
SARDINIA_PROVINCES_2026 = {
    "090": "112",
    "104": "113",
    "091": "114",
    "095": "115",
    "105": "116",
    "106": "117",
    "092": "118",
    "107": "119",
}
# Municipalities numbered in another province than that rule says.
SARDINIA_NUMBERED_ELSEWHERE = {"Genoni": "118", "Seui": "118", "Teulada": "118", "Seulo": "114"}
# Moved after the numbering: the place they leave (118055, 118062) stays empty.
SARDINIA_MOVED = {"Seui": "116023", "Teulada": "119024"}


@dataclass(frozen=True)
class Step:
    """One row of the table. `date` is the first day (ISO); a province's codes have 3 digits, a municipality's 6.

    name is the one that holds from that day; abbr is a province's, belfiore a new municipality's, if known.
    """

    date: str
    kind: str
    old_code: str
    new_code: str
    name: str
    abbr: str
    belfiore: str
    act: str
    source: str

    @property
    def last_day(self) -> str:
        """The last day of the old code (ISO)."""
        return (date.fromisoformat(self.date) - timedelta(days=1)).isoformat()


def read_steps(path: Path) -> list[Step]:
    """Read the table in the order of the dates; BuildError names the row that cannot be used."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(frame.columns) != COLUMNS:
        raise BuildError(f"{path.name}: the columns are {list(frame.columns)}, expected {COLUMNS}.")
    steps = [Step(*row) for row in frame.itertuples(index=False, name=None)]
    for line, step in enumerate(steps, start=2):
        try:
            date.fromisoformat(step.date)
        except ValueError as error:
            raise BuildError(f"{path.name}, line {line}: {step.date!r} is not a date like 2026-01-31.") from error
        if step.kind not in KINDS:
            raise BuildError(f"{path.name}, line {line}: {step.kind!r} is none of {', '.join(sorted(KINDS))}.")
    return sorted(steps, key=lambda step: step.date)


def since(steps: Iterable[Step], day: str) -> list[Step]:
    """Return the steps after a day: what a table that was right on that day does not know."""
    return [step for step in steps if step.date > day]


def follow_codes(steps: Iterable[Step], sardinia: Mapping[str, str]) -> dict[str, str]:
    """Return old code → code after the last step, for every municipality whose code the steps change.

    sardinia: the codes of 2025 → those of 2026, which begin together with the new provinces.
    """
    current: dict[str, str] = {}
    for step in steps:
        if step.kind in (MERGED, MOVED):
            now: Mapping[str, str] = {step.old_code: step.new_code}
        elif step.kind == PROVINCE_BEGUN and step.new_code in SARDINIA_PROVINCES_2026.values():
            now = sardinia
        else:
            continue
        current = {old: now.get(code, code) for old, code in current.items()}
        current |= {old: new for old, new in now.items() if old not in current}
    return current


def carry_names(names: pd.DataFrame, steps: Iterable[Step], sardinia: Mapping[str, str]) -> pd.DataFrame:
    """Return the list of municipalities after the steps, sorted by istat_code; columns as in names.

    A step about a municipality that is not in the list (a list of one region, for instance) changes nothing.
    A new municipality takes province, region and NUTS from the first it comes from, its belfiore from the step. A
    capital of a province that has ended is a capital no more, unless a province of the same name begins.
    """
    frame = names.set_index("istat_code")
    provinces = {step.new_code: step for step in steps if step.kind == PROVINCE_BEGUN}
    for step in steps:
        if step.kind == RENAMED and step.old_code in frame.index:
            frame.loc[step.old_code, "name"] = step.name
        elif step.kind == MERGED and step.old_code in frame.index:
            frame = _merge(frame, step)
        elif step.kind == PROVINCE_BEGUN and set(frame.index) & sardinia.keys():
            frame = _renumber(frame, sardinia, provinces)
    return frame.sort_index().rename_axis("istat_code").reset_index()[list(names.columns)]


def _merge(frame: pd.DataFrame, step: Step) -> pd.DataFrame:
    gone = frame.loc[[step.old_code]]
    frame = frame.drop(index=step.old_code)
    if step.new_code not in frame.index:
        born = gone.assign(name=step.name, name_other="", belfiore=step.belfiore, is_capital=False)
        frame = pd.concat([frame, born.set_axis([step.new_code])])
    frame.loc[step.new_code, "name"] = step.name
    return frame


def _renumber(frame: pd.DataFrame, codes: Mapping[str, str], provinces: Mapping[str, Step]) -> pd.DataFrame:
    changed = frame.index.isin(list(codes))
    frame = frame.rename(index=codes)
    new_province = pd.Series(frame.index.str[:3], index=frame.index)[changed]
    new_name = new_province.map({code: step.name for code, step in provinces.items()})
    same_province = (frame.loc[changed, "province"] == new_name).to_numpy()
    frame.loc[changed, "is_capital"] &= same_province
    frame.loc[changed, "province_code"] = new_province
    frame.loc[changed, "province"] = new_name
    frame.loc[changed, "province_abbr"] = new_province.map({code: step.abbr for code, step in provinces.items()})
    return frame


def number_sardinia(names: pd.DataFrame) -> dict[str, str]:
    """Return the 377 codes of 2025 → those of 2026: the alphabetical position inside the new province.

    Compared with a public copy of ISTAT's table of these codes (in force from 1 January 2026): 377 of 377 agree.
    """
    sardinia = names[names["region_code"] == SARDINIA]
    province = sardinia["code_110"].str[:3].map(SARDINIA_PROVINCES_2026)
    province = sardinia["name"].map(SARDINIA_NUMBERED_ELSEWHERE).fillna(province)
    ordered = sardinia.assign(province=province, key=sardinia["name"].map(alphabetical)).sort_values(
        ["province", "key"]
    )
    position = ordered.groupby("province").cumcount() + 1
    new_codes = ordered["name"].map(SARDINIA_MOVED).fillna(ordered["province"] + position.astype(str).str.zfill(3))
    return dict(zip(ordered["istat_code"], new_codes, strict=True))


def alphabetical(name: str) -> str:
    """Return the sorting key of ISTAT's numbering: no accents, an apostrophe after every letter."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return plain.replace("'", "~")
