"""The editors' desk: shut for everybody else, asked again at every action, and what is done there is done once."""

import time
from datetime import UTC, datetime

import pytest

from atlas.base import settings
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.register.editing import read_initiative
from atlas.catalogue.register.history import read_history
from atlas.catalogue.register.queue import State, ask_back, list_proposals, propose, read_proposal
from atlas.ui.desk import door
from tests.app.reading import page_text
from tests.app.test_coda import address
from tests.openid import CLIENT, EDITOR, sign_in_variables
from tests.postgres import database, database_server
from tests.unit.intake.proposals.test_proposal import HOSTILE, WHOLE

__all__ = ["address", "database", "database_server"]
IT, EN = translator(Language.IT), translator(Language.EN)
ISSUER = "https://accesso.example.org"
TWIN = WHOLE | {"title_it": "Gocciolino resta a casa", "places": "072020", "lead_place": ""}


@pytest.fixture
def desk(address, monkeypatch):
    """A server with editors and a database."""
    for name, value in sign_in_variables(ISSUER, "https://atlante.example.org").items():
        monkeypatch.setenv(name, value)
    settings.read_settings.cache_clear()
    return address


@pytest.fixture
def enter(open_page):
    """Open the desk as somebody whose token has these claims."""

    def enter_(email=EDITOR, language="it", **claims):
        app = open_page("mappa", lang=language)
        now = int(datetime.now(UTC).timestamp())
        claims = {"iat": now, "exp": now + 600, "nonce": f"{time.monotonic_ns()}"} | claims
        app.user = {"is_logged_in": True, "iss": ISSUER, "aud": CLIENT, "sub": email, "email": email} | claims
        return app.switch_page("pages/redazione.py").run()

    return enter_


def press(app, key):
    return app.button(key=key).click().run()


def buttons(app):
    return {str(button.key) for button in app.button}


def test_it_is_shut_without_editors_and_without_a_sign_in(open_page, address, desk, monkeypatch):
    app = open_page("mappa").switch_page("pages/redazione.py").run()
    assert IT("desk.door.out") in page_text(app) and "desk_in" in buttons(app)
    assert not any(key.startswith("desk_open") for key in buttons(app))
    for name in sign_in_variables(ISSUER, ""):
        monkeypatch.delenv(name, raising=False)
    settings.read_settings.cache_clear()
    app = open_page("redazione")
    assert "desk_in" not in buttons(app) and IT("desk.queue.title") not in page_text(app)


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"email": "x@example.org"}, "stranger"),
        ({"exp": 1}, "expired"),
        ({"aud": "another"}, "out"),
        ({"iss": "https://evil.example"}, "out"),
        ({"email_verified": False}, "stranger"),
    ],
)
def test_nobody_else_sees_a_proposal_or_a_contact(enter, desk, claims, key):
    propose(desk, WHOLE, "it", "chi-propone@example.org")
    app = enter(**claims)
    name = claims.get("email", EDITOR)
    assert IT(f"desk.door.{key}", **({"name": name} if key == "stranger" else {})) in page_text(app)
    assert "Biblioteca di sera" not in page_text(app) and "chi-propone" not in page_text(app)
    assert not buttons(app) & {"desk_open_1", "desk_publish"}
    app = app.switch_page("pages/metodo.py").run()
    assert not [one for one in app.get("page_link") if one.proto.label == IT("desk.title")]


@pytest.mark.parametrize("language", list(Language))
def test_a_proposal_is_read_and_published(enter, desk, language):
    words = translator(language)
    number = propose(desk, WHOLE, "it", "chi-propone@example.org")
    app = enter(language=language.value)
    assert not app.exception
    assert "Biblioteca di sera" in app.button(key=f"desk_open_{number}").label
    app = press(app, f"desk_open_{number}")
    text = page_text(app)
    assert words("desk.review.clean") in text and "chi-propone@example.org" in text
    assert "Université" not in text and "ACLI" in text
    app.text_area(key="desk_why").set_value("va bene").run()
    app = press(app, "desk_publish")
    assert words("desk.told.published", number=number, id="biblioteca-di-sera") in page_text(app)
    assert read_proposal(desk, number).contact == ""
    entry = read_history(desk, "biblioteca-di-sera")[0]
    assert (entry.who, entry.why) == (EDITOR, "va bene")
    assert list_proposals(desk)[1] == 0
    app = app.toggle(key="desk_closed").set_value(True).run()
    app = press(app, f"desk_open_{number}")
    assert words("desk.review.closed_by", name=EDITOR) in page_text(app) and "desk_publish" not in buttons(app)


