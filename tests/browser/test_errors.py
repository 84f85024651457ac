"""A page with a fault that nobody expected: one sentence with a number, whose trace is in the log and nowhere else."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_visit
from tests.servers import ROOT, log_of, running_server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

PAGE = """
import streamlit as st

from atlas.ui.shell import open_page


def fail():
    raise KeyError("il segreto")


open_page()
st.title("Metodo")
st.button("Premi", on_click=fail)
if st.query_params.get("q") == "rotto":
    fail()
"""


@pytest.fixture(scope="module")
def broken_server(tmp_path_factory):
    """The atlas with one page that fails."""
    root = tmp_path_factory.mktemp("atlante")
    for name in ("pages", ".streamlit"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "dashboard.py", root)
    for name in ("atlas", "data"):
        (root / name).symlink_to(ROOT / name)
    (root / "pages" / "metodo.py").write_text(PAGE, encoding="utf-8")
    with running_server(root) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "words"), [("it", "scrivi a chi gestisce il sito il numero"), ("en", "give whoever runs this site")]
)
@pytest.mark.parametrize("where", ["page", "callback"])
def test_one_sentence_with_a_number_that_is_in_the_log(broken_server, browser, language, words, where):
    with new_visit(broken_server, browser) as visit:
        if where == "page":
            visit.open(f"metodo?lang={language}&q=rotto")
        else:
            visit.open(f"metodo?lang={language}")
            visit.page.get_by_role("button", name="Premi").click()
        alert = visit.page.get_by_test_id("stAlert")
        expect(alert).to_contain_text(words)
        assert alert.count() == 1
        reference = re.search(r"[0-9A-F]{8}", alert.inner_text())[0]
        shown = visit.page.content()
        assert "segreto" not in shown and "KeyError" not in shown and "Traceback" not in shown
        log = log_of(broken_server)
        after = log[log.index(f"errore {reference}") :]
        assert "KeyError: 'il segreto'" in after and "Traceback" in after
