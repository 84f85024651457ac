"""The page of one's own file: what is said of it, what can be settled, and that nobody else ever sees it."""

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.intake.rehearsal import Look
from tests.app.conftest import PAGES
from tests.app.reading import page_text, query_of, read
from tests.app.test_payloads import dangerous
from tests.payloads import PAYLOADS

WORDS = translator(Language.IT)
FILE = (
    b"id;titolo;comune;provincia;tema\n"
    b"a;Spesa a casa;Reggio Emilia;;Casa\n"
    b"b;Sportello di quartiere;Castro;;Dimora\n"
    b"c;Doposcuola;Castro;LE;Scuola\n"
    b"d;Mensa;Nonesiste;;Casa\n"
    b"\n"
    b"street-store-napoli;Street store: abiti e accessori in dono;Napoli;NA;\n"
)


@pytest.fixture
def data_page(open_page):
    return open_page("dati")


def upload(app, data=FILE, name="elenco.csv"):
    app.file_uploader[0].set_value((name, data, "text/csv"))
    return app.run()


def figures(app):
    kinds = ("read", "loaded", "rejected", "blank")
    found = {metric.label: metric.value for metric in app.metric}
    forms = [
        (found.get(WORDS(f"data.figure.{kind}.one")), found.get(WORDS(f"data.figure.{kind}.other"))) for kind in kinds
    ]
    return [one if one == "1" else other for one, other in forms]


def look(app, which):
    app.segmented_control(key="own_look").set_value(which)
    return app.run()


def visit(app, page):
    app.switch_page(f"pages/{page}.py")
    app.run()
    assert not app.exception, (page, app.exception)
    return app


def test_the_report_counts_every_row(data_page):
    app = upload(data_page)
    assert not app.exception
    assert figures(app) == ["6", "3", "2", "1"]
    assert WORDS("data.sentence.partial") in page_text(app)
    assert any("elenco.csv" in read(text.value) for text in app.markdown)


def test_suggestions_are_applied_listed_and_taken_back(data_page):
    app = upload(data_page)
    choice = next(b for b in app.button if read(b.label) == "Castro (BG) 016065")
    app = choice.click().run()
    assert figures(app) == ["6", "4", "1", "1"]
    assert "«Castro» → Castro (BG) 016065" in page_text(app)
    app.button(key="own_undo_0").click().run()
    assert figures(app) == ["6", "3", "2", "1"]


def test_every_decision_can_be_undone_however_many_there_are(data_page, monkeypatch):
    monkeypatch.setattr("atlas.ui.own_data.own_choices.SHOWN_ANSWERS", 1)
    rows = "".join(f"Mensa;{name};CR\n" for name in ("Ofanengo", "Bagnolo Cremsco", "Castelleonne"))
    app = upload(data_page, f"titolo;comune;provincia\n{rows}".encode())
    app = app.button(key="own_accept_all").click().run()
    assert figures(app) == ["3", "3", "0", "0"]
    older = next(box for box in app.selectbox if str(box.key).startswith("own_undo_older_"))
    assert len(older.options) == 2
    app = older.set_value(older.options[-1]).run()
    assert not app.exception and figures(app) == ["3", "2", "1", "0"]


def test_codes_that_lost_their_zeros_are_settled_together(data_page):
    app = upload(data_page, b"titolo;luoghi\na;15\nb;10\nc;8\nd;80\n")
    assert figures(app) == ["4", "1", "3", "0"]
    app = app.button(key="own_short_provinces").click().run()
    assert not app.exception and figures(app) == ["4", "4", "0", "0"]
    rows = app.session_state["atlas_rehearsal"].report.rows
    assert rows["places"].tolist() == ["015", "010", "008", "080"]


def test_what_publication_still_needs_is_listed(data_page):
    app = upload(data_page)
    assert WORDS("data.needs_intro") in page_text(app) and WORDS("data.needs_nothing") not in page_text(app)
    app = upload(app, b"titolo;comune;provincia\nMensa;Roma;RM\n")
    assert WORDS("data.needs_nothing") in page_text(app) and WORDS("data.needs_intro") not in page_text(app)


def test_the_year_of_the_codes_is_guessed_and_can_be_chosen(data_page):
    app = upload(data_page, b"titolo;codice_istat\nCentro;081021\nMensa;058091\n")
    assert figures(app) == ["2", "2", "0", "0"]
    app = app.selectbox(key="own_year").set_value(2019).run()
    assert figures(app) == ["2", "1", "1", "0"]
    choice = next(button for button in app.button if read(button.label) == "Misiliscemi (TP) 081025")
    app = choice.click().run()
    assert figures(app) == ["2", "2", "0", "0"]
    app = app.selectbox(key="own_year").select_index(0).run()
    assert app.session_state["atlas_rehearsal"].report.rows["places"].tolist() == ["081021", "058091"]


