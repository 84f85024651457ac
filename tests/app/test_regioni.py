"""The page of the regions: what each face says, offers and keeps in the link."""

import pytest

from atlas.ui.parts import charts as charts_ui
from tests.app.reading import page_text, query_of, read

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
    query = query_of(app)
    assert (query["measure"], query["rule"]) == ("per_million", "lead")
    assert "Iniziative per milione di abitanti, per regione" in headings(app)


def test_one_region_only_is_the_filter_of_regions(open_page):
    app = open_page("regioni", face="matrix")
    app.selectbox(key="heatmap_region").select("Lazio").run()
    assert query_of(app)["region"] == "12"
    app.selectbox(key="heatmap_region").select("Tutta Italia").run()
    assert "region" not in app.query_params


def test_the_table_twin_is_made_when_it_is_opened(open_page):
    app = open_page("regioni")
    assert not app.dataframe
    assert [button.label for button in app.get("download_button")] == [
        "Immagine (PNG)", "Immagine vettoriale (SVG)", "Dati (CSV)"
    ]  # fmt: skip


def test_a_picture_of_a_chart_waits_for_its_turn(open_page, monkeypatch):
    given, turns = {}, []
    monkeypatch.setattr(charts_ui, "take_turn", lambda work: turns.append(work) or work())
    monkeypatch.setattr(
        charts_ui.st, "download_button", lambda label, data, name, mime, **options: given.setdefault(mime, data)
    )
    assert not open_page("regioni").exception
    assert given["image/png"]().startswith(b"\x89PNG") and b"<svg" in given["image/svg+xml"]()
    assert len(turns) == 2


def test_an_empty_comparison_begins_with_a_pair_that_makes_sense(open_page):
    first = headings(open_page("regioni", face="compare"))
    assert first[:2] == ["Emilia-Romagna", "Lazio"]  # the two with most initiatives
    app = open_page("regioni", face="compare", region="03")
    assert headings(app)[0] == "Lombardia" and "compare" not in app.query_params
    assert headings(app)[1] != "Lombardia"
    chosen = headings(open_page("regioni", face="compare", region="19,16"))
    assert chosen[:2] == ["Sicilia", "Puglia"]


def test_the_first_choice_takes_the_place_of_the_pair_that_is_shown(open_page):
    app = open_page("regioni", face="compare")
    field = app.multiselect(key="compare_pick")
    assert not field.value and field.options[:3] == ["Italia", "Abruzzo", "Basilicata"]
    assert "Per cominciare: Emilia-Romagna e Lazio." in page_text(app)
    app.multiselect(key="compare_pick").select("Puglia").run()
    assert query_of(app)["compare"] == "16"
    app.multiselect(key="compare_pick").select("Lombardia").run()
    assert query_of(app)["compare"] == "16,03" and "Per cominciare" not in page_text(app)
    assert headings(app)[:2] == ["Puglia", "Lombardia"]


def test_the_title_names_what_is_compared(open_page):
    app = open_page("regioni", face="compare", compare="16,03")
    assert read(app.title[0].value) == "Iniziative nel catalogo: 2 in Puglia e 3 in Lombardia"
    filtered = open_page("regioni", face="compare", compare="16,03", theme="housing")
    assert read(filtered.title[0].value) == "La casa nei Comuni: 0 in Puglia e 2 in Lombardia"
    english = open_page("regioni", face="compare", compare="16,03,IT", lang="en")
    assert read(english.title[0].value) == "Initiatives in the catalogue: 2 in Apulia, 3 in Lombardy and 35 in Italy"


def test_one_territory_is_offered_others_to_stand_beside(open_page):
    app = open_page("regioni", face="compare", compare="03")
    app.button(key="compare_03_IT").click().run()
    assert query_of(app)["compare"] == "03,IT"
    assert "Lombardia" in headings(app) and "Italia" in headings(app)


def test_the_comparison_says_whether_these_territories_can_be_told_apart(open_page):
    text = page_text(open_page("regioni", face="compare", compare="16,03"))
    assert "Per milione di abitanti Puglia e Lombardia non si possono distinguere" in text
    part = page_text(open_page("regioni", face="compare", compare="03,IT"))
    assert "Lombardia è una parte di Italia" in part and "non si possono distinguere" not in part
    apart = page_text(open_page("regioni", face="compare", compare="02,03"))
    assert "Valle d'Aosta" in apart and ("anche tenendo conto del caso" in apart or "non si possono" in apart)


def test_the_page_of_a_region_says_what_the_catalogue_has_and_has_not(open_page):
    app = open_page("regioni", face="region", about="09")
    text = page_text(app)
    assert "Il catalogo è una raccolta, non un censimento" in text
    assert read(app.title[0].value) == "Toscana" and "3 iniziative" in headings(app)
    assert "In Toscana il catalogo ha iniziative su" in text and "Nessuna per:" in text
    assert {"region_12", "region_10", "region_08"} <= {button.key for button in app.button}  # Lazio, Umbria, Emilia
    assert "Che cosa fanno le regioni simili" in headings(app)
    app.button(key="region_10").click().run()
    assert read(app.title[0].value) == "Umbria" and query_of(app)["about"] == "10"
    assert "region" not in app.query_params  # it filters nothing
    empty = page_text(open_page("regioni", face="region", about="07"))
    assert "In Liguria il catalogo non ha iniziative" in empty
    island = page_text(open_page("regioni", face="region", about="20"))
    assert "Non confina con nessun'altra regione." in island


def test_without_a_region_its_page_offers_all_of_them(open_page):
    app = open_page("regioni", face="region")
    assert sum(str(button.key).startswith("region_") for button in app.button) == 20
    app.selectbox(key="region_page").select("Sicilia").run()
    assert read(app.title[0].value) == "Sicilia"


def test_words_and_chart_agree_under_the_lead_rule(open_page, monkeypatch):
    figures = []
    monkeypatch.setattr(charts_ui, "_show_twins", lambda screen, figure: figures.append(figure))
    text = page_text(open_page("regioni", theme="housing", rule="lead"))
    assert "nessuna guidata da un ente della regione secondo la fonte: Lombardia." in text
    assert "17 regioni non ne hanno nel catalogo." in text
    notes = {row["label"]: row["note"] for row in figures[0].draw("light")["data"]["values"]}
    assert notes["Lombardia"] == "2, nessuna guidata da qui"
    assert sum(note == "nessuna nel catalogo" for note in notes.values()) == 17


def test_positions_that_say_nothing_are_not_told(open_page):
    assert "osizioni" not in page_text(open_page("regioni"))


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


def test_a_similar_region_without_initiatives_is_said_to_have_none(open_page):
    text = page_text(open_page("regioni", face="region", region="09"))
    assert "Marche: nessuna iniziativa nel catalogo." in text and "Marche: nel catalogo non ha temi" not in text
    english = page_text(open_page("regioni", face="region", region="09", lang="en"))
    assert "Marche: no initiatives in the catalogue." in english


def test_a_number_in_the_title_stays_beside_what_it_counts(open_page):
    for query in ({"theme": "reception"}, {"face": "compare", "compare": "16,03"}):
        title = open_page("regioni", **query).title[0].value
        assert "\u00a0" in title and "2 in" not in title and not title.endswith("2 iniziative")
