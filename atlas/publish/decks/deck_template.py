"""The design of the slides: the atlas' own colours, fonts and layouts, or an operator's template.

A template needs two layouts: one with a centred title and a subtitle (the cover), one with a title and one box of
content. Footer and slide number are written where the template has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.util import Inches

from atlas.indicators.classes import PALETTES
from atlas.publish.decks.branding import TemplateError

FONT = "Arial"  # available in all office programs, or replaced by a font of the same metrics
_WIDTH, _HEIGHT = 13.333, 7.5  # inches, 16:9
_LIGHT: Mapping[str, Any] = PALETTES["light"]
_COLOURS = {
    "dk1": _LIGHT["text"],
    "lt1": "#ffffff",
    "dk2": "#51677d",
    "lt2": "#eef2f6",
    "accent1": _LIGHT["circle"],
    "accent2": "#b35900",
    "accent3": "#2d7d46",
    "accent4": "#7a3e9d",
    "accent5": "#a61e4d",
    "accent6": "#51677d",
    "hlink": _LIGHT["circle"],
    "folHlink": "#7a3e9d",
}
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
# Left, top, width, height in inches, by the type of the placeholder; the cover's first.
_COVER = {
    "ctrTitle": (0.9, 1.75, 7.9, 2.1),
    "subTitle": (0.9, 4.0, 7.9, 2.3),
    "ftr": (0.9, 6.5, 7.4, 0.75),
    "sldNum": (8.35, 6.78, 0.6, 0.5),
}
# The cover's panel and the marks of the map on it: left, top, width, height in inches, colour of the theme, lightness.
_PANEL = (
    ("rect", (9.4, 0.0, 3.933, 7.5), "tx1", 1.0),
    ("ellipse", (10.6, 0.7, 2.3, 2.3), "accent1", 0.75),
    ("ellipse", (9.9, 3.5, 1.2, 1.2), "accent1", 0.55),
    ("ellipse", (11.5, 4.7, 0.7, 0.7), "accent1", 0.9),
)
_BOXES = {
    "title": (0.55, 0.35, 12.23, 1.0),
    "body": (0.55, 1.5, 12.23, 5.05),
    "ftr": (0.55, 6.78, 11.2, 0.5),
    "sldNum": (11.93, 6.78, 0.85, 0.5),
}
# Sizes of the letters in hundredths of a point, by the type of the placeholder.
_SIZES = {"ctrTitle": "4000", "subTitle": "2000", "sldNum": "1200", "ftr": "1000"}


@dataclass(frozen=True)
class Design:
    """An empty presentation and its two layouts: of the cover, and of title and content."""

    file: Any
    cover: Any
    page: Any


def open_design(template: Path | None = None) -> Design:
    """Return an empty presentation of the template, or of the atlas' own; TemplateError if it lacks a layout."""
    if template is None:
        return _own_design()
    try:
        file = Presentation(str(template))
    except Exception as error:  # python-pptx raises its own errors, and those of zipfile, lxml and OSError
        raise TemplateError(f"{template}: non è un file PPTX leggibile") from error
    while len(file.slides._sldIdLst):  # example slides of the template
        slide = file.slides._sldIdLst[0]
        file.part.drop_rel(slide.rId)
        file.slides._sldIdLst.remove(slide)
    return _find_layouts(file, str(template))


def _find_layouts(file: Any, name: str) -> Design:
    cover = _find(file, {"ctrTitle", "subTitle"})
    page = _find(file, {"title", "obj"}) or _find(file, {"title", "body"})
    if cover is None:
        raise TemplateError(f"{name}: manca un layout con titolo centrato e sottotitolo, per la copertina")
    if page is None:
        raise TemplateError(f"{name}: manca un layout con un titolo e un riquadro di contenuto")
    return Design(file, cover, page)


def _find(file: Any, kinds: set[str]) -> Any:
    for layout in file.slide_layouts:
        own = [kind_of(shape) for shape in layout.placeholders]
        if sorted(kind for kind in own if kind not in ("dt", "ftr", "sldNum")) == sorted(kinds):
            return layout
    return None


def kind_of(placeholder: Any) -> str:
    """Return the type of a placeholder in the file; "obj" for any content."""
    return str(placeholder.element.ph.get("type", "obj"))


