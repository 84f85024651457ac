"""Which version is published: the last good one, whatever happens at its home."""

import errno
import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atlas.base.model import DataError
from atlas.catalogue.source import copies
from atlas.catalogue.source.copies import Copy
from atlas.catalogue.source.keeper import Keeper, Trouble
from atlas.catalogue.source.source import Fetched, SourceError
from tests.factories import make_row
from tests.unit.catalogue.source.conftest import read_small, to_bytes

FIRST, SECOND = to_bytes(make_row("uno")), to_bytes(make_row("uno"), make_row("due"))
WRONG = to_bytes(make_row("uno", start_year="duemila"))
DAY = datetime(2026, 11, 25, 10, tzinfo=UTC)


class Fake:
    """A home that answers what a test says: bytes, nothing new (None) or an error."""

    name, shown, interval = "catalogo", "https://esempio.it/a.csv", 0.01

    def __init__(self, *answers, is_near=False):
        self.answers, self.is_near, self.n_asked = list(answers), is_near, 0

    def fetch(self, *, is_urgent=False):
        self.n_asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if answer is None or isinstance(answer, Fetched) else Fetched(answer, DAY)


def keep(*answers, copy=None, **options):
    return Keeper(Fake(*answers, **options), read_small, copy)


def ids(keeper):
    return list(keeper.edition().catalogue.initiatives.index)


def test_the_same_version_is_the_same_object():
    keeper = keep(FIRST, None, FIRST)
    first = keeper.edition()
    keeper.look()
    keeper.look()
    assert keeper.edition() is first and first.date == DAY
    assert keeper.trouble is None


def test_a_good_new_version_is_taken():
    keeper = keep(FIRST, SECOND)
    assert ids(keeper) == ["uno"]
    before = keeper.edition()
    keeper.look()
    assert ids(keeper) == ["uno", "due"]
    assert list(before.catalogue.initiatives.index) == ["uno"]  # whoever reads it still has it whole


def test_a_bad_version_is_refused_and_reported_once(caplog):
    keeper = keep(FIRST, WRONG, WRONG, None, SECOND)
    first = keeper.edition()
    keeper._report = lambda fetched, name: [f"rapporto su {name}"]
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            keeper.look()
    assert keeper.edition() is first
    assert keeper.trouble is Trouble.REFUSED
    assert caplog.text.count("è respinta") == 1
    assert caplog.text.count("riga 2, colonna start_year") == 1
    assert caplog.text.count("rapporto su catalogo") == 1
    keeper.look()
    assert ids(keeper) == ["uno", "due"] and keeper.trouble is None


@pytest.mark.parametrize(
    "data", [b"", b"id\n", to_bytes(), b"\x00\xff", FIRST[:40], FIRST + b'"', b"<html>Errore</html>"]
)
def test_what_is_no_catalogue_never_takes_its_place(data):
    keeper = keep(FIRST, data)
    first = keeper.edition()
    keeper.look()
    assert keeper.edition() is first and keeper.trouble is Trouble.REFUSED


def test_a_version_taken_back_is_no_trouble():
    keeper = keep(FIRST, WRONG, FIRST)
    first = keeper.edition()
    keeper.look()
    keeper.look()
    assert keeper.edition() is first and keeper.trouble is None


def test_a_home_that_is_away_is_said_once_and_its_return_too(caplog):
    keeper = keep(FIRST, SourceError("non si raggiunge."), SourceError("non si raggiunge."), None)
    first = keeper.edition()
    with caplog.at_level(logging.INFO):
        keeper.look()
        keeper.look()
        assert keeper.edition() is first and keeper.trouble is Trouble.AWAY
        keeper.look()
    assert keeper.trouble is None
    assert caplog.text.count("non si raggiunge") == 1
    assert caplog.text.count("risponde di nuovo") == 1


def test_a_refused_version_is_still_refused_after_an_absence():
    keeper = keep(FIRST, WRONG, SourceError("via."), WRONG, None)
    keeper.edition()
    seen = []
    for _ in range(4):
        keeper.look()
        seen.append(keeper.trouble)
    assert seen == [Trouble.REFUSED, Trouble.AWAY, Trouble.REFUSED, Trouble.REFUSED]


