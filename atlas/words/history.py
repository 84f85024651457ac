"""The history of a municipality: its former codes, and the municipalities it was formed from."""

from collections.abc import Sequence
from datetime import date

from atlas.base.i18n import Translator
from atlas.territory.codes import CodeChange

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
