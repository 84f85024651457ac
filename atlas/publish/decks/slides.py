"""A presentation as PowerPoint: titles, text, numbers in their placeholders, charts and tables native and editable."""

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from itertools import accumulate
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from atlas.base.formulas import neutralise_formula
from atlas.base.text import bind_numbers, clean_line
from atlas.catalogue.world import World
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.deck_template import Design, kind_of, open_design
from atlas.publish.decks.qr import to_qr
from atlas.publish.stills.still_words import text_width, wrap
from atlas.publish.stills.stills import Paper, to_png
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.gathering import Tell, build_contents, telling
from atlas.publish.stops.story import StopKind, Story

SMALLEST = 12.0  # points, for everything but the sources
_SMALLEST_TITLE = 14.0
_BAR = 0.84  # inches that a bar may take: few of them are large
_SCALES = (1.25, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_PICTURE_DPI = 240
_LANGUAGES = {"it": "it-IT", "en": "en-GB"}
# As Translator.number writes them. The language is that of the deck; PowerPoint may prefer that of its computer.
_NUMBERS = {"it": "[$-410]", "en": "[$-809]"}
_WHOLE, _DECIMAL = ("#,##0",), ("[>=1]#,##0.0", "[=0]0", "0.00")  # the library does not escape "<"
_GAP = 0.3  # inches between picture and words
_LINE = 1.25  # relative to the font size

Box = tuple[float, float, float, float]  # left, top, width, height in inches


@dataclass(frozen=True)
class _Paragraph:
    """Runs (text, is_bold), the size of the letters before the text is fitted, soft ink, a bullet, an address."""

    runs: tuple[tuple[str, bool], ...]
    size: float
    is_soft: bool = False
    is_item: bool = False
    address: str = ""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass
class _Deck:
    """The presentation under construction; pictures of the same view are drawn once."""

    design: Design
    branding: Branding
    pictures: dict[tuple[object, ...], bytes] = field(default_factory=dict)

    def picture(self, content: StopContent, paper: Paper) -> bytes:
        key: tuple[object, ...] = (content.stop.view, content.stop.map_position, content.card is not None, paper)
        if key not in self.pictures:
            self.pictures[key] = to_png(content, paper, _PICTURE_DPI)
        return self.pictures[key]


def to_pptx(
    story: Story,
    world: World,
    today: date,
    base_address: str = "",
    tell: Tell | None = None,
    branding: Branding | None = None,
) -> bytes:
    """Return the presentation as PPTX: one slide per stop, or more if its text would be too small.

    base_address: where the atlas is served, for the link to each live view. TemplateError if the operator's template
    lacks a layout.
    """
    contents = build_contents(story, world, today, base_address)
    branding = branding or Branding()
    deck = _Deck(open_design(branding.template), branding)
    about = deck.design.file.core_properties
    about.title = clean_line(story.title or contents[0].title)[:255]
    about.author = clean_line(story.author) or "Atlante"
    about.language = _LANGUAGES[contents[0].say.language]
    about.created = about.modified = datetime(today.year, today.month, today.day)
    for content in telling(contents, tell):
        _add_stop(deck, content)
    stream = BytesIO()
    deck.design.file.save(stream)
    return stream.getvalue()


def _add_stop(deck: _Deck, content: StopContent) -> None:
    if content.stop.kind is StopKind.COVER:
        _add_cover(deck, content)
        return
    rest = _add_slide(deck, content, _paragraphs(content), content.title)
    page = 1
    while rest:
        page += 1
        bare = replace(content, bars=(), grid=None, has_map=False, card=None)
        rest = _add_slide(deck, bare, rest, f"{content.title} ({page})")


def _add_cover(deck: _Deck, content: StopContent) -> None:
    slide = deck.design.file.slides.add_slide(deck.design.cover)
    lines = [_Paragraph(((line, False),), 22) for line in content.lines]
    lines += [_Paragraph(((f"{what}: {words}", False),), 18) for what, words in content.facts]
    lines += [_Paragraph(((line, False),), 14, is_soft=True) for line in content.cautions]
    for shape in slide.placeholders:
        box = _box(shape)
        if kind_of(shape) == "ctrTitle":
            title = _Paragraph(((bind_numbers(content.title), True),), 40)
            _write(shape.text_frame, [title], _fit([title], box, 20)[0], content, 20)
        elif kind_of(shape) == "subTitle":
            _write(shape.text_frame, lines, _fit(lines, box)[0], content)
    if deck.branding.logo:
        logo = slide.shapes.add_picture(str(deck.branding.logo), 0, 0)
        _place(logo, (0.9, 0.5, 3.0, 1.1), keeps_left=True)
        _describe(logo, "Logo")
    _finish(slide, content)


def _add_slide(deck: _Deck, content: StopContent, paragraphs: list[_Paragraph], title: str) -> list[_Paragraph]:
    """Add a slide; return the paragraphs that do not fit."""
    slide = deck.design.file.slides.add_slide(deck.design.page)
    body = next(shape for shape in slide.placeholders if kind_of(shape) in ("obj", "body"))
    box = _box(body)
    heading = [_Paragraph(((bind_numbers(title), True),), 30)]
    scale = _fit(heading, _box(slide.shapes.title), _SMALLEST_TITLE)[0]
    _write(slide.shapes.title.text_frame, heading, scale, content, _SMALLEST_TITLE)
    words = _draw_picture(deck, slide, content, box, paragraphs)
    scale, fits = _fit(paragraphs, words)
    if paragraphs:
        _put(body, words)
        _write(body.text_frame, paragraphs[:fits], scale, content)
    else:
        body._element.getparent().remove(body._element)
    _finish(slide, content)
    return paragraphs[max(fits, 1) :]


def _draw_picture(deck: _Deck, slide: Any, content: StopContent, box: Box, paragraphs: list[_Paragraph]) -> Box:
    """Draw map, charts, table or QR code of the stop; return the remaining box for text."""
    left, top, width, height = box
    if content.grid:
        used = _add_grid(slide, content.grid, box, content)
        return left + used + _GAP, top, width - used - _GAP, height
    if content.bars:
        part = 0.62 if paragraphs else 1.0
        _add_charts(slide, content, (left, top, width * part, height))
        return left + width * part + _GAP, top, width * (1 - part) - _GAP, height
    if content.has_map:
        paper, part = (Paper.CARD, 0.36) if content.card else (Paper.SLIDE, 0.52)
        picture = slide.shapes.add_picture(BytesIO(deck.picture(content, paper)), 0, 0)
        _describe(picture, content.map_alt)
        if content.card:  # text on the left, because it is read first
            _place(picture, (left + width * (1 - part), top, width * part, height))
            return left, top, width * (1 - part) - _GAP, height
        _place(picture, (left, top, width * part, height))
        return left + width * part + _GAP, top, width * (1 - part) - _GAP, height
    if content.stop.kind is StopKind.CLOSING and content.address:
        picture = slide.shapes.add_picture(BytesIO(to_qr(content.address)), 0, 0)
        _describe(picture, content.say("sheet.qr_alt"))
        _place(picture, (left + width * 0.74, top, width * 0.26, height))
        return left, top, width * 0.74 - _GAP, height
    return box


def _paragraphs(content: StopContent) -> list[_Paragraph]:
    rows = [_Paragraph(((number, True), (f" {what}", False)), 24) for number, what in content.figures]
    rows += [_Paragraph(((line, False),), 18) for line in content.lines]
    for title, where in content.items:
        rows.append(_Paragraph(((title, True), (f" – {where}" if where else "", False)), 16, is_item=True))
    for what, words in content.facts:
        address = content.address if words == content.address else ""
        rows.append(_Paragraph(((f"{what}: " if words else f"{what}:", True), (words, False)), 16, address=address))
    return rows + [_Paragraph(((line, False),), 14, is_soft=True) for line in content.cautions]


def _fit(paragraphs: Sequence[_Paragraph], box: Box, smallest: float = SMALLEST) -> tuple[float, int]:
    """Return the largest scale at which the paragraphs fit, and how many fit."""
    width, height = box[2] * 72 - 4, box[3] * 72
    scales = [scale for scale in _SCALES if scale <= 1.0 or smallest == SMALLEST]
    for scale in scales:
        if sum(_height(one, scale, width, smallest) for one in paragraphs) <= height:
            return scale, len(paragraphs)
    ends = accumulate(_height(one, scales[-1], width, smallest) for one in paragraphs)
    return scales[-1], sum(end <= height for end in ends)


def _height(paragraph: _Paragraph, scale: float, width: float, smallest: float) -> float:
    size = max(smallest, paragraph.size * scale)
    indent = size if paragraph.is_item else 0.0
    # Measured with the font of the pictures, which is wider than the slides' font.
    lines = len(wrap(paragraph.text, size * 0.93, width - indent, bold=paragraph.runs[0][1])) or 1
    return lines * size * _LINE + size * 0.4


def _write(
    frame: Any, paragraphs: Sequence[_Paragraph], scale: float, content: StopContent, smallest: float = SMALLEST
) -> None:
    frame.word_wrap = True
    for at, one in enumerate(paragraphs):
        size = max(smallest, one.size * scale)
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.space_after, paragraph.space_before = Pt(size * 0.4), Pt(0)
        if one.is_item:
            _add_bullet(paragraph, size)
        for text, is_bold in one.runs:
            if not text:
                continue
            run = _add_run(paragraph, text, size, content, is_bold)
            if one.is_soft:
                run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
            if one.address and text == one.address:
                run.hyperlink.address = one.address


def _add_run(paragraph: Any, text: str, size: float, content: StopContent, is_bold: bool | None = None) -> Any:
    """Add a text in the language of the stop; return its run."""
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), is_bold
    run._r.get_or_add_rPr().set("lang", _LANGUAGES[content.say.language])
    return run


