"""The stops of a presentation: kept, reordered, written to a file or a link and read back; it draws nothing."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from atlas.base.i18n import Translator
from atlas.base.model import Face, View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.links import clean_text, from_query, to_query
from atlas.catalogue.world import World
from atlas.words.description import describe_view

FORMAT = "atlante-presentazione"
VERSION = 1
# Proxies and mail programs cut addresses somewhere beyond 2,000 characters; the rest of the address needs room too.
LINK_LIMIT = 1_800
STOPS_AT_MOST = 60
FILE_LIMIT = 1_000_000
TITLE_LIMIT = 200
NOTES_LIMIT = 4_000
PREPARED_INITIATIVES = 3

# What a stop shows → the page of the dashboard whose address opens the same view.
PAGE_OF = {
    "panoramica": "mappa",
    "mappa": "mappa",
    "regioni": "regioni",
    "temi": "regioni",
    "destinatari": "regioni",
    "comune": "comune",
    "catalogo": "catalogo",
    "metodo": "metodo",
}


class StoryError(ValueError):
    """What was given is no presentation; `reason` is the key of the sentence that says why (locales, [story])."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen of a presentation. `page` is a key of PAGE_OF; title and notes are plain text of the presenter.

    `map_position` is (latitude, longitude, zoom), None when the map was not moved.
    """

    page: str
    view: View
    title: str
    notes: str = ""
    map_position: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A presentation: its title and its stops, in order."""

    title: str = ""
    stops: tuple[Stop, ...] = ()


def add_stop(story: Story, stop: Stop) -> Story:
    """Return the story with one more stop at its end; StoryError when it is full."""
    if len(story.stops) >= STOPS_AT_MOST:
        raise StoryError("too_many")
    return replace(story, stops=(*story.stops, stop))


def move_stop(story: Story, at: int, by: int) -> Story:
    """Return the story with the stop at a position moved by some places; beyond either end nothing changes."""
    to = at + by
    if not (0 <= at < len(story.stops) and 0 <= to < len(story.stops)):
        return story
    stops = list(story.stops)
    stops.insert(to, stops.pop(at))
    return replace(story, stops=tuple(stops))


def delete_stop(story: Story, at: int) -> Story:
    """Return the story without the stop at a position; a position that does not exist changes nothing."""
    return replace(story, stops=tuple(stop for i, stop in enumerate(story.stops) if i != at))


def rename_stop(story: Story, at: int, title: str) -> Story:
    """Return the story with another title of a stop; an empty one keeps the old."""
    return _change_stop(story, at, title=clean_title(title) or story.stops[at].title)


def annotate_stop(story: Story, at: int, notes: str) -> Story:
    """Return the story with other notes of a stop."""
    return _change_stop(story, at, notes=clean_notes(notes))


def clean_title(title: str) -> str:
    """Return a title as it is kept: one line of at most TITLE_LIMIT characters."""
    return clean_text(title)[:TITLE_LIMIT].rstrip()


def clean_notes(notes: str) -> str:
    """Return notes as they are kept: lines of printable characters, at most NOTES_LIMIT of them."""
    lines = ("".join(char for char in line if char.isprintable()).rstrip() for line in notes.splitlines())
    return "\n".join(lines).strip()[:NOTES_LIMIT].rstrip()


