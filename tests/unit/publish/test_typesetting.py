import json
from datetime import UTC, datetime
from io import BytesIO

import psutil
import pytest
from pypdf import PdfReader

from atlas.publish.decks import typesetting
from atlas.publish.decks.typesetting import typeset, without_rare_marks
from atlas.publish.stills.stills import font_folder

AT = datetime(2026, 5, 4, tzinfo=UTC)
SAYS = b"""#set document(title: "prova")
#set text(font: "DejaVu Sans", lang: "it")
#json(bytes(sys.inputs.data)).text"""


def write(text, template=SAYS, still_wanted=lambda: None):
    return typeset(template, json.dumps({"text": text}, ensure_ascii=False), str(font_folder()), AT, still_wanted)


def text_of(pdf):
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_text_is_data_and_not_markup():
    assert text_of(write("#pagebreak() *a* $x$ {{7*7}}")) == "#pagebreak() *a* $x$ {{7*7}}"


@pytest.mark.parametrize("rare", ["1\ufe0f\u20e3", "#\ufe0f\u20e3", "a\u20dd", "b\u1ab0", "c\u3099", "d\u302a"])
def test_a_mark_that_the_font_lacks_does_not_stop_the_document(rare):
    shown = text_of(write(f"Titolo {rare} perché è così"))
    assert shown.startswith("Titolo") and "perché è così" in shown


def test_letters_keep_their_accents():
    assert without_rare_marks("e\u0300 A\u0301 1\u20e3") == "è Á 1"


def test_a_template_that_is_wrong_says_why():
    with pytest.raises(RuntimeError, match="unknown variable"):
        write("x", b"#nothing")


def test_who_does_not_want_it_any_more_stops_the_child():
    def leave():
        assert psutil.Process().children()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write("x", still_wanted=leave)
    assert not [child for child in psutil.Process().children() if "typesetting" in " ".join(child.cmdline())]


def test_a_child_that_is_slow_to_read_gets_all_of_a_large_document(monkeypatch):
    monkeypatch.setattr(typesetting, "_STEP", 0.01)  # far less than Python needs to start
    monkeypatch.setattr(typesetting, "PATIENCE", 60)
    data = json.dumps({"text": "fine", "more": "x" * 400_000})
    assert text_of(typeset(SAYS, data, str(font_folder()), AT)) == "fine"
