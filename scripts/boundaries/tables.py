"""The tables beside the boundaries: residents by age band and codes that changed; it knows nothing of geometry."""

import unicodedata

import pandas as pd

from .sources import BuildError

# Every change after the 2022 layer and up to the list of 22 January 2024 is a union of whole municipalities.
# Old code, new code, last day of the old code.
MERGED = [
    ("005079", "005122", "2022-12-31"),
    ("005110", "005122", "2022-12-31"),
    ("012009", "012144", "2022-12-31"),
    ("012018", "012144", "2022-12-31"),
    ("012095", "012144", "2022-12-31"),
    ("013199", "013256", "2023-12-31"),
    ("013228", "013256", "2023-12-31"),
    ("018002", "018026", "2023-11-17"),
    ("024044", "024128", "2024-01-21"),
    ("024103", "024128", "2024-01-21"),
    ("025002", "025075", "2024-01-21"),
    ("025070", "025075", "2024-01-21"),
    ("028022", "028108", "2024-01-21"),
    ("028098", "028108", "2024-01-21"),
]
MERGES = {old: new for old, new, _ in MERGED}

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

# Changes that no column of the list gives. The old code of a `split` or `merged_later` is still on the map and stays
# itself; the new code of a `merged_later` may be newer than the map.
LATER = "dopo la data della mappa, dove resta distinto"
SINGLE_CHANGES = [
    ("041032", "041044", "Monteciccardo", "merged", "2020-06-30", "incorporato in Pesaro"),
    ("041033", "099030", "Montecopiolo", "renumbered", "2021-06-16", "da Pesaro e Urbino a Rimini"),
    ("041060", "099031", "Sassofeltrio", "renumbered", "2021-06-16", "da Pesaro e Urbino a Rimini"),
    (
        *("081021", "081025", "Trapani", "split", ""),
        "Misiliscemi si è staccato da Trapani il 20 febbraio 2021: prima, 081021 comprende anche il suo territorio",
    ),
    ("018082", "018094", "Lirio", "merged_later", "2026-01-31", f"incorporato in Montalto Pavese {LATER}"),
    ("024027", "024129", "Castegnero", "merged_later", "2026-02-20", f"fuso in Castegnero Nanto {LATER}"),
    ("024071", "024129", "Nanto", "merged_later", "2026-02-20", f"fuso in Castegnero Nanto {LATER}"),
]

# The list's own columns of past codes, the newest first: years of the list and its last day.
PAST_LISTS = {
    "code_110": ("elenco con 110 province, 2010-2016", "2016-12-31"),
    "code_107": ("elenco con 107 province, 2006-2009", "2009-12-31"),
    "code_103": ("elenco con 103 province, 1995-2005", "2005-12-31"),
}
# They changed province after 2016, so the last day of the list is not theirs.
LEFT_AFTER_2016 = {"030189", "016215"}

# Sardinia, from 1 January 2026: the province of the list with 110 provinces gives the new one.
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


def build_population(by_age: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Residents by age band, women and men together: index istat_code (the wanted codes), columns AGE_BANDS, Int64.

    Merged municipalities are summed; a municipality the source does not have stays empty, never zero.
    """
    current = by_age.groupby(by_age.index.to_series().replace(MERGES).to_numpy()).sum()
    bands = {band: current.loc[:, first:last].sum(axis=1) for band, (first, last) in AGE_BANDS.items()}
    table = pd.DataFrame(bands).reindex(codes).astype("Int64").rename_axis("istat_code")
    if int(table.sum().sum()) != int(by_age.to_numpy().sum()):
        raise BuildError("population: the age bands do not add up to the source's total.")
    return table


def build_code_changes(names: pd.DataFrame, names_2022: pd.Series) -> pd.DataFrame:
    """Return data/istat_code_changes.csv: a code someone may write → the code in comuni.geojson, sorted by old_code.

    names is the ISTAT list, names_2022 the names of 2022 by code.
    """
    current = names.set_index("istat_code")["name"]
    rows: list[tuple[str, ...]] = [
        (
            old,
            new,
            str(names_2022[old]),
            "merged",
            until,
            f"ora {current[new]}" + (" (stesso nome)" * (old == "024103")),
        )
        for old, new, until in MERGED
    ]
    rows += SINGLE_CHANGES
    rows += list_past_codes(names, known={row[0] for row in rows})
    rows += list_sardinia_2026(names)
    table = pd.DataFrame(rows, columns=CHANGE_COLUMNS).sort_values("old_code", ignore_index=True)
    repeated = table.loc[table["old_code"].duplicated(), "old_code"].tolist()
    ambiguous = set(table.loc[~table["kind"].isin(["split", "merged_later"]), "old_code"]) & set(current.index)
    if repeated or ambiguous:
        raise BuildError(f"code changes: a code with two meanings: {sorted({*repeated, *ambiguous})}.")
    return table


def list_past_codes(names: pd.DataFrame, known: set[str]) -> list[tuple[str, ...]]:
    """Return a row for every code of the lists with 110, 107 and 103 provinces that is no longer the code."""
    rows: dict[str, tuple[str, ...]] = {}
    for column, (label, last_day) in PAST_LISTS.items():
        for old, new, name in names[[column, "istat_code", "name"]].itertuples(index=False):
            if old == new or old in known:
                continue
            until = "" if new in LEFT_AFTER_2016 else last_day
            row = rows.setdefault(old, (old, new, name, "renumbered", until, label))
            if row[1] != new:
                raise BuildError(f"code changes: {old} means {row[1]} in one list and {new} in another.")
    return list(rows.values())


def list_sardinia_2026(names: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the 377 Sardinian codes of 2026: the alphabetical position inside the new province.

    Compared with a public copy of ISTAT's table of these codes (in force from 1 January 2026): 377 of 377 agree.
    """
    sardinia = names[names["region_code"] == "20"]
    province = sardinia["code_110"].str[:3].map(SARDINIA_PROVINCES_2026)
    province = sardinia["name"].map(SARDINIA_NUMBERED_ELSEWHERE).fillna(province)
    ordered = sardinia.assign(province=province, key=sardinia["name"].map(alphabetical)).sort_values(
        ["province", "key"]
    )
    position = ordered.groupby("province").cumcount() + 1
    new_codes = ordered["name"].map(SARDINIA_MOVED).fillna(ordered["province"] + position.astype(str).str.zfill(3))
    note = "codice in vigore dal 1° gennaio 2026, dopo la data della mappa"
    rows = zip(new_codes, ordered["istat_code"], ordered["name"], strict=True)
    return [(future, today, name, "sardinia_2026", "", note) for future, today, name in rows]


def alphabetical(name: str) -> str:
    """Return the sorting key of ISTAT's numbering: no accents, an apostrophe after every letter."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return plain.replace("'", "~")
