"""Where what is shown comes from and of which day it is, in one sentence."""

import pandas as pd

from atlas.base.i18n import Translator
from atlas.catalogue.world import World
from atlas.territory.territory import Territory


def say_sources(world: World, say: Translator) -> str:
    """Return where the initiatives, the places and their population come from, each with its year or day."""
    years = world.catalogue.initiatives[["start_year", "end_year"]].max().max()
    latest = "" if pd.isna(years) else say("app.latest_year", year=int(years))
    return say(world.sources, year=latest, **say_days(world.territory, say))


def say_days(territory: Territory, say: Translator) -> dict[str, str]:
    """Return the days that sentences name: `geography`, since when places are these; `population`, of residents."""
    dates = territory.dates
    return {"geography": say.date(dates.geography), "population": say.date(dates.population)}