def _add_bullet(paragraph: Any, size: float) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(size * 12700)))
    properties.set("indent", str(-int(size * 12700)))
    properties.append(parse_xml('<a:buChar xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" char="•"/>'))


def _finish(slide: Any, content: StopContent) -> None:
    """Write sources and slide number into the layout's placeholders, or into a text box without them; add notes."""
    layout = {kind_of(shape): shape for shape in slide.slide_layout.placeholders}
    if "ftr" in layout:
        foot = _copy_placeholder(slide, layout["ftr"])
    else:
        presentation = slide.part.package.presentation_part.presentation
        width, height = presentation.slide_width.inches, presentation.slide_height.inches
        foot = slide.shapes.add_textbox(*map(Inches, (0.5, height - 0.6, width - 1.8, 0.5)))
    foot.text_frame.word_wrap = True
    line = foot.text_frame.paragraphs[0]
    _add_run(line, content.caption + (" " if content.address else ""), 10, content)
    if content.address:
        _add_run(line, content.say("sheet.live"), 10, content).hyperlink.address = content.address
    if "sldNum" in layout:
        number = _copy_placeholder(slide, layout["sldNum"], keeps_text=True)
        for properties in number._element.iterfind(".//{*}rPr"):
            properties.set("lang", _LANGUAGES[content.say.language])
    slide.notes_slide.notes_text_frame.text = "\n".join(line for line in (content.notes, content.address) if line)


