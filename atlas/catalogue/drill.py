"""Navigation from Italy down to a municipality and back up."""

from dataclasses import dataclass, replace

from atlas.base.model import Level, View
from atlas.territory.territory import Territory

# The way back need not be longer: the country has three levels.
MAX_STEPS = 8
_ORDER = (Level.REGION, Level.PROVINCE, Level.MUNICIPALITY)


@dataclass(frozen=True, slots=True)
class Step:
    """The state before a click, restored when going up."""

    regions: tuple[str, ...]
    place: str
    level: Level


def go_to(view: View, code: str, territory: Territory) -> View:
    """Return the view of a territory; an empty code is the whole country, an unknown code changes nothing."""
    level = territory.level_of(code)
    if code and level is None:
        return view
    regions = (territory.region_of(code),) if code else ()
    place = code if level in (Level.PROVINCE, Level.MUNICIPALITY) else ""
    shown = view.options.level
    if level is not None and _ORDER.index(shown) <= _ORDER.index(level):
        shown = _ORDER[min(_ORDER.index(level) + 1, len(_ORDER) - 1)]
    return _restore(view, Step(regions, place, shown))


def go_down(view: View, code: str, territory: Territory, trail: tuple[Step, ...]) -> tuple[View, tuple[Step, ...]]:
    """Return the view after a click on a territory of the map, and the way back.

    Clicking the chosen territory again changes nothing, because people double-click.
    """
    changed = go_to(view, code, territory)
    if changed.selection == view.selection:
        return replace(view, initiative=""), trail
    step = Step(view.selection.regions, view.selection.place, view.options.level)
    return changed, (*trail, step)[-MAX_STEPS:]


def go_up(view: View, territory: Territory, trail: tuple[Step, ...]) -> tuple[View, tuple[Step, ...]]:
    """Return the view one step up: back along the trail, or to the enclosing territory."""
    if trail:
        step = trail[-1]
        return _restore(view, step), trail[:-1]
    selection = view.selection
    if len(selection.place) == 6:
        return _restore(view, Step(selection.regions, territory.province_of(selection.place), view.options.level)), ()
    if selection.place:
        level = view.options.level if view.options.level is Level.MUNICIPALITY else Level.PROVINCE
        return _restore(view, Step((territory.region_of(selection.place),), "", level)), ()
    return _restore(view, Step((), "", view.options.level)), ()


def municipality_of(view: View, territory: Territory) -> str:
    """Return the municipality whose page is looked at: the one asked for, or else the one that filters; or none."""
    code = view.municipality or view.selection.place
    return code if territory.level_of(code) is Level.MUNICIPALITY else ""


def path_of(view: View, territory: Territory) -> tuple[str, ...]:
    """Return the codes from the region down to the chosen place; empty for the country or for several regions."""
    selection = view.selection
    if selection.place:
        region, province = territory.region_of(selection.place), territory.province_of(selection.place)
        return tuple(dict.fromkeys((region, province, selection.place)))
    return selection.regions if len(selection.regions) == 1 else ()


def _restore(view: View, step: Step) -> View:
    return replace(
        view,
        selection=view.selection.with_(regions=step.regions, place=step.place),
        options=replace(view.options, level=step.level),
        initiative="",
    )
