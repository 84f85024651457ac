"""The history of places: former codes, and what an initiative's places were when its facts were written down."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from atlas.base.i18n import Translator
from atlas.base.model import Level
from atlas.territory.codes import CodeChange
from atlas.territory.places.names import in_province, of_place, of_province, place_name
from atlas.territory.territory import Territory

# Limit of names: a municipality may have been formed from a dozen others.
SHOWN = 12


def say_before(changes: Sequence[CodeChange], name: str, say: Translator) -> str:
    """Return "Before: Castegnero (024027) until 20 February 2026, …"; empty if nothing changed.

    changes: as CodeYears.before returns them. A former municipality has its name, an older code of the same one none.
    """
    parts = []
    for change in changes[:SHOWN]:
        what = change.old_code if change.old_name == name else f"{change.old_name} ({change.old_code})"
        day = say.date(date.fromisoformat(change.valid_until)) if change.valid_until else ""
        parts.append(say("municipality.until", what=what, day=day) if day else what)
    if len(changes) > SHOWN:
        parts.append("…")
    return say("municipality.before", places=", ".join(parts)) if parts else ""


def say_places_then(places: str, day: str, territory: Territory, say: Translator) -> str:
    """Return what is different in the places of an initiative (joined by `;`) since the date that it gives for them.

    "Nel 2020: Carbonia in provincia del Sud Sardegna (codice 111009)."; empty without a date or where nothing changed.
    """
    known = [code for code in places.split(";") if code in territory] if day else []
    # A whole province or region is one place; a group without a code of its own is its municipalities.
    codes = [one for code in known for one in ((code,) if territory.level_of(code) else territory.expand(code))]
    parts = list(_say_parts(codes, day, territory, say))
    if len(parts) > SHOWN:
        parts = [*parts[:SHOWN], "…"]
    when = say.date(date.fromisoformat(day)) if "-" in day else day
    key = "then.on" if "-" in day else "then.in"
    return say(key, when=when, what="; ".join(parts)) if parts else ""


def _say_parts(codes: Iterable[str], day: str, territory: Territory, say: Translator) -> Iterator[str]:
    history = territory.history
    for code in codes:
        name = place_name(code, territory, say.language)
        if territory.level_of(code) is Level.PROVINCE:
            yield from _say_province(code, day, territory, say)
            continue
        then = history.then(code, day)
        if then.code:
            province = in_province(then.code[:3], then.province, say.language)
            key = "then.province" if then.province else "then.code"
            yield say(key, name=name, province=province, code=then.code)
        if then.name:
            yield say("then.name", name=name, old=then.name)
        if then.parts:
            yield say.plural("then.parts", len(then.parts), name=name, parts=say.sequence(then.parts))
        if then.inside:
            yield say("then.inside", name=name, parts=say.sequence(then.inside))
        if then.whole:
            yield say("then.whole", name=name, whole=then.whole)


def _say_province(code: str, day: str, territory: Territory, say: Translator) -> Iterator[str]:
    then, of = territory.history.province_then(code, day), of_place(code, territory, say.language)
    if then.began:
        key = "then.bounds" if then.had_others else "then.began"
        yield say(key, of=of, day=say.date(date.fromisoformat(then.began)))
    elif then.name:
        yield say("then.same", of=of, old=of_province(then.code, then.name, say.language), code=then.code)
    elif then.code:
        yield say("then.code", name=place_name(code, territory, say.language), code=then.code)
