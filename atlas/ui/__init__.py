"""The widgets of the pages: one group a file. Everything here draws with Streamlit and decides nothing."""
