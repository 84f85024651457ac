"""The editors' desk: shut for everybody else, asked again at every action, and what is done there is done once."""

import csv
import time
from datetime import UTC, datetime
from io import StringIO

import pytest

from atlas.base import settings
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.register.editing import read_all, read_initiative, save_initiative, withdraw_initiative
from atlas.catalogue.register.history import Action, read_history
from atlas.catalogue.register.queue import State, ask_back, list_proposals, propose, read_proposal
from atlas.ui.desk import door, memory
from tests.app.reading import page_text
from tests.app.test_coda import address
from tests.factories import CATALOGUE
from tests.openid import CLIENT, EDITOR, sign_in_variables
from tests.postgres import database, database_server
from tests.unit.intake.proposals.test_proposal import HOSTILE, WHOLE

pytestmark = pytest.mark.thorough

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
    assert "Quale **Comune**?" in page_text(app)  # it stays open, with the button that writes
    [write] = [one.proto.url for one in app.get("link_button")]
    assert write.startswith("mailto:chi-propone@example.org?") and write.endswith("&body=Quale%20%2A%2AComune%2A%2A%3F")
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


def test_who_publishes_what_was_just_published_is_not_told_that_it_resembles_itself(enter, desk):
    number = propose(desk, WHOLE, "it", "")
    first, second = (press(enter(who), f"desk_open_{number}") for who in (EDITOR, "bruno@example.org"))
    press(first, "desk_publish")
    text = page_text(press(second, "desk_publish"))
    assert IT("desk.told.changed") in text and IT("desk.told.twins") not in text


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


ONE = "gocciolino-resta-a-casa-corato"


def to_section(app, section):
    return app.segmented_control(key="desk_section").set_value(section).run()


def open_initiative(app, id_=ONE):
    app = to_section(app, "initiatives")
    app.text_input(key="desk_wanted").set_value(id_).run()
    return press(app, f"desk_edit_{id_}")


@pytest.mark.parametrize("language", list(Language))
def test_an_initiative_is_found_corrected_and_remembered(enter, desk, language):
    words = translator(language)
    app = to_section(enter(language=language.value), "initiatives")
    assert words.plural("desk.list.found", 35) in page_text(app) and "desk_initiatives_next" in buttons(app)
    app = press(app, "desk_initiatives_next")
    app.text_input(key="desk_wanted").set_value("GOCCIOLINO").run()  # the first page of what was found
    assert words.plural("desk.list.found", 1) in page_text(app)
    app = press(app, f"desk_edit_{ONE}")
    assert not app.exception
    assert words("desk.same") in page_text(app) and app.button(key="desk_save").disabled
    app.text_input(key="desk_initiative_beneficiaries").set_value("250").run()
    assert words("desk.same") not in page_text(app) and not app.button(key="desk_save").disabled
    app = press(app, "desk_save")
    assert words("desk.told.no_reason") in page_text(app) and read_initiative(desk, ONE)[0]["beneficiaries"] != "250"
    before = read_initiative(desk, ONE)[0]
    app.text_area(key="desk_edit_why").set_value("lo dice il Comune").run()
    app = press(app, "desk_save")
    assert words("desk.told.saved", id=ONE) in page_text(app)
    assert read_initiative(desk, ONE)[0] == before | {"beneficiaries": "250"}  # and nothing else
    entry = read_history(desk, ONE)[0]
    assert (entry.who, entry.why, entry.changed) == (EDITOR, "lo dice il Comune", ("beneficiaries",))


def test_what_would_not_be_valid_is_not_saved(enter, desk):
    app = open_initiative(enter())
    app.text_input(key="desk_initiative_start_year").set_value("duemila").run()
    assert app.button(key="desk_save").disabled


@pytest.mark.parametrize("key", ["desk_save", "desk_withdraw"])
def test_two_editors_of_one_initiative_never_overwrite_each_other(enter, desk, key):
    app = open_initiative(enter())
    app.text_input(key="desk_initiative_beneficiaries").set_value("250").run()
    app.text_area(key="desk_edit_why").set_value("lo dice il Comune").run()
    row, version = read_initiative(desk, ONE)
    save_initiative(desk, row | {"channel": "both"}, version, "bruno@example.org", "")
    app = press(app, key)
    assert IT("desk.told.changed") in page_text(app) and IT("desk.edit.changed") in page_text(app)
    assert read_initiative(desk, ONE) == (row | {"channel": "both"}, version + 1)
    assert app.text_input(key="desk_initiative_beneficiaries").value == "250"  # what was written is not lost
    app = press(app, "desk_edit_again")
    assert IT("desk.edit.changed") not in page_text(app)
    app.text_input(key="desk_initiative_beneficiaries").set_value("250").run()
    app.text_area(key="desk_edit_why").set_value("lo dice il Comune").run()
    press(app, "desk_save")
    assert read_initiative(desk, ONE)[0] == row | {"channel": "both", "beneficiaries": "250"}


