"""An ordinary Streamlit page with as many elements of the same kinds as the first page, but nothing of ours."""

import streamlit as st

THEMES = ("Casa", "Lavoro", "Salute", "Cultura e sport", "Digitale", "Educazione", "Povertà", "Giustizia")
CAPTION = "Una raccolta di esperienze, non un censimento: confini e popolazione di una fonte, con la sua licenza."

st.set_page_config(layout="wide")
with st.sidebar:
    st.segmented_control("Lingua", ["Italiano", "English"], default="Italiano", label_visibility="collapsed")
    st.header("Filtri", anchor=False)
    st.text_input("Cerca", icon=":material/search:")
    chosen = st.multiselect("Tema", THEMES)
    st.multiselect("Destinatari", THEMES)
    st.multiselect("Regione", THEMES)
    st.expander("Altri filtri")
    st.caption(CAPTION)
said = ", ".join(chosen) or "Tutti i temi"
with st.container(horizontal=True):
    st.popover("Condividi")
    st.popover("Scarica")
    st.button("Aggiungi", icon=":material/add:")
with st.container(gap="xsmall"):
    st.title(said)
    for _ in range(2):
        st.markdown(f"{said}: {CAPTION}")
    with st.container(horizontal=True):
        for theme in chosen:
            st.button(theme, icon=":material/close:")
        st.button("Togli tutti i filtri", type="tertiary")
    with st.container(horizontal=True):
        for at, figure in enumerate(("Iniziative", "Comuni", "Regioni", "Abitanti")):
            st.metric(figure, len(said) + at, width="content", help=CAPTION)
    with st.container(horizontal=True):
        with st.popover("Come si conta"):
            st.segmented_control("Livello", ["Regioni", "Province", "Comuni"])
            st.radio("Misura", ["Numero", "Per milione"])
            st.radio("Regola", ["Presenza", "Quota", "Capofila"])
        st.popover("Che cosa vedo")
map_side, list_side = st.columns([2, 1])
with list_side:
    with st.container(horizontal=True):
        st.markdown("**Italia**")
        st.popover("Cerca un luogo")
    st.header(said, anchor=False)
    for at in range(8):
        st.button(f"**{said} {at}**", type="tertiary", key=f"title_{at}")
        st.markdown(f"Comune {at}, {said}")
    st.pagination(5)
st.expander("La tabella")
st.caption(CAPTION)
with st.container(horizontal=True):
    for page in ("Proponi", "Accessibilità", "Oggi"):
        st.markdown(f"[{page}](https://example.org)", width="content")
