"""A presentation as PowerPoint: one slide a stop, its words editable, its charts native; it counts and words nothing.

python-pptx is imported at the first presentation.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from atlas.base.formulas import neutralise_formula
from atlas.base.model import View
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.indicators.classes import PALETTES
from atlas.publish.card import Card
from atlas.publish.sheets import Bars, Grid, Sheet, build_sheets
from atlas.publish.stills import Paper, to_png
from atlas.publish.story import Story

# Called with (slides made, slides in all) before each slide; whoever raises in it stops the work.
Tell = Callable[[int, int], None]

_WIDTH, _HEIGHT = 13.333, 7.5  # inches, 16:9
_LIGHT = PALETTES["light"]
_EDGE, _TOP, _FOOT = 0.55, 1.35, 6.72
_INK, _SOFT, _BAR = (str(colour).lstrip("#") for colour in (_LIGHT["text"], "#51677d", _LIGHT["circle"]))
_PICTURE_DPI = 240
_LANGUAGES = {"it": "it-IT", "en": "en-GB"}

Box = tuple[float, float, float, float]


@dataclass
class _Deck:
    """The presentation in the making; pictures of the same view are drawn once."""

    file: Any
    pictures: dict[tuple[object, ...], bytes] = field(default_factory=dict)

    def picture(self, sheet: Sheet, paper: Paper) -> bytes:
        key: tuple[object, ...] = (sheet.stop.view, sheet.stop.map_position, sheet.card is not None, paper)
        if key not in self.pictures:
            self.pictures[key] = to_png(sheet, paper, _PICTURE_DPI)
        return self.pictures[key]


def to_pptx(story: Story, world: World, today: date, base_address: str = "", tell: Tell | None = None) -> bytes:
    """Return the presentation as PPTX, one slide a stop and the method at the end.

    base_address: where the atlas is served, for the link to each live view; without it there are no links.
    """
    sheets = build_sheets(story, world, today, base_address)
    deck = _Deck(_open_file(story.title or sheets[0].title, sheets[0].stop.view, today))
    for done, sheet in enumerate(sheets):
        if tell:
            tell(done, len(sheets))
        _add_slide(deck, sheet, f"{done + 1} / {len(sheets)}")
    stream = BytesIO()
    deck.file.save(stream)
    return stream.getvalue()


def _open_file(title: str, view: View, today: date) -> Any:
    """Return an empty presentation: the library's own template, made as wide as the projector."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.util import Inches

    file = Presentation()
    stretch = Inches(_WIDTH) / file.slide_width
    file.slide_width, file.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * stretch), int(shape.width * stretch)
    # A font that every office program has, or has one of the same measures for.
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'typeface="Calibri"', b'typeface="Arial"')
    about = file.core_properties
    about.title, about.author, about.language = clean_line(title)[:255], "Atlante", _LANGUAGES[view.language]
    about.created = about.modified = datetime(today.year, today.month, today.day)
    return file


