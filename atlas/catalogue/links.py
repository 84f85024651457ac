"""The state of the screen as the query of a link, and back; unknown parts of a query are ignored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from atlas.base.columns import FIRST_YEAR, LAST_YEAR, UNKNOWN
from atlas.base.model import (
    COMPARED_AT_MOST,
    Channel,
    CountingRule,
    Face,
    Language,
    Level,
    Listing,
    Measure,
    Order,
    Question,
    Scale,
    Selection,
    ServiceType,
    View,
    ViewOptions,
)
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.territory.territory import COUNTRY, Territory

TEXT_LIMIT = 200
SEPARATOR = ","
# The pages by their address; the names of their titles in the locales, under [app].
PAGES = {
    "mappa": "map",
    "regioni": "regions",
    "comune": "municipality",
    "catalogo": "catalogue",
    "indovina": "quiz",
    "presenta": "present",
    "dati": "data",
    "metodo": "method",
    "proponi": "propose",
    "accessibilita": "accessibility",
}
# The page that an address without a path opens.
HOME = "mappa"
# Not in the navigation, linked at the foot of every page: by their address the keys of their titles.
UNLISTED = {"proponi": "propose.title", "accessibilita": "access.title"}
# The editors' page, which exists only where an operator has opened it (Settings.desk).
DESK = "redazione"
# Latitude, longitude and zoom of a map that still shows something of Italy.
_FRAMING = ((30.0, 52.0), (0.0, 25.0), (4.0, 13.0))

DIMENSION_BY_PARAM = {
    "theme": "themes",
    "target": "targets",
    "region": "regions",
    "scale": "scales",
    "type": "service_types",
    "channel": "channels",
    "year": "years",
}

Choice = TypeVar("Choice", bound=StrEnum)
Default = TypeVar("Default", bound=StrEnum | None)


def to_query(view: View, whole: bool = False) -> dict[str, str]:
    """Return the parameters that differ from the default view, or all with a value; lists are comma-separated."""
    default = View()
    selection, options = view.selection, view.options

    def unless(usual: StrEnum, chosen: StrEnum) -> str:
        return str(chosen) if whole or chosen != usual else ""

    query = {
        "lang": unless(default.language, view.language),
        "q": clean_text(selection.text),
        **{param: SEPARATOR.join(getattr(selection, dimension)) for param, dimension in DIMENSION_BY_PARAM.items()},
        "place": selection.place,
        "level": unless(default.options.level, options.level),
        "measure": unless(default.options.measure, options.measure),
        "rule": unless(default.options.rule, options.rule),
        "id": view.initiative,
        "face": unless(default.face, view.face),
        "compare": SEPARATOR.join(view.compared),
        "about": view.region,
        "question": view.question or "",
        "map": SEPARATOR.join(f"{number:g}" for number in view.framing),
        "municipality": view.municipality,
        "list": unless(default.listing, view.listing),
        "sort": view.order or "",
    }
    return {param: str(value) for param, value in query.items() if value}


def to_address(base: str, page: str, view: View) -> str:
    """Return the address that opens a page with a view for anyone; `base` is where the atlas is served."""
    query = urlencode(to_query(view), safe=SEPARATOR)
    return f"{base.rstrip('/')}/{'' if page == HOME else page}" + (f"?{query}" if query else "")


def from_query(params: Mapping[str, str], world: World, years: Collection[str] | None = None) -> View:
    """Return the view of a link; unknown parameters and values are ignored.

    `years` are the ones that can be chosen, UNKNOWN included; without them any plausible year is kept.
    """
    known = known_values(world, years)
    chosen = {
        dimension: _keep_known(params.get(param, "").split(SEPARATOR), known[dimension])
        for param, dimension in DIMENSION_BY_PARAM.items()
    }
    place, initiative, region, municipality = (
        params.get(param, "") for param in ("place", "id", "about", "municipality")
    )
    is_place = world.territory.level_of(place) in (Level.PROVINCE, Level.MUNICIPALITY)
    default = ViewOptions()
    language = _to_choice(Language, params.get("lang", ""), Language.IT)
    return View(
        language=language,
        selection=Selection(
            text=clean_text(params.get("q", "")), language=language, place=place if is_place else "", **chosen
        ),
        options=ViewOptions(
            level=_to_choice(Level, params.get("level", ""), default.level),
            measure=_to_choice(Measure, params.get("measure", ""), default.measure),
            rule=_to_choice(CountingRule, params.get("rule", ""), default.rule),
        ),
        initiative=initiative if initiative in world.catalogue.store.initiatives.index else "",
        face=_to_choice(Face, params.get("face", ""), Face.RANKING),
        compared=_keep_known(params.get("compare", "").split(SEPARATOR), comparable_codes(world.territory))[
            :COMPARED_AT_MOST
        ],
        question=_to_choice(Question, params.get("question", ""), None),
        region=region if world.territory.level_of(region) is Level.REGION else "",
        framing=to_framing(params.get("map", "").split(SEPARATOR)),
        municipality=municipality if world.territory.level_of(municipality) is Level.MUNICIPALITY else "",
        listing=_to_choice(Listing, params.get("list", ""), Listing.CARDS),
        order=_to_choice(Order, params.get("sort", ""), None),
    )


def known_values(world: World, years: Collection[str] | None = None) -> dict[str, Collection[str]]:
    """Return the valid options of each dimension of a selection; `years` as in from_query."""
    return {
        "themes": (*world.vocabulary.themes, UNKNOWN),
        "targets": (*world.vocabulary.targets, UNKNOWN),
        "regions": tuple(world.territory.positions[Level.REGION]),
        "scales": (*map(str, Scale), UNKNOWN),
        "service_types": (*map(str, ServiceType), UNKNOWN),
        "channels": (*map(str, Channel), UNKNOWN),
        "years": years if years is not None else (*map(str, range(FIRST_YEAR, LAST_YEAR + 1)), UNKNOWN),
    }


def comparable_codes(territory: Territory) -> tuple[str, ...]:
    """Return the codes that can be compared: the country, then regions and provinces by code."""
    return (COUNTRY, *territory.positions[Level.REGION], *territory.positions[Level.PROVINCE])


def to_framing(values: Sequence[object]) -> tuple[float, ...]:
    """Return where a map was moved, (latitude, longitude, zoom) rounded to a pixel; () for what is far from Italy."""
    try:
        numbers = [float(value) for value in values]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()
    if len(numbers) != len(_FRAMING) or not all(
        low <= number <= high for number, (low, high) in zip(numbers, _FRAMING, strict=True)
    ):
        return ()
    return round(numbers[0], 4), round(numbers[1], 4), round(numbers[2], 2)


def clean_text(text: str) -> str:
    """Return a search text normalised to one printable line with single spaces, at most TEXT_LIMIT characters."""
    return clean_line(text)[:TEXT_LIMIT].rstrip()


def _keep_known(values: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the known values without repetition, in the given order."""
    return tuple(dict.fromkeys(value for value in values if value in known))


def _to_choice(choices: type[Choice], value: str, default: Default) -> Choice | Default:
    return choices(value) if value in set(map(str, choices)) else default
