"""A proposal written on its page: checked at every answer, shown as a card, handed over as files."""

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from atlas.base import settings
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.source.bundle import published_world
from atlas.intake.proposals.kept import from_kept, to_kept
from atlas.intake.proposals.proposal import FIELDS, check_proposal, world_with
from atlas.publish.writing import write_proposal
from atlas.ui.propose import places
from atlas.ui.session.draft import Draft
from tests.app.reading import page_text, query_of, read
from tests.app.test_payloads import dangerous
from tests.payloads import FREE_COLUMNS, PAYLOADS
from tests.unit.intake.proposals.test_proposal import WHOLE

IT, EN = translator(Language.IT), translator(Language.EN)


def keys(app, kind):
    return [str(one.key) for one in app.get(kind)]


def kept(app):
    """Return the draft that the page tells the browser to keep."""
    script = next(one.proto.body for one in app.get("html") if "atlasSession(" in one.proto.body)
    value = re.search(r'"([\w-]*)", (?:true|false)\)+;</script>', script)
    return from_kept(value[1]) if value else None


def write(app, field, text):
    kinds = ("text_input", "text_area")
    return next(one for kind in kinds for one in app.get(kind) if one.key == f"propose_{field}").set_value(text).run()


def add_place(app, typed):
    app.text_input(key="propose_finder").set_value(typed).run()
    found = [button for button in app.button if str(button.key).startswith("propose_finder_")]
    return found[0].click().run()


@pytest.mark.parametrize("language", list(Language))
def test_every_question_is_asked_with_its_meaning_and_every_term_defined(open_page, language):
    words = translator(language)
    app = open_page("proponi", lang=language)
    text, world = page_text(app), published_world()
    assert not app.exception
    boxes = "\n".join(read(box.label) for box in app.checkbox)
    for term in (*world.vocabulary.themes.values(), *world.vocabulary.targets.values()):
        assert term.label(language) in boxes and term.description(language) in boxes
    for name in ("title", "places", "summary", "themes", "targets", "when", "how", "who", "figures", "documents"):
        assert words(f"propose.ask.{name}") in text and words(f"propose.means.{name}") in text
    asked = {key.removeprefix("propose_") for kind in ("text_input", "text_area") for key in keys(app, kind)}
    assert set(FIELDS) - asked == {"places", "lead_place", "themes", "targets", "channel", "service_type", "scale"}
    assert words("message.no_title_row") in text and words("message.no_place_row") in text


def test_a_proposal_from_the_first_letter_to_the_files(open_page, monkeypatch):
    monkeypatch.setenv("ATLAS_CONTACT", "redazione@example.org")
    settings.read_settings.cache_clear()
    try:
        app = write(open_page("proponi"), "title_it", "Biblioteca di sera")
        assert IT("propose.preview_none") in page_text(app)
        app = add_place(app, "aosta")
        assert "Aosta (AO), Valle d'Aosta" in page_text(app) and IT("propose.send") in page_text(app)
        app.checkbox(key="propose_themes_culture").check().run()
        app.checkbox(key="propose_themes_poverty").check().run()
        app = write(app, "funding_eur", "12.500 euro")
        app = write(app, "documents", "Avviso https://www.comune.aosta.it/a")
        assert "12.500 euro" in page_text(app)
        assert kept(app) == {
            "title_it": "Biblioteca di sera", "places": "007003", "themes": "poverty;culture",
            "funding_eur": "12.500 euro", "documents": "Avviso https://www.comune.aosta.it/a",
        }  # fmt: skip
        links = [one.proto.url for one in app.get("link_button")]
        assert len(links) == 1 and links[0].startswith("mailto:redazione@example.org?subject=")
        assert "Biblioteca di sera" in unquote(links[0])
        assert keys(app, "download_button") == [f"propose_take_{kind}" for kind in ("xlsx", "csv", "txt")]
        anchors = next(one.proto.body for one in app.get("html") if "atlas-documents" in one.proto.body)
        assert 'href="https://www.comune.aosta.it/a" rel="noopener nofollow noreferrer"' in anchors
        assert ">www.comune.aosta.it</a>" in anchors
    finally:
        monkeypatch.undo()
        settings.read_settings.cache_clear()


