"""What a catalogue says of itself is read from a file, and wrong things in it are refused with a sentence."""

import pytest

from atlas.base.model import DataError, Language
from atlas.catalogue.provenance import Named, read_provenance
from atlas.catalogue.source.bundle import ABOUT


def write(folder, text):
    path = folder / "about.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_bundled_catalogue_says_everything_in_both_languages():
    said = read_provenance(ABOUT)
    assert said.licence and said.licence_address and said.situation and said.updated
    for language in Language:
        words = said.named[language]
        assert all(getattr(words, name) for name in Named.__dataclass_fields__)


def test_what_is_not_said_is_empty_and_one_language_stands_in_for_the_other(tmp_path):
    said = read_provenance(write(tmp_path, 'situation = "2024-05-31"\n[it]\ntitle = "schede  della\\nRegione"\n'))
    assert (said.licence, said.situation) == ("", "2024-05-31")
    assert said.words(Language.EN).title == said.words(Language.IT).title == "schede della Regione"
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert read_provenance(write(nothing, "")).words(Language.IT) == Named()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[it", "non è un file TOML"),
        ("licenza = 'x'", "licenza"),
        ("licence = 4", "licence"),
        ("licence_address = 'http://example.org'", "https://"),
        ("situation = 'ieri'", "2020"),
        ("situation = '2024-13-01'", "2020"),
        ("updated = '2024'", "2026-11-28"),
        ("it = 'x'", r"\[it\]"),
        ("[it]\ntitolo = 'x'", r"\[it\]"),
        ("[en]\ntitle = ['x']", "en.title"),
        (f"[en]\ntitle = '{'x' * 1001}'", "1000"),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_entry(tmp_path, text, said):
    with pytest.raises(DataError, match=said) as error:
        read_provenance(write(tmp_path, text))
    assert "about.toml" in str(error.value)