def to_json(story: Story) -> str:
    """Return the story as the text of a small file that people can read and from_json takes back."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "title": story.title,
        "stops": [
            {
                "page": stop.page,
                "view": to_query(stop.view),
                "title": stop.title,
                "notes": stop.notes,
                **({"map": list(stop.map_position)} if stop.map_position else {}),
            }
            for stop in story.stops
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str | bytes, world: World) -> Story:
    """Return the story of a file.

    StoryError when it is no presentation, of a later version or too large. What a view names and does not exist any
    more is dropped, as in a link; a stop of an unknown page becomes the map of its view.
    """
    if len(text) > FILE_LIMIT:
        raise StoryError("too_large")
    try:
        document = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (ValueError, RecursionError) as error:
        raise StoryError("damaged") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StoryError("other_file")
    if document.get("version") != VERSION:
        raise StoryError("other_version")
    rows = document.get("stops")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise StoryError("damaged")
    if len(rows) > STOPS_AT_MOST:
        raise StoryError("too_many")
    return Story(clean_title(_text(document, "title")), tuple(_read_stop(row, world) for row in rows))


def to_link(story: Story) -> str | None:
    """Return the story as the value of one parameter of an address, None when it would be too long for a link."""
    packed = zlib.compress(_to_compact(story).encode("utf-8"), 9)
    link = base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return link if len(link) <= LINK_LIMIT else None


def from_link(link: str, world: World) -> Story:
    """Return the story of a link; StoryError as in from_json."""
    if len(link) > LINK_LIMIT:
        raise StoryError("too_large")
    try:
        packed = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, FILE_LIMIT)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise StoryError("damaged_link") from error
    if not unpacker.eof:
        raise StoryError("damaged_link")
    return from_json(text, world)


def propose_stop(
    page: str,
    view: View,
    selected: Catalogue,
    world: World,
    words: Translator,
    title: str = "",
) -> Stop:
    """Return a stop of a view: its headline is the title unless one is given, the view in words opens the notes."""
    description = describe_view(selected, view.selection, view.options, world, words)
    notes = description.text
    if view.initiative:
        cells = world.catalogue.store.initiatives.loc[view.initiative]
        other = "en" if words.language == "it" else "it"
        own, notes = (
            str(cells[f"{column}_{words.language}"] or cells[f"{column}_{other}"]) for column in ("title", "summary")
        )
        title = title or own
    return Stop(page, view, clean_title(title or description.headline), clean_notes(notes))


def prepare_story(
    selected: Catalogue,
    view: View,
    world: World,
    words: Translator,
) -> Story:
    """Return a series that presents a selection: overview, map, regions, themes, groups, white spots, cases, method.

    `selected` is what the selection of `view` kept. Without initiatives only overview and method remain.
    """
    base = replace(view, initiative="", face=Face.RANKING, compared=(), question=None)
    rows: list[tuple[str, View, str]] = [("panoramica", base, "")]
    if len(selected):
        rows += [
            ("mappa", base, words("story.prepared.map")),
            ("regioni", base, words("story.prepared.regions")),
            ("temi", base, words("story.prepared.themes")),
            ("destinatari", base, words("story.prepared.targets")),
            ("regioni", replace(base, face=Face.MATRIX), words("story.prepared.white")),
        ]
        rows += [("catalogo", replace(base, initiative=id_), "") for id_ in choose_examples(selected)]
    rows.append(("metodo", base, words("story.prepared.method")))
    stops = tuple(propose_stop(page, one, selected, world, words, title) for page, one, title in rows)
    return Story(stops[0].title, stops)


def choose_examples(selected: Catalogue, n: int = PREPARED_INITIATIVES) -> list[str]:
    """Return ids of initiatives to tell about, in the catalogue's order, different in main theme and place if they can.

    First those whose main theme and places are both new, then those with a new theme, then any.
    """
    frame = selected.store.initiatives.iloc[np.sort(selected.rows)]
    rows = [(str(id_), str(cells["themes"]).split(";")[0], str(cells["places"])) for id_, cells in frame.iterrows()]
    chosen: list[tuple[str, str, str]] = []
    for counts in (lambda theme, place: theme and place, lambda theme, place: theme, lambda theme, place: True):
        for row in rows:
            has_new_theme = row[1] not in {other[1] for other in chosen}
            has_new_place = row[2] not in {other[2] for other in chosen}
            if len(chosen) < n and row not in chosen and counts(has_new_theme, has_new_place):
                chosen.append(row)
    return [row[0] for row in rows if row in chosen]


def _change_stop(story: Story, at: int, **changes: str) -> Story:
    stops = list(story.stops)
    stops[at] = replace(stops[at], **changes)  # type: ignore[arg-type]
    return replace(story, stops=tuple(stops))


def _to_compact(story: Story) -> str:
    return json.dumps(json.loads(to_json(story)), ensure_ascii=False, separators=(",", ":"))


def _read_stop(row: Mapping[str, object], world: World) -> Stop:
    page, query = _text(row, "page"), row.get("view")
    params = {str(name): str(value) for name, value in query.items()} if isinstance(query, dict) else {}
    return Stop(
        page=page if page in PAGE_OF else "mappa",
        view=from_query(params, world),
        title=clean_title(_text(row, "title")),
        notes=clean_notes(_text(row, "notes")),
        map_position=to_position(row.get("map")),
    )


def to_position(value: object) -> tuple[float, float, float] | None:
    """Return (latitude, longitude, zoom) of three numbers that a map can show, None of anything else."""
    if not isinstance(value, list | tuple) or len(value) != 3:
        return None
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value):
        return None
    try:
        latitude, longitude, zoom = map(float, value)
    except OverflowError:
        return None
    is_possible = abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= zoom <= 20
    return (latitude, longitude, zoom) if is_possible else None


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
