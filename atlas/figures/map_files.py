"""The files that the map's frame fetches: Leaflet, the map's script and style, names and outlines, compressed once."""

import gzip
import hashlib
import importlib.util
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from xstatic.pkg import leaflet

from atlas.base.folders import ASSETS, DATA_DIR
from atlas.base.model import DataError, Fault, Language, Level
from atlas.catalogue.source.bundle import bundled_territory
from atlas.figures.marks import RADII
from atlas.indicators.classes import PALETTES
from atlas.territory.places.names import place_name
from atlas.territory.territory import Territory

LEAFLET = Path(leaflet.BASE_DIR)
# The map lives in a frame two levels down (/component/<name>/index.html); relative addresses survive a base path.
FROM_FRAME = "../../"
_FONT = "SourceSansVF-Upright*.woff2"


@dataclass(frozen=True)
class PublishedFile:
    """A compressed file with a content-based address, so that browsers can cache it forever."""

    path: str
    media_type: str
    body: bytes
    compressed: bytes

    @property
    def etag(self) -> str:
        return f'"{self.path.split(".")[-2]}"'


@cache
def published_files() -> Mapping[str, PublishedFile]:
    """Return the map's files by name, ready to send; DataError if the boundaries cannot be read."""
    return {
        "leaflet_js": publish("leaflet", ".js", _without_links(_read(LEAFLET / "leaflet.js"))),
        "leaflet_css": publish("leaflet", ".css", _without_links(_read(LEAFLET / "leaflet.css"))),
        "layout_js": publish("layout", ".js", _read(ASSETS / "map_layout.js")),
        "map_js": publish("map", ".js", _read(ASSETS / "map.js") + _constants(bundled_territory())),
        "map_css": publish("map", ".css", _font_face() + _read(ASSETS / "map.css")),
        "names": publish("names", ".json", to_place_names(bundled_territory())),
        "outlines": publish("outlines", ".json", _read_topology("outlines")),
        "municipalities": publish("municipalities", ".json", _read_topology("municipalities")),
    }


@cache
def page_font() -> str:
    """Return the path of the font that Streamlit serves for its pages; empty if there is none."""
    package = importlib.util.find_spec("streamlit")  # found without importing Streamlit, which this room may not use
    home = Path(package.origin).parent if package and package.origin else Path()
    return next((f"static/media/{found.name}" for found in (home / "static" / "static" / "media").glob(_FONT)), "")


def addresses() -> dict[str, str]:
    """Return the address of each file, relative to the map's frame."""
    return {name: FROM_FRAME + file.path for name, file in published_files().items()}


def to_place_names(territory: Territory) -> bytes:
    """Return what the map says of each place, by level and column, sorted by code.

    name: in Italian; en, other: by position, the English name and the one in a second official language where there is
    one; lat and lon in degrees; population: inhabitants or null; capitals: positions of the provinces' capitals.
    """
    places: dict[str, dict[str, object]] = {}
    for level in Level:
        frame = territory.at(level)
        codes = [str(code) for code in frame.index]
        names, english = (
            [place_name(code, territory, language) for code in codes] for language in (Language.IT, Language.EN)
        )
        others = frame["name_other"] if "name_other" in frame else frame["name"].str.partition("/")[2]
        places[level.value] = {
            "codes": codes,
            "name": names,
            "en": {i: name for i, name in enumerate(english) if name != names[i]},
            "other": {i: str(name) for i, name in enumerate(others) if name},
            "lat": frame["lat"].round(3).tolist(),
            "lon": frame["lon"].round(3).tolist(),
            "population": [None if math.isnan(n) else int(n) for n in frame["population"]],
        }
    places[Level.MUNICIPALITY]["capitals"] = np.flatnonzero(territory.municipalities["is_capital"]).tolist()
    return json.dumps(places, ensure_ascii=False, separators=(",", ":")).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fault = Fault(
            f"{path.parent.name}/{path.name}", 0, "", "il file manca o non si può leggere: rimettilo al suo posto"
        )
        raise DataError([fault]) from error


def _constants(territory: Territory) -> bytes:
    """Return the line that tells the map its colours, radii and the region of each province, once for all messages."""
    region_of = {str(code): str(region) for code, region in territory.provinces["region_code"].items()}
    known = {"palettes": PALETTES, "radii": RADII, "regionOf": region_of}
    return f"atlasMap.know({json.dumps(known, separators=(',', ':'))});\n".encode()


def _read_topology(name: str) -> bytes:
    """Return a TopoJSON file after checking that it is complete: a truncated one would draw nothing in browsers."""
    path = DATA_DIR / "map" / f"{name}.topojson"
    content = _read(path)
    try:
        json.loads(content)["objects"]
    except (ValueError, KeyError, TypeError) as error:
        problem = "il file è troncato o non è un TopoJSON: rimettilo al suo posto"
        raise DataError([Fault(f"{path.parent.name}/{path.name}", 0, "", problem)]) from error
    return content


def _font_face() -> bytes:
    """Return the font face of the page, because the map's frame inherits no styles."""
    rule = '@font-face { font-family: "Source Sans"; font-weight: 200 900; src: url(../%s) format("woff2"); }\n'
    return (rule % page_font()).encode() if page_font() else b""


def _without_links(body: bytes) -> bytes:
    """Remove the links to other hosts from Leaflet: its attribution and a comment, but not XML namespaces."""
    return re.sub(rb"https://[\w./?=-]+", b"", body)


_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


def publish(stem: str, suffix: str, body: bytes) -> PublishedFile:
    """Return a file under an address that has a digest of its content: `stem`.digest`suffix`."""
    digest = hashlib.sha256(body).hexdigest()[:12]
    return PublishedFile(
        path=f"map/{stem}.{digest}{suffix}",
        media_type=_MEDIA_TYPES[suffix],
        body=body,
        compressed=gzip.compress(body, 9, mtime=0),
    )
