"""The page of the regions: what each face says, offers and keeps in the link."""

import pytest

from atlas.ui.parts import charts as charts_ui
from tests.app.reading import page_text, read

FACES = ("", "matrix", "mix", "compare")
# A catalogue with one initiative, with none, with a filter of each kind.
QUERIES = (
    {},
    {"theme": "housing"},
    {"q": "parola che non esiste"},
    {"region": "06"},
    {"place": "037006"},
    {"target": "elderly", "measure": "per_100k_target"},
    {"measure": "per_million", "rule": "share", "lang": "en"},
)


def charts(app):
    return [element.proto for element in app.get("vega_lite_chart")]


def headings(app):
    return [read(element.value) for element in app.header]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: "-".join(query) or "all")
def test_every_face_of_every_selection_is_drawn_and_says_its_finding(open_page, face, query):
    if face == "compare":
        query = {**query, "compare": "08,037,IT"}
    app = open_page("regioni", **({"face": face} if face else {}), **query)
    assert not app.exception
    drawn = charts(app)
    assert len(drawn) == {"": 1, "matrix": 2, "mix": 5, "compare": 3}[face]
    for chart in drawn:
        assert len(chart.alt) > 40 and "{" not in chart.alt
    assert len(headings(app)) >= len(drawn)


def test_the_ranking_offers_the_group_only_when_one_is_chosen(open_page):
    without = open_page("regioni", target="children,youth").radio(key="map_measure").options
    chosen = open_page("regioni", target="youth").radio(key="map_measure").options
    assert not [measure for measure in without if "100.000 persone" in measure]
    assert "Per 100.000 persone: Giovani" in chosen


def test_share_says_why_it_has_no_intervals(open_page):
    assert "né intervalli né posizioni possibili" in page_text(open_page("regioni", rule="share"))
    assert "Linea: intervallo al 95%" in page_text(open_page("regioni"))


def test_measure_and_rule_go_to_the_link(open_page):
    app = open_page("regioni")
    app.radio(key="map_measure").set_value("Per milione di abitanti").run()
    app.radio(key="map_rule").set_value("Solo dal capofila").run()
    query = {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}
    assert (query["measure"], query["rule"]) == ("per_million", "lead")
    assert "Iniziative per milione di abitanti, per regione" in headings(app)


def test_one_region_only_is_the_filter_of_regions(open_page):
    app = open_page("regioni", face="matrix")
    app.selectbox(key="heatmap_region").select("Lazio").run()
    assert app.query_params["region"] in ("12", ["12"])
    app.selectbox(key="heatmap_region").select("Tutta Italia").run()
    assert "region" not in app.query_params


def test_the_table_twin_is_made_when_it_is_opened(open_page):
    app = open_page("regioni")
    assert not app.dataframe
    assert [button.label for button in app.get("download_button")] == [
        "Immagine (PNG)", "Immagine vettoriale (SVG)", "Dati (CSV)"
    ]  # fmt: skip


def test_an_empty_comparison_offers_examples(open_page):
    app = open_page("regioni", face="compare", region="03")
    app.button(key="compare_03_IT").click().run()
    assert app.query_params["compare"] in ("03,IT", ["03,IT"])
    assert "Lombardia" in headings(app) and "Italia" in headings(app)


def test_the_comparison_names_what_is_missing(open_page):
    text = page_text(open_page("regioni", face="compare", compare="08,12"))
    assert "Temi presenti solo qui" in text and "Temi che nel catalogo mancano qui" in text
    assert "intervallo al 95%: 0,37–2,6" in text
    english = page_text(open_page("regioni", face="compare", compare="03,16", lang="en"))
    assert "Lombardy" in english and "Apulia" in english


def test_a_region_that_is_also_a_province_is_offered_once(open_page):
    app = open_page("regioni", face="compare", compare="007,02")
    options = app.multiselect(key="compare_pick").options
    assert len(options) == len(set(options))
    assert not app.exception


RULE = "Ogni iniziativa conta"


@pytest.mark.parametrize(
    ("face", "query", "said", "unsaid"),
    [
        ("", {"region": "12", "theme": "digital"}, ["Tema: Digitale", RULE], ["Regione:"]),
        ("matrix", {"region": "12", "theme": "digital"}, ["Regione: Lazio"], ["Tema:", RULE]),
        ("mix", {"type": "new", "channel": "digital"}, ["Canale: Online o a distanza"], ["Tipo di servizio:", RULE]),
        ("compare", {"region": "12", "compare": "08,03"}, ["Nessun filtro attivo"], ["Regione:", RULE]),
    ],
)
def test_a_picture_names_the_filters_that_its_chart_obeys(open_page, monkeypatch, face, query, said, unsaid):
    """A ranking of all the regions must not leave the page under the name of one."""
    pictures = []
    monkeypatch.setattr(charts_ui, "_show_twins", lambda screen, figure: pictures.append(to_lines(screen, figure)))
    assert not open_page("regioni", **({"face": face} if face else {}), **query).exception
    text = " ".join(pictures[0])
    assert all(words in text for words in said)
    assert not any(words in text for words in unsaid)


def to_lines(screen, figure):
    return charts_ui._to_picture(screen, figure)["title"]["subtitle"]
