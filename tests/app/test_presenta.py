"""Presentations in Streamlit's own runner: stops from the pages of data, the desk, the stage, files that lie."""

import json
import threading
import time

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.publish.stops.story import PAGE_OF, StopKind, to_json, to_link
from atlas.ui.present import downloads, stop_list
from atlas.ui.session import jobs, rooms, stops
from tests.app.reading import page_text, read

IT = translator(Language.IT)
HOSTILE = "<b>x</b> ![a](https://evil.example/x.png) $x$ :red[y]"


def story_of(app):
    return app.session_state["atlas_story"]


def titles(app):
    return [stop.title for stop in story_of(app).stops]


def shown_titles(app):
    """Return the titles that the desk shows: the presenter's, or ours."""
    return [app.text_input(key=f"stop_title_{at}").value for at in range(len(titles(app)))]


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def keys(app):
    return {button.key for button in app.button}


@pytest.fixture
def prepared(open_page):
    """The desk with a series for housing in three regions."""
    return press(open_page("presenta", theme="housing", region="03,18,19"), "story_prepare")


@pytest.mark.parametrize("page", stops.PAGES_OF_DATA)
@pytest.mark.parametrize("language", list(Language))
def test_every_page_of_data_keeps_its_view(open_page, page, language):
    app = press(open_page(page, theme="digital", lang=language.value), "stop_add")
    (stop,) = story_of(app).stops
    assert stop.kind == page
    assert stop.view.selection.themes == ("digital",) and stop.view.language is language
    assert app.session_state["atlas_story"].stops[0].title == ""
    assert stop.map_position is None
    assert app.toast


def write_notes(app, text):
    """Open the notes of the first screen and write them."""
    app.session_state["stop_fold_0"] = True
    app.run().text_area(key="stop_notes_0").set_value(text).run()


def test_the_notes_of_a_screen_are_drawn_once_they_are_opened(prepared):
    assert not prepared.text_area
    write_notes(prepared, "Buongiorno")
    assert [area.value for area in prepared.text_area] == ["Buongiorno"]
    prepared.session_state["stop_fold_0"] = False
    prepared.run()
    assert story_of(prepared).stops[0].notes == "Buongiorno" and not prepared.text_area
    write_notes(prepared, "Buonasera")
    assert story_of(prepared).stops[0].notes == "Buonasera"


def test_what_a_person_writes_is_kept_in_the_session_only(prepared):
    stop_list._shared.clear()
    words = "Parole del relatore"
    prepared.text_input(key="stop_title_1").set_value(words).run()
    prepared.text_input(key="story_occasion").set_value(words).run()
    write_notes(prepared, words)
    prepared.run()
    shared = str([dict(kept) for kept in stop_list._shared.values()])
    assert "_Sketch" in shared and words not in shared
    assert words in str([dict(kept) for kept in prepared.session_state["atlas_sketches"].values()])


def test_a_change_of_the_desk_gathers_only_the_screens_that_it_changes(prepared, monkeypatch):
    gather, gathered = stops.content_of, []

    def note(stop, screen):
        gathered.append(stop.kind)
        return gather(stop, screen)

    monkeypatch.setattr(stops, "content_of", note)
    kinds = [stop.kind for stop in story_of(prepared).stops]
    prepared.run()
    assert gathered == []
    prepared.text_input(key="stop_title_2").set_value("Un titolo mio").run()
    assert gathered == [kinds[2]] and shown_titles(prepared)[2] == "Un titolo mio"
    gathered.clear()
    press(prepared, "stop_down_2")
    assert gathered == [] and shown_titles(prepared)[3] == "Un titolo mio"
    prepared.text_input(key="story_occasion").set_value("Assemblea annuale").run()
    assert gathered == [StopKind.COVER]  # it says it
    assert any("Assemblea annuale" in caption.value for caption in prepared.caption)


@pytest.mark.parametrize("page", ["indovina", "metodo", "presenta"])
def test_pages_without_data_offer_nothing_to_keep(open_page, page):
    assert "stop_add" not in keys(open_page(page))