def _add_slide(deck: _Deck, sheet: Sheet, progress: str) -> None:
    from pptx.util import Inches, Pt

    slide = deck.file.slides.add_slide(deck.file.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (_EDGE, 0.3, _WIDTH - 2 * _EDGE, 0.95))
    size = 30 if len(sheet.title) <= 60 else 24 if len(sheet.title) <= 110 else 17
    _fill_text(title.text_frame, [[(sheet.title, True)]], Pt(size), _INK, sheet)
    _add_body(deck, slide, sheet)
    foot = [[(sheet.caption, False)]]
    _add_text(slide, (_EDGE, _FOOT, _WIDTH - 2 * _EDGE - 1.0, 0.6), foot, 9, sheet, _SOFT, sheet.address)
    _add_text(slide, (_WIDTH - _EDGE - 0.9, _FOOT, 0.9, 0.4), [[(progress, False)]], 12, sheet, _SOFT)
    notes = [line for line in (sheet.notes, sheet.address) if line]
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _add_body(deck: _Deck, slide: Any, sheet: Sheet) -> None:
    if sheet.is_method:
        lines = [[(text, False)] for text in sheet.method]
        lines += [[(f"{what}: ", True), (words, False)] for what, words in sheet.about[:3]]
        _add_text(slide, (_EDGE, _TOP, _WIDTH - 2 * _EDGE, _FOOT - _TOP), lines, 15, sheet)
    elif sheet.card:
        _add_card(deck, slide, sheet, sheet.card)
    elif sheet.grid:
        _add_grid(slide, sheet.grid, sheet)
        _add_text(slide, (_EDGE, 6.25, _WIDTH - 2 * _EDGE, 0.4), [[(sheet.note, False)]], 11, sheet, _SOFT)
    elif sheet.bars:
        _add_charts(slide, sheet)
    elif sheet.has_map:
        _add_map(deck, slide, sheet, Paper.MAP, (_EDGE, _TOP, 5.83, 5.3))
        _add_map_words(slide, sheet)
    else:
        lines = [[(f"• {title}", False)] for title in sheet.titles]
        _add_text(slide, (_EDGE, _TOP, _WIDTH - 2 * _EDGE, _FOOT - _TOP), lines, 16, sheet)


def _add_map_words(slide: Any, sheet: Sheet) -> None:
    """Write beside a map the figures, large, or what the map shows."""
    sentences = [[(line, False)] for line in sheet.sentences]
    if sheet.stop.page != "panoramica":
        _add_text(slide, (6.75, _TOP + 0.1, 6.0, 5.1), sentences, 20, sheet)
        return
    figures = [[(number, True), (f" {what}", False)] for number, what in sheet.key_figures]
    _add_text(slide, (6.75, _TOP + 0.1, 6.0, 2.6), figures, 26, sheet)
    _add_text(slide, (6.75, 4.2, 6.0, 2.4), sentences[:2], 15, sheet)


def _add_card(deck: _Deck, slide: Any, sheet: Sheet, card: Card) -> None:
    size = 17 if len(card.summary) < 420 else 14
    _add_text(slide, (_EDGE, _TOP, 7.6, 2.7), [[(card.summary, False)]], size, sheet)
    facts = [[(f"{what}: ", True), (words, False)] for what, words in card.facts]
    _add_text(slide, (_EDGE, 4.1, 7.6, 2.5), facts, 13, sheet)
    _add_map(deck, slide, sheet, Paper.CARD, (8.4, _TOP, 4.4, 4.4))


def _add_map(deck: _Deck, slide: Any, sheet: Sheet, paper: Paper, box: Box) -> None:
    from pptx.util import Inches

    left, top, width, height = map(Inches, box)
    picture = slide.shapes.add_picture(BytesIO(deck.picture(sheet, paper)), left, top, width, height)
    words = sheet.card.title if sheet.card else " ".join(sheet.sentences)
    _describe(picture, sheet.say("sheet.map_alt", text=words))


def _describe(shape: Any, words: str) -> None:
    """Give a shape its alternative text; the library has no name for it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)


def _add_charts(slide: Any, sheet: Sheet) -> None:
    width = 8.3 / len(sheet.bars)
    for at, bars in enumerate(sheet.bars):
        _add_chart(slide, bars, (_EDGE + at * width, _TOP, width - 0.1, _FOOT - _TOP - 0.1))
    words = [[(line, False)] for line in (*sheet.sentences, sheet.note) if line]
    _add_text(slide, (9.0, _TOP + 0.3, _WIDTH - 9.0 - _EDGE, 4.9), words, 14, sheet)


def _add_chart(slide: Any, bars: Bars, box: Box) -> None:
    """Draw bars as a chart of PowerPoint's own, with its numbers in the workbook behind it."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
    from pptx.util import Inches, Pt

    is_whole = all(math.isnan(value) or value.is_integer() for value in bars.values)
    data: Any = CategoryChartData(number_format="0" if is_whole else "0.00;-0.00;0")  # type: ignore[no-untyped-call]
    data.categories = [neutralise_formula(label) for label in bars.labels]
    data.add_series(bars.title, [None if math.isnan(value) else value for value in bars.values])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, box), data)
    chart = frame.chart
    _describe(frame, bars.title)
    chart.has_legend, chart.has_title = False, True
    chart.font.size = Pt(12 if len(bars.labels) > 14 else 14)
    chart.font.color.rgb = _colour(_INK)
    chart.chart_title.text_frame.text = bars.title
    _style_run(chart.chart_title.text_frame.paragraphs[0].runs[0], Pt(13), True, _INK)
    chart.category_axis.reverse_order = True  # the first bar on top
    chart.category_axis.format.line.color.rgb = _colour(_SOFT)
    chart.category_axis.has_major_gridlines = chart.value_axis.has_major_gridlines = False
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories, plot.has_data_labels = 35, False, True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.show_value = True
    _colour_bars(plot.series[0], bars.is_small)


