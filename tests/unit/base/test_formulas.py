import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.formulas import neutralise_formula, restore_text

DANGEROUS = ["=1+1", "+39 02", "-5", "@x", "\t=1", "\r=1", "  =1", "＝1", "＋1", "－1", "＠x", "'=1", "\n=1", "\xa0=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_marked(text):
    assert neutralise_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "'ndrangheta", "10-20", "Città", "(=1)", "2020"])
def test_other_text_is_left_alone(text):
    assert neutralise_formula(text) == text
    assert restore_text(text) == text


@given(st.one_of(st.text(), st.text(alphabet="'=+-@ \t\ra", max_size=8)))
def test_restoring_is_the_inverse(text):
    assert restore_text(neutralise_formula(text)) == text
    assert not neutralise_formula(text).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
