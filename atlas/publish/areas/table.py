"""The numbers of the map as one table, the same for the API, spreadsheets and GIS layers."""

from dataclasses import replace
from datetime import date

import pandas as pd

from atlas.base.columns import About
from atlas.base.i18n import Translator
from atlas.base.model import CountingRule, Level, View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.figures.mapview import MapView, build_map_view, legend_title
from atlas.indicators.ranking import interval_of
from atlas.publish.export import write_csv, write_workbook
from atlas.words.phrases import describe_rule

CRS = ("EPSG:4326", "EPSG:32632")  # of a GeoPackage
COUNTS = ("n_initiatives",)
NUMBERS = (*COUNTS, "numerator", "value", "low", "high", "denominator")
_TRUTHS = ("is_small", "is_missing")


def build_area_table(selected: Catalogue, view: View, world: World) -> tuple[MapView, pd.DataFrame]:
    """Return what the map shows, and its frame limited to the territories inside the selection, by code.

    istat_code, name, n_initiatives, numerator (by the counting rule), value, low, high (95% interval, NaN where there
    is none), denominator, is_small, is_missing: as in indicators.rate_by_territory and ranking.interval_of.
    """
    shown = build_map_view(selected, view, world)
    low, high = interval_of(shown.frame, shown.rule, shown.measure)
    frame = shown.frame.assign(low=low, high=high)[shown.inside]
    names = world.territory.at(shown.level)["name"].reindex(frame.index)
    table = pd.DataFrame({"istat_code": frame.index, "name": names.to_numpy()})
    for column in (*NUMBERS, *_TRUTHS):
        table[column] = frame[column].to_numpy()
    return shown, table


def at_level(view: View, level: Level) -> View:
    """Return the same view at another level."""
    return replace(view, options=replace(view.options, level=level))


def with_kind(shown: MapView, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with level, measure and rule in each row."""
    return table.assign(level=str(shown.level), measure=str(shown.measure), rule=str(shown.rule))


def areas_csv(selected: Catalogue, view: View, world: World) -> bytes:
    """Return the CSV of the numbers of the map; an unknown number is an empty cell."""
    table = with_kind(*build_area_table(selected, view, world))
    for column in _TRUTHS:
        table[column] = table[column].map({True: "true", False: "false"})
    return write_csv(table, NUMBERS)


def areas_xlsx(selected: Catalogue, view: View, world: World, about: About, created: date, say: Translator) -> bytes:
    """Return a workbook: the numbers of the map with typed cells, and their description."""
    shown, table = build_area_table(selected, view, world)
    for column in _TRUTHS:
        table[column] = table[column].map({True: say("areas.yes"), False: ""})
    return write_workbook(with_kind(shown, table), NUMBERS, [*about, *describe_areas(shown, say)], created)


def describe_areas(shown: MapView, say: Translator) -> About:
    """Return the description of the numbers, as pairs (label, text)."""
    return [
        (say("areas.measure"), legend_title(shown, say)),
        (say("files.counting_rule"), describe_rule(shown.rule, say)),
        ("low, high", say("api.no_interval" if shown.rule is CountingRule.SHARE else "api.interval")),
        ("is_small, is_missing", say("areas.caution")),
    ]