def test_what_is_missing_keeps_it_from_being_published_until_it_is_corrected(enter, desk):
    number = propose(desk, WHOLE | {"start_year": "duemila"}, "it", "")
    app = press(enter(), f"desk_open_{number}")
    assert app.button(key="desk_publish").disabled
    app.text_input(key="desk_proposal_start_year").set_value("2021").run()
    assert not app.button(key="desk_publish").disabled
    press(app, "desk_publish")
    assert read_initiative(desk, "biblioteca-di-sera")[0]["start_year"] == "2021"
    assert read_proposal(desk, number).cells["start_year"] == "duemila"  # what its author wrote stays


def test_what_is_there_already_is_compared_and_published_only_when_asked(enter, desk):
    number = propose(desk, TWIN, "it", "")
    app = press(enter(), f"desk_open_{number}")
    assert IT("propose.twins") in page_text(app)
    assert any("Gocciolino" in one.label and "→" in one.label for one in app.expander)
    app = press(app, "desk_publish")
    assert IT("desk.told.twins") in page_text(app) and read_proposal(desk, number).state is State.NEW
    app.checkbox(key="desk_anyway").set_value(True).run()
    press(app, "desk_publish")
    assert read_proposal(desk, number).state is State.PUBLISHED


def test_asking_and_refusing_need_words_and_say_what_to_do(enter, desk):
    number = propose(desk, WHOLE, "it", "chi-propone@example.org")
    app = press(enter(), f"desk_open_{number}")
    for key, told in (("desk_ask", "desk.told.no_question"), ("desk_refuse", "desk.told.no_reason")):
        assert IT(told) in page_text(press(app, key))
    assert read_proposal(desk, number).version == 1
    app.text_area(key="desk_why").set_value("Quale **Comune**?").run()
    app = press(app, "desk_ask")
    assert IT("desk.told.asked", number=number) in page_text(app)
    app = press(app, f"desk_open_{number}")
    assert "Quale **Comune**?" in page_text(app)
    app.text_area(key="desk_why").set_value("nessuna risposta").run()
    app = press(app, "desk_refuse")
    closed = read_proposal(desk, number)
    assert (closed.state, closed.note, closed.contact) == (State.REFUSED, "nessuna risposta", "")


@pytest.mark.parametrize("key", ["desk_publish", "desk_refuse", "desk_ask"])
def test_the_second_of_two_editors_is_told(enter, desk, key):
    number = propose(desk, WHOLE, "it", "")
    app = press(enter(), f"desk_open_{number}")
    app.text_area(key="desk_why").set_value("anche io").run()
    ask_back(desk, number, 1, "Quale Comune?", "bruno@example.org")
    app = press(app, key)
    assert IT("desk.told.changed") in page_text(app)
    assert read_proposal(desk, number).note == "Quale Comune?" and read_initiative(desk, "biblioteca-di-sera") is None
    assert IT("desk.review.changed") in page_text(app)
    app = press(app, "desk_again")
    assert IT("desk.review.changed") not in page_text(app)
    press(app, "desk_publish")
    assert read_proposal(desk, number).state is State.PUBLISHED


@pytest.mark.parametrize("end", ["another tab", "time", "no editor any more"])
def test_whoever_is_no_editor_any_more_does_nothing(enter, desk, end, monkeypatch):
    number = propose(desk, WHOLE, "it", "chi-propone@example.org")
    app = press(enter(), f"desk_open_{number}")
    if end == "another tab":
        door._ENDED.add(app.user, datetime.now(UTC))
    elif end == "time":
        app.user = app.user | {"exp": 1}
    else:
        monkeypatch.setenv("ATLAS_EDITORS", "bruno@example.org")
        settings.read_settings.cache_clear()
    app = press(app, "desk_publish")
    assert read_proposal(desk, number).state is State.NEW and read_initiative(desk, "biblioteca-di-sera") is None
    assert "chi-propone" not in page_text(app) and "desk_publish" not in buttons(app)


def test_signing_out_ends_it_in_every_tab(enter, desk):
    one = enter()
    other = enter()
    other.user = dict(one.user)
    other = other.run()
    assert "desk_out" in buttons(other)
    press(one, "desk_out")
    assert IT("desk.door.out") in page_text(other.run())


def test_hostile_words_in_every_field_are_text_for_the_editor(enter, desk):
    for text in HOSTILE:
        propose(desk, {name: text.replace("\x00", "").replace("\ud800", "") for name in WHOLE}, "it", "")
    app = enter()
    assert not app.exception
    for number in range(1, len(HOSTILE) + 1):
        app = press(app, f"desk_open_{number}")
        assert not app.exception
        drawn = [one.proto.body for one in app.get("markdown") if hasattr(one.proto, "body")]
        assert not any("<script>" in body.replace("\\<", "") or "](javascript" in body for body in drawn)
        app = press(app, "desk_close")


def test_a_database_that_does_not_answer_is_one_sentence(enter, desk, database):
    app = enter()
    database.stop()
    try:
        app = app.run()
    finally:
        database.start()
    assert IT("desk.away") in page_text(app) and not app.exception
