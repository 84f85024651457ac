"""The same map with altair's mark_geoshape."""

import altair as alt
import streamlit as st

from benchmarks.apps.peer_data import choose_theme, rates, shapes

st.set_page_config(layout="wide")
colours = rates(choose_theme())["colour"]
features = [{**feature, "properties": {"colour": colours[feature["id"]]}} for feature in shapes()["features"]]
chart = (
    alt.Chart(alt.InlineData(values=features))
    .mark_geoshape(stroke="#d5dee6", strokeWidth=0.5)
    .encode(color=alt.Color("properties.colour:N", scale=None))
    .project("mercator")
    .properties(height=800)
)
st.altair_chart(chart, key="map")
