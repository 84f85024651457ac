"""The handout of a presentation: a tagged PDF (PDF/UA), A4, one stop per page with the QR code of its live view.

typst typesets it in a process of its own, without network and with the font of the pictures; texts are passed as
data, so they cannot act as markup.
"""

import json
import math
from datetime import UTC, date, datetime

from atlas.base.folders import ASSETS
from atlas.base.text import bind_numbers, clean_line
from atlas.catalogue.world import World
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.qr import to_qr
from atlas.publish.decks.typesetting import typeset
from atlas.publish.stills.stills import Paper, font_folder, to_svg
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.gathering import Tell, build_contents, telling
from atlas.publish.stops.story import StopKind, Story

_TEMPLATE = ASSETS / "handout_pages.typ"
# Height of the maps on the page at most, in centimetres.
_HEIGHTS = {Paper.MAP: 15.0, Paper.CARD: 12.0}


def to_pdf(
    story: Story,
    world: World,
    today: date,
    base_address: str = "",
    tell: Tell | None = None,
    branding: Branding | None = None,
) -> bytes:
    """Return the handout as PDF, one page per stop, or more if its words need them.

    base_address: where the atlas is served; without it there are no QR codes. Of `branding`, the logo for the cover.
    """
    contents = build_contents(story, world, today, base_address)
    stops = [_to_stop(content) for content in telling(contents, tell)]
    say = contents[0].say
    logo = branding.logo if branding else None
    document = {
        "logo": list(logo.read_bytes()) if logo else None,
        "title": clean_line(story.title) or contents[0].title,
        "author": clean_line(story.author) or say("app.title"),
        "language": say.language.value,
        "page": say.catalogue["sheet.page"],
        "head": [say("sheet.item"), say("sheet.number")],
        "stops": stops,
    }
    data = json.dumps(document, ensure_ascii=False)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    still_wanted = (lambda: tell(len(contents) - 1, len(contents))) if tell else (lambda: None)
    return typeset(_TEMPLATE.read_bytes(), data, str(font_folder()), at, still_wanted)


def _to_stop(content: StopContent) -> dict[str, object]:
    """Return the template's data of one stop."""
    say = content.say
    return {
        "cover": content.stop.kind is StopKind.COVER,
        "title": bind_numbers(content.title),
        "figures": content.figures,
        "lines": content.lines,
        "map": _to_map(content) if content.has_map else None,
        "items": content.items,
        "facts": content.facts,
        "charts": [_to_chart(bars) for bars in content.bars],
        "grid": _to_grid(content.grid) if content.grid else None,
        "cautions": content.cautions,
        "about": content.about,
        "address": content.address,
        "live": say("sheet.live"),
        "qr": to_qr(content.address, "svg").decode() if content.address else None,
        "qr-alt": say("sheet.qr_alt"),
    }


def _to_map(content: StopContent) -> dict[str, object]:
    paper = Paper.CARD if content.card else Paper.MAP
    return {"svg": to_svg(content, paper).decode(), "height": _HEIGHTS[paper], "alt": content.map_alt}


def _to_chart(bars: Bars) -> dict[str, object]:
    """Return the bars with lengths relative to the longest; an unknown value has no bar."""
    most = max((value for value in bars.values if not math.isnan(value)), default=0.0) or 1.0
    rows = [
        {"label": label, "part": 0.0 if math.isnan(value) else value / most, "number": text, "hollow": small}
        for label, value, text, small in zip(bars.labels, bars.values, bars.texts, bars.is_small, strict=True)
    ]
    return {"title": bars.title, "bars": rows}


def _to_grid(grid: Grid) -> dict[str, object]:
    rows = [{"name": name, "numbers": texts} for name, texts in zip(grid.rows, grid.texts, strict=True)]
    return {"title": grid.title, "columns": grid.columns, "rows": rows}