def test_a_list_of_names_can_say_its_year_too(data_page):
    app = upload(data_page, b"titolo;tema\nCentro;casa\n")
    assert not [box for box in app.selectbox if box.key == "own_year"]  # no places, no year
    app = upload(app, b"titolo;comune\nCentro;Carbonia\nMensa;Roma\n")
    assert app.selectbox(key="own_year").options[0] == WORDS("data.year_unsaid")
    app = look(app.selectbox(key="own_year").set_value(2020).run(), Look.ALONE)
    assert set(app.session_state["atlas_rehearsal"].report.rows["places_date"]) == {"2020"}
    app.query_params["id"] = "centro"
    app = app.switch_page("pages/catalogo.py").run()
    assert "Carbonia in provincia del Sud Sardegna (codice 111009)" in page_text(app)


def test_a_place_that_the_file_says_itself_is_not_overruled(data_page):
    app = upload(data_page)
    app = next(b for b in app.button if read(b.label) == "Castro (BG) 016065").click().run()
    app = look(app, Look.ALONE)
    rows = app.session_state["atlas_rehearsal"].report.rows
    assert dict(zip(rows["id"], rows["places"], strict=True))["c"] == "075096"


def test_every_page_shows_the_file_until_one_goes_back(data_page):
    app = look(upload(data_page), Look.ALONE)
    for page in PAGES:
        text = page_text(visit(app, page))
        assert read(WORDS("data.banner_alone")) in text and "elenco.csv" in text, page
    visit(app, "catalogo")
    assert sorted(b.key for b in app.button if str(b.key).startswith("open_")) == [
        "open_a", "open_c", "open_street-store-napoli",
    ]  # fmt: skip
    app.button(key="own_back").click().run()
    assert read(WORDS("data.banner_alone")) not in page_text(app)
    assert WORDS.plural("list.title", 35) in page_text(app)


def test_added_to_the_catalogue_both_count(data_page):
    app = look(upload(data_page), Look.ADDED)
    assert WORDS.plural("data.look_renamed", 1, ids="street-store-napoli") in page_text(app)
    visit(app, "catalogo")
    assert WORDS.plural("list.title", 38) in page_text(app)
    app.multiselect(key="filter_themes").select("housing").run()
    assert query_of(app)["theme"] == "housing"
    assert WORDS.plural("list.title", 5) in page_text(app)


def test_a_card_of_the_file_promises_no_link(data_page):
    app = look(upload(data_page), Look.ADDED)
    visit(app, "catalogo")
    app.text_input(key="filter_text").set_value("Spesa a casa").run()
    app.button(key="open_a").click().run()
    assert not app.exception
    assert WORDS("data.card_note") in page_text(app) and WORDS("card.cite") not in page_text(app)
    app.button(key="own_back").click().run()
    assert not app.exception and "id" not in app.query_params


def test_reading_again_keeps_what_the_pages_show(data_page):
    app = look(upload(data_page), Look.ALONE)
    app = next(b for b in app.button if read(b.label) == "Castro (BG) 016065").click().run()
    assert app.session_state["atlas_look"] is Look.ALONE
    visit(app, "catalogo")
    assert WORDS.plural("list.title", 4) in page_text(app)


def test_a_worse_file_gives_up_the_look(data_page):
    app = look(upload(data_page), Look.ALONE)
    app = upload(app, b"titolo;comune\nx;Nonesiste\n")
    assert not app.exception
    assert read(WORDS("data.banner_alone")) not in page_text(visit(app, "mappa"))


def test_near_duplicates_are_named(data_page):
    app = upload(data_page)
    table = next(frame.value for frame in app.dataframe if WORDS("data.twins_likeness") in frame.value)
    assert list(table[WORDS("data.twins_where")]) == [WORDS("data.twins_in_catalogue")]
    assert list(table[WORDS("data.twins_place")]) == ["Napoli"]


def test_headers_nobody_knows_are_asked_for(data_page):
    app = upload(data_page, b"Che cosa;Dove sta\nSpesa a casa per tutti;Torino\nSportello lavoro;Castro\n")
    assert "Nell'intestazione manca" in page_text(app)
    assert app.selectbox(key="own_field_title_it").value == "Che cosa"  # a guess, by the samples
    app.selectbox(key="own_field_municipality").set_value("Dove sta")
    app = next(b for b in app.button if b.label == WORDS("data.columns_read")).click().run()
    assert not app.exception
    assert figures(app) == ["2", "1", "1", "0"]


def test_one_column_can_fill_two_fields_and_is_proposed_for_the_next_file(data_page):
    data = b"Boh;Dove sta\n1;Torino\n2;Crema\n"
    app = upload(data_page, data)
    app.selectbox(key="own_field_title_it").set_value("Dove sta")
    app.selectbox(key="own_field_municipality").set_value("Dove sta")
    app = next(b for b in app.button if b.label == WORDS("data.columns_read")).click().run()
    assert not app.exception and figures(app) == ["2", "2", "0", "0"]
    app = upload(app, data + b"3;Lodi\n")
    assert not any(figures(app))
    app = app.button(key="own_again").click().run()
    assert figures(app) == ["3", "3", "0", "0"]


