"""The same map with plotly's choropleth_map on an empty background.

BENCH_BY_ADDRESS=1 is plotly at its best: the figure names the address of the shapes and the browser keeps them.
"""

import os

import plotly.express as px
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.apps.peer_data import choose_theme, rates, shapes, shapes_text

ADDRESS = "/shapes.json"


def draw() -> None:
    """Draw the filter and the map."""
    frame = rates(choose_theme())
    figure = px.choropleth_map(
        frame,
        geojson=ADDRESS if os.environ.get("BENCH_BY_ADDRESS") else shapes(),
        locations=frame.index,
        color="rate",
        range_color=(0, float(frame["rate"].quantile(0.98)) or 1),
        map_style="white-bg",
        center={"lat": 42.2, "lon": 12.5},
        zoom=4.6,
        height=800,
    )
    figure.update_layout(uirevision="still", margin={"l": 0, "r": 0, "t": 0, "b": 0})
    st.plotly_chart(figure, key="map")


async def _answer_shapes(_: Request) -> Response:
    return Response(shapes_text(), media_type="application/json", headers={"Cache-Control": "max-age=86400"})


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    draw()
else:
    app = st.App(__file__, routes=[Route(ADDRESS, _answer_shapes)])
