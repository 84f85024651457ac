"""Text of a catalogue or of a link is shown letter for letter by every page, in whatever column it stands."""

import re

import pytest

from atlas.base.columns import COLUMNS
from tests.app.conftest import PAGES
from tests.app.reading import markdown_of, page_text, read
from tests.app.test_broken_data import say
from tests.factories import make_row, write_initiatives
from tests.payloads import FREE_COLUMNS, PAYLOADS

pytestmark = pytest.mark.thorough

each_payload = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
# What our own Markdown may hold that comes from no file: bold, lists, line ends, the permanent link.
OURS = re.compile(r"\*\*|^- |\[(\\.|[\w-])+\]\([\w:/.]*\?[\w=&-]+\)", re.MULTILINE)


def dangerous(app):
    """Return what Markdown would still make something of, once our own marks and every escape are taken away."""
    found = []
    for text in markdown_of(app):
        bare = re.sub(r"\\.", "", OURS.sub("", text))
        found += re.findall(r"!\[|\]\(|<[a-z/!]|\$|`|https?://|www\.|:[a-z-]+\[|:\w+:|\{\{|^#", bare)
    return found


def fill(id_, payload):
    """A row with the payload in every free column."""
    row = make_row(id_) | {column: f"{column} {payload}" for column in FREE_COLUMNS}
    return row | {column: row[column].replace(";", ",") for column in ("partners", "documents")}


@each_payload
def test_every_free_column_is_shown_letter_for_letter(open_page, data_dir, payload):
    row = fill("uno", payload)
    write_initiatives(data_dir / "initiatives.csv", row)
    for page, language, other in (("mappa", "it", "en"), ("catalogo", "en", "it")):
        app = open_page(page, lang=language, id="uno")
        assert not app.exception and not app.error
        text = page_text(app)
        shown = [column for column in FREE_COLUMNS if not column.endswith(f"_{other}")]
        assert [column for column in shown if " ".join(row[column].split()) not in text] == []
        assert dangerous(app) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_makes_anything_of_a_hostile_catalogue(open_page, data_dir, page):
    rows = [fill(f"n{i}", payload) for i, payload in enumerate(PAYLOADS.values())]
    write_initiatives(data_dir / "initiatives.csv", *rows)
    app = open_page(page)
    assert not app.exception and not app.error
    assert dangerous(app) == []
    if page == "catalogo":
        labels = [read(button.label) for button in app.button if str(button.key).startswith("open_")]
        assert len(labels) == 8
        assert all(" ".join(row["title_it"].split()) in labels[i] for i, row in enumerate(rows[:8]))


@pytest.mark.parametrize("column", [column for column in COLUMNS if column not in FREE_COLUMNS])
def test_no_other_column_takes_it_and_the_message_shows_it_as_text(open_page, data_dir, column):
    for name in ("template", "image", "markdown_image", "colour"):
        payload = PAYLOADS[name]
        write_initiatives(data_dir / "initiatives.csv", make_row("uno") | {column: payload})
        app = open_page()
        assert f"colonna {column}" in say(app)
        assert dangerous(app) == []


@each_payload
def test_a_search_is_shown_letter_for_letter(open_page, payload):
    app = open_page(q=payload)
    assert not app.exception
    assert dangerous(app) == []
    assert " ".join(payload.split()) in page_text(app)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_makes_anything_of_a_hostile_search(open_page, page):
    for name in ("markdown_image", "template", "colour"):
        app = open_page(page, q=PAYLOADS[name])
        assert not app.exception
        assert dangerous(app) == []


def test_the_check_sees_what_is_not_escaped():
    class Raw:
        value = PAYLOADS["markdown_image"]

    class App:
        def get(self, kind):
            return [Raw()] if kind == "markdown" else []

    assert dangerous(App()) != []