def _colour_bars(series: Any, is_small: Sequence[bool]) -> None:
    """Fill the bars with the colour of the circles; few cases behind a bar leave it hollow, as on the screen."""
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _colour(_BAR)
    for at, small in enumerate(is_small):
        if small:
            look = series.points[at].format
            look.fill.solid()
            look.fill.fore_color.rgb = _colour("ffffff")
            look.line.color.rgb, look.line.width, look.line.dash_style = _colour(_BAR), Pt(1.25), MSO_LINE.DASH


def _add_grid(slide: Any, grid: Grid, sheet: Sheet) -> None:
    """Write the counts of two dimensions as a table; an empty cell is a white spot and says 0."""
    from pptx.util import Inches, Pt

    shape = slide.shapes.add_table(
        len(grid.rows) + 1,
        len(grid.columns) + 1,
        *map(Inches, (_EDGE, _TOP, _WIDTH - 2 * _EDGE, 4.7)),
    )
    _describe(shape, grid.title)
    table = shape.table
    first = 2.4
    for at in range(len(grid.columns) + 1):
        rest = (_WIDTH - 2 * _EDGE - first) / len(grid.columns)
        table.columns[at].width = Inches(rest if at else first)
    rows = [["", *grid.columns]]
    rows += [[name, *map(str, counts)] for name, counts in zip(grid.rows, grid.numbers, strict=True)]
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            cell.margin_left = cell.margin_right = Inches(0.04)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            is_white = row > 0 and column > 0 and text == "0"
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(_INK if row == 0 else "ffffff" if is_white else "eef2f6")
            ink = "ffffff" if row == 0 else _SOFT if is_white else _INK
            is_head = row == 0 or column == 0
            _fill_text(cell.text_frame, [[(text, not is_white)]], Pt(8 if is_head else 11), ink, sheet)


def _add_text(
    slide: Any,
    box: Box,
    lines: Sequence[Sequence[tuple[str, bool]]],
    size: float,
    sheet: Sheet,
    ink: str = _INK,
    address: str = "",
) -> None:
    """Write paragraphs of runs (text, is_bold); with an address, a last run leads to the live view."""
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    _fill_text(frame, lines, Pt(size), ink, sheet)
    if address:
        run = frame.paragraphs[-1].add_run()
        run.text = f" · {sheet.say('sheet.live')}"
        run.hyperlink.address = address
        _style_run(run, Pt(size), False, None)


def _fill_text(frame: Any, lines: Sequence[Sequence[tuple[str, bool]]], size: int, ink: str, sheet: Sheet) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(size / 12700 * 0.4)
        for text, is_bold in line:
            run = paragraph.add_run()
            run.text = text
            _style_run(run, size, is_bold, ink)
            run._r.get_or_add_rPr().set("lang", _LANGUAGES[sheet.say.language])


def _style_run(run: Any, size: int, is_bold: bool, ink: str | None) -> None:
    run.font.size, run.font.bold = size, is_bold
    if ink:
        run.font.color.rgb = _colour(ink)


def _colour(hexadecimal: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(hexadecimal.upper())  # type: ignore[no-untyped-call]
