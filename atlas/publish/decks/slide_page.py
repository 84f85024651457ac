"""A stop as a slide of the offline page, in HTML that works without scripts."""

import base64
import html
import math

from atlas.publish.decks.qr import to_qr
from atlas.publish.stills.stills import Paper, to_png
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.story import StopKind

_PICTURE_DPI = 150
_FEW = 8  # so many bars are drawn large
_KINDS = {StopKind.COVER: " cover", StopKind.CLOSING: " closing"}
text = html.escape


def to_slide(content: StopContent, number: int, total: int) -> str:
    """Return the section of one stop; every text in it is escaped."""
    picture = _to_picture(content)
    size = " full" if sum(map(len, content.texts())) > 900 else ""
    kind = _KINDS.get(content.stop.kind, "") or ("" if picture else " words-only")
    side = f'<div class="picture">{picture}</div>' if picture else ""
    progress = text(content.say("sheet.page", n=number, total=total))
    return (
        f'<section class="slide{size}{kind}" id="s{number}" aria-labelledby="t{number}"><h2 id="t{number}">'
        f'{text(content.title)}</h2><div class="parts">{side}<div class="words">{_to_words(content)}</div></div>'
        f'<footer><span>{text(content.caption)}</span> <span class="progress">{progress}</span></footer></section>\n'
    )


def _to_picture(content: StopContent) -> str:
    if content.grid:
        return _to_grid(content.grid)
    if content.bars:
        return "".join(map(_to_chart, content.bars))
    if content.has_map:
        png = to_png(content, Paper.CARD if content.card else Paper.SLIDE, _PICTURE_DPI)
        return _to_image(png, content.map_alt)
    if content.stop.kind is StopKind.CLOSING and content.address:
        return _to_image(to_qr(content.address), content.say("sheet.qr_alt"))
    return ""


def _to_image(png: bytes, alt: str) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{text(alt)}">'


def _to_words(content: StopContent) -> str:
    figures = "".join(
        f"<p class=figure><strong>{text(number)}</strong> {text(what)}</p>" for number, what in content.figures
    )
    lines = "".join(f"<p>{text(line)}</p>" for line in content.lines)
    items = "".join(
        f"<li><strong>{text(title)}</strong>{f' – {text(where)}' if where else ''}</li>"
        for title, where in content.items
    )
    facts = "".join(f"<p><strong>{text(what)}:</strong> {text(words)}</p>" for what, words in content.facts)
    cautions = "".join(f'<p class="soft">{text(line)}</p>' for line in content.cautions)
    return figures + lines + (f"<ul>{items}</ul>" if items else "") + facts + cautions


def _to_chart(bars: Bars) -> str:
    most = max((value for value in bars.values if not math.isnan(value)), default=0.0) or 1.0
    rows = "".join(
        f'<tr><th scope="row">{text(label)}</th><td class="track"><span class="bar{" hollow" if small else ""}" '
        f'style="width:{0 if math.isnan(value) else 100 * value / most:.1f}%"></span></td>'
        f'<td class="number">{text(said)}</td></tr>'
        for label, value, said, small in zip(bars.labels, bars.values, bars.texts, bars.is_small, strict=True)
    )
    size = "bars few" if len(bars.labels) <= _FEW else "bars"
    return f'<table class="{size}"><caption>{text(bars.title)}</caption>{rows}</table>'


def _to_grid(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in grid.columns)
    rows = "".join(
        f'<tr><th scope="row">{text(name)}</th>'
        + "".join(f'<td class="number">{text(number)}</td>' for number in numbers)
        + "</tr>"
        for name, numbers in zip(grid.rows, grid.texts, strict=True)
    )
    return f'<table class="grid"><caption>{text(grid.title)}</caption><tr><td></td>{head}</tr>{rows}</table>'