def _own_design() -> Design:
    file = Presentation()
    file.slide_width, file.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    _paint(file.slide_master)
    design = _find_layouts(file, "atlas")
    for layout in list(file.slide_layouts):
        if layout not in (design.cover, design.page):
            file.slide_layouts.remove(layout)
    for page, boxes in ((file.slide_master, _BOXES), (design.cover, _BOXES | _COVER), (design.page, _BOXES)):
        for shape in list(page.placeholders):
            kind = kind_of(shape)
            if kind == "dt":
                shape.element.getparent().remove(shape.element)
                continue
            box = boxes["body" if kind == "obj" else kind]
            shape.left, shape.top, shape.width, shape.height = map(Inches, box)
    _write_styles(file.slide_master, design)
    for shape, box, colour, strength in reversed(_PANEL):  # each goes below those before
        _add_shape(design.cover, shape, box, colour, strength)
    _add_shape(design.cover, "rect", (0.55, 1.95, 0.09, 4.2))
    _add_shape(design.page, "rect", (0.55, 1.38, 12.23, 0.025))
    return design


def _paint(master: Any) -> None:
    """Set the theme's colours and font, so that changing the design in PowerPoint changes everything."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = parse_xml(part.blob)
    theme.set("name", "Atlante")
    scheme = theme.find(".//{*}clrScheme")
    scheme.set("name", "Atlante")
    for name, colour in _COLOURS.items():
        holder = scheme.find(f"{{*}}{name}")
        holder.clear()
        holder.append(parse_xml(f'<a:srgbClr xmlns:a="{_A}" val="{colour.lstrip("#").upper()}"/>'))
    for latin in theme.iterfind(".//{*}fontScheme//{*}latin"):
        latin.set("typeface", FONT)
    part._blob = serialize_part_xml(theme)


def _write_styles(master: Any, design: Design) -> None:
    """Set the styles: bold titles on the left, text without bullets by default, a small footer."""
    styles = master.element.find(".//{*}txStyles")
    title = styles.find("{*}titleStyle/{*}lvl1pPr")
    title.set("algn", "l")
    title.find("{*}defRPr").attrib.update({"sz": "2800", "b": "1"})
    body = styles.find("{*}bodyStyle/{*}lvl1pPr")
    body.attrib.update({"marL": "0", "indent": "0"})
    for bullet in body.findall("{*}buChar") + body.findall("{*}buFont"):
        body.remove(bullet)
    body.insert(list(body).index(body.find("{*}defRPr")), parse_xml(f'<a:buNone xmlns:a="{_A}"/>'))
    body.find("{*}defRPr").set("sz", "1800")
    for page in (master, design.cover, design.page):
        for shape in page.placeholders:
            frame, kind = shape.text_frame._txBody, kind_of(shape)
            frame.bodyPr.attrib.update({"lIns": "0", "rIns": "0", "anchor": "b" if kind == "ctrTitle" else "ctr"})
            if kind in ("body", "obj", "subTitle"):
                frame.bodyPr.set("anchor", "t")
            for level in frame.iterfind(".//{*}lvl1pPr"):
                level.set("algn", "r" if kind == "sldNum" else "l")
                if (run := level.find("{*}defRPr")) is not None:
                    _style_level(run, _SIZES.get(kind))


def _style_level(run: Any, size: str | None) -> None:
    if size:
        run.set("sz", size)
    for fill in run.findall("{*}solidFill"):
        run.remove(fill)
    ink = "tx2" if size in ("1000", "1200") else "tx1"
    run.insert(0, parse_xml(f'<a:solidFill xmlns:a="{_A}"><a:schemeClr val="{ink}"/></a:solidFill>'))


def _add_shape(
    layout: Any, shape: str, box: tuple[float, float, float, float], colour: str = "accent1", strength: float = 1.0
) -> None:
    """Draw a shape in a colour of the theme below everything else on a layout; strength 1 lets nothing through."""
    left, top, width, height = (int(Inches(side)) for side in box)
    shapes = layout.shapes._spTree
    number = 90 + len(shapes)
    shapes.insert(
        2,
        parse_xml(
            f'<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{_A}"><p:nvSpPr>'
            f'<p:cNvPr id="{number}" name="Ornamento {number}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            f'<a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{colour}">'
            f'<a:alpha val="{int(strength * 100_000)}"/></a:schemeClr></a:solidFill><a:ln><a:noFill/></a:ln>'
            "</p:spPr></p:sp>"
        ),
    )
