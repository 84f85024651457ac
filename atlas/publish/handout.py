"""A presentation on paper: a tagged PDF (PDF/UA), A4, one stop a page, each with the QR code of its live view.

typst lays it out in a process of its own, with no network and with the font of the pictures; every text goes to it as
data, so none can act as markup.
"""

import json
import math
from datetime import UTC, date, datetime
from io import BytesIO

from atlas.base.folders import ASSETS
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.publish.sheets import Bars, Grid, Sheet, build_sheets
from atlas.publish.slides import Tell
from atlas.publish.stills import Paper, font_folder, to_svg
from atlas.publish.story import Story
from atlas.publish.typesetting import typeset

_TEMPLATE = ASSETS / "handout.typ"
# Height of the maps on the page, in centimetres.
_HEIGHTS = {Paper.MAP: 14.0, Paper.CARD: 10.0}


def to_pdf(story: Story, world: World, today: date, base_address: str = "", tell: Tell | None = None) -> bytes:
    """Return the handout as PDF, one page a stop and the method at the end.

    base_address: where the atlas is served; without it there are no QR codes. `tell` as in slides.to_pptx.
    """
    sheets = build_sheets(story, world, today, base_address)
    stops = []
    for done, sheet in enumerate(sheets):
        if tell:
            tell(done, len(sheets))
        stops.append(_to_stop(sheet))
    say = sheets[0].say
    document = {
        "title": clean_line(story.title) or sheets[0].title,
        "author": say("app.title"),
        "language": say.language.value,
        "page": say.catalogue["sheet.page"],
        "head": [say("sheet.item"), say("sheet.number")],
        "stops": stops,
    }
    data = json.dumps(document, ensure_ascii=False)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC)
    still_wanted = (lambda: tell(len(sheets) - 1, len(sheets))) if tell else (lambda: None)
    return typeset(_TEMPLATE.read_bytes(), data, str(font_folder()), at, still_wanted)


def _to_stop(sheet: Sheet) -> dict[str, object]:
    """Return what the template writes of one stop."""
    say = sheet.say
    lines = sheet.method if sheet.is_method else (sheet.card.summary,) if sheet.card else sheet.sentences
    has_list = not (sheet.is_method or sheet.has_map or sheet.bars or sheet.grid)
    return {
        "title": sheet.title,
        "lines": lines,
        "map": _to_map(sheet) if sheet.has_map else None,
        "facts": sheet.card.facts if sheet.card else (),
        "figures": sheet.key_figures if sheet.stop.page == "panoramica" else (),
        "charts": [_to_chart(bars, sheet) for bars in sheet.bars],
        "grid": _to_grid(sheet.grid) if sheet.grid else None,
        "items": sheet.titles if has_list else (),
        "note": sheet.note,
        "about": sheet.about,
        "address": sheet.address,
        "live": say("sheet.live"),
        "qr": to_qr(sheet.address) if sheet.address else None,
        "qr-alt": say("sheet.qr_alt"),
    }


def _to_map(sheet: Sheet) -> dict[str, object]:
    paper = Paper.CARD if sheet.card else Paper.MAP
    words = sheet.card.title if sheet.card else " ".join(sheet.sentences)
    alt = sheet.say("sheet.map_alt", text=words)
    return {"svg": to_svg(sheet, paper).decode(), "height": _HEIGHTS[paper], "alt": alt}


def _to_chart(bars: Bars, sheet: Sheet) -> dict[str, object]:
    """Return the bars with their lengths as parts of the longest; an unknown value has no bar and says so."""
    most = max((value for value in bars.values if not math.isnan(value)), default=0.0) or 1.0
    is_small = bars.is_small or (False,) * len(bars.values)
    rows = [
        {
            "label": label,
            "part": 0.0 if math.isnan(value) else value / most,
            "number": sheet.say("ranking.missing") if math.isnan(value) else sheet.say.number(value),
            "hollow": small,
        }
        for label, value, small in zip(bars.labels, bars.values, is_small, strict=True)
    ]
    return {"title": bars.title, "bars": rows}


def _to_grid(grid: Grid) -> dict[str, object]:
    rows = [{"name": name, "numbers": numbers} for name, numbers in zip(grid.rows, grid.numbers, strict=True)]
    return {"title": grid.title, "columns": grid.columns, "rows": rows}


def to_qr(address: str) -> str:
    """Return the QR code of an address as SVG."""
    import segno

    stream = BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="svg", border=2, scale=4)
    return stream.getvalue().decode()
