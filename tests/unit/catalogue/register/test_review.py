"""A queue worked through on the command line: read, published, refused, taken back."""

import pytest

from atlas.catalogue.register.editing import read_initiative, save_initiative
from atlas.catalogue.register.history import read_history
from atlas.catalogue.register.queue import State, propose, read_proposal
from atlas.catalogue.register.schema import upgrade
from atlas.catalogue.source.database import DatabaseSource
from atlas.cli import main
from atlas.intake.publication import read_publication
from tests.factories import CATALOGUE
from tests.unit.intake.proposals.test_proposal import WHOLE


@pytest.fixture
def published(address):
    """The database with the 35 initiatives."""
    upgrade(address)
    assert main(["db", "import", str(CATALOGUE)]) == 0
    return address


def test_a_proposal_is_read_published_and_taken_back(published, capsys):
    number = propose(published, WHOLE, "it", "anna@example.org")
    assert main(["db", "queue", str(number)]) == 0
    said = capsys.readouterr().out
    assert "Biblioteca di sera" in said and "12.500,5" in said and "risposta a: anna@example.org" in said
    assert main(["db", "publish", str(number), "--who", "Bruno", "--why", "va bene"]) == 0
    assert "id «biblioteca-di-sera»" in capsys.readouterr().out
    assert read_proposal(published, number).state is State.PUBLISHED
    assert len(read_publication(DatabaseSource(published).fetch().data, "x")) == 36
    entry = read_history(published, "biblioteca-di-sera")[0]
    assert (entry.who, entry.why) == ("Bruno", "va bene")
    assert main(["db", "queue", str(number)]) == 0
    assert "anna@example.org" not in capsys.readouterr().out
    assert main(["db", "undo", str(entry.seq), "--why", "doppia"]) == 0
    assert read_initiative(published, "biblioteca-di-sera") is None
    assert main(["db", "undo", str(entry.seq), "--why", "doppia"]) == 2
    assert "è già cambiata" in capsys.readouterr().err


@pytest.mark.parametrize(
    "cells",
    [{"title_it": "Senza luogo"}, WHOLE | {"start_year": "duemila"}, WHOLE | {"documents": "http://x.example.org"}],
)
def test_what_is_not_clean_is_not_published(published, cells, capsys):
    number = propose(published, cells, "it", "")
    assert main(["db", "publish", str(number), "--why", "x"]) == 1
    assert "Non è pubblicata" in capsys.readouterr().out
    assert read_proposal(published, number).state is State.NEW


def test_what_is_there_already_is_published_only_when_asked(published, capsys):
    first, second = (propose(published, WHOLE, "it", "") for _ in range(2))
    assert main(["db", "publish", str(first), "--why", "x"]) == 0
    assert main(["db", "publish", str(second), "--why", "x"]) == 1
    assert "somiglia a «Biblioteca di sera» (id «biblioteca-di-sera»)" in capsys.readouterr().out
    assert main(["db", "publish", str(second), "--why", "x", "--anyway"]) == 0
    assert read_initiative(published, "biblioteca-di-sera-2") is not None


def test_one_is_refused_with_its_reason_and_only_once(published, capsys):
    number = propose(published, WHOLE, "it", "anna@example.org")
    assert main(["db", "refuse", str(number), "--who", "Bruno", "--why", "non è sociale"]) == 0
    closed = read_proposal(published, number)
    assert (closed.state, closed.note, closed.closed_by, closed.contact) == (
        State.REFUSED,
        "non è sociale",
        "Bruno",
        "",
    )
    for command in ("refuse", "publish"):
        assert main(["db", command, str(number), "--why", "x"]) == 2
        assert "già cambiata o chiusa" in capsys.readouterr().err


def test_one_that_is_not_there_is_one_sentence(published, capsys):
    for command in (["queue", "99"], ["publish", "99", "--why", "x"], ["refuse", "99", "--why", "x"]):
        assert main(["db", *command]) == 2
        assert "la proposta 99 non c'è" in capsys.readouterr().err


def test_hostile_words_of_a_proposal_are_printed_as_text(published, capsys):
    number = propose(published, WHOLE | {"title_it": "\x1b[31mrosso\u202e", "summary_it": "<script>"}, "it", "")
    assert main(["db", "queue", str(number)]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said
    assert main(["db", "queue"]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said


def test_a_change_after_it_keeps_one_from_being_undone(published):
    row, version = read_initiative(published, "street-store-napoli")
    save_initiative(published, row | {"channel": "both"}, version, "anna", "")
    save_initiative(published, row | {"channel": "digital"}, version + 1, "bruno", "")
    first = read_history(published, "street-store-napoli")[1]
    assert main(["db", "undo", str(first.seq), "--why", "x"]) == 2
    assert read_initiative(published, "street-store-napoli")[0]["channel"] == "digital"
