"""The sources of the data and their dates, in one sentence."""

import pandas as pd

from atlas.base.i18n import Translator
from atlas.catalogue.world import World
from atlas.territory.territory import Territory


def say_sources(world: World, say: Translator) -> str:
    """Return the sources of initiatives, places and population, each with its year or date."""
    years = world.catalogue.initiatives[["start_year", "end_year"]].max().max()
    latest = "" if pd.isna(years) else say("app.latest_year", year=int(years))
    return say(world.sources, year=latest, **say_days(world.territory, say))


def say_days(territory: Territory, say: Translator) -> dict[str, str]:
    """Return the dates used in sentences: `geography`, of the boundaries; `population`, of the residents."""
    dates = territory.dates
    return {"geography": say.date(dates.geography), "population": say.date(dates.population)}
