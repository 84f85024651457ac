"""Strict parsing of open data queries: unknown parameters and values are errors, where pages would ignore them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from atlas.base.model import CountingRule, Language, Level, Measure, View
from atlas.catalogue.links import (
    DIMENSION_BY_PARAM,
    SEPARATOR,
    TEXT_LIMIT,
    clean_text,
    from_query,
    known_values,
)
from atlas.catalogue.vocabulary import Vocabulary
from atlas.catalogue.world import World
from atlas.figures.mapview import target_group_of, usable_measures
from atlas.publish.areas.table import CRS
from atlas.territory.territory import Territory

# Longer than any valid query, even with every character of the longest search escaped.
LONGEST_QUERY = 4000
SELECTION = (*DIMENSION_BY_PARAM, "place", "q", "lang")
INDICATORS = (*SELECTION, "level", "measure", "rule")
LAYERS = (*INDICATORS, "crs")
PAGING = ("limit", "offset")
PAGE_SIZE, LARGEST_PAGE, LARGEST_OFFSET = 1000, 10_000, 1_000_000
REGIONS_AT_MOST = 3
CHOICES: dict[str, tuple[str, ...]] = {
    "lang": tuple(map(str, Language)),
    "level": tuple(map(str, Level)),
    "measure": tuple(map(str, Measure)),
    "rule": tuple(map(str, CountingRule)),
    "crs": tuple(crs.removeprefix("EPSG:") for crs in CRS),
}


@dataclass(frozen=True, slots=True)
class QueryFault:
    """What is wrong with one parameter: `kind` is the key of its message, under api.fault."""

    kind: str
    parameter: str
    value: str = ""
    allowed: tuple[str, ...] = ()


class QueryError(Exception):
    """The query cannot be answered. Carries every fault found, not just the first."""

    def __init__(self, faults: Sequence[QueryFault]) -> None:
        self.faults = faults
        super().__init__(", ".join(fault.parameter for fault in faults))


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the view, the regions of a request for boundaries, limit, offset, and coordinates of layers."""

    view: View
    regions: tuple[str, ...] = ()
    limit: int = PAGE_SIZE
    offset: int = 0
    crs: str = CRS[0]


def read_query(raw: bytes, accepted: Sequence[str], world: World) -> Query:
    """Read a query whose parameters are `accepted`; QueryError lists every unknown parameter and value."""
    pairs = _split(raw)
    faults = [
        QueryFault("unknown_parameter", name, value, tuple(accepted)) for name, value in pairs if name not in accepted
    ]
    names = [name for name, _ in pairs]
    faults += [QueryFault("repeated", name) for name in dict.fromkeys(names) if names.count(name) > 1]
    params = dict(pairs)
    values = known_values(world)
    known = CHOICES | {param: tuple(values[dimension]) for param, dimension in DIMENSION_BY_PARAM.items()}
    for name, value in params.items():
        if name in accepted:
            faults += _find_faults(name, value, known, world.territory)
    if not faults:
        view = from_query(params, world)
        faults += _find_measure_faults(view, world.vocabulary) if "measure" in accepted else []
    if faults:
        raise QueryError(faults)
    limit, offset = int(params.get("limit", PAGE_SIZE)), int(params.get("offset", 0))
    crs = f"EPSG:{params['crs']}" if "crs" in params else CRS[0]
    return Query(view, view.selection.regions, limit, offset, crs)


def _split(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise QueryError([QueryFault("unreadable", "?")]) from error


def _find_faults(name: str, value: str, known: dict[str, tuple[str, ...]], territory: Territory) -> list[QueryFault]:
    if not value:
        return [QueryFault("empty", name)]
    if name == "q":
        if len(value) > TEXT_LIMIT:
            return [QueryFault("too_long", name, allowed=(str(TEXT_LIMIT),))]
        return [] if clean_text(value) else [QueryFault("empty", name)]
    if name in PAGING:
        return _find_number_faults(name, value)
    if name == "place":
        is_place = territory.level_of(value) in (Level.PROVINCE, Level.MUNICIPALITY)
        return [] if is_place else [QueryFault("unknown_place", name, value)]
    values = value.split(SEPARATOR) if name in DIMENSION_BY_PARAM else [value]
    faults = [QueryFault("unknown_value", name, one, known[name]) for one in values if one not in known[name]]
    if len(set(values)) < len(values):
        faults.append(QueryFault("repeated_value", name, value))
    return faults


def _find_number_faults(name: str, value: str) -> list[QueryFault]:
    low, high = (1, LARGEST_PAGE) if name == "limit" else (0, LARGEST_OFFSET)
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(high))
    if is_number and low <= int(value) <= high:
        return []
    return [QueryFault("no_number", name, value, (str(low), str(high)))]


def _find_measure_faults(view: View, vocabulary: Vocabulary) -> list[QueryFault]:
    """Find a measure that does not apply, which pages replace by the count."""
    measure = view.options.measure
    usable = usable_measures(view.options.level, target_group_of(view.selection, vocabulary))
    if measure in usable:
        return []
    kind = "measure_needs_target" if measure is Measure.PER_100K_TARGET else "measure_needs_level"
    return [QueryFault(kind, "measure", str(measure), tuple(map(str, usable)))]


def check_regions(query: Query) -> None:
    """Raise QueryError if a request for boundaries names no region or too many."""
    if not query.regions:
        raise QueryError([QueryFault("missing", "region")])
    if len(query.regions) > REGIONS_AT_MOST:
        raise QueryError([QueryFault("too_many", "region", allowed=(str(REGIONS_AT_MOST),))])
