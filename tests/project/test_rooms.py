"""The rooms of docs/architecture.md: `make lint` checks them, and here the check is shown to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_FOLDERS, MOST_FILES, MOST_IN_A_ROOM = 11, 5, 12


def lint(folder):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    for name in ("atlas", "pages"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_rooms(copy):
    answer = lint(copy)
    assert answer.returncode == 0, answer.stdout
    assert " 0 broken" in answer.stdout


@pytest.mark.parametrize(
    ("file", "source", "broken"),
    [
        ("atlas/helpers.py", "", "atlas.helpers"),
        ("atlas/cellar/__init__.py", "", "atlas.cellar"),
        ("atlas/base/upward.py", "import atlas.catalogue.links", "atlas.base.upward -> atlas.catalogue.links"),
        ("atlas/indicators/late.py", "def f():\n    import atlas.ui.shell", "atlas.indicators.late -> atlas.ui.shell"),
        ("atlas/ui/parts/page.py", "import pages.mappa", "atlas.ui.parts.page -> pages.mappa"),
        ("atlas/words/drawn.py", "import streamlit", "atlas.words.drawn -> streamlit"),
        ("pages/mappa.py", "import folium", "pages.mappa -> folium"),
        ("atlas/ui/parts/answer.py", "from starlette.responses import Response", "atlas.ui.parts.answer -> starlette"),
        ("atlas/catalogue/stored.py", "import sqlalchemy", "atlas.catalogue.stored -> sqlalchemy"),
        ("atlas/server/shape.py", "import geopandas", "atlas.server.shape -> geopandas"),
    ],
)
def test_what_is_outside_its_room_fails(copy, file, source, broken):
    (copy / file).parent.mkdir(exist_ok=True)
    (copy / file).write_text(source, encoding="utf-8")
    answer = lint(copy)
    assert answer.returncode != 0
    assert broken in answer.stdout


def test_no_room_is_a_heap():
    folders = [path.parent for path in (ROOT / "atlas").rglob("__init__.py")]
    own = {folder: [file for file in folder.glob("*.py") if file.name != "__init__.py"] for folder in folders}
    atlas = ROOT / "atlas"
    assert len([folder for folder in folders if folder.parent == atlas]) <= MOST_FOLDERS  # ten rooms and the commands
    assert len(own.pop(atlas)) <= MOST_FILES
    assert {folder.name: len(files) for folder, files in own.items() if len(files) > MOST_IN_A_ROOM} == {}