def test_an_initiative_is_withdrawn_and_restored_with_one_click(enter, desk):
    row, _ = read_initiative(desk, ONE)
    app = open_initiative(enter())
    assert IT("desk.told.no_reason") in page_text(press(app, "desk_withdraw"))
    app.text_area(key="desk_edit_why").set_value("è finita").run()
    app = press(app, "desk_withdraw")
    assert IT("desk.told.withdrawn", id=ONE) in page_text(app) and read_initiative(desk, ONE) is None
    app = to_section(app, "memory")
    app.segmented_control(key="desk_action").set_value("withdraw").run()
    [entry] = read_history(desk, ONE, 1)
    assert IT("desk.memory.why", why="è finita") in page_text(app) and EDITOR in page_text(app)
    app = press(app, f"desk_undo_{entry.seq}")
    assert IT("desk.told.undone") in page_text(app) and read_initiative(desk, ONE)[0] == row
    latest = read_history(desk, ONE, 1)[0]
    assert (latest.action, latest.why) == (Action.ADD, IT("desk.memory.undone", seq=entry.seq))


def test_only_the_last_change_of_an_initiative_can_be_taken_back(enter, desk):
    for who in ("anna", "bruno"):
        row, version = read_initiative(desk, ONE)
        save_initiative(desk, row | {"lead_organisation": who}, version, who, "")
    second, first, start = read_history(desk, ONE)
    app = to_section(enter(), "memory")
    assert f"desk_undo_{second.seq}" in buttons(app)
    assert not {f"desk_undo_{one.seq}" for one in (first, start)} & buttons(app)
    row, version = read_initiative(desk, ONE)
    withdraw_initiative(desk, ONE, version, "carla", "")  # in the meantime
    app = press(app, f"desk_undo_{second.seq}")
    assert IT("desk.told.changed") in page_text(app) and read_initiative(desk, ONE) is None


def test_the_memory_goes_only_to_whoever_is_still_an_editor(enter, desk):
    row, version = read_initiative(desk, ONE)
    save_initiative(desk, row | {"lead_organisation": "=1+1"}, version, "anna", "perché sì")
    claims = enter().user
    file = memory._build_export(desk, "", claims)
    assert f"anna,perché sì,change,{ONE},lead_organisation,{row['lead_organisation']},'=1+1" in file
    assert "bari-social" in file and "bari-social" not in memory._build_export(desk, ONE, claims)
    door._ENDED.add(claims, datetime.now(UTC))
    assert memory._build_export(desk, "", claims) == ""


def test_hostile_words_in_a_published_row_are_text_in_every_section(enter, desk):
    row, version = read_initiative(desk, ONE)
    hostile = "<script>alert(1)</script> [qui](javascript:x) :material/lock: $x$"
    named = dict.fromkeys(("title_it", "title_en", "lead_organisation", "summary_it"), hostile)
    save_initiative(desk, row | named, version, hostile, hostile)
    app = to_section(enter(), "memory")
    assert not app.exception and hostile in page_text(app)
    app = to_section(app, "initiatives")
    app.text_input(key="desk_wanted").set_value(ONE).run()
    assert not app.exception and hostile in page_text(app)
    app = open_initiative(app)
    drawn = [one.proto.body for one in app.get("markdown") if hasattr(one.proto, "body")]
    drawn += [one.proto.label for one in app.button]
    assert not app.exception
    assert not any("<script>" in body.replace("\\<", "") or "](javascript" in body or "$x$" in body for body in drawn)


# ---- a whole list


def give_list(app, data, name="elenco.csv"):
    app = to_section(app, "list")
    return app.file_uploader[0].set_value((name, data, "text/csv")).run()


def change_lines(change):
    """Return the bundled list with every row as `change` returns it, None for none."""
    text = StringIO(CATALOGUE.read_text(encoding="utf-8"), newline="")
    rows = csv.DictReader(text)
    out = StringIO()
    writer = csv.DictWriter(out, rows.fieldnames, lineterminator="\n")
    writer.writeheader()
    writer.writerows(one for row in rows for one in change(row))
    return out.getvalue().encode()


def counts_of(app):
    names = ("added", "changed", "same", "alike", "held", "missing")
    shown = {one.label: one.value for one in app.metric}
    labels = [IT(f"desk.file.{name}") for name in names]
    return [int(shown[label]) if label in shown else None for label in labels]


def test_the_same_list_changes_nothing(enter, desk):
    app = give_list(enter(), CATALOGUE.read_bytes())
    assert not app.exception and counts_of(app) == [0, 0, 35, 0, 0, 0]
    assert app.button(key="desk_publish_list").disabled


