"""The types of a CSV's columns, as GDAL and QGIS read them: without, a code of digits may become a number."""

import csv
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from atlas.base.columns import INTEGER_COLUMNS, NUMBER_COLUMNS
from atlas.publish.areas.table import COUNTS, NUMBERS

_TYPES = dict.fromkeys((*NUMBER_COLUMNS, *NUMBERS), "Real") | dict.fromkeys((*INTEGER_COLUMNS, *COUNTS), "Integer64")
# A fixed moment: the same data give the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def to_csvt(data: bytes) -> bytes:
    """Return the .csvt of a CSV of initiatives or of numbers of the map, by the names of its columns."""
    header = next(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return ",".join(f'"{_TYPES.get(name, "String")}"' for name in header).encode() + b"\r\n"


def to_zip(name: str, data: bytes) -> bytes:
    """Return a ZIP with such a CSV, as NAME.csv, and its types: one download, in which GDAL and QGIS find both."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for ending, body in (("csv", data), ("csvt", to_csvt(data))):
            archive.writestr(ZipInfo(f"{name}.{ending}", _MOMENT), body, ZIP_DEFLATED)
    return stream.getvalue()
