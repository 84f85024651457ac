"""A catalogue in PostgreSQL, against a real server: the same catalogue as its file, gone and back, no secret shown."""

import csv
import io
import logging

import pytest

from atlas.base import settings
from atlas.base.address import read_address
from atlas.base.columns import COLUMNS
from atlas.base.model import DataError
from atlas.catalogue.register.editing import replace_rows
from atlas.catalogue.register.schema import upgrade
from atlas.catalogue.source import bundle
from atlas.catalogue.source.bundle import read_catalogue
from atlas.catalogue.source.database import DatabaseSource
from atlas.catalogue.source.keeper import Keeper, Trouble
from atlas.catalogue.source.source import SourceError
from atlas.cli import main
from atlas.server.watch import report_lines
from tests.factories import CATALOGUE, make_row
from tests.unit.catalogue.source.conftest import read_small, to_bytes

BUNDLED = CATALOGUE.read_bytes()


@pytest.fixture
def address(database, monkeypatch):
    """The address of the empty database, as the operator's variable gives it."""
    monkeypatch.setenv("ATLAS_CATALOGUE", database.url)
    settings.read_settings.cache_clear()
    yield read_address(database.url)
    settings.read_settings.cache_clear()


@pytest.fixture
def filled(address):
    """The address of a database with two initiatives."""
    upgrade(address)
    replace_rows(address, [make_row("uno", source_order="1"), make_row("due", source_order="2")])
    return address


def ids(keeper):
    return list(keeper.edition().catalogue.initiatives.index)


def test_what_is_imported_is_the_catalogue_of_the_file(address, capsys):
    assert main(["db", "init"]) == 0
    assert main(["db", "import", str(CATALOGUE)]) == 0
    assert "35 iniziative nella tabella initiatives, al posto di 0" in capsys.readouterr().out
    fetched = DatabaseSource(address).fetch()
    rows = list(csv.DictReader(io.StringIO(fetched.data.decode(), newline="")))
    assert rows == list(csv.DictReader(io.StringIO(BUNDLED.decode("utf-8-sig"), newline="")))
    assert main(["db", "check"]) == 0
    assert "35 caricate, 0 scartate, 0 vuote" in capsys.readouterr().out


def test_numbers_are_numbers_and_an_unknown_is_null(filled, database):
    replace_rows(filled, [make_row("uno", funding_eur="1200.50", start_year=""), make_row("due", start_year="2020")])
    assert "1200.50" in database.run("select sum(funding_eur) from initiatives")
    assert "due" in database.run("select id from initiatives where start_year is not null")
    rows = csv.DictReader(io.StringIO(DatabaseSource(filled).fetch().data.decode()))
    assert {row["id"]: (row["funding_eur"], row["start_year"]) for row in rows} == {
        "due": ("", "2020"),
        "uno": ("1200.5", ""),
    }


def test_any_text_comes_back_as_it_went(filled):
    text = "«Città», \"virgolette\", l'apostrofo;\nuna riga; '); drop table initiatives; -- {{ 7*7 }} 😀"
    replace_rows(filled, [make_row("uno", summary_it=text)])
    rows = list(csv.DictReader(io.StringIO(DatabaseSource(filled).fetch().data.decode(), newline="")))
    assert rows[0]["summary_it"] == text


def test_init_leaves_what_is_there(filled, capsys):
    assert main(["db", "init"]) == 0
    assert "c’è già" in capsys.readouterr().out
    assert b"uno" in DatabaseSource(filled).fetch().data


def test_a_table_of_something_else_is_said(address, database, capsys):
    database.run("create table initiatives (id text primary key, title_it text)")
    assert main(["db", "init"]) == 2
    assert "le mancano le colonne title_en" in capsys.readouterr().err
    with pytest.raises(SourceError, match="title_en"):
        DatabaseSource(address).fetch()


def test_without_the_table_there_is_a_sentence(address, capsys):
    assert main(["db", "check"]) == 2
    said = capsys.readouterr().err
    assert "initiatives" in said and "Traceback" not in said


