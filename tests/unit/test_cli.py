import csv
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from atlas.base import settings
from atlas.catalogue.links import View, to_query
from atlas.catalogue.source import bundle
from atlas.cli import main
from atlas.intake.reader import read_upload
from tests.factories import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
GOOD = "titolo;codice_istat\nMensa;001272\nNido;015146\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="elenco.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def test_our_own_catalogue_is_clean(capsys):
    assert main(["validate", str(CATALOGUE)]) == 0
    out = capsys.readouterr().out
    assert "35 caricate, 0 scartate, 0 vuote" in out
    assert "avviso" not in out
    assert "ERRORE" not in out


@pytest.mark.parametrize(
    ("content", "code", "verdict"),
    [
        (GOOD, 0, "accept"),
        ("titolo;codice_istat\nMensa;1272\n", 0, "warn"),
        (GOOD + ";001272\n", 1, "partial"),
        ("titolo;codice_istat\n;001272\n", 2, "refuse"),
        (b"%PDF-1.7", 2, "refuse"),
    ],
)
def test_validate_answers_with_its_exit_code_too(content, code, verdict, write, capsys):
    assert main(["validate", write(content), "--format", "json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == verdict
    assert answer["rows"] == answer["loaded"] + answer["rejected"] + answer["blank"]
    assert {"encoding", "delimiter", "messages"} <= answer.keys()
    for message in answer["messages"]:
        assert list(message) == ["severity", "line", "column", "value", "text", "suggestion"]


def test_validate_says_where_in_words(write, capsys):
    assert main(["validate", write(GOOD + "Asilo;999999\n")]) == 1
    assert "ERRORE riga 4, colonna «codice_istat»: codice sconosciuto. (valore: «999999»)" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["validate"], ["match", "--file"]])
def test_a_missing_file_is_one_sentence(command, capsys):
    assert main([*command, "non-esiste.csv"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "non-esiste.csv: il file non esiste.\n")


def test_a_folder_is_no_file(tmp_path, capsys):
    assert main(["validate", str(tmp_path)]) == 2
    assert "non si può leggere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["Torino"], "001272"),
        (["None"], "001168"),
        (["Castro", "--within", "Lecce"], "075096"),
        (["Castro"], "AMBIGUOUS 016065 Castro (BG); 075096 Castro (LE)"),
    ],
)
def test_match_a_name(arguments, answer, capsys):
    assert main(["match", *arguments]) == 0
    assert capsys.readouterr().out == f"{answer}\n"


