"""Charts as files: SVG, PNG, and their numbers as CSV, made locally without a browser.

vl-convert runs the same Vega-Lite as the browser in this process. It is imported for the first picture, because it
takes some 70 MB of memory.
"""

import pandas as pd

from atlas.base.formulas import neutralise_formula
from atlas.figures.vega import Spec

# The newest version in vl-convert, so that a file looks like the page.
_VEGA_LITE = "6.4"
_SHARPNESS = 2.0


def to_svg(spec: Spec) -> bytes:
    """Return the picture as SVG with real text. ValueError if the specification is invalid."""
    import vl_convert  # imported here: 0.5 s and 70 MB, only for those who download a picture

    return str(vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])).encode()


def to_png(spec: Spec) -> bytes:
    """Return the picture as PNG at double resolution. ValueError as in to_svg."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=_VEGA_LITE, scale=_SHARPNESS, allowed_base_urls=[]))


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV for Italian Excel: BOM, `;`, CRLF, decimal comma."""
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [neutralise_formula(str(cell)) for cell in safe[column]]
    return safe.to_csv(sep=";", decimal=",", lineterminator="\r\n", index=False).encode("utf-8-sig")
