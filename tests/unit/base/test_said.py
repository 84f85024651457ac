"""Sentences as keys and values: each key that the program writes has its words in each language."""

import ast
import re
from pathlib import Path

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.said import said, word, word_all
from atlas.intake.reader import read_upload
from atlas.territory.places.answers import Reason
from tests.unit.intake.corpus import CASES

ROOT = Path(__file__).resolve().parents[3]
EN, IT = translator(Language.EN), translator(Language.IT)
# Words that are Italian and nothing else, outside quotes: a sentence with one was not translated.
ITALIAN = re.compile(
    r"\b(è|non|viene|vengono|della|delle|questo|oppure|riga|righe|resta|Ora|Forse|scrivi|nessun[ao]?)\b", re.I
)
SMALL = [case for case in CASES if len(case.data) < 100_000]
# Put together from parts in the source: `no_title` and `no_place` may both be missing.
COMPOSED = {"no_title", "no_place", "no_title_no_place"} | {f"place.{reason}" for reason in Reason}
# Said by `Message.say` and `to_lines` around the sentences.
AROUND = re.compile(
    r"row|file|in_column|with_value|tab|encoding|delimiter|sheet|read_as|counts|needs|(severity|verdict)\..*"
)


def written():
    """Return key → names of its values, for every `said("key", name=…)` in the source."""
    found = {}
    for path in (ROOT / "atlas").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said":
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    names = frozenset(one.arg for one in node.keywords)
                    found.setdefault(key.value, set()).add(names)
    return found


@pytest.mark.parametrize("words", [IT, EN], ids=["it", "en"])
def test_every_sentence_that_is_written_has_its_words(words):
    for key, uses in written().items():
        names = frozenset(re.findall(r"\{(\w+)\}", words.catalogue[f"message.{key}"]))
        assert all(use == names or None in use for use in uses), key  # None: values handed over with **
    for key in COMPOSED:
        assert f"message.{key}" in words.catalogue


def test_no_words_are_kept_for_what_nobody_says():
    kept = {key.removeprefix("message.") for key in IT.catalogue if key.startswith("message.")}
    assert {key for key in kept - set(written()) - COMPOSED if not AROUND.fullmatch(key)} == set()


@pytest.mark.parametrize("case", SMALL, ids=[case.name for case in SMALL])
def test_every_sentence_of_the_corpus_is_said_in_english(case):
    for message in read_upload(case.data, "a").messages:
        told = re.sub(r"“[^”]*”|«[^»]*»", "", word_all((message.text, *message.hints), EN))
        # Notes of the register of codes are data, and stay in the language of the register.
        assert not ITALIAN.search(told.partition("→")[0]), told


def test_values_stand_in_the_sentence():
    assert word(said("now", place="Roma (RM) 058091"), EN) == "It is now Roma (RM) 058091."
    assert word(said("left_empty", fault=said("no_number")), IT) == "non è un numero. La cella resta vuota."
    assert word(said("too_heavy", n=12.3), IT) == "Il file pesa 12,3 MB: il limite è 10 MB."
    assert word(said("too_heavy", n=12.3), EN) == "The file weighs 12.3 MB: the limit is 10 MB."


def test_values_of_a_file_cannot_reach_a_format():
    hostile = said("perhaps_header", text="{0.__class__}", near="{title}")
    assert word(hostile, EN) == "“{0.__class__}” is perhaps “{title}”?"
