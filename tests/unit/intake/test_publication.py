"""One verdict from the page to publication: validate, the corrected file, `db import`, the catalogue of a server."""

from datetime import date
from types import SimpleNamespace

import pytest

from atlas.base.columns import ALL_COLUMNS, COLUMNS
from atlas.base.i18n import translator
from atlas.base.model import DataError, Language
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.register import editing
from atlas.catalogue.source.bundle import read_catalogue
from atlas.catalogue.source.file import FileSource
from atlas.catalogue.source.keeper import Keeper
from atlas.catalogue.world import World
from atlas.cli import database as commands
from atlas.cli import main
from atlas.intake.publication import find_needs, read_publication
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal_files import about_correction
from atlas.publish.export import to_csv, to_xlsx
from tests.factories import DATA_DIR, make_row, real_territory, real_vocabulary
from tests.unit.intake.corpus import CASES
from tests.unit.intake.test_layouts import LAYOUTS

IT = translator(Language.IT)
# A file of each kind: reading one through every way takes a second or two.
KINDS = (
    "utf-8 with mark", "utf-16 little", "undefined cp1252 byte", "mojibake", "pipe", "quotes in quotes", "long row",
    "whole lines in quotes", "only a header", "unknown column", "no place", "unknown code", "unknown code, good name",
    "one theme unknown", "not a number", "xlsx", "pdf", "html as xls",
)  # fmt: skip
FILES = {f"layout: {one.name}": one.rows.encode() for one in LAYOUTS if not one.confirmed} | {
    case.name: case.data for case in CASES if case.name in KINDS
}
OURS = (DATA_DIR / "initiatives.csv").read_bytes()


def test_every_column_is_read():
    """One that no reader knows would be taken for known by its header, and its values lost without a word."""
    cells = make_row(
        "tutto", places="037006", lead_place="037006", undisclosed_partners="2", end_year="2021", funding_eur="1000",
        lead_organisation="Comune di Bologna", partners="ACLI", funding_source="Comune", beneficiaries="30",
        documents="https://www.example.org", source_order="1", places_date="2021",
        themes="digital", targets="elderly",
    )  # fmt: skip
    assert cells.keys() == set(ALL_COLUMNS) and all(cells.values())
    header, line = (",".join(texts) for texts in (cells.keys(), cells.values()))
    report = read_upload(f"{header}\n{line}\n".encode(), "elenco.csv")
    assert report.rows.iloc[0].to_dict() == cells


def world(rows):
    territory, vocabulary = real_territory(), real_vocabulary()
    return World(territory, vocabulary, build_catalogue(rows, territory, vocabulary))


def verdicts(data, tmp_path, monkeypatch, capsys):
    """Tell for each way to publish whether it takes the file."""
    path = tmp_path / "elenco.dat"
    path.write_bytes(data)
    taken = {"validate": main(["validate", str(path)]) == 0}
    monkeypatch.setattr(commands, "database_address", lambda: SimpleNamespace(shown="qui"))
    rows = []
    monkeypatch.setattr(editing, "replace_rows", lambda _, new, why: rows.extend(new) or 0)
    taken["db import"] = main(["db", "import", str(path)]) == 0
    assert bool(rows) == taken["db import"]
    keeper = Keeper(FileSource(path), read_publication)
    try:
        taken["server"] = len(keeper.edition().catalogue) > 0
    except DataError:
        taken["server"] = False
    capsys.readouterr()
    return taken


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_every_way_takes_a_file_or_refuses_it(data, tmp_path, monkeypatch, capsys):
    report = read_upload(data, "elenco")
    taken = verdicts(data, tmp_path, monkeypatch, capsys)
    assert set(taken.values()) == {not find_needs(report)}, taken
    if report.loaded:
        here = world(report.rows)
        for corrected in (
            to_csv(here.catalogue, here, extra=report.extra),
            to_xlsx(here.catalogue, here, [], date(2026, 1, 1), extra=report.extra),
        ):
            again = read_publication(corrected, "corretto")
            assert list(again.initiatives["places"]) == list(report.rows["places"])
            assert set(report.extra) <= {column.text for column in read_upload(corrected, "corretto").columns}


def test_many_files_are_looked_at_and_some_are_taken():
    needs = [find_needs(read_upload(data, "")) for data in FILES.values()]
    assert len(FILES) >= 30 and 15 < sum(not one for one in needs) < len(needs)


def test_the_published_file_is_read_by_its_own_rules():
    assert list(read_publication(OURS, "a").initiatives.index) == list(read_catalogue(OURS, "a").initiatives.index)


def test_a_row_of_ours_with_words_and_amounts_as_people_write_them_is_published():
    row = dict.fromkeys(COLUMNS, "") | {"id": "nuova", "title_it": "Nuova", "places": "001272", "themes": "Casa"}
    line = ",".join((row | {"funding_eur": "15.000 €"}).values())
    catalogue = read_publication(OURS.rstrip() + f"\n{line}\n".encode(), "a")
    assert catalogue.initiatives.loc["nuova", ["themes", "funding_eur"]].tolist() == ["housing", 15000]


def test_an_unknown_word_in_a_row_of_ours_is_said_where_it_is():
    row = dict.fromkeys(COLUMNS, "") | {"id": "nuova", "title_it": "Nuova", "places": "001272", "themes": "alieni"}
    with pytest.raises(DataError) as raised:
        read_publication(OURS.rstrip() + f"\n{','.join(row.values())}\n".encode(), "a")
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(37, "themes")]


@pytest.mark.parametrize(
    "text",
    [
        "titolo;comune\nMensa;Torino|Alieno\n",
        "titolo;comune\nMensa;Torino|Castro\n",
        "titolo;comune;capofila\nMensa;Torino;Alieno\n",
        "titolo,places\nMensa,Torino;Alieno\n",
        "titolo,places\nMensa,Torino;8\n",
    ],
)
def test_a_row_without_one_of_its_places_is_not_published(text):
    report = read_upload(text.encode(), "elenco")
    assert report.loaded == 1  # on the page it is shown, with a question
    with pytest.raises(DataError):
        read_publication(text.encode(), "elenco")


def test_one_language_is_enough():
    catalogue = read_publication(b"titolo;comune\nMensa;Torino\n", "a")
    assert list(catalogue.initiatives["title_en"]) == [""]


def test_the_corrected_file_says_what_was_chosen_and_keeps_its_own_columns():
    report = read_upload(b"titolo;comune;Referente\nMensa;Torino;Anna\n=x;Torino;\n", "a")
    about = dict(about_correction("elenco.csv", report, {("municipality", "Castro"): "016065"}, IT))
    assert about[IT("data.corrected.from")] == "elenco.csv"
    assert "comune → " in about[IT("data.corrected.columns")] and "016065" in about[IT("data.corrected.settled")]
    assert report.extra == {"Referente": ("Anna", "")}
