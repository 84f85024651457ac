"""Changes of several people: none overwrites another's, every one is remembered and can be undone."""

import pytest

from atlas.catalogue.register.editing import (
    ChangedMeanwhileError,
    read_initiative,
    save_initiative,
    undo,
    withdraw_initiative,
)
from atlas.catalogue.register.history import Action, list_changes, read_history
from atlas.catalogue.source.source import SourceError
from tests.factories import make_row


def change(address, who="anna", **cells):
    row, version = read_initiative(address, "uno")
    save_initiative(address, row | cells, version, who, f"perché {who}")


def test_the_second_of_two_editors_is_told(filled):
    (row, version), _ = read_initiative(filled, "uno"), None
    save_initiative(filled, row | {"channel": "both"}, version, "anna", "")
    with pytest.raises(ChangedMeanwhileError):
        save_initiative(filled, row | {"channel": "digital"}, version, "bruno", "")
    with pytest.raises(ChangedMeanwhileError):
        withdraw_initiative(filled, "uno", version, "bruno", "")
    assert read_initiative(filled, "uno") == (row | {"channel": "both"}, version + 1)


def test_a_change_from_elsewhere_counts_too(filled, database):
    row, version = read_initiative(filled, "uno")
    database.run("update initiatives set channel = 'both' where id = 'uno'")
    with pytest.raises(ChangedMeanwhileError):
        save_initiative(filled, row, version, "anna", "")


def test_one_of_the_same_id_is_not_added_twice(filled):
    with pytest.raises(ChangedMeanwhileError):
        save_initiative(filled, make_row("uno"), None, "anna", "")


def test_every_change_says_who_what_and_why(filled):
    change(filled, channel="both", funding_eur="1200.5", end_year="")
    entry = read_history(filled, "uno")[0]
    assert (entry.who, entry.why, entry.action) == ("anna", "perché anna", Action.CHANGE)
    assert entry.changed == ("channel", "funding_eur")
    assert (entry.before["funding_eur"], entry.after["funding_eur"]) == ("", "1200.5")


def test_a_change_of_nothing_is_not_remembered(filled):
    n = len(read_history(filled))
    change(filled)
    assert len(read_history(filled)) == n


def test_what_was_changed_withdrawn_and_added_is_undone(filled):
    original, _ = read_initiative(filled, "uno")
    change(filled, channel="both")
    undo(filled, read_history(filled, "uno")[0].seq, "bruno", "")
    assert read_initiative(filled, "uno")[0] == original
    withdraw_initiative(filled, "uno", read_initiative(filled, "uno")[1], "anna", "")
    assert read_initiative(filled, "uno") is None
    undo(filled, read_history(filled, "uno")[0].seq, "bruno", "torna")
    assert read_initiative(filled, "uno")[0] == original
    save_initiative(filled, make_row("tre"), None, "anna", "")
    undo(filled, read_history(filled, "tre")[0].seq, "bruno", "")
    assert read_initiative(filled, "tre") is None
    assert [entry.action for entry in read_history(filled, "tre")] == [Action.WITHDRAW, Action.ADD]


def test_only_what_still_is_as_it_was_made_is_undone(filled):
    change(filled, channel="both")
    seq = read_history(filled, "uno")[0].seq
    change(filled, "bruno", channel="digital")
    with pytest.raises(ChangedMeanwhileError):
        undo(filled, seq, "carla", "")
    with pytest.raises(ChangedMeanwhileError):
        undo(filled, 10**9, "carla", "")
    assert read_initiative(filled, "uno")[0]["channel"] == "digital"


def test_what_everybody_may_know_has_no_names(filled):
    change(filled, "anna", title_it="Nuovo titolo")
    latest = list_changes(filled)[0]
    assert (latest.action, latest.initiative, latest.title_it) == (Action.CHANGE, "uno", "Nuovo titolo")
    assert "anna" not in repr(list_changes(filled))
    assert [one.action for one in list_changes(filled, limit=2)] == [Action.CHANGE, Action.ADD]


def test_a_database_that_is_away_is_one_sentence(filled, database):
    database.stop()
    try:
        with pytest.raises(SourceError, match="non risponde"):
            read_initiative(filled, "uno")
    finally:
        database.start()
