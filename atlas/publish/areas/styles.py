"""QGIS styles (QML) of the layers, with the classes and colours of the map."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from atlas.figures.mapview import MapView
from atlas.indicators.classes import PALETTES

_LIGHT: Mapping[str, Any] = PALETTES["light"]
# The diameter of a circle in millimetres is the square root of its number times this.
_CIRCLE_MM = 2.6


def style_areas(shown: MapView) -> str:
    """Return the style of the territories: classes of a rate, hatched where small; circles of a count."""
    land = _fill(_LIGHT["land"])
    if not shown.measure.is_rate:
        circle = _circle(_LIGHT["circle"], f'{_CIRCLE_MM} * sqrt("numerator")')
        return _write([('"numerator" > 0', "> 0", [land, _centroid(circle)]), ("ELSE", "0", [land])])
    rules = [('"is_missing"', "?", [_fill(_LIGHT["missing"], {"style": "b_diagonal"})])]
    bounds = shown.classes.bounds
    for low, high, colour in zip(
        bounds, bounds[1:], _LIGHT["classes"], strict=False
    ):  # there may be fewer classes than colours
        over = '"value" > 0' if low == bounds[0] else f'"value" > {low!r}'
        test, label = f'{over} AND "value" <= {high!r}', f"{_short(low)} – {_short(high)}"
        rules.append((f'{test} AND NOT "is_small"', label, [_fill(colour)]))
        rules.append((f'{test} AND "is_small"', f"{label} (< 5)", [land, _fill(colour, {"style": "b_diagonal"})]))
    return _write([*rules, ("ELSE", "0", [land])])


def _short(bound: float) -> str:
    return f"{bound:.2f}".rstrip("0").rstrip(".")


def style_points() -> str:
    """Return the style of the points of initiatives."""
    return _write([("", "", [_circle(_LIGHT["circle"], "")])], kind="marker")


def style_footprints() -> str:
    """Return the style of the territories of initiatives of several municipalities."""
    return _write([("", "", [_fill(_LIGHT["area"])])])


_Layer = tuple[str, dict[str, str], ElementTree.Element | None]
_Rule = tuple[str, str, list[_Layer]]


def _fill(colour: str, more: dict[str, str] | None = None) -> _Layer:
    line = {"outline_color": _rgba(_LIGHT["outline"]), "outline_width": "0.1", "outline_style": "solid"}
    return "SimpleFill", {"color": _rgba(colour), "style": "solid", **line, **(more or {})}, None


def _circle(colour: str, size: str) -> _Layer:
    options = {"name": "circle", "color": _rgba(colour), "outline_style": "no", "size": "2.4", "size_unit": "MM"}
    return "SimpleMarker", options, _data_defined_size(size) if size else None


def _centroid(circle: _Layer) -> _Layer:
    options = {"point_on_surface": "1", "point_on_all_parts": "0"}
    return "CentroidFill", options, _symbol("marker", "@centroid", [circle])


def _write(rules: Iterable[_Rule], kind: str = "fill") -> str:
    root = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ElementTree.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    holder = ElementTree.SubElement(renderer, "rules", key="atlas")
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, (test, label, layers) in enumerate(rules):
        rule = ElementTree.SubElement(holder, "rule", key=f"rule{number}", symbol=str(number), label=label)
        if test:
            rule.set("filter", test)
        symbols.append(_symbol(kind, str(number), layers))
    return "<!DOCTYPE qgis>\n" + ElementTree.tostring(root, encoding="unicode")


def _symbol(kind: str, name: str, layers: Iterable[_Layer]) -> ElementTree.Element:
    symbol = ElementTree.Element("symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    for class_, options, inner in layers:
        layer = ElementTree.SubElement(symbol, "layer", {"class": class_, "enabled": "1", "locked": "0", "pass": "0"})
        table = ElementTree.SubElement(layer, "Option", type="Map")
        for key, value in options.items():
            ElementTree.SubElement(table, "Option", type="QString", name=key, value=value)
        if inner is not None:
            layer.append(inner)
    return symbol


def _data_defined_size(expression: str) -> ElementTree.Element:
    properties = ElementTree.Element("data_defined_properties")
    whole = ElementTree.SubElement(properties, "Option", type="Map")
    ElementTree.SubElement(whole, "Option", type="QString", name="name", value="")
    sizes = ElementTree.SubElement(whole, "Option", type="Map", name="properties")
    size = ElementTree.SubElement(sizes, "Option", type="Map", name="size")
    ElementTree.SubElement(size, "Option", type="bool", name="active", value="true")
    ElementTree.SubElement(size, "Option", type="QString", name="expression", value=expression)
    ElementTree.SubElement(size, "Option", type="int", name="type", value="3")
    ElementTree.SubElement(whole, "Option", type="QString", name="type", value="collection")
    return properties


def _rgba(colour: str) -> str:
    """Return "#0059b3" in QGIS notation: "0,89,179,255"."""
    return ",".join(map(str, bytes.fromhex(colour[1:] + "ff")))