def _copy_placeholder(slide: Any, placeholder: Any, keeps_text: bool = False) -> Any:
    """Copy a placeholder of the layout to the slide, because the library omits footers and numbers."""
    element = deepcopy(placeholder.element)
    slide.shapes._spTree.append(element)
    copy = next(shape for shape in slide.placeholders if shape._element is element)
    if not keeps_text:
        for run in list(copy.text_frame.paragraphs[0]._p):
            copy.text_frame.paragraphs[0]._p.remove(run)
    return copy


def _add_charts(slide: Any, content: StopContent, box: Box) -> None:
    left, top, width, height = box
    if sum(len(bars.labels) for bars in content.bars) > 16 and len(content.bars) > 1:  # too many for one column
        part = width / len(content.bars)
        for at, bars in enumerate(content.bars):
            own = min(height, _BAR * (len(bars.labels) + 2))
            _add_chart(slide, bars, (left + at * part, top, part - 0.1, own), content)
        return
    weights = [len(bars.labels) + 2 for bars in content.bars]
    for bars, weight in zip(content.bars, weights, strict=True):
        own = min(height * weight / sum(weights), _BAR * weight)  # two bars do not fill a slide
        _add_chart(slide, bars, (left, top, width, own - 0.05), content)
        top += own


def _add_chart(slide: Any, bars: Bars, box: Box, content: StopContent) -> None:
    """Draw bars as a native chart, with its numbers in the embedded workbook."""
    is_whole = all(math.isnan(value) or value.is_integer() for value in bars.values)
    language = _NUMBERS[content.say.language]
    number_format = ";".join(f"{language}{part}" for part in (_WHOLE if is_whole else _DECIMAL))
    data: Any = CategoryChartData(number_format=number_format)  # type: ignore[no-untyped-call]
    data.categories = [neutralise_formula(label) for label in bars.labels]
    data.add_series(bars.title, [None if math.isnan(value) else round(value, 4) for value in bars.values])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, box), data)
    chart = frame.chart
    told = "; ".join(f"{label} {text}" for label, text in zip(bars.labels, bars.texts, strict=True))
    _describe(frame, f"{bars.title}. {told}")
    chart.has_legend, chart.has_title = False, True
    # A name that breaks into two lines would hide its neighbours.
    is_tight = len(bars.labels) > 8 and (len(bars.labels) > 14 or max(map(len, bars.labels)) > 20 or box[2] < 5)
    chart.font.size = Pt(SMALLEST if is_tight else 14 if len(bars.labels) > 6 else 16)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.chart_title.include_in_layout = False
    chart.chart_title.text_frame.text = bars.title
    run = chart.chart_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(14), True
    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.category_axis.reverse_order = True  # the first bar on top
    chart.category_axis.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_2
    chart.category_axis.has_major_gridlines = chart.value_axis.has_major_gridlines = False
    chart.category_axis.tick_labels.offset = 30
    _name_every_bar(chart.category_axis)
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories, plot.has_data_labels = 35, False, True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.show_value = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
    _colour_bars(plot.series[0], bars.is_small)


