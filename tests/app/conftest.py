"""Pages run by Streamlit's own test runner, inside the real shell."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
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
def data_dir(tmp_path, monkeypatch) -> Iterator[Path]:
    """The small data, in a folder of their own; nothing read before or after is remembered."""
    monkeypatch.setattr(bundle, "DATA_DIR", write_data(tmp_path))
    monkeypatch.setattr(bundle, "BUNDLED", tmp_path / "initiatives.csv")

    map_files.published_files()  # the map's files stay the real ones
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    """Empty what any module of the atlas has made once a process, but for the map's files.

    All of them: a gazetteer or a catalogue made from the small data would answer the tests that come after.
    """
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "atlas":
            for made in vars(module).values():
                if hasattr(made, "cache_clear") and made is not map_files.published_files:
                    made.cache_clear()
    st.cache_data.clear()


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
