"""The tables beside the boundaries: residents by age band, codes that changed, names and hints carried to today."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .sources import LIST_DATE, BuildError
from .steps import MERGED, MOVED, SPLIT, Step, follow_codes, since

AGE_BANDS = {
    "0-2": (0, 2),
    "3-5": (3, 5),
    "6-13": (6, 13),
    "14-17": (14, 17),
    "18-34": (18, 34),
    "35-64": (35, 64),
    "65-74": (65, 74),
    "75+": (75, 100),
}

CHANGE_COLUMNS = ["old_code", "new_code", "old_name", "kind", "valid_until", "note"]
RENUMBERED = "renumbered"

# The list's own columns of past codes, the newest first: years of the list and its last day.
PAST_LISTS = {
    "code_110": ("elenco con 110 province, 2010-2016", "2016-12-31"),
    "code_107": ("elenco con 107 province, 2006-2009", "2009-12-31"),
    "code_103": ("elenco con 103 province, 1995-2005", "2005-12-31"),
}
# They changed province after 2016, so the last day of the list is not theirs.
LEFT_AFTER_2016 = {"030189", "016215"}
SARDINIA_NOTE = "Sardegna, elenchi dal 2017 al 2025"
SARDINIA_LAST_DAY = "2025-12-31"

# The names of these codes are in no table that the build reads.
OLD_NAMES = {
    "041032": "Monteciccardo",
    "041033": "Montecopiolo",
    "041060": "Sassofeltrio",
    "081021": "Trapani",
}
NOTES = {
    "041032": "incorporato in Pesaro",
    "041033": "da Pesaro e Urbino a Rimini",
    "041060": "da Pesaro e Urbino a Rimini",
    "081021": (
        "Misiliscemi si è staccato da Trapani il 20 febbraio 2021: prima, 081021 comprende anche il suo territorio"
    ),
    "018082": "incorporato in Montalto Pavese",
}


def to_bands(by_age: pd.DataFrame) -> pd.DataFrame:
    """Residents by single age (columns 0 to 100, 100 = and over) → by age band, Int64; every resident in one band."""
    bands = pd.DataFrame({band: by_age.loc[:, first:last].sum(axis=1) for band, (first, last) in AGE_BANDS.items()})
    if int(bands.to_numpy().sum()) != int(by_age.to_numpy().sum()):
        raise BuildError("population: the age bands do not add up to the source's total.")
    return bands.astype("Int64")


def carry_population(bands: pd.DataFrame, codes: pd.Series, today: Mapping[str, str]) -> pd.DataFrame:
    """Residents by age band of the wanted codes, sorted as they are; index istat_code, columns AGE_BANDS, Int64.

    bands: index istat_code as it was then; today: an older code → today's. Merged municipalities are summed; one that
    the source does not have, or that has an unknown part, stays empty, never zero.
    """
    groups = bands.groupby([today.get(code, code) for code in bands.index])
    current = groups.sum().mask(bands.isna().groupby([today.get(code, code) for code in bands.index]).any())
    unplaced = sorted(set(current.index) - set(codes))
    if {code[:3] for code in unplaced} & set(codes.str[:3]):
        raise BuildError(f"population: codes that are on no map: {unplaced[:10]}; add them to geography_steps.csv.")
    return current.reindex(codes).rename_axis("istat_code")


def build_code_changes(
    listed: pd.DataFrame, names_2022: pd.Series, steps: list[Step], sardinia: Mapping[str, str], today: pd.DataFrame
) -> pd.DataFrame:
    """Return data/istat_code_changes.csv: a code someone may write → today's code, sorted by old_code.

    listed is the ISTAT list of LIST_DATE with its columns of past codes, names_2022 the names of 2022 by code, today
    the municipalities of today.
    """
    names = dict(zip(listed["istat_code"], listed["name"], strict=True))
    old_names = dict(zip(names_2022.index, names_2022, strict=True)) | names | OLD_NAMES
    rows = list_steps(steps, sardinia, old_names, today)
    rows += list_past_codes(
        listed, known={row[0] for row in rows}, final=follow_codes(since(steps, LIST_DATE), sardinia)
    )
    rows += [(old, new, names[old], RENUMBERED, SARDINIA_LAST_DAY, SARDINIA_NOTE) for old, new in sardinia.items()]
    table = pd.DataFrame(rows, columns=CHANGE_COLUMNS).sort_values("old_code", ignore_index=True)
    repeated = table.loc[table["old_code"].duplicated(), "old_code"].tolist()
    ambiguous = set(table.loc[table["kind"] != SPLIT, "old_code"]) & set(today["istat_code"])
    if repeated or ambiguous:
        raise BuildError(f"code changes: a code with two meanings: {sorted({*repeated, *ambiguous})}.")
    return table


def list_steps(
    steps: list[Step], sardinia: Mapping[str, str], old_names: Mapping[str, str], today: pd.DataFrame
) -> list[tuple[str, ...]]:
    """Return a row for every municipality that a step merged, moved to another province or split."""
    final = follow_codes(steps, sardinia)
    current = today.set_index("istat_code")["name"]
    rows: list[tuple[str, ...]] = []
    for step in steps:
        if step.kind not in (MERGED, MOVED, SPLIT):
            continue
        old = step.old_code
        name, new = old_names.get(old, ""), final.get(old, step.new_code)
        now = current.get(new, step.name)
        note = NOTES.get(old) or f"ora {now}" + " (stesso nome)" * (name == now)
        kind = RENUMBERED if step.kind == MOVED else step.kind
        rows.append((old, new, name, kind, step.last_day, note))
    return rows


def list_past_codes(listed: pd.DataFrame, known: set[str], final: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return a row for every code of the lists with 110, 107 and 103 provinces that the list itself no longer has."""
    rows: dict[str, tuple[str, ...]] = {}
    for column, (label, last_day) in PAST_LISTS.items():
        for old, then, name in listed[[column, "istat_code", "name"]].itertuples(index=False):
            if old == then or old in known:
                continue
            new = final.get(then, then)
            until = "" if then in LEFT_AFTER_2016 else last_day
            row = rows.setdefault(old, (old, new, name, RENUMBERED, until, label))
            if row[1] != new:
                raise BuildError(f"code changes: {old} means {row[1]} in one list and {new} in another.")
    return list(rows.values())


def list_successors(changes: pd.DataFrame) -> dict[str, str]:
    """Return old code → today's, for the codes that today nobody has any more."""
    whole = changes[changes["kind"] != SPLIT]
    return dict(zip(whole["old_code"], whole["new_code"], strict=True))


def extend_code_changes(
    changes: pd.DataFrame, newer: list[Step], old_names: Mapping[str, str], today: pd.DataFrame
) -> pd.DataFrame:
    """Return the table of changes after newer steps; old_names: by code, before them; today: municipalities after."""
    final = follow_codes(newer, {})
    table = changes.assign(new_code=[final.get(code, code) for code in changes["new_code"]])
    rows = pd.DataFrame(list_steps(newer, {}, old_names, today), columns=CHANGE_COLUMNS)
    return pd.concat([table, rows]).sort_values("old_code", ignore_index=True)


def carry_codes(path: Path, columns: list[str], today: Mapping[str, str]) -> pd.DataFrame:
    """Return a hand-written table with the codes of these columns (";" between several) carried to today's.

    The order of the rows stays; in a cell with several codes each is named once, in order.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in columns:
        cells = [[today.get(code, code) for code in cell.split(";")] for cell in table[column]]
        table[column] = [";".join(dict.fromkeys(sorted(codes))) for codes in cells]
    return table
