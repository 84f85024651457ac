"""A chart as a file: SVG, PNG, and its numbers as CSV; drawn on this machine, with no browser and no other host.

vl-convert runs the same Vega-Lite as the browser inside this process. It is imported at the first picture: until then
it costs nothing, afterwards some 70 MB of memory.
"""

import pandas as pd

from atlas.base.formulas import neutralise_formula
from atlas.figures.vega import Spec

# The newest one that vl-convert carries, so that a file looks like the page.
_VEGA_LITE = "6.4"
_SHARPNESS = 2.0


def to_svg(spec: Spec) -> bytes:
    """Return the picture as SVG with real text. ValueError when the specification cannot be drawn."""
    import vl_convert  # 0.5 s of processor and 70 MB, only for who takes a picture away

    return str(vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])).encode()


def to_png(spec: Spec) -> bytes:
    """Return the picture as PNG, two pixels for one of the page. ValueError as in to_svg."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=_VEGA_LITE, scale=_SHARPNESS, allowed_base_urls=[]))


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as the CSV that Italian Excel opens with a double click: BOM, `;`, CRLF, decimal comma."""
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [neutralise_formula(str(cell)) for cell in safe[column]]
    return safe.to_csv(sep=";", decimal=",", lineterminator="\r\n", index=False).encode("utf-8-sig")
