from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.said import word_all
from atlas.territory.codes import CodeBook, CodeChange, read_code_changes, to_bare_code
from atlas.territory.territory import Territory, read_territory
from tests.factories import DATA_DIR

IT = translator(Language.IT)
SMALL = pd.DataFrame(
    {"belfiore": ["L219", "H501", "A192"], "region_code": ["01", "12", "20"]},
    index=pd.Index(["001272", "058091", "090003"], name="istat_code"),
)


@cache
def italy() -> Territory:
    return read_territory(DATA_DIR)


@cache
def book() -> CodeBook:
    return CodeBook(italy().municipalities, read_code_changes(DATA_DIR))


@pytest.mark.parametrize(
    ("written", "code", "reasons"),
    [
        ("001272", "001272", ("unchanged",)),
        ("1272", "001272", ("padded",)),
        (" 1272 ", "001272", ("padded",)),
        ("\u00a01272\t", "001272", ("padded",)),
        ("1272.0", "001272", ("padded",)),
        ("1272,00", "001272", ("padded",)),
        ('="001272"', "001272", ("unchanged",)),
        ("'001272", "001272", ("unchanged",)),
        ('"58091"', "058091", ("padded",)),
        ("1.272E+03", "001272", ("padded",)),
        ("1,272E+03", "001272", ("padded",)),
        ("58.091", "058091", ("padded",)),
        ("０５８０９１", "058091", ("unchanged",)),
        ("12058091", "058091", ("padded",)),
        ("IT_058091", "058091", ("unchanged",)),
        ("H501", "058091", ("belfiore",)),
        ("h501", "058091", ("belfiore",)),
        ("037004", "037061", ("merged",)),
        ("37004", "037061", ("padded", "merged")),
        ("A726", "037061", ("belfiore", "merged")),
        ("024103", "024128", ("merged",)),
        ("041032", "041044", ("merged",)),
        ("041033", "099030", ("renumbered",)),
        ("15149", "108033", ("padded", "renumbered")),
        ("104017", "113017", ("renumbered",)),
        ("112001", "112001", ("unchanged",)),
        ("090003", "112001", ("renumbered",)),
        ("90047", "113017", ("padded", "renumbered")),
        ("018082", "018094", ("merged",)),
        ("E608", "018094", ("belfiore", "merged")),
        ("F838", "024129", ("belfiore", "merged")),
        ("M439", "024129", ("belfiore",)),
    ],
)
def test_codes_as_people_write_them(written: str, code: str, reasons: tuple[str, ...]) -> None:
    found = book().resolve(written)
    assert (found.code, found.reasons) == (code, reasons)


@pytest.mark.parametrize(
    "written",
    ["", " ", "Roma", "999999", "0", "1234567", "08058091", "1234567890123", "-58091", "2,5", "H50", "Z999", "1E+99",
     "nan", "058 09I", "１H501", "1.2.3", "=", "²58091"],
)  # fmt: skip
def test_what_is_no_code_stays_unknown_with_a_reason(written: str) -> None:
    found = book().resolve(written)
    assert found.code is None and found.reasons[-1] == "unknown" and word_all(found.notes, IT)


def test_a_chain_of_changes_is_followed_and_told() -> None:
    changes = [
        CodeChange("000001", "000002", "A", "renumbered"),
        CodeChange("000002", "058091", "B", "merged", "2020-01-01"),
    ]
    found = CodeBook(SMALL, changes).resolve("1")
    assert (found.code, found.reasons) == ("058091", ("padded", "renumbered", "merged"))
    assert "A" in word_all(found.notes, IT) and "2020-01-01" in word_all(found.notes, IT)


def test_today_comes_before_yesterday() -> None:
    found = CodeBook(SMALL, [CodeChange("058091", "001272", "Roma", "merged")]).resolve("058091")
    assert (found.code, found.reasons) == ("058091", ("unchanged",))


def test_a_divided_territory_is_not_guessed() -> None:
    changes = [CodeChange("000001", "058091", "A", "split"), CodeChange("000001", "001272", "A", "split")]
    found = CodeBook(SMALL, changes).resolve("000001")
    assert found.code is None and "001272" in word_all(found.notes, IT) and "058091" in word_all(found.notes, IT)


def test_an_unknown_successor_is_said() -> None:
    found = CodeBook(SMALL, [CodeChange("000001", "", "Castegnero", "merged", note="fuso nel 2026")]).resolve("000001")
    assert found.code is None and "Castegnero" in word_all(found.notes, IT) and "2026" in word_all(found.notes, IT)


def test_a_circle_of_changes_ends() -> None:
    changes = [CodeChange("000001", "000002"), CodeChange("000002", "000001")]
    assert CodeBook(SMALL, changes).resolve("000001").code is None


@given(st.sampled_from(range(len(italy().municipalities))))
def test_a_number_that_lost_its_zeros_finds_its_municipality(row: int) -> None:
    code = str(italy().municipalities.index[row])
    for written in (str(int(code)), f"{int(code)}.0", f'="{code}"', f"{int(code):,}".replace(",", "."), f" {code}"):
        assert book().resolve(written).code == code


@given(st.text(max_size=14))
def test_any_text_gets_an_answer(text: str) -> None:
    found = book().resolve(text)
    assert found.code is None or found.code in italy().municipalities.index
    assert to_bare_code(text) == to_bare_code(to_bare_code(text))


def test_every_change_on_file_arrives_somewhere() -> None:
    lost = {change.old_code for change in read_code_changes(DATA_DIR) if book().resolve(change.old_code).code is None}
    assert lost == set()


def test_former_codes_are_not_codes_of_today() -> None:
    today = set(italy().municipalities["belfiore"])
    reused = {change.old_code for change in read_code_changes(DATA_DIR) if change.old_code in today}
    assert reused == set()