def test_all_that_is_clean_is_published_and_nothing_else(enter, desk):
    before = {id_: row for id_, (row, _) in read_all(desk).items()}
    fresh = {
        "id": "orto",
        "title_it": "Orto di quartiere",
        "title_en": "",
        "places": "072006",
        "lead_place": "072006",
        "source_order": "",
    }
    twin = {"id": "altro", "title_it": "Gocciolino resta a casa!", "source_order": ""}

    def change(row):
        if row["id"] == ONE:
            yield row
            yield row | twin
            yield row | fresh
        elif row["id"] == "bari-social":
            yield row | {"beneficiaries": "77"}
        elif row["id"] == "venezia-lis":
            yield row | {"start_year": "duemila"}
        elif row["id"] != "garsia-bologna":
            yield row

    app = give_list(enter(), change_lines(change))
    assert counts_of(app) == [1, 1, 32, 1, 1, None]  # what is missing is not known while a row is to be corrected
    assert "desk_list_missing" not in {box.key for box in app.checkbox}
    assert IT("desk.told.no_reason") in page_text(press(app, "desk_publish_list")) and len(read_all(desk)) == 35
    app.text_area(key="desk_list_why").set_value("elenco di novembre").run()
    app = press(app, "desk_publish_list")
    assert IT("desk.told.list", added=1, changed=1, withdrawn=0) in page_text(app)
    after = {id_: row for id_, (row, _) in read_all(desk).items()}
    assert set(after) - set(before) == {"orto"} and after["orto"]["title_it"] == "Orto di quartiere"
    assert after["bari-social"] == before["bari-social"] | {"beneficiaries": "77"}
    assert {id_ for id_ in before if before[id_] != after[id_]} == {"bari-social"}
    assert {entry.why for entry in read_history(desk, "", 2)} == {"elenco di novembre"}


def test_what_a_list_leaves_out_is_withdrawn_only_when_asked(enter, desk):
    app = give_list(enter(), change_lines(lambda row: [row] if row["id"] != "bari-social" else []))
    assert counts_of(app) == [0, 0, 34, 0, 0, 1]
    assert app.button(key="desk_publish_list").disabled
    app.checkbox(key="desk_list_missing").set_value(True).run()
    app.text_area(key="desk_list_why").set_value("finite").run()
    app = press(app, "desk_publish_list")
    assert IT("desk.told.list", added=0, changed=0, withdrawn=1) in page_text(app)
    assert read_initiative(desk, "bari-social") is None and len(read_all(desk)) == 34


def test_a_list_that_was_compared_before_a_change_publishes_nothing(enter, desk):
    data = change_lines(lambda row: [row | ({"channel": "both"} if row["id"] in (ONE, "bari-social") else {})])
    app = give_list(enter(), data)
    row, version = read_initiative(desk, ONE)
    save_initiative(desk, row | {"beneficiaries": "9"}, version, "bruno@example.org", "")
    app.text_area(key="desk_list_why").set_value("elenco").run()
    app = press(app, "desk_publish_list")
    assert IT("desk.told.changed") in page_text(app)
    assert read_initiative(desk, "bari-social")[0]["channel"] != "both"
    app = press(app, "desk_compare_again")
    app = press(app, "desk_publish_list")
    assert read_initiative(desk, ONE)[0] == row | {"channel": "both"}  # the list says so, and it was seen


def test_a_list_with_fewer_columns_takes_nothing_away(enter, desk):
    before, _ = read_initiative(desk, ONE)
    app = give_list(enter(), f"id,titolo,comune,beneficiari\n{ONE},Gocciolino è tornato,Corato,\n".encode())
    app.text_area(key="desk_list_why").set_value("elenco breve").run()
    press(app, "desk_publish_list")
    changed = {"title_it": "Gocciolino è tornato", "scale": "municipality", "places": "072020", "lead_place": "072020"}
    assert read_initiative(desk, ONE)[0] == before | changed | {"beneficiaries": ""}
    assert before["summary_it"] and before["themes"] and before["documents"]


def test_what_a_list_says_and_what_stays_must_not_contradict_each_other(enter, desk):
    row, version = read_initiative(desk, ONE)
    save_initiative(desk, row | {"start_year": "2019", "end_year": "2020"}, version, "anna", "")
    before, _ = read_initiative(desk, ONE)
    rows = f"{ONE},{before['title_it']},{before['places']},2022\nbari-social,Bari Social,072006,2021\n"
    app = give_list(enter(), f"id,title_it,places,start_year\n{rows}".encode())
    assert counts_of(app) == [0, 1, 0, 0, 1, None]
    app.text_area(key="desk_list_why").set_value("anni").run()
    press(app, "desk_publish_list")
    assert read_initiative(desk, ONE)[0] == before and read_initiative(desk, "bari-social")[0]["start_year"] == "2021"


def test_what_follows_from_a_place_stays_with_it(enter, desk):
    id_ = "garsia-bologna"
    before, _ = read_initiative(desk, id_)
    assert before["scale"] == "intermunicipal" and ";" not in before["places"]  # which a single place does not say
    app = give_list(enter(), f"id,titolo,comune\n{id_},{before['title_it']},Bologna\n".encode())
    assert counts_of(app) == [0, 0, 1, 0, 0, 34]


def test_a_list_of_which_not_all_is_known_publishes_nothing(enter, desk):
    rows = "".join(f"x{n},Titolo {n},Comune che non esiste\n" for n in range(600))
    app = give_list(enter(), f"id,titolo,comune\n{rows}y,Doposcuola,Bari\n".encode())
    assert IT("desk.file.unreadable") in page_text(app) and "desk_publish_list" not in buttons(app)
    app = give_list(app, b"\x00\x01", "rotto.xlsx")
    assert not app.exception and "desk_publish_list" not in buttons(app)
