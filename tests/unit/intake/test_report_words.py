import re

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.intake.reader import read_upload
from atlas.intake.report_words import translate_report
from tests.unit.intake.corpus import CASES

EN, IT = translator(Language.EN), translator(Language.IT)
# Words that are Italian and nothing else, outside quotes: a sentence with one was not translated.
ITALIAN = re.compile(
    r"\b(è|non|viene|vengono|della|delle|questo|oppure|riga|righe|resta|Ora|Forse|scrivi|nessun[ao]?)\b", re.I
)
SMALL = [case for case in CASES if len(case.data) < 100_000]


@pytest.mark.parametrize("case", SMALL, ids=[case.name for case in SMALL])
def test_every_sentence_of_the_corpus_has_its_english(case):
    for message in read_upload(case.data, "a").messages:
        assert translate_report(message.text, IT) == message.text
        for text in (message.text, message.suggestion):
            said = re.sub(r"“[^”]*”|«[^»]*»", "", translate_report(text, EN))
            # Notes of the register of codes are data, and stay in the language of the register.
            said = said.partition("→")[0]
            assert not ITALIAN.search(said), (text, said)


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("manca il titolo.", "the title is missing."),
        ("non è un numero. La cella resta vuota.", "not a number. The cell is left empty."),
        ("Ora è Roma (RM) 058091.", "It is now Roma (RM) 058091."),
        ("È un'immagine (PNG), non una tabella.", "It is an image (PNG), not a table."),
        (
            "altre 200 righe con lo stesso messaggio: colonna non riconosciuta: non viene letta.",
            "200 more rows with the same message: column not recognised: it is not read.",
        ),
        ("Una frase ignota. La cella resta vuota.", "Una frase ignota. The cell is left empty."),
        ("", ""),
    ],
)
def test_sentences_keep_their_values(italian, english):
    assert translate_report(italian, EN) == english


def test_values_of_a_file_cannot_reach_a_format():
    hostile = "«{0.__class__}» è forse «{title}»?"
    assert translate_report(hostile, EN) == "“{0.__class__}” is perhaps “{title}”?"
