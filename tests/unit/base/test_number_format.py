"""Numbers have one format everywhere: that of the words (5.975), also where a browser writes them."""

import re

from atlas.base.i18n import translator
from atlas.base.model import Language
from tests.servers import ROOT

SCRIPTS = sorted((ROOT / "atlas" / "assets").rglob("*.js"))
# By itself a browser writes 5975 in Italian, and 20.460.
WRITES = re.compile(r"(?:toLocaleString|NumberFormat)\((?P<how>[^)]*)\)")


def test_a_negative_zero_is_written_as_zero_and_for_no_other():
    for number in (-0.0, 0, 0.0):
        assert [translator(language).number(number) for language in Language] == ["0", "0"]


def test_four_digits_are_grouped_in_words_and_by_every_script():
    assert [translator(language).number(5975) for language in (Language.IT, Language.EN)] == ["5.975", "5,975"]
    found = [(path.name, one["how"]) for path in SCRIPTS for one in WRITES.finditer(path.read_text(encoding="utf-8"))]
    assert {name for name, _ in found} >= {"map.js", "explore.js"}
    assert all('useGrouping: "always"' in how for _, how in found), found