def test_stops_of_two_pages_stand_in_the_order_in_which_they_came(open_page):
    app = press(open_page(theme="digital"), "stop_add")
    app.switch_page("pages/catalogo.py").run()
    press(app, "stop_add")
    app.switch_page("pages/presenta.py").run()
    assert [stop.kind for stop in story_of(app).stops] == ["mappa", "catalogo"]
    assert app.text_input(key="stop_title_1").label == "2 · Catalogo"
    press(app, "stop_up_1")
    assert [stop.kind for stop in story_of(app).stops] == ["catalogo", "mappa"]
    app.text_input(key="stop_title_0").set_value("Il mio titolo").run()
    write_notes(app, "prima riga\nseconda")
    assert titles(app)[0] == "Il mio titolo" and story_of(app).stops[0].notes == "prima riga\nseconda"
    press(app, "stop_delete_1")
    assert titles(app) == ["Il mio titolo"]
    press(app, "story_undo")
    assert len(titles(app)) == 2


def test_a_map_that_was_moved_stays_where_it_was_put(open_page):
    app = open_page()
    app.query_params["map"] = "44.5,11.3,8"
    app.run()
    assert press(app, "stop_add") and story_of(app).stops[0].map_position == (44.5, 11.3, 8.0)
    assert story_of(app).stops[0].view.framing == ()


def test_nothing_is_kept_of_a_position_that_is_none(open_page):
    app = open_page()
    app.query_params["map"] = "x,1,2"
    app.run()
    assert press(app, "stop_add") and story_of(app).stops[0].map_position is None


def test_the_proposed_series_says_what_it_shows(prepared):
    kinds = [stop.kind for stop in story_of(prepared).stops]
    assert len(kinds) <= 8 and (kinds[0], kinds[-1]) == (StopKind.COVER, StopKind.CLOSING)
    assert "condivis" in prepared.text_input(key="stop_title_1").value
    assert "stop_up_0" in keys(prepared) and prepared.button(key="stop_up_0").disabled


def test_the_projector_is_turned_dark_and_light_again(prepared):
    press(prepared, "story_present")
    for ground in ("dark", "light"):
        assert prepared.button(key="stage_theme").label == IT(f"story.ground_{ground}")
        press(prepared, "stage_theme")
        press(prepared, "stage_next")
    assert prepared.button(key="stage_theme").label == IT("story.ground_dark")


def test_every_stop_is_shown_one_a_screen_without_filters(prepared):
    n, said = len(titles(prepared)), shown_titles(prepared)
    press(prepared, "story_present")
    for at, title in enumerate(said):
        text = page_text(prepared)
        assert [read(element.value) for element in prepared.title] == [title]
        assert IT("story.progress", n=at + 1, total=n) in text
        assert not prepared.multiselect and not prepared.error
        assert [prepared.button(key=f"stage_go_{to}").disabled for to in range(n)] == [to == at for to in range(n)]
        if at < n - 1:
            press(prepared, "stage_next" if at % 2 else f"stage_go_{at + 1}")
    assert prepared.button(key="stage_next").disabled
    press(prepared, "stage_previous")
    assert [read(element.value) for element in prepared.title] == [said[-2]]
    for key, title in (("stage_go_0", said[0]), (f"stage_go_{n - 1}", said[-1])):
        press(prepared, key)
        assert [read(element.value) for element in prepared.title] == [title]
    press(prepared, "stage_leave")
    assert prepared.multiselect and "story_present" in keys(prepared)


@pytest.mark.parametrize("face", ["ranking", "matrix", "mix", "compare"])
@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("text", ["", "parola-che-non-esiste"])
def test_every_face_of_the_regions_can_be_shown(open_page, face, lang, text):
    app = press(open_page("regioni", face=face, compare="08,12", lang=lang, q=text, rule="share"), "stop_add")
    app.switch_page("pages/presenta.py").run()
    press(app, "story_present")
    assert len(app.title) == 1 and not app.error


@pytest.mark.parametrize("query", [{"place": "037006"}, {}, {"id": "siproimi-italia"}])
@pytest.mark.parametrize("page", ["comune", "catalogo", "mappa"])
def test_municipalities_and_cards_can_be_shown(open_page, page, query):
    app = press(open_page(page, **query), "stop_add")
    app.switch_page("pages/presenta.py").run()
    press(app, "stop_present_0")
    assert len(app.title) == 1 and not app.error


def test_the_audience_never_sees_the_notes(prepared):
    write_notes(prepared, "Non dirlo a nessuno")
    press(prepared, "story_present")
    assert "Non dirlo" not in page_text(prepared)


