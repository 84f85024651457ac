"""What changed in the catalogue, as a feed (Atom, RFC 4287)."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from atlas.base.i18n import translator
from atlas.base.model import Language, View
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.publish.site.pages import Target
from atlas.publish.site.render import render_text
from atlas.words.card import row_of, summary_of, title_of

if TYPE_CHECKING:
    from atlas.catalogue.register.history import Change

MOST_ENTRIES = 100
# Columns that say nothing of the initiative itself.
_ASIDE = ("source_order", "places_date")


@dataclass(frozen=True, slots=True)
class Seen:
    """An initiative as it was last seen: the digest of what it says, "" once it is gone, since when, and its titles."""

    digest: str
    since: str
    titles: tuple[str, ...]


def follow(known: Mapping[str, Seen], world: World, modified: datetime) -> dict[str, Seen]:
    """Return every initiative as it is now: those that are new, changed or gone since `known` carry the new date."""
    now = _say_time(modified)
    seen: dict[str, Seen] = {}
    for id_ in map(str, world.catalogue.store.initiatives.index):
        row = row_of(world, id_)
        cells = [str(row[name]) for name in sorted(map(str, row)) if name not in _ASIDE]
        digest = hashlib.sha256("\x1f".join(cells).encode(errors="replace")).hexdigest()[:16]
        before = known.get(id_)
        titles = tuple(title_of(row, language) for language in Language)
        seen[id_] = before if before and before.digest == digest else Seen(digest, now, titles)
    for id_, before in known.items():
        if id_ not in seen:
            seen[id_] = before if not before.digest else Seen("", now, before.titles)
    return seen


def follow_history(changes: "Sequence[Change]", world: World) -> dict[str, Seen]:
    """Return the initiatives that a database's history names, newest first, each with the time of its last change."""
    published = follow({}, world, datetime.now(UTC))
    seen: dict[str, Seen] = {}
    for change in reversed(changes):
        id_, since = change.initiative, _say_time(change.at)
        if id_ in published:
            seen[id_] = replace(published[id_], since=since)
        elif change.is_gone:
            it, en = change.title_it, change.title_en
            seen[id_] = Seen("", since, (clean_line(it or en), clean_line(en or it)))
    return seen


def _say_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def to_feed(
    seen: Mapping[str, Seen], world: World, language: Language, address: Callable[[Target], str], own: str
) -> bytes:
    """Return the feed in a language, the latest changes first; `own` is its address."""
    say = translator(language)
    latest = sorted(seen.items(), key=lambda pair: pair[1].since, reverse=True)[:MOST_ENTRIES]
    entries = []
    for id_, one in latest:
        title = one.titles[list(Language).index(language)]
        where = address(Target("catalogo", View(language=language, initiative=id_)))
        summary = summary_of(row_of(world, id_), language) if one.digest else ""
        title = title if one.digest else say("site.removed", title=title)
        entries.append(
            {"title": title, "address": where, "since": one.since, "summary": summary, "is_gone": not one.digest}
        )
    updated = latest[0][1].since if latest else "1970-01-01T00:00:00Z"
    home = address(Target("mappa", View(language=language)))
    return render_text("feed.xml", say=say, entries=entries, updated=updated, own=own, home=home)


def write_seen(seen: Mapping[str, Seen]) -> bytes:
    """Return what has been seen as JSON, to compare the next version with it."""
    rows = {id_: [one.digest, one.since, *one.titles] for id_, one in sorted(seen.items())}
    return json.dumps(rows, ensure_ascii=False, indent=0).encode()


def read_seen(data: bytes) -> dict[str, Seen]:
    """Read such a JSON back; ValueError if it is none."""
    try:
        rows = json.loads(data)
        return {
            clean_line(id_): Seen(str(digest), str(_checked(since)), tuple(clean_line(one) for one in titles))
            for id_, (digest, since, *titles) in rows.items()
            if len(titles) == len(Language)
        }
    except (TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _checked(since: str) -> str:
    datetime.fromisoformat(since)
    return since
