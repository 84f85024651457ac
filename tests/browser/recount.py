"""The figures counted again from the files in plain Python, without the atlas."""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
DIGITS = {"region": 2, "province": 3, "municipality": 6}


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def places():
    """Every municipality's properties by code."""
    document = json.loads((DATA / "comuni.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["istat_code"]: feature["properties"] for feature in document["features"]}


@cache
def initiatives():
    """Every initiative with `codes`, the municipalities that it touches, and `lead`, the one that leads."""
    areas = {}
    for row in _rows("areas.csv"):
        areas.setdefault(row["area_id"], set()).add(row["istat_code"])
    found = []
    for row in _rows("initiatives.csv"):
        codes = set()
        for place in row["places"].split(";"):
            keys = {"province_code": place, "region_code": place, "istat_code": place}
            codes |= areas.get(place, set())
            codes |= {code for code, own in places().items() if any(own[key] == value for key, value in keys.items())}
        lead = row["lead_place"]
        if len(lead) == 3:
            lead = next(c for c, own in places().items() if own["province_code"] == lead and own["is_capital"])
        found.append(row | {"codes": codes, "lead": lead})
    return found


def territory_of(code, level):
    own = places()[code]
    return {"region": own["region_code"], "province": own["province_code"], "municipality": code}[level]


def chosen(theme="", region="", place=""):
    """The initiatives that a theme, a region and a place leave."""
    rows = [row for row in initiatives() if not theme or theme in row["themes"].split(";")]
    return [row for row in rows if not (region or place) or any(inside(code, region, place) for code in row["codes"])]


def inside(code, region="", place=""):
    own = places()[code]
    return (not region or own["region_code"] == region) and (not place or place in (code, own["province_code"]))


def count(level="municipality", region="", place="", theme=""):
    """Initiatives by area, once in each that they touch, inside the chosen region and place."""
    counts = Counter()
    for row in chosen(theme, region, place):
        counts.update({territory_of(code, level) for code in row["codes"] if inside(code, region, place)})
    return dict(counts)


def population(code):
    """Residents of a territory; None when they are not known."""
    digits = len(code)
    key = {2: "region_code", 3: "province_code", 6: "istat_code"}[digits]
    known = [own["population"] for own in places().values() if own[key] == code and own["population"] is not None]
    return sum(known) if known else None