def test_several_files_are_read_as_one(data_page):
    app = data_page
    app.segmented_control(key="own_source").set_value("several").run()
    one, two = ("a.csv", FILE, "text/csv"), ("b.csv", b"titolo;comune\nOrto;Castro\nMensa;Bari\n", "text/csv")
    app = app.file_uploader(key="own_files_0").set_value([one, two]).run()
    assert not app.exception and figures(app) == ["8", "4", "3", "1"]
    assert any("a.csv, b.csv" in read(text.value) for text in app.markdown)
    messages = next(frame.value for frame in app.dataframe if WORDS("data.message.rows") in frame.value)
    assert set(messages[WORDS("data.message.file_name")]) == {"a.csv", "b.csv"}
    choice = next(b for b in app.button if read(b.label) == "Castro (BG) 016065")
    app = choice.click().run()
    assert figures(app) == ["8", "6", "1", "1"]
    app = (
        app.file_uploader(key="own_files_0")
        .set_value([one, two, ("c.csv", b"titolo;comune\nSpesa;Castro\n", "text/csv")])
        .run()
    )
    assert figures(app) == ["9", "7", "1", "1"]  # the choice is kept


def test_cells_can_be_pasted(data_page):
    app = data_page
    app.segmented_control(key="own_source").set_value("paste").run()
    app.text_area(key="own_paste").set_value("titolo\tcomune\nSpesa\tTorino\n")
    app.button(key="own_paste_read").click().run()
    assert figures(app) == ["1", "1", "0", "0"]
    app.button(key="own_remove").click().run()
    assert not app.exception and figures(app) == [None] * 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "vuoto"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"<html><table></table>", "HTML"),
        (b"PK\x03\x04 broken", "danneggiata"),
        (b"titolo;comune\n" + b"a;Roma\n" * 50_001, "50.000"),
        ((";".join(f"x{n}" for n in range(220)) + ";titolo;comune\n" + ";" * 220 + "a;Roma\n").encode(), "200 colonne"),
        (b"titolo;comune\n", "nessuna riga"),
    ],
    ids=["empty", "pdf", "xls", "html", "zip", "rows", "columns", "header only"],
)
def test_what_cannot_be_used_gets_one_sentence(data_page, data, says):
    app = upload(data_page, data)
    assert not app.exception
    (error,) = app.error
    assert says in read(error.value)
    assert not any(widget.key == "own_look" for widget in app.segmented_control)


@pytest.mark.parametrize("payload", sorted(PAYLOADS))
def test_hostile_text_is_only_text(data_page, payload):
    text = PAYLOADS[payload].replace('"', '""')
    columns = ["titolo", "descrizione", "comune", "provincia", "tema", "destinatari", "ente_capofila", "partner", "x"]
    safe = dict.fromkeys(columns, f'"{text}"') | {"comune": "Torino", "provincia": "TO"}
    rows = [safe, safe | {"comune": f'"{text}"'}, safe | {"provincia": f'"{text}"'}]
    lines = [";".join([*columns, f'"{text}"']), *(";".join([*row.values(), f'"{text}"']) for row in rows)]
    app = upload(data_page, "\n".join(lines).encode(), f"{PAYLOADS[payload]}.csv")
    assert not app.exception and dangerous(app) == []
    assert f"{PAYLOADS[payload]}.csv".split()[0] in page_text(app)
    app = look(app, Look.ALONE)
    for page in PAGES:
        assert dangerous(visit(app, page)) == [], page


def test_sessions_never_see_each_other(open_page):
    one, other = open_page("dati"), open_page("dati")
    one = look(upload(one), Look.ALONE)
    other = look(upload(other, b"titolo;comune\nDel vicino;Torino\n", "vicino.csv"), Look.ALONE)
    third = open_page("catalogo")
    assert "Del vicino" in page_text(visit(other, "catalogo")) and "Del vicino" not in page_text(visit(one, "catalogo"))
    assert "Spesa a casa" not in page_text(other)
    assert WORDS.plural("list.title", 35) in page_text(third) and "elenco.csv" not in page_text(third)


def test_saved_choices_serve_the_next_file(data_page):
    app = upload(data_page)
    app.file_uploader(key="own_choices_load").set_value(("scelte.json", b"{}", "application/json")).run()
    assert WORDS("data.choices_wrong") in page_text(app)
    document = (
        b'{"kind": "atlas-choices", "columns": {},'
        b' "answers": [{"field": "municipality", "value": "Castro", "code": "016065"}]}'
    )
    app.file_uploader(key="own_choices_load").set_value(("scelte.json", document, "application/json")).run()
    assert figures(app) == ["6", "4", "1", "1"]


@pytest.mark.parametrize("language", list(Language))
def test_the_page_speaks_both_languages(open_page, language):
    app = upload(open_page("dati", lang=language.value))
    words, text = translator(language), page_text(app)
    for key in ("data.title", "data.doubts_title", "data.messages_title", "data.take_title", "data.compare_title"):
        assert words(key) in text