def _name_every_bar(axis: Any) -> None:
    """Show all category names, which programs may skip, in a font size that fits."""
    element = parse_xml('<c:tickLblSkip xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" val="1"/>')
    before = axis._element.find("{*}noMultiLvlLbl")
    before.addprevious(element) if before is not None else axis._element.append(element)


def _colour_bars(series: Any, is_small: Sequence[bool]) -> None:
    """Fill the bars with the theme's colour; bars of few cases are hollow, as on the screen."""
    series.format.fill.solid()
    series.format.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    for at, small in enumerate(is_small):
        if small:
            point = series.points[at].format
            point.fill.solid()
            point.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
            point.line.color.theme_color = MSO_THEME_COLOR.ACCENT_1
            point.line.width, point.line.dash_style = Pt(1.25), MSO_LINE.DASH


def _add_grid(slide: Any, grid: Grid, box: Box, content: StopContent) -> float:
    """Write the counts of two dimensions as a table with vertical column names; return its width."""
    left, top, width, height = box
    longest = max(text_width(name, SMALLEST) for name in grid.columns) / 72
    head = min(longest + 0.15, 2.0)
    row_height = max(0.23, min(0.4, (height - head) / len(grid.rows)))
    size = Inches(left), Inches(top), Inches(width), Inches(head + row_height * len(grid.rows))
    shape = slide.shapes.add_table(len(grid.rows) + 1, len(grid.columns) + 1, *size)
    _describe(shape, grid.title)
    table = shape.table
    first = 2.3
    column_width = min(0.9, (width * 0.78 - first) / len(grid.columns))
    used = first + column_width * len(grid.columns)
    shape.width = Inches(used)
    for at, column in enumerate(table.columns):
        column.width = Inches(column_width if at else first)
    for at, row in enumerate(table.rows):
        row.height = Inches(row_height if at else head)
    rows = [["", *grid.columns], *([name, *texts] for name, texts in zip(grid.rows, grid.texts, strict=True))]
    for at, texts in enumerate(rows):
        for across, text in enumerate(texts):
            cell = table.cell(at, across)
            cell.margin_left = cell.margin_right = Inches(0.05)
            cell.margin_top = cell.margin_bottom = Inches(0.01)
            if at == 0 and across:
                cell._tc.get_or_add_tcPr().set("vert", "vert270")
                cell._tc.get_or_add_tcPr().set("anchor", "ctr")
            paragraph = _Paragraph(((text, at == 0 or across == 0 or bool(text)),), SMALLEST)
            _write(cell.text_frame, [paragraph], 1.0, content)
            cell.text_frame.paragraphs[0].space_after = Pt(0)
            if at and across:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            if not text:
                cell.text_frame.paragraphs[0].font.size = Pt(SMALLEST)
    return used


def _box(shape: Any) -> Box:
    return shape.left.inches, shape.top.inches, shape.width.inches, shape.height.inches


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Inches, box)


def _place(picture: Any, box: Box, keeps_left: bool = False) -> None:
    """Place a picture centred in a box, as large as possible."""
    left, top, width, height = box
    scale = min(width / picture.width, height / picture.height)
    own = picture.width * scale, picture.height * scale
    _put(picture, (left + (0 if keeps_left else (width - own[0]) / 2), top, *own))


def _describe(shape: Any, words: str) -> None:
    """Set the alternative text of a shape, for which the library has no property."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)
