"""A catalogue that grows breaks no test of the program."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW = {
    "id": "biblioteca-di-sera-aosta",
    "title_it": "Biblioteca di sera",
    "title_en": "Library in the evening",
    "summary_it": "Ad Aosta una biblioteca apre la sera.",
    "summary_en": "In Aosta a library opens in the evening.",
    "scale": "municipality",
    "lead_place": "007003",
    "places": "007003",
    "themes": "culture;digital;housing",
    "targets": "youth;elderly",
    "service_type": "new",
    "channel": "digital",
    "start_year": "2022",
    "source_order": "36",
}


def copy_with_another_row(to):
    """Copy what the tests need of the project, with one more initiative, of a valid row."""
    for name in ("atlas", "pages", "tests", "data", ".streamlit"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dashboard.py", "pyproject.toml"):
        shutil.copy(ROOT / name, to)
    path = to / "data" / "initiatives.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(NEW)


def run(to, *arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]
    return subprocess.run(command, cwd=to, capture_output=True, text=True)


@pytest.mark.thorough
def test_one_more_row_breaks_nothing_but_what_describes_the_data(tmp_path):
    copy_with_another_row(tmp_path)
    # Only the files with the mark: to collect all the others takes longer than these tests.
    files = [path.relative_to(tmp_path) for path in (tmp_path / "tests").rglob("test_*.py")]
    marked = [str(path) for path in files if "mark.fast\n" in (ROOT / path).read_text(encoding="utf-8")]
    fast = run(tmp_path, "-m", "fast", *marked)
    assert fast.returncode == 0, fast.stdout[-3000:] + fast.stderr[-1000:]
    assert int(re.search(r"(\d+) passed", fast.stdout)[1]) > 100
    # The copy is the one that is tested, and the new row is seen where CONTRIBUTING says so.
    described = run(tmp_path, "tests/data/test_data_catalogue.py", "-k", "all_35_are_here or program_reads")
    assert "test_all_35_are_here" in described.stdout and "1 failed, 1 passed" in described.stdout, described.stdout
