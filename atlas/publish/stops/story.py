"""The stops of a presentation: kept, reordered, written to a file or a link and read back."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from atlas.base.model import View
from atlas.catalogue.links import SEPARATOR, clean_text, from_query, to_query
from atlas.catalogue.world import World

FORMAT = "atlante-presentazione"
VERSION = 1
# Proxies and mail programs may cut addresses beyond 2,000 characters, and the rest of the address needs room too.
LINK_LIMIT = 1_800
# What the browser stores is not sent by mail, so it may be longer.
KEPT_LIMIT = 7_000
STOPS_AT_MOST = 60
FILE_LIMIT = 1_000_000
TITLE_LIMIT = 200
NOTES_LIMIT = 4_000
# A link of this version starts with it; older links are zlib data, whose first letters are "eJ" or "eN".
_LINK_MARK = "2."
# The compression dictionary of links. Changing it would make older links unreadable.
_COMMON = (
    b"elderlyfamilieschildrenyoungdigitalhousinghealthpovertychannel=scale=type=year=compare=face=matrixmixquestion="
    b"level=provincelevel=regionmeasure=per_millionrule=sharerule=leadlang=enlang=en&q=place=region=target=theme=&id="
    b'"metodo""comune""mappa""temi""regioni""catalogo""destinatari""chiusura"["","","",[["copertina",0],["panoramica",0],'
)


class StopKind(StrEnum):
    """What a stop shows. The values are used in saved files."""

    COVER = "copertina"
    OVERVIEW = "panoramica"
    MAP = "mappa"
    REGIONS = "regioni"
    THEMES = "temi"
    TARGETS = "destinatari"
    MUNICIPALITY = "comune"
    CATALOGUE = "catalogo"
    METHOD = "metodo"
    CLOSING = "chiusura"


# Kind of stop → the page that opens the same view.
PAGE_OF = {
    StopKind.COVER: "mappa",
    StopKind.OVERVIEW: "mappa",
    StopKind.MAP: "mappa",
    StopKind.REGIONS: "regioni",
    StopKind.THEMES: "regioni",
    StopKind.TARGETS: "regioni",
    StopKind.MUNICIPALITY: "comune",
    StopKind.CATALOGUE: "catalogo",
    StopKind.METHOD: "metodo",
    StopKind.CLOSING: "mappa",
}


class StoryError(ValueError):
    """The input is not a presentation; `reason` is the key of the message (locales, [story.fault])."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen of a presentation. Title and notes are plain text of the presenter; empty ones are worded anew
    whenever the stop is shown.

    `map_position` is (latitude, longitude, zoom), None when the map was not moved.
    """

    kind: StopKind
    view: View
    title: str = ""
    notes: str = ""
    map_position: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A presentation: its title, its stops in order, on which occasion and by whom it is given."""

    title: str = ""
    stops: tuple[Stop, ...] = ()
    occasion: str = ""
    author: str = ""


def add_stop(story: Story, stop: Stop) -> Story:
    """Return the story with one more stop at its end; StoryError if it is full."""
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


def copy_stop(story: Story, at: int) -> Story:
    """Return the story with a stop repeated after itself; StoryError if it is full."""
    if len(story.stops) >= STOPS_AT_MOST:
        raise StoryError("too_many")
    return replace(story, stops=(*story.stops[: at + 1], *story.stops[at:]))


def rename_stop(story: Story, at: int, title: str) -> Story:
    """Return the story with another title of a stop; an empty one lets the atlas word it."""
    return _change_stop(story, at, title=clean_title(title))


def annotate_stop(story: Story, at: int, notes: str) -> Story:
    """Return the story with other notes of a stop."""
    return _change_stop(story, at, notes=clean_notes(notes))


def clean_title(title: str) -> str:
    """Return a title normalised to one line of at most TITLE_LIMIT characters."""
    return clean_text(title)[:TITLE_LIMIT].rstrip()


def clean_notes(notes: str) -> str:
    """Return notes normalised to printable characters, at most NOTES_LIMIT."""
    lines = ("".join(char for char in line if char.isprintable()).rstrip() for line in notes.splitlines())
    return "\n".join(lines).strip()[:NOTES_LIMIT].rstrip()


def to_json(story: Story) -> str:
    """Return the story as readable JSON, the input of from_json."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "title": story.title,
        **({"occasion": story.occasion} if story.occasion else {}),
        **({"author": story.author} if story.author else {}),
        "stops": [
            {
                "page": stop.kind.value,
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

    StoryError if it is not a presentation, of a later version or too large. Parts of a view that no longer exist are
    dropped, as in a link; a stop of an unknown kind becomes the map of its view.
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
    title, occasion, author = (clean_title(_text(document, name)) for name in ("title", "occasion", "author"))
    return Story(title, tuple(_read_stop(row, world) for row in rows), occasion, author)


def to_link(story: Story, limit: int = LINK_LIMIT) -> str | None:
    """Return the story as the value of one parameter of an address, None if it would be longer than `limit`."""
    queries = [urlencode(to_query(stop.view), safe=SEPARATOR) for stop in story.stops]
    kept = list(dict.fromkeys(queries))
    rows: list[list[object]] = []
    for stop, query in zip(story.stops, queries, strict=True):
        row: list[object] = [stop.kind.value, kept.index(query), stop.title, stop.notes, stop.map_position]
        while not row[-1] and len(row) > 2:
            row.pop()
        rows.append(row)
    document = [story.title, story.occasion, story.author, rows, kept]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, wbits=-15, zdict=_COMMON)
    packed = packer.compress(text.encode()) + packer.flush()
    link = _LINK_MARK + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return link if len(link) <= limit else None


def from_link(link: str, world: World, limit: int = LINK_LIMIT) -> Story:
    """Return the story of a link; StoryError as in from_json."""
    if len(link) > limit:
        raise StoryError("too_large")
    is_short = link.startswith(_LINK_MARK)
    link = link.removeprefix(_LINK_MARK)
    try:
        packed = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=-15, zdict=_COMMON) if is_short else zlib.decompressobj()
        text = unpacker.decompress(packed, FILE_LIMIT)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise StoryError("damaged_link") from error
    if not unpacker.eof:
        raise StoryError("damaged_link")
    return from_json(_to_document(text) if is_short else text, world)


def _to_document(text: bytes) -> str:
    """Return what a link of this version holds as the text of a file."""
    try:
        title, occasion, author, rows, queries = json.loads(text)
        stops = []
        for kind, query, *more in rows:
            words, notes, position = [*more, None, None, None][:3]
            stop = {"page": kind, "view": dict(parse_qsl(queries[query])), "title": words, "notes": notes}
            stops.append(stop | ({"map": position} if position else {}))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise StoryError("damaged_link") from error
    heading = {"title": title, "occasion": occasion, "author": author}
    return json.dumps({"format": FORMAT, "version": VERSION, **heading, "stops": stops})


def _change_stop(story: Story, at: int, **changes: str) -> Story:
    stops = list(story.stops)
    stops[at] = replace(stops[at], **changes)  # type: ignore[arg-type]
    return replace(story, stops=tuple(stops))


def _read_stop(row: Mapping[str, object], world: World) -> Stop:
    page, query = _text(row, "page"), row.get("view")
    params = {str(name): str(value) for name, value in query.items()} if isinstance(query, dict) else {}
    return Stop(
        kind=StopKind(page) if page in set(StopKind) else StopKind.MAP,
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
