"""The queue: numbers, limits, contacts apart and gone when a proposal is closed, ten thousand that stay quick."""

import time

import pytest

from atlas.catalogue.register.editing import ChangedMeanwhileError, read_initiative
from atlas.catalogue.register.history import read_history
from atlas.catalogue.register.queue import (
    State,
    ask_back,
    can_propose,
    list_proposals,
    propose,
    publish,
    read_proposal,
    refuse,
)
from tests.factories import make_row

CELLS = {"title_it": "Biblioteca '; drop table proposals; --", "places": "037006", "summary_it": "<script>"}


def test_a_proposal_gets_a_number_and_is_read_as_it_was_written(filled):
    assert can_propose(filled)
    number = propose(filled, CELLS, "en", "anna@example.org")
    assert propose(filled, CELLS, "it", "") == number + 1
    proposal = read_proposal(filled, number)
    assert (proposal.cells, proposal.language, proposal.contact) == (CELLS, "en", "anna@example.org")
    assert (proposal.state, proposal.version, proposal.initiative) == (State.NEW, 1, "")
    assert read_proposal(filled, 999) is None
    lines, total = list_proposals(filled)
    assert total == 2 and [line.number for line in lines] == [number, number + 1]
    assert lines[0].title == CELLS["title_it"]


def test_its_contact_goes_when_it_is_published(filled, database):
    number = propose(filled, CELLS, "it", "anna@example.org")
    publish(filled, number, 1, make_row("tre"), "bruno", "va bene")
    closed = read_proposal(filled, number)
    assert (closed.state, closed.closed_by, closed.initiative, closed.contact) == (State.PUBLISHED, "bruno", "tre", "")
    assert "anna" not in database.run("select * from proposal_contacts")
    assert read_initiative(filled, "tre")[0]["title_it"] == "Titolo tre"
    assert read_history(filled, "tre")[0].who == "bruno"
    assert list_proposals(filled) == ([], 0)
    assert list_proposals(filled, is_open=False)[1] == 1


def test_its_contact_goes_when_it_is_refused_and_stays_when_something_is_asked(filled):
    number = propose(filled, CELLS, "it", "anna@example.org")
    ask_back(filled, number, 1, "Quale Comune?", "bruno")
    asked = read_proposal(filled, number)
    assert (asked.state, asked.note, asked.contact) == (State.ASKED, "Quale Comune?", "anna@example.org")
    refuse(filled, number, asked.version, "non è sociale", "bruno")
    refused = read_proposal(filled, number)
    assert (refused.state, refused.note, refused.contact) == (State.REFUSED, "non è sociale", "")


def test_two_editors_never_close_the_same_one(filled):
    number = propose(filled, CELLS, "it", "")
    ask_back(filled, number, 1, "?", "anna")
    for act in (
        lambda: refuse(filled, number, 1, "", "bruno"),
        lambda: ask_back(filled, number, 1, "", "bruno"),
        lambda: publish(filled, number, 1, make_row("tre"), "bruno", ""),
    ):
        with pytest.raises(ChangedMeanwhileError):
            act()
    publish(filled, number, 2, make_row("tre"), "anna", "")
    with pytest.raises(ChangedMeanwhileError):
        refuse(filled, number, 3, "", "bruno")
    assert read_proposal(filled, number).state is State.PUBLISHED


def test_a_proposal_whose_id_is_taken_stays_open(filled):
    number = propose(filled, CELLS, "it", "")
    with pytest.raises(ChangedMeanwhileError):
        publish(filled, number, 1, make_row("uno"), "anna", "")
    assert read_proposal(filled, number).state is State.NEW


def test_a_flood_is_turned_away(filled, database):
    database.run(
        """insert into proposals (language, cells) select 'it', '{"title_it": "x"}' from generate_series(1, 199)"""
    )
    assert propose(filled, CELLS, "it", "") > 0
    assert propose(filled, CELLS, "it", "") == 0
    database.run("update proposals set sent = now() - interval '2 hours'")
    assert propose(filled, CELLS, "it", "") > 0
    assert len(list_proposals(filled)[0]) == 50


def test_ten_thousand_proposals_stay_quick(filled, database):
    database.run(
        "insert into proposals (language, cells, sent) select 'it',"
        """ jsonb_build_object('title_it', 'Titolo ' || n, 'places', '037006', 'summary_it', repeat('parola ', 200)),"""
        " now() - interval '1 day' from generate_series(1, 10000) n"
    )
    start = time.perf_counter()
    lines, total = list_proposals(filled, offset=9_950)
    assert total == 10_000 and lines[-1].number == 10_000
    assert propose(filled, CELLS, "it", "") == 10_001
    assert read_proposal(filled, 5_000).cells["title_it"] == "Titolo 5000"
    assert time.perf_counter() - start < 1
