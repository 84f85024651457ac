"""Atlante delle iniziative sociali dei Comuni: a pure core, and a Streamlit edge in atlas.ui."""
