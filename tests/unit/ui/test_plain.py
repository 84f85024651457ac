import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.ui.parts.markdown_escape import mark_words, to_link, to_plain

JOINER = "\u2060"
# Every character by which Markdown, Streamlit's colours, formulas or HTML could begin something.
MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def read(markdown: str) -> str:
    """What a CommonMark reader shows: a backslash before punctuation goes, the joiner is invisible."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@given(st.text())
def test_it_reads_as_the_same_text_on_one_line(text):
    assert read(to_plain(text)) == " ".join(text.replace(JOINER, "").split()) or JOINER in text


@given(st.text(alphabet=MARKS + "ab :", max_size=40))
def test_no_mark_is_left_bare(text):
    bare = re.sub(r"\\.", "", to_plain(text))
    assert not set(bare) & set(MARKS)


@pytest.mark.parametrize("before", ["", "_", "x_", "(_", "à", "0", "*", "~"])
@pytest.mark.parametrize("text", ["https://evil.example", "HTTP://evil.example", "www.evil.example", "mailto:a@evil"])
def test_no_address_becomes_a_link(text, before):
    assert text.lower() not in re.sub(r"\\", "", to_plain(before + text)).lower()


def test_no_shortcode_becomes_an_emoji_and_no_mail_a_link():
    assert ":smile:" not in to_plain(":smile:").replace("\\", "")
    assert "a@b.it" not in to_plain("a@b.it").replace("\\", "")


def test_a_line_cannot_begin_a_heading_or_a_list():
    assert "\n" not in to_plain("uno\n# due\n- tre")


@pytest.mark.parametrize("text", ["a -> b", "a <- b", "65 >= 60", "a <= b", "a ~= b", "uno -- due", "<->"])
def test_no_sign_becomes_another(text):
    shown = to_plain(text).replace("\\", "")
    assert not re.search(r"->|<-|--|>=|<=|~=", shown)
    assert shown.replace(JOINER, "") == text


def test_a_link_reads_and_leads_as_the_address_and_nothing_else():
    address = "https://atlante.example.org/catalogo?id=a_b&q=x(1)"
    shown = to_link(address)
    text, _, target = shown[1:-1].rpartition("](")
    assert text.replace("\\", "") == address and "\u2060" not in shown
    assert target == address.replace("(", "%28").replace(")", "%29")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Casa e case", ":yellow-background[Casa] e case"),
        ("Caffè *casa*", r"Caffè \*:yellow-background[casa]\*"),
        ("parte", "parte"),
        (":casa:", to_plain(":casa:")),
    ],
)
def test_marked_words_are_whole_and_the_rest_stays_escaped(text, shown):
    assert mark_words(text, {"casa"}) == shown
    assert mark_words(text, ()) == to_plain(text)
