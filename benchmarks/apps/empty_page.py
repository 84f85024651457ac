"""The floor: an empty Streamlit page with one filter and a heading that says what was chosen."""

import streamlit as st

THEMES = ("Casa", "Lavoro", "Salute", "Cultura e sport", "Digitale", "Educazione", "Povertà", "Giustizia")

chosen = st.multiselect("Tema", THEMES)
st.title(", ".join(chosen) or "Tutti i temi")
