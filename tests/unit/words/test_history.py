"""The page of a municipality says what it was, with the last day of each name and code."""

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.territory.codes import CodeChange, read_code_changes
from atlas.territory.vintage import CodeYears
from atlas.words.history import SHOWN, say_before
from tests.factories import DATA_DIR, real_territory

IT, EN = translator(Language.IT), translator(Language.EN)


def before(code):
    territory = real_territory()
    years = CodeYears(territory.municipalities.index, read_code_changes(DATA_DIR), 2026)
    return years.before(code), territory.name_of(code)


def test_municipalities_that_merged_have_their_names():
    assert say_before(*before("024129"), IT) == (
        "Prima: Castegnero (024027) fino al 20 febbraio 2026, Nanto (024071) fino al 20 febbraio 2026."
    )


def test_an_older_code_of_the_same_municipality_is_a_code():
    assert say_before(*before("113017"), EN) == "Before: 090047 until 31 December 2025, 104017 until 31 December 2016."


def test_nothing_is_said_where_nothing_changed():
    assert say_before(*before("058091"), IT) == ""


def test_a_day_that_is_not_known_and_a_long_list_are_not_made_up():
    changes = [CodeChange(f"{n:06}", "000099", f"Comune {n}", "merged", "") for n in range(SHOWN + 1)]
    said = say_before(changes, "Nuovo", IT)
    assert said.startswith("Prima: Comune 0 (000000), Comune 1 (000001)") and said.endswith(", ….")
