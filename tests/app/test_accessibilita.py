"""The statement says whom to tell: the contact that the operator set, or that there is none yet."""

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.settings import Settings
from atlas.ui.method import accessibility
from tests.app.reading import page_text


@pytest.mark.parametrize("language", list(Language))
def test_without_a_contact_the_statement_says_so(open_page, language):
    text = page_text(open_page("accessibilita", lang=language.value))
    assert " ".join(translator(language)("access.no_contact").split()) in text


def test_with_a_contact_it_is_a_link(open_page, monkeypatch):
    monkeypatch.setattr(accessibility, "read_settings", lambda: Settings(contact="aiuto@comune.example.it"))
    app = open_page("accessibilita")
    assert any("[aiuto@comune.example.it](mailto:aiuto@comune.example.it)" in each.value for each in app.markdown)
