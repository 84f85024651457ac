"""Columns of coordinates to places: pairs, points in one cell, in degrees or in a system that the file names."""

import re
from collections.abc import Callable, Mapping, Sequence

from atlas.base.said import Said, said
from atlas.intake.cells.values import clean_text
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import Record
from atlas.territory.points import ITALY, KNOWN_SYSTEMS, Place, place_points

_PAIR = re.compile(r"[(\[]?\s*([-+]?\d+(?:\.\d+)?)\s*[,; ]\s*([-+]?\d+(?:\.\d+)?)\s*[)\]]?")
_WKT = re.compile(r"(?:SRID=(\d+);)?\s*POINT\s*Z?\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)[^)]*\)", re.IGNORECASE)
_SYSTEM = re.compile(r"(?<!\d)(\d{4,5})(?!\d)")
_NAN = float("nan")
Pair = tuple[float, float]


def read_coordinates(
    records: Sequence[Record], positions: Mapping[str, int], texts: Sequence[str]
) -> tuple[Mapping[int, Place], list[Said]]:
    """Return the place of each record by its line, and what was understood of the file's coordinates.

    `positions` are the columns of the fields latitude and longitude, or point; `texts` their headers as written.
    RefusedFileError if the numbers are no degrees and no system is named.
    """
    pairs = [_read_pair(cells, positions) for _, cells in records]  # (x, y), NaN where there is none
    told: list[Said] = []
    system = _find_system(records, positions, texts)
    known = [pair for pair in pairs if pair[0] == pair[0]]
    if system == 4326 and known:
        if _most(known, lambda x, y: abs(x) > 180 or abs(y) > 90):
            raise RefusedFileError(said("crs_missing"), said("name_crs"))
        west, south, east, north = ITALY
        if _most(known, lambda x, y: west <= y <= east and south <= x <= north):
            pairs = [(y, x) for x, y in pairs]
            told.append(said("swapped"))
    elif known:
        told.append(said("crs_read", system=str(system)))
    places = place_points([x for x, _ in pairs], [y for _, y in pairs], system)
    return dict(zip((line for line, _ in records), places, strict=True)), told


def _read_pair(cells: Sequence[object], positions: Mapping[str, int]) -> Pair:
    def text(name: str) -> str:
        at = positions.get(name, len(cells))
        return clean_text(cells[at]) if at < len(cells) else ""  # type: ignore[arg-type]

    if "point" in positions:
        return _read_point(text("point"))
    return _read_number(text("longitude")), _read_number(text("latitude"))


def _read_point(text: str) -> Pair:
    """Return (x, y) of «45.4, 9.2» (latitude first, as maps write it) or of POINT(9.2 45.4)."""
    found = _WKT.fullmatch(text.strip())
    if found:
        return _read_number(found[2]), _read_number(found[3])
    pair = _PAIR.fullmatch(text.strip())
    return (_read_number(pair[2]), _read_number(pair[1])) if pair else (_NAN, _NAN)


def _read_number(text: str) -> float:
    try:
        number = float(text.replace(",", ".").rstrip("°"))
    except ValueError:
        return _NAN
    return number if abs(number) < 1e8 else _NAN


def _find_system(records: Sequence[Record], positions: Mapping[str, int], texts: Sequence[str]) -> int:
    """Return the reference system that a header or a column names; 4326, degrees, when none is named."""
    named = [texts[at] for name, at in positions.items() if name in ("latitude", "longitude", "point")]
    if "crs" in positions:
        at = positions["crs"]
        named += [clean_text(cells[at]) for _, cells in records[:20] if at < len(cells)]
    for text in named:
        for number in _SYSTEM.findall(text):
            if int(number) in KNOWN_SYSTEMS:
                return int(number)
    return 4326


def _most(pairs: Sequence[Pair], check: Callable[[float, float], bool]) -> bool:
    return sum(check(x, y) for x, y in pairs) > len(pairs) / 2
