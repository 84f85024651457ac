"""The map as most tutorials build it: every polygon and every marker inside folium, remade at each change.

It takes data/comuni.geojson as it is. One favour: Leaflet comes from this server, and folium's other links and the
tiles are left out, as no foreign host answers here. BENCH_QUIET=1 adds `returned_objects=[]`, BENCH_LIGHT=1 takes the
atlas's light shapes.
"""

import copy
import json
import os
from functools import cache
from typing import Any

import folium
import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from xstatic.pkg import leaflet

from benchmarks.apps.peer_data import choose_theme, marks, rates, shapes
from tests.factories import DATA_DIR


@cache
def boundaries() -> dict[str, Any]:
    """Return what is drawn, read once; each feature's id is its code."""
    if os.environ.get("BENCH_LIGHT"):
        return shapes()
    read: dict[str, Any] = json.loads((DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    for feature in read["features"]:
        feature["id"] = feature["properties"]["istat_code"]
    return read


def draw() -> None:
    """Draw the filter and the map."""
    # A component that is declared before the server runs is never served.
    from streamlit_folium import st_folium

    theme = choose_theme()
    colours = rates(theme)["colour"].to_dict()
    chart = folium.Map(location=(42.2, 12.5), zoom_start=6, tiles=None)
    chart.default_js = [("leaflet", "../../vendor/leaflet.js")]
    chart.default_css = [("leaflet_css", "../../vendor/leaflet.css")]
    folium.GeoJson(
        copy.copy(boundaries()),
        style_function=lambda feature: {
            "fillColor": colours[feature["id"]],
            "fillOpacity": 1,
            "weight": 0.5,
            "color": "#d5dee6",
        },
    ).add_to(chart)
    for latitude, longitude, id_ in marks(theme):
        folium.Marker((latitude, longitude), tooltip=id_).add_to(chart)
    options: dict[str, list[str]] = {"returned_objects": []} if os.environ.get("BENCH_QUIET") else {}
    st_folium(chart, key="map", height=800, use_container_width=True, **options)


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    draw()
else:
    app = st.App(__file__, routes=[Mount("/vendor", StaticFiles(directory=leaflet.BASE_DIR))])
