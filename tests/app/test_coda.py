"""With a catalogue in PostgreSQL a proposal is sent and gets a number; nobody reads another's."""

import pytest

from atlas.base import settings
from atlas.base.address import read_address
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.register.editing import read_initiative, save_initiative
from atlas.catalogue.register.queue import list_proposals, read_proposal
from atlas.catalogue.register.schema import upgrade
from atlas.catalogue.source import bundle
from atlas.cli import main
from atlas.intake.proposals.kept import to_kept
from atlas.ui.method import news
from atlas.ui.propose import sending
from tests.app.reading import page_text
from tests.app.test_proponi import kept
from tests.factories import CATALOGUE
from tests.postgres import database, database_server
from tests.unit.intake.proposals.test_proposal import WHOLE

__all__ = ["database", "database_server"]
IT = translator(Language.IT)


@pytest.fixture
def address(database, monkeypatch):
    monkeypatch.setenv("ATLAS_CATALOGUE", database.url)
    for kept_ in (settings.read_settings, bundle._keeper):
        kept_.cache_clear()
    sending._may_propose.clear()
    found = read_address(database.url)
    upgrade(found)
    assert main(["db", "import", str(CATALOGUE)]) == 0
    yield found
    monkeypatch.undo()
    for kept_ in (settings.read_settings, bundle._keeper):
        kept_.cache_clear()
    sending._may_propose.clear()


def send(app, contact=""):
    if contact:
        app.text_input(key="propose_contact").set_value(contact).run()
    return app.button(key="propose_send").click().run()


def test_a_proposal_is_sent_and_gets_a_number(open_page, address):
    app = send(open_page("proponi", bozza=to_kept(WHOLE)), "anna@example.org")
    assert not app.exception
    number = list_proposals(address)[0][0].number
    assert IT("propose.received", number=number) in page_text(app)
    assert kept(app) == {}
    proposal = read_proposal(address, number)
    assert (proposal.cells, proposal.contact, proposal.language) == (WHOLE, "anna@example.org", "it")
    other = open_page("proponi")
    for page in ("proponi", "catalogo", "metodo"):
        text = page_text(other.switch_page(f"pages/{page}.py").run())
        assert "anna@example.org" not in text and WHOLE["title_it"] not in text


def test_an_address_that_is_none_and_a_sixth_proposal_are_not_sent(open_page, address):
    app = send(open_page("proponi", bozza=to_kept(WHOLE)), "anna")
    assert IT("propose.fault.contact") in page_text(app) and list_proposals(address)[1] == 0
    app = send(app, "anna@example.org")
    for _ in range(5):
        app.query_params["bozza"] = to_kept(WHOLE)
        app = send(app.run())
    assert IT("propose.fault.too_many") in page_text(app)
    assert list_proposals(address)[1] == 5
    assert kept(app) == WHOLE


def test_what_cannot_be_sent_stays_and_can_be_downloaded(open_page, address, database):
    app = open_page("proponi", bozza=to_kept(WHOLE))
    database.stop()
    try:
        app = send(app)
    finally:
        database.start()
    assert IT("propose.fault.away") in page_text(app)
    assert kept(app) == WHOLE and app.get("download_button")


def test_a_database_of_before_has_no_queue_and_the_page_ends_in_a_file(open_page, address, database):
    database.run("drop function atlas_propose(jsonb, text, text)")
    app = open_page("proponi", bozza=to_kept(WHOLE))
    assert IT("propose.send") in page_text(app)
    assert "propose_send" not in [str(button.key) for button in app.button]


def test_what_is_new_is_told_without_names(open_page, address):
    row, version = read_initiative(address, "street-store-napoli")
    save_initiative(address, row | {"title_it": "Negozio in strada"}, version, "Anna Rossi", "refuso")
    news._read_changes.clear()
    app = open_page("metodo")
    links = [one.proto for one in app.get("page_link") if "Negozio in strada" in one.proto.label]
    assert len(links) == 1 and "id=street-store-napoli" in links[0].query_string
    assert IT("method.news_title") in page_text(app)
    assert "Anna" not in page_text(app) and "refuso" not in page_text(app)
    assert not any("Anna" in one.proto.label for one in app.get("page_link"))