def test_match_suggests(capsys):
    assert main(["match", "Tornio"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("NONE ")
    assert "001272 Torino (TO)" in out


def test_match_a_file_keeps_its_columns_and_rows(write, capsys):
    path = write("nota,query,within\na,Torino,\nb,,\nc,Castro,LE\nd,Castro,\n")
    assert main(["match", "--file", path]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["nota"] for row in rows] == ["a", "b", "c", "d"]
    assert [row["result"] for row in rows] == ["001272", "NONE", "075096", "AMBIGUOUS"]
    assert [row["name"] for row in rows] == ["Torino", "", "Castro", ""]
    assert "016065 Castro (BG)" in rows[3]["suggestions"]


def test_match_wants_a_query_column(write, capsys):
    assert main(["match", "--file", write("nome\nTorino\n")]) == 2
    assert "manca la colonna query" in capsys.readouterr().err
    assert main(["match"]) == 2


def test_resolve_says_today_s_code_and_why(capsys):
    assert main(["resolve", "1272", "001272", "005079", "041033", "999999"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1272 → 001272 Torino (padded)"
    assert lines[1] == "001272 → 001272 Torino (unchanged)"
    assert "005122 Moransengo-Tonengo (merged)" in lines[2]
    assert "099030 Montecopiolo (renumbered)" in lines[3]
    assert lines[4].startswith("999999 → UNKNOWN ")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_can_be_validated(form, tmp_path, capsys):
    path = tmp_path / f"a.{form}"
    assert main(["export", "--format", form, "--query", "?theme=housing&region=08,03", "-o", str(path)]) == 0
    assert "iniziative su 35" in capsys.readouterr().err
    report = read_upload(path.read_bytes(), path.name)
    assert report.verdict == "accept"
    assert all("housing" in themes.split(";") for themes in report.rows["themes"])


def test_export_geojson_in_english(tmp_path):
    path = tmp_path / "a.geojson"
    assert main(["export", "--format", "geojson", "--query", "lang=en&theme=housing", "-o", str(path)]) == 0
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert "Housing" in metadata["Selection"]


def test_export_says_what_it_did_not_understand(tmp_path, capsys):
    path = tmp_path / "a.csv"
    assert main(["export", "--format", "csv", "--query", "theme=housing,boh&pippo=1", "-o", str(path)]) == 0
    err = capsys.readouterr().err
    assert "theme=boh" in err
    assert "pippo=1" in err
    assert "housing" not in err
    defaults = f"{urlencode(to_query(View(), whole=True))}&theme=housing"
    assert "level=" in defaults
    assert main(["export", "--format", "csv", "--query", defaults, "-o", str(path)]) == 0
    assert "non capito" not in capsys.readouterr().err


def test_export_of_areas_writes_the_numbers_of_the_map_and_the_types_of_its_columns(tmp_path):
    path = tmp_path / "province.csv"
    assert main(["export", "--format", "areas-csv", "--query", "level=province&region=20", "-o", str(path)]) == 0
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [row["istat_code"] for row in rows] == [str(code) for code in range(112, 120)]
    assert rows[1]["name"] == "Gallura Nord-Est Sardegna"
    assert path.with_suffix(".csvt").read_text(encoding="ascii").startswith('"String","String","Integer64"')
    assert main(["export", "--format", "csv", "-o", str(path)]) == 0
    assert path.with_suffix(".csvt").read_text(encoding="ascii").startswith('"String","String","String"')
    assert main(["export", "--format", "csv", "-o", "/dev/null"]) == 0 and not Path("/dev/null.csvt").exists()


def test_export_of_initiatives_says_that_a_level_changes_nothing(tmp_path, capsys):
    path = str(tmp_path / "a.csv")
    assert main(["export", "--format", "csv", "--query", "level=province&measure=per_million", "-o", path]) == 0
    assert "areas-gpkg" in capsys.readouterr().err
    assert main(["export", "--format", "csv", "--query", "theme=housing", "-o", path]) == 0
    assert "areas-gpkg" not in capsys.readouterr().err


def test_export_where_nobody_can_write(tmp_path, capsys):
    assert main(["export", "--format", "csv", "-o", str(tmp_path / "no" / "a.csv")]) == 2
    assert "non si può scrivere" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error(write):
    rows = "".join(f"Mensa {n};1272\n" for n in range(3_000))
    command = [sys.executable, "-m", "atlas", "validate", "--format", "json", write(f"titolo;codice_istat\n{rows}")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_output_is_utf_8_whatever_the_terminal_says():
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [sys.executable, "-m", "atlas", "resolve", "1272"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, check=True)
    assert answer.stdout.decode("utf-8") == "1272 → 001272 Torino (padded)\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "txt", "png"])
def test_a_full_disk_is_one_sentence(kind, capsys):
    assert main(["export", "--format", kind, "-o", "/dev/full"]) == 2
    assert capsys.readouterr().err == "/dev/full: non si può scrivere (il disco è pieno).\n"


def test_a_disk_that_fills_up_leaves_the_file_that_was_there(tmp_path, monkeypatch, capsys):
    path = tmp_path / "a.csv"
    path.write_text("di ieri")
    monkeypatch.setattr(os, "fsync", _fail)
    assert main(["export", "--format", "csv", "-o", str(path)]) == 2
    assert "il disco è pieno" in capsys.readouterr().err
    assert path.read_text() == "di ieri" and list(tmp_path.iterdir()) == [path]


def test_a_workbook_that_finds_no_room_to_be_made_in(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", _fail)
    assert main(["export", "--format", "xlsx", "-o", str(tmp_path / "a.xlsx")]) == 2
    assert "il disco è pieno" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def _fail(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "vero.csv").write_text("di ieri")
    (tmp_path / "a.csv").symlink_to(tmp_path / "vero.csv")
    assert main(["export", "--format", "csv", "-o", str(tmp_path / "a.csv")]) == 0
    assert (tmp_path / "a.csv").is_symlink() and "di ieri" not in (tmp_path / "vero.csv").read_text("utf-8-sig")


def test_a_wrong_variable_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("ATLAS_CATALOGUE", "nessuno.csv")
    settings.read_settings.cache_clear()
    bundle._keeper.cache_clear()
    try:
        assert main(["export", "--format", "csv", "-o", "a.csv"]) == 2
    finally:
        settings.read_settings.cache_clear()
    assert capsys.readouterr().err.startswith("ATLAS_CATALOGUE: 'nessuno.csv' non è un file")
