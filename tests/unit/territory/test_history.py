"""What places of today were on an earlier day."""

import pytest

from atlas.territory.history import NO_PROVINCE, NOTHING, History, ProvinceThen, Then
from tests.factories import real_territory


@pytest.mark.parametrize(
    ("code", "date", "then"),
    [
        ("119003", "2020", Then("111009", "Sud Sardegna")),  # Carbonia
        ("119003", "2003", Then("092012", "Cagliari")),
        ("113017", "2014", Then("104017", "Olbia-Tempio")),
        ("112001", "2020", Then("090003")),  # Alghero: still in a province called Sassari
        ("018094", "2020", Then(parts=("Lirio",))),
        ("024129", "2026-02-20", Then(parts=("Castegnero", "Nanto"))),
        ("081021", "2020", Then(inside=("Misiliscemi",))),
        ("081025", "2020", Then(whole="Trapani")),
        ("102017", "2020", Then(name="Ionadi")),
        ("119003", "2026-01-01", NOTHING),
        ("024129", "2026-02-21", NOTHING),
        ("015146", "2010", NOTHING),
        ("119003", "", NOTHING),
    ],
)
def test_what_was_different(code, date, then):
    assert real_territory().history.then(code, date) == then


def test_provinces_that_did_not_exist_or_had_other_bounds():
    """Which municipalities a province had follows from the codes that they had."""
    then = real_territory().history.province_then
    assert then("119", "2020") == ProvinceThen(began="2026-01-01")
    assert then("112", "2020") == ProvinceThen(began="2026-01-01", had_others=True)
    assert then("015", "2020") == then("119", "2026") == then("119", "") == NO_PROVINCE
    # With eight provinces of 2005 Sardinia was divided almost as it is today.
    assert then("112", "2014") == ProvinceThen("090")  # also called Sassari
    assert then("113", "2014") == ProvinceThen("104", "Olbia-Tempio")
    assert then("116", "2014") == ProvinceThen("105")
    assert then("118", "2014") == ProvinceThen(began="2026-01-01", had_others=True)
    # Monza and Brianza was a part of Milan, and Rimini had two municipalities less.
    assert then("108", "2008") == ProvinceThen(began="2010-01-01")
    assert then("015", "2008") == ProvinceThen(began="2010-01-01", had_others=True)
    assert then("099", "2020") == then("041", "2020") == ProvinceThen(began="2021-06-17", had_others=True)


def test_a_territory_without_history_says_nothing():
    assert History({}).then("119003", "2020") == NOTHING