def test_rows_are_called_as_their_home_calls_them(caplog):
    keeper = keep(FIRST, Fetched(WRONG, name_row=lambda line: f"id «uno» ({line})"))
    keeper.edition()
    with caplog.at_level(logging.ERROR):
        keeper.look()
    assert "catalogo, id «uno» (2), colonna start_year" in caplog.text


def test_without_any_version_the_page_has_a_sentence_and_no_detail():
    keeper = keep(SourceError("il server segreto.interno non risponde."))
    with pytest.raises(DataError) as failed:
        keeper.edition()
    assert "la sua fonte non risponde" in str(failed.value) and "segreto" not in str(failed.value)
    with pytest.raises(DataError, match="riga 2"):
        keep(WRONG).edition()


def test_a_file_nearby_is_read_when_somebody_asks_and_a_remote_home_never_once_it_is_watched():
    gate = threading.Event()

    class Slow(Fake):
        def fetch(self, *, is_urgent=False):
            gate.wait(20)
            return super().fetch()

    keeper = Keeper(Slow(FIRST), read_small)
    keeper.watch(lambda fetched, name: [])
    started = time.monotonic()
    with pytest.raises(DataError, match="sta arrivando"):
        keeper.edition()
    assert time.monotonic() - started < 5
    gate.set()
    wait_until(lambda: keeper._edition is not None)
    assert ids(keeper) == ["uno"]
    keeper.stop()


def test_the_watch_outlives_an_error_of_ours(caplog):
    keeper = keep(FIRST, RuntimeError("guasto"), SECOND)
    keeper.watch(lambda fetched, name: [])
    wait_until(lambda: keeper._edition is not None and len(keeper.edition().catalogue) == 2)
    keeper.stop()
    assert "errore imprevisto" in caplog.text


def test_a_copy_outlives_the_process(tmp_path):
    copy = Copy(tmp_path, "https://esempio.it/a.csv")
    keep(FIRST, copy=copy).edition()
    again = keep(SourceError("via."), SECOND, copy=copy)
    assert ids(again) == ["uno"]
    assert (again.edition().date, again.trouble) == (DAY, Trouble.AWAY)
    again.look()
    assert ids(again) == ["uno", "due"]
    assert ids(keep(WRONG, copy=copy)) == ["uno", "due"]  # a bad version at the start too


def test_a_home_without_dates_keeps_the_date_of_the_copy(tmp_path):
    copy = Copy(tmp_path, "postgresql://esempio.it/atlante")
    copy.save(FIRST, DAY)
    assert keep(Fetched(FIRST), copy=copy).edition().date == DAY
    assert keep(Fetched(SECOND), copy=copy).edition().date > DAY


def test_the_copy_of_another_catalogue_is_not_taken(tmp_path):
    keep(FIRST, copy=Copy(tmp_path, "https://esempio.it/a.csv")).edition()
    with pytest.raises(DataError):
        keep(SourceError("via."), copy=Copy(tmp_path, "https://esempio.it/b.csv")).edition()


def test_a_damaged_copy_is_no_version(tmp_path):
    copy = Copy(tmp_path, "x")
    copy.save(FIRST[:50], DAY)
    with pytest.raises(DataError, match="non risponde"):
        keep(SourceError("via."), copy=copy).edition()


def test_a_full_disk_costs_the_copy_and_nothing_else(tmp_path, monkeypatch, caplog):
    copy = Copy(tmp_path, "x")
    copy.save(FIRST, DAY)

    def fail(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copies.os, "fsync", fail)
    keeper = keep(SECOND, copy=copy)
    assert ids(keeper) == ["uno", "due"]
    assert "non si può scrivere" in caplog.text
    assert copy.load().data == FIRST
    assert [path.name for path in Path(tmp_path).iterdir()] == [copy._path.name]  # no piece of a file is left


def wait_until(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "nothing happened"
        threading.Event().wait(0.01)
