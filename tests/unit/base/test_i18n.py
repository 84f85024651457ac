"""Both catalogues hold the same sentences, and exactly those that the program says."""

import ast
import datetime
import re
import string
from pathlib import Path

import pytest

from atlas.base.folders import ASSETS
from atlas.base.i18n import read_catalogue, translator
from atlas.base.model import Language

ROOT = Path(__file__).resolve().parents[3]
TEXTS = {language: dict(read_catalogue(language)) for language in Language}
IT = TEXTS[Language.IT]
# By these names the program calls a Translator.
SPEAKERS = {"words", "say", "translator", "plural"}


def placeholders(text):
    fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    # A name with its preposition ("in Emilia-Romagna") or bare: each language takes the one it needs.
    return {name.removesuffix("_name") for name in fields} | set(re.findall(r"%[a-z]", text))


def said_keys():
    """Yield (where, pattern of keys, is the argument of a speaker) for every text of the program."""
    for path in sorted([*ROOT.glob("atlas/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "dashboard.py"]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        spoken = {id(call.args[0]) for call in ast.walk(tree) if isinstance(call, ast.Call) and is_spoken(call)}
        spoken |= {id(branch) for node in ast.walk(tree) if id(node) in spoken for branch in branches(node)}
        nodes = list(ast.walk(tree))
        # f"{section}.{option}": the section is one of those that the same file names.
        sections = {key.split(".")[0] for key in IT} & {getattr(node, "value", None) for node in nodes if is_text(node)}
        for node in nodes:
            if (pattern := to_pattern(node, "|".join(sorted(sections)))) is not None:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", pattern, id(node) in spoken
    for path in sorted(ROOT.glob("atlas/assets/site/*.*ml")):
        for key in re.findall(r"""\bsay\(\s*['"]([\w.]+)['"]""", path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), re.escape(key), True


def is_spoken(call):
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    return bool(call.args) and name in SPEAKERS


def branches(node):
    return (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def to_pattern(node, sections):
    if is_text(node):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(v.value) if isinstance(v, ast.Constant) else "[^. ]*" for v in node.values]
        if parts and parts[0] == "[^. ]*":
            parts[0] = f"({sections})"
        return "".join(parts)
    return None


SAID = list(said_keys())


def test_all_languages_have_the_same_keys():
    assert [language for language, texts in TEXTS.items() if texts.keys() != IT.keys()] == []


@pytest.mark.parametrize("key", sorted(IT.keys()))
def test_all_languages_have_the_same_placeholders_and_no_empty_sentence(key):
    texts = [one[key] for one in TEXTS.values()]
    assert all(text.strip() and placeholders(text) == placeholders(IT[key]) for text in texts)


def test_every_plural_has_both_forms():
    stems = {form: {k.rsplit(".", 1)[0] for k in IT if k.endswith(f".{form}")} for form in ("one", "other")}
    assert stems["one"] == stems["other"]


def test_every_key_that_the_program_says_exists():
    stems = {*IT, *(key.rsplit(".", 1)[0] for key in IT)}
    sections = {key.split(".")[0] for key in IT}
    wrong = [
        (where, pattern)
        for where, pattern, spoken in SAID
        if spoken
        and pattern.replace("\\", "").split(".")[0] in sections
        and not any(re.fullmatch(pattern, key) for key in stems)
    ]
    assert SAID and any(spoken for _, _, spoken in SAID)
    assert not wrong


def test_every_sentence_is_said_somewhere():
    patterns = [re.compile(pattern) for pattern in {p for _, p, _ in SAID if "\\." in p}]
    # Texts of Streamlit's own are mended by page.js, which has a name for each.
    mended = set(re.findall(r"\b(\w+): \"", (ASSETS / "page.js").read_text(encoding="utf-8")))

    def is_said(key):
        if key.removeprefix("streamlit.") in mended:
            return True
        stem = key.rsplit(".", 1)[0] if key.endswith((".one", ".other")) else key
        return any(pattern.fullmatch(form) for pattern in patterns for form in (key, stem))

    # Those of `message` are written as `said("key")`: test_said looks for them.
    assert [key for key in IT if not key.startswith("message.") and not is_said(key)] == []


def test_numbers_dates_and_lists_are_written_as_the_language_does():
    it, en = translator(Language.IT), translator(Language.EN)
    assert (it.number(1234), en.number(1234)) == ("1.234", "1,234")
    assert (it.number(0.256), it.number(12.34), it.number(3.0)) == ("0,26", "12,3", "3")
    assert (it.date(datetime.date(2022, 1, 1)), en.date(datetime.date(2022, 1, 1))) == (
        "1° gennaio 2022",
        "1 January 2022",
    )
    assert it.date(datetime.date(2021, 11, 11)) == "11 novembre 2021"
    assert (it.sequence(["a", "b", "c"]), it.sequence([])) == ("a, b e c", "")


def test_a_plural_chooses_its_form_and_formats_its_number():
    it = translator(Language.IT)
    assert it.plural("list.title", 1) == "1 iniziativa"
    assert it.plural("list.title", 0) == "0 iniziative"
    assert it.plural("list.title", 1234) == "1.234 iniziative"
    with pytest.raises(KeyError):
        it("list.nothing_like_this")
