"""The same map with pydeck's GeoJsonLayer and no background."""

import pydeck as pdk
import streamlit as st

from benchmarks.apps.peer_data import choose_theme, rates, shapes

st.set_page_config(layout="wide")
colours = rates(choose_theme())["colour"]
rgb = {code: [int(colour[at : at + 2], 16) for at in (1, 3, 5)] for code, colour in colours.items()}
features = [{**feature, "properties": {"c": rgb[feature["id"]]}} for feature in shapes()["features"]]
layer = pdk.Layer(
    "GeoJsonLayer",
    id="municipalities",
    data={"type": "FeatureCollection", "features": features},
    get_fill_color="properties.c",
    get_line_color=[213, 222, 230],
    line_width_min_pixels=0.5,
)
state = pdk.ViewState(latitude=42.2, longitude=12.5, zoom=4.8)
st.pydeck_chart(pdk.Deck([layer], initial_view_state=state, map_provider=None, map_style=None), height=800, key="map")
