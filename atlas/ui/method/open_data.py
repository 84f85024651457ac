"""The open data section of the method page, with addresses of this server to copy."""

from urllib.parse import urljoin

import streamlit as st

from atlas.ui.session.state import Screen

EXAMPLES = {
    "initiatives": "initiatives.csv?theme=housing",
    "regions": "indicators.json?level=region&measure=per_million",
    "points": "initiatives.geojson?region=08",
    "areas": "areas.gpkg?measure=per_million",
    "boundaries": "municipalities.geojson?region=08",
    "catalogue": "catalog.jsonld",
    "openapi": "openapi.json",
}


def show_open_data(screen: Screen) -> None:
    """Describe the open data, with an example of each resource in the language of the page."""
    words = screen.words
    st.header(words("api.title"), anchor=False)
    st.markdown(f"{words('api.intro')}\n\n{words('api.examples')}")
    base = urljoin(st.context.url or "", "api/")
    for name, example in EXAMPLES.items():
        st.markdown(words(f"api.example.{name}"))
        st.code(base + example, language=None, wrap_lines=True)
