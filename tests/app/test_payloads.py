"""Text of a catalogue or of a link is shown letter for letter by every page, in whatever column it stands."""

import re

import pytest

from atlas.columns import COLUMNS
from tests.app.reading import markdown_of, page_text, read
from tests.app.test_broken_data import say
from tests.factories import make_row, write_initiatives
from tests.payloads import FREE_COLUMNS, PAYLOADS

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


@each_payload
def test_every_free_column_is_shown_letter_for_letter(open_page, data_dir, payload):
    row = make_row("uno") | {column: f"{column} {payload}" for column in FREE_COLUMNS}
    row |= {column: row[column].replace(";", ",") for column in ("partners", "documents")}
    write_initiatives(data_dir / "initiatives.csv", row)
    for page in ("mappa", "catalogo"):
        for language in ("it", "en"):
            app = open_page(page, lang=language, id="uno")
            assert not app.exception and not app.error
            text = page_text(app)
            hidden = {f"title_{'en' if language == 'it' else 'it'}", f"summary_{'en' if language == 'it' else 'it'}"}
            assert [c for c in FREE_COLUMNS if c not in hidden and " ".join(row[c].split()) not in text] == []
            assert dangerous(app) == []
    for page in ("mappa", "regioni", "catalogo", "metodo"):
        app = open_page(page)
        assert not app.exception and dangerous(app) == []
    assert any(payload.split()[0] in read(button.label) for button in open_page("catalogo").button)


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
    for page in ("regioni", "catalogo"):
        assert dangerous(open_page(page, q=payload)) == []


def test_the_check_sees_what_is_not_escaped():
    class Raw:
        value = PAYLOADS["markdown_image"]

    class App:
        def get(self, kind):
            return [Raw()] if kind == "markdown" else []

    assert dangerous(App()) != []