def test_the_presenters_window_has_notes_the_next_screen_and_the_same_position(prepared):
    write_notes(prepared, "Buongiorno a tutti")
    following = shown_titles(prepared)[1]
    press(prepared, "story_present")
    notes = rooms.ask(prepared.session_state["atlas_stage_room"])
    assert notes is not None
    assert (notes.at, notes.total, notes.following) == (0, len(titles(prepared)), following)
    assert notes.notes == "Buongiorno a tutti"


def test_what_a_presenter_writes_is_shown_letter_for_letter(prepared):
    prepared.text_input(key="stop_title_0").set_value(HOSTILE).run()
    write_notes(prepared, HOSTILE)
    press(prepared, "story_present")
    assert read(prepared.title[0].value) == HOSTILE
    assert not any("![a](" in element.value for element in (*prepared.title, *prepared.markdown))


def test_a_file_comes_back_and_a_damaged_one_takes_nothing(prepared):
    kept = story_of(prepared)
    for data, reason in ((b"{", "damaged"), (b"{}", "other_file"), (b"\xff", "damaged")):
        prepared.session_state["story_share"] = True
        prepared.run()
        prepared.file_uploader[0].set_value(("x.json", data, "application/json")).run()
        assert IT(f"story.fault.{reason}") in page_text(prepared)
        assert story_of(prepared) == kept
    document = json.loads(to_json(kept)) | {"title": "Riunione"}
    prepared.file_uploader[0].set_value(("x.json", json.dumps(document).encode(), "application/json")).run()
    assert story_of(prepared).title == "Riunione" and story_of(prepared).stops == kept.stops
    assert prepared.text_input(key="story_title").value == "Riunione"


def test_a_link_opens_the_same_presentation_and_leaves_the_address(prepared, open_page):
    link = to_link(story_of(prepared))
    other = open_page("presenta", tappe=link, lang="en")
    assert story_of(other) == story_of(prepared)
    assert dict(other.query_params) in ({"lang": "en"}, {"lang": ["en"]})


def test_a_damaged_link_is_told_and_opens_an_empty_desk(open_page):
    app = open_page("presenta", tappe="rotto")
    assert IT("story.fault.damaged_link") in page_text(app)
    assert not app.exception and "story_prepare" in keys(app)


def test_pages_and_names_agree():
    for language in Language:
        assert all(translator(language)(f"story.page.{page}") for page in PAGE_OF)


@pytest.mark.parametrize("change", ["story_empty", "stop_delete_1"])
def test_a_file_of_another_version_is_not_made_on(prepared, monkeypatch, change):
    is_under_way, has_ended = threading.Event(), threading.Event()

    def make_for_ever(deck, tell):
        try:
            while True:
                tell(0, 1)
                is_under_way.set()
                time.sleep(0.01)
        finally:
            has_ended.set()

    monkeypatch.setattr(downloads, "make_deck", make_for_ever)
    press(prepared, "make_pdf")
    assert is_under_way.wait(60)
    press(prepared, change)
    assert has_ended.wait(60) and prepared.session_state["atlas_jobs"] == {}


def test_a_cancelled_file_leaves_nothing_behind(prepared, monkeypatch):
    """The real deck, held at its second stop until somebody has cancelled it."""
    make, told = downloads.make_deck, []
    is_under_way, is_cancelled = threading.Event(), threading.Event()

    def make_slowly(deck, tell):
        def tell_slowly(done, total):
            told.append(done)
            if done == 1:
                is_under_way.set()
                assert is_cancelled.wait(60)
            tell(done, total)

        return make(deck, tell_slowly)

    monkeypatch.setattr(downloads, "make_deck", make_slowly)
    press(prepared, "make_pptx")
    assert is_under_way.wait(60)
    (job,) = prepared.session_state["atlas_jobs"].values()
    assert job.is_running and "cancel_pptx" in keys(prepared) and "make_pptx" not in keys(prepared)
    press(prepared, "cancel_pptx")
    assert prepared.session_state["atlas_jobs"] == {}
    assert "make_pptx" in keys(prepared) and not {"cancel_pptx", "take_pptx"} & keys(prepared)
    is_cancelled.set()
    job.wait(60)
    assert not job.is_running and job.result is None and not job.has_failed
    assert max(told) == 1, "nothing more is told after the stop at hand"
    assert jobs._queue._free == jobs.SEATS, "both seats are free again"
    prepared.run()
    assert "make_pptx" in keys(prepared) and not prepared.error