def test_without_a_contact_the_page_says_where_the_file_may_go(open_page):
    app = open_page("proponi", bozza=to_kept(WHOLE))
    assert IT("propose.no_contact") in page_text(app) and not app.get("link_button")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("start_year", "duemila", "write_year"), ("beneficiaries", "tante", "digits_only"),
     ("documents", "http://x.example.org/a", "address_not_https")],
)  # fmt: skip
def test_a_fault_is_said_under_its_answer_and_at_the_end(open_page, field, text, said):
    app = write(open_page("proponi", bozza=to_kept(WHOLE)), field, text)
    shown = [read(one.value) for kind in ("error", "warning") for one in app.get(kind)]
    assert any(IT(f"message.{said}").lower() in one.lower() for one in shown)
    assert IT("propose.needs") in page_text(app) and not app.get("download_button")


def test_several_places_one_lead_and_the_country_alone(open_page):
    app = add_place(add_place(open_page("proponi"), "aosta"), "torino")
    assert {"propose_place_007003", "propose_place_001272"} <= set(keys(app, "button"))
    app.selectbox(key="propose_lead_place").select("001272").run()
    assert kept(app)["lead_place"] == "001272"
    app.button(key="propose_place_007003").click().run()
    assert kept(app)["places"] == "001272"
    app.button(key="propose_country").click().run()
    assert kept(app)["places"] == "IT" and "propose_country" not in keys(app, "button")


def test_what_it_may_be_is_linked(open_page):
    app = write(add_place(open_page("proponi"), "corato"), "title_it", "Gocciolino resta a casa")
    assert IT("propose.twins") in page_text(app)
    link = next(one for one in app.get("page_link") if "Gocciolino" in one.proto.label)
    assert "id=gocciolino-resta-a-casa-corato" in link.proto.query_string


def test_the_draft_comes_back_from_the_browser_and_outlives_other_pages(open_page):
    app = open_page("proponi", bozza=to_kept(WHOLE))
    assert "bozza" not in query_of(app)
    assert kept(app) == WHOLE
    app.switch_page("pages/metodo.py").run()
    assert kept(app) == WHOLE
    app.switch_page("pages/proponi.py").run()
    assert app.text_input(key="propose_title_it").value == WHOLE["title_it"]
    app.query_params["bozza"] = to_kept({"title_it": "Altro"})
    app.run()
    assert kept(app) == WHOLE
    app.button(key="propose_clear").click().run()
    assert kept(app) == {} and app.text_input(key="propose_title_it").value == ""


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_words_are_shown_letter_for_letter(open_page, payload):
    draft = dict.fromkeys(FREE_COLUMNS, payload) | {"places": "007003"}
    app = open_page("proponi", bozza=to_kept(draft))
    assert not app.exception
    assert dangerous(app) == []
    assert " ".join(payload.split()) in page_text(app)
    for one in app.get("html"):
        assert not re.search(r"<(img|svg|iframe)|onerror=[^&]*[^\"&]>", one.proto.body.partition("<script>")[0])


def test_the_files_are_those_of_the_row(open_page):
    row = check_proposal(WHOLE, published_world()).row
    world = world_with(row, published_world())
    for kind in ("csv", "xlsx", "txt"):
        assert write_proposal(kind, row["id"], world, date(2026, 11, 28), EN)


def test_a_place_of_the_map_is_looked_at_before_it_is_added(open_page):
    app = open_page("proponi")
    assert IT("propose.map_means") not in page_text(app)
    app.toggle(key="propose_map_open").set_value(True).run()
    assert IT("propose.map_means") in page_text(app)
    for code, name in (("16", "Puglia"), ("072", "Provincia di Bari, Puglia"), ("072020", "Corato (BA), Puglia")):
        app.session_state["atlas_propose_map_at"] = code
        app.run()
        assert not app.exception and name in read(app.button(key="propose_map_add").label)
        assert "propose_place_072020" not in keys(app, "button")
    app.button(key="propose_map_add").click().run()
    assert "propose_place_072020" in keys(app, "button") and app.button(key="propose_map_add").disabled
    app.button(key="propose_map_to_072").click().run()
    assert "072" in app.session_state["atlas_propose_map_at"]


@pytest.mark.parametrize("code", ["99", "999999", "<script>", "IT-1", "07202"])
def test_a_code_from_the_browser_that_is_no_territory_changes_nothing(monkeypatch, code):
    kept_ = {}
    monkeypatch.setattr(places.st, "session_state", kept_)
    places._go(SimpleNamespace(territory=published_world().territory), Draft("propose"), code)
    assert kept_ == {}
