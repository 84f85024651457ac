"""Proposals go into a CSV catalogue whole or not at all, and nothing that was there is touched."""

import csv
import io
import shutil

import pytest

from atlas.base import settings
from atlas.base.model import DataError
from atlas.catalogue.source.bundle import published_world
from atlas.cli import main
from atlas.intake.proposals.adding import append_rows, with_free_ids
from atlas.intake.proposals.proposal import check_proposal, world_with
from atlas.intake.publication import read_publication
from atlas.publish.writing import write_proposal
from tests.factories import CATALOGUE
from tests.unit.intake.proposals.test_proposal import IT, TODAY, WHOLE

WORLD = published_world()


@pytest.fixture
def catalogue(tmp_path):
    return shutil.copy(CATALOGUE, tmp_path / "iniziative.csv")


@pytest.fixture
def propose(tmp_path):
    def write(name="proposta.xlsx", **cells):
        row = check_proposal(WHOLE | cells, WORLD).row
        path = tmp_path / name
        path.write_bytes(write_proposal(path.suffix[1:], row["id"], world_with(row, WORLD), TODAY, IT))
        return str(path)

    return write


def rows_in(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_files_of_proposals_become_rows_of_the_catalogue(catalogue, propose, capsys):
    before = catalogue.read_bytes()
    files = [propose(), propose("altra.csv", title_it="Orto in città", title_en="", places="001272")]
    assert main(["add", *files, "--to", str(catalogue)]) == 0
    assert "biblioteca-di-sera: Biblioteca di sera\norto-in-citta: Orto in città\n" in capsys.readouterr().out
    assert catalogue.read_bytes().startswith(before)
    rows = rows_in(catalogue)
    assert len(rows) == 37
    assert rows[-2] == check_proposal(WHOLE, WORLD).row
    assert len(read_publication(catalogue.read_bytes(), "x")) == 37
    assert main(["validate", str(catalogue)]) == 0


def test_the_published_file_is_the_one_that_grows(catalogue, propose, monkeypatch):
    monkeypatch.setenv("ATLAS_CATALOGUE", str(catalogue))
    settings.read_settings.cache_clear()
    try:
        assert main(["add", propose()]) == 0
    finally:
        monkeypatch.undo()
        settings.read_settings.cache_clear()
    assert len(rows_in(catalogue)) == 36


def test_a_database_is_not_added_to(propose, monkeypatch, capsys):
    monkeypatch.setenv("ATLAS_CATALOGUE", "postgresql://x@localhost/y")
    settings.read_settings.cache_clear()
    try:
        assert main(["add", propose()]) == 2
    finally:
        monkeypatch.undo()
        settings.read_settings.cache_clear()
    assert "indica il CSV con --to" in capsys.readouterr().err


def test_what_is_not_clean_leaves_everything_as_it_was(catalogue, propose, tmp_path, capsys):
    before = catalogue.read_bytes()
    broken = tmp_path / "rotta.csv"
    broken.write_text("titolo;comune;anno\nUna cosa;Atlantide;2020\n", encoding="utf-8")
    assert main(["add", propose(), str(broken), "--to", str(catalogue)]) == 2
    assert "rotta.csv" in capsys.readouterr().err
    assert catalogue.read_bytes() == before


def test_what_is_there_already_is_named_and_added_only_when_asked(catalogue, propose, capsys):
    first = propose()
    assert main(["add", first, "--to", str(catalogue)]) == 0
    before = catalogue.read_bytes()
    assert main(["add", first, "--to", str(catalogue)]) == 2
    said = capsys.readouterr().err
    assert "«Biblioteca di sera» somiglia a «Biblioteca di sera», che c'è già (id «biblioteca-di-sera»)" in said
    assert "ripeti con --anyway" in said
    assert catalogue.read_bytes() == before
    assert main(["add", first, "--to", str(catalogue), "--anyway"]) == 0
    assert [row["id"] for row in rows_in(catalogue)][-2:] == ["biblioteca-di-sera", "biblioteca-di-sera-2"]


def test_two_files_with_the_same_are_noticed(catalogue, propose, capsys):
    assert main(["add", propose("a.csv"), propose("b.csv"), "--to", str(catalogue)]) == 2
    assert "più sotto" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [lambda data: data.rstrip(b"\n"), lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data],
)
def test_the_file_keeps_its_line_ends_and_its_mark(change):
    data = change(CATALOGUE.read_bytes())
    row = check_proposal(WHOLE | {"summary_it": "Una riga."}, WORLD).row
    grown = append_rows(data, "x", [row])
    assert grown.startswith(data) and grown.endswith(b"\r\n" if b"\r\n" in data else b"\n")
    assert grown.count(b"\r\n") in (0, grown.count(b"\n"))
    assert len(read_publication(grown, "x")) == 36


def test_columns_of_the_file_keep_their_order():
    header, _, rest = CATALOGUE.read_text(encoding="utf-8").partition("\n")
    frame = list(csv.reader(io.StringIO(f"{header}\n{rest}", newline="")))
    turned = io.StringIO()
    csv.writer(turned, lineterminator="\n").writerows(
        [*row[::-1], "nota" if at == 0 else ""] for at, row in enumerate(frame)
    )
    grown = append_rows(turned.getvalue().encode(), "x", [check_proposal(WHOLE, WORLD).row])
    assert read_publication(grown, "x").initiatives.at["biblioteca-di-sera", "title_it"] == "Biblioteca di sera"


def test_a_date_that_has_no_column_in_the_file_is_not_dropped():
    row = check_proposal(WHOLE, WORLD).row | {"places_date": "2020"}
    with pytest.raises(DataError) as caught:
        append_rows(CATALOGUE.read_bytes(), "iniziative.csv", [row])
    assert [fault.column for fault in caught.value.faults] == ["places_date"]


def test_a_row_that_cannot_be_published_is_not_appended():
    with pytest.raises(DataError, match="prima di quello di inizio"):
        append_rows(CATALOGUE.read_bytes(), "x", [check_proposal(WHOLE, WORLD).row | {"end_year": "1999"}])
    with pytest.raises(DataError, match="manca la colonna"):
        append_rows(b"titolo,comune\na,Aosta\n", "x", [])


def test_ids_that_are_taken_get_a_number():
    rows = [{"id": "a", "title_it": "A", "title_en": ""}] * 2 + [{"id": "", "title_it": "", "title_en": "Big Garden"}]
    assert [row["id"] for row in with_free_ids(rows, ["a", "a-2"])] == ["a-3", "a-4", "big-garden"]
