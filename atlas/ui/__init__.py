"""The pages' content. Only this room, pages/ and dashboard.py import Streamlit."""
