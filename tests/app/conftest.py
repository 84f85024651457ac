"""Pages run by Streamlit's own test runner, inside the real shell."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

import atlas
from atlas.catalogue.source import bundle
from atlas.figures import map_files
from atlas.ui import shell
from tests.factories import DATA_DIR, write_data

ROOT = DATA_DIR.parent
# A module that is first imported while a test has moved the data folder would keep the moved one.
for module in pkgutil.walk_packages(atlas.__path__, "atlas."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
PAGES = tuple(shell.PAGES)
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def real_shell(monkeypatch):
    """AppTest looks for pages/ anew at each run and would then run one without the shell, unlike the server."""
    made = PagesManager.__init__

    def make(self, *args, **kwargs):
        made(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", make)


@pytest.fixture
def data_dir(tmp_path, monkeypatch) -> Path:
    """The small data, in a folder of their own: whatever is read is kept by its folder."""
    map_files.published_files()  # the map's files stay the real ones
    monkeypatch.setattr(bundle, "DATA_DIR", write_data(tmp_path))
    monkeypatch.setattr(bundle, "BUNDLED", tmp_path / "initiatives.csv")
    return tmp_path


@pytest.fixture
def open_page() -> Open:
    """Open a page as a link does: its name and the query."""

    def open_(page: str = "mappa", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        if page != "mappa":
            app.switch_page(f"pages/{page}.py")
        return app.run()

    return open_
