"""What changed in the catalogue, as the feed says it: also after a restart, and as the history of a database has it."""

import os
from datetime import UTC, datetime

import pytest
from lxml import etree
from starlette.applications import Starlette

from atlas.base import settings
from atlas.base.address import read_address
from atlas.catalogue.register.editing import read_initiative, replace_rows, save_initiative, withdraw_initiative
from atlas.catalogue.register.history import list_changes
from atlas.catalogue.register.schema import upgrade
from atlas.catalogue.source import bundle
from atlas.server.notices import Notices
from tests.asgi import call
from tests.factories import make_row, write_initiatives
from tests.postgres import database, database_server

__all__ = ["database", "database_server"]
ROWS = [make_row(name, themes="housing", targets="elderly", source_order=str(at)) for at, name in enumerate("abc", 1)]


def restart():
    """Answer as a process does that has just started."""
    settings.read_settings.cache_clear()
    bundle._keeper.cache_clear()
    return Starlette(routes=Notices("/").routes())


def read(app, query=""):
    """The entries of the feed as pairs (id, updated), in its order."""
    answer = call(app, "/novita.atom", query, host="atlante.example.org")
    assert answer.status == 200, answer.status
    entries = etree.fromstring(answer.content).findall("{*}entry")
    return [(one.findtext("{*}title"), one.findtext("{*}updated")) for one in entries]


@pytest.fixture(autouse=True)
def _as_before():
    yield
    settings.read_settings.cache_clear()
    bundle._keeper.cache_clear()


def write(path, day, *rows):
    write_initiatives(path, *rows)
    at = datetime(2026, 1, day, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A catalogue in a file of the operator's, and a folder to remember in."""
    (tmp_path / "copie").mkdir()
    write(tmp_path / "mio.csv", 1, *ROWS)
    monkeypatch.setenv("ATLAS_CATALOGUE", str(tmp_path / "mio.csv"))
    monkeypatch.setenv("ATLAS_CATALOGUE_COPIES", str(tmp_path / "copie"))
    return tmp_path / "mio.csv"


def test_after_a_restart_the_feed_says_what_changed_and_what_did_not(file):
    first, second = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    assert {when for _, when in read(restart())} == {first}
    write(file, 2, ROWS[0], {**ROWS[1], "summary_it": "Altro."})
    expected = {"Titolo a": first, "Titolo b": second, "Tolta dal catalogo: Titolo c": second}
    assert dict(read(restart())) == expected
    assert dict(read(restart())) == expected  # and what it remembers now is enough for the next start


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[]"])
def test_a_broken_memory_is_started_anew(file, content, caplog):
    read(restart())
    (memory,) = (file.parent / "copie").glob("novita-*.json")
    memory.write_bytes(content)
    assert len(read(restart())) == 3 and "non si può leggere" in caplog.text
    assert memory.read_bytes() != content


def test_without_a_folder_it_remembers_while_it_runs(file, monkeypatch):
    monkeypatch.delenv("ATLAS_CATALOGUE_COPIES")
    assert len(read(restart())) == 3 and not list((file.parent / "copie").iterdir())


@pytest.fixture
def address(database, monkeypatch):
    monkeypatch.setenv("ATLAS_CATALOGUE", database.url)
    monkeypatch.delenv("ATLAS_CATALOGUE_COPIES", raising=False)
    settings.read_settings.cache_clear()
    address = read_address(database.url)
    upgrade(address)
    replace_rows(address, ROWS)
    return address


def history(address):
    return [(one.initiative, one.at.strftime("%Y-%m-%dT%H:%M:%SZ")) for one in list_changes(address)]


def test_the_history_of_a_database_is_what_the_feed_says(address, database):
    # What is older cannot be made in a test but by the owner of the table, against its own triggers.
    back = "update initiative_history set at = at - interval '2 days'"
    database.run(
        f"alter table initiative_history disable trigger all; {back}; alter table initiative_history enable trigger all"
    )
    row, version = read_initiative(address, "a")
    save_initiative(address, {**row, "title_it": "Nuovo"}, version, "anna", "")
    withdraw_initiative(address, "b", read_initiative(address, "b")[1], "anna", "chiusa")
    last = dict(reversed(history(address)))
    expected = {"Nuovo": last["a"], "Tolta dal catalogo: Titolo b": last["b"], "Titolo c": last["c"]}
    assert dict(read(restart())) == dict(read(restart())) == expected
    assert last["c"] < last["a"] <= last["b"]
    assert [title for title, _ in read(restart())][-1] == "Titolo c"
    assert "anna" not in str(read(restart())) and read(restart(), "lang=en")[-1][0] == "Title c"


def test_what_the_database_does_not_tell_today_is_asked_again(address, monkeypatch):
    from atlas.catalogue.register import history as register
    from atlas.catalogue.source.source import SourceError

    def away(*_):
        raise SourceError("non risponde")

    app, asked = restart(), register.list_changes
    monkeypatch.setattr(register, "list_changes", away)
    assert len(read(app)) == 3
    monkeypatch.setattr(register, "list_changes", asked)
    assert dict(read(app))["Titolo a"] == dict(reversed(history(address)))["a"]