def test_a_bad_file_changes_nothing(filled, tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(to_bytes(make_row("tre", start_year="duemila")))
    assert main(["db", "import", str(path)]) == 2
    assert "a.csv, riga 2, colonna start_year" in capsys.readouterr().err
    assert main(["db", "import", str(tmp_path / "nessuno.csv")]) == 2
    assert "nessuno.csv" in capsys.readouterr().err
    assert DatabaseSource(filled).fetch().data.count(b"\n") == 3


def test_half_an_import_is_none(filled):
    with pytest.raises(SourceError):
        replace_rows(filled, [make_row("tre"), make_row("tre")])
    assert b"uno" in DatabaseSource(filled).fetch().data


def test_check_names_the_row_by_its_id(filled, database, capsys):
    database.run("update initiatives set start_year = 1066, title_it = null, title_en = null where id = 'due'")
    assert main(["db", "check"]) == 1
    said = capsys.readouterr().out
    assert "catalogo, id «due», colonna start_year" in said
    assert "catalogo, id «due», colonna title_it" in said
    assert "riga" not in said.replace("Righe", "")


def test_commands_want_the_address_of_a_database(monkeypatch, capsys):
    monkeypatch.setenv("ATLAS_CATALOGUE", "https://esempio.it/a.csv")
    settings.read_settings.cache_clear()
    try:
        assert main(["db", "check"]) == 2
    finally:
        settings.read_settings.cache_clear()
    assert "postgresql://" in capsys.readouterr().err


def test_a_change_in_the_table_is_published_and_a_bad_one_refused(filled, database, caplog):
    keeper = Keeper(DatabaseSource(filled), read_small)
    keeper._report = report_lines
    first = keeper.edition()
    assert ids(keeper) == ["uno", "due"]
    keeper.look()
    assert keeper.edition() is first
    database.run("update initiatives set source_order = 0 where id = 'due'")
    keeper.look()
    assert ids(keeper) == ["due", "uno"]
    with caplog.at_level(logging.ERROR):
        database.run("update initiatives set themes = 'cucina' where id = 'uno'")
        keeper.look()
    assert ids(keeper) == ["due", "uno"] and keeper.trouble is Trouble.REFUSED
    assert "catalogo, id «uno», colonna themes" in caplog.text
    assert "rapporto: catalogo:" in caplog.text and "id «uno», colonna «themes»" in caplog.text
    database.run("update initiatives set themes = 'housing' where id = 'uno'")
    keeper.look()
    assert keeper.trouble is None


def test_an_empty_table_does_not_empty_the_atlas(filled, database):
    keeper = Keeper(DatabaseSource(filled), read_small)
    keeper.edition()
    database.run("delete from initiatives")
    keeper.look()
    assert ids(keeper) == ["uno", "due"] and keeper.trouble is Trouble.REFUSED


def test_a_database_that_goes_and_comes_back(filled, database, caplog):
    keeper = Keeper(DatabaseSource(filled), read_small)
    first = keeper.edition()
    database.stop()
    with caplog.at_level(logging.INFO):
        keeper.look()
        keeper.look()
        assert keeper.edition() is first and keeper.trouble is Trouble.AWAY
        database.start()
        database.run("delete from initiatives where id = 'uno'")
        keeper.look()
    assert ids(keeper) == ["due"] and keeper.trouble is None
    assert caplog.text.count("non risponde") == 1
    assert "segreto" not in caplog.text


def test_a_database_that_is_away_at_the_start_shows_no_detail_and_no_secret(filled, database, caplog, capsys):
    database.stop()
    keeper = Keeper(DatabaseSource(filled), read_small)
    with pytest.raises(DataError) as failed:
        keeper.edition()
    assert "la sua fonte non risponde" in str(failed.value)
    assert main(["db", "check"]) == 2
    said = caplog.text + str(failed.value) + capsys.readouterr().err
    assert "segreto" not in said and "Traceback" not in said
    database.start()
    keeper.look()
    assert ids(keeper) == ["uno", "due"]


@pytest.mark.parametrize(
    ("password", "written"), [("segreto", "segreto"), ("p@ss:/?#", "p%40ss%3A%2F%3F%23")], ids=["plain", "quoted"]
)
def test_a_refused_login_hides_the_password(password, written, caplog):
    # A port where nobody listens: what psycopg says names the server, never the password.
    source = DatabaseSource(read_address(f"postgresql://anna:{written}@127.0.0.1:1/atlante?sslpassword=altro"))
    with pytest.raises(SourceError) as failed:
        source.fetch()
    assert all(secret not in f"{failed.value} {source.shown}" for secret in (password, written, "altro"))


def test_the_whole_program_reads_the_database(address, monkeypatch):
    upgrade(address)
    catalogue = read_catalogue(BUNDLED, "a.csv")
    rows = list(csv.DictReader(io.StringIO(BUNDLED.decode("utf-8-sig"), newline="")))
    replace_rows(address, [{name: row[name] for name in COLUMNS} for row in rows])
    bundle._keeper.cache_clear()
    try:
        assert list(bundle.published_catalogue().initiatives.index) == list(catalogue.initiatives.index)
    finally:
        bundle._keeper.cache_clear()
