"""What places of today were on an earlier day."""

import pytest

from atlas.territory.history import NOTHING, History, Then
from tests.factories import real_territory


@pytest.mark.parametrize(
    ("code", "date", "then"),
    [
        ("119003", "2020", Then("111009", "Sud Sardegna")),  # Carbonia
        ("119003", "2003", Then("092012", "Cagliari")),
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
    history = real_territory().history
    assert history.began("119", "2020") == "2026-01-01" and not history.had_other_bounds("119")
    assert history.began("112", "2020") == "2026-01-01" and history.had_other_bounds("112")
    assert history.began("015", "2020") == history.began("119", "2026") == ""


def test_a_territory_without_history_says_nothing():
    assert History({}).then("119003", "2020") == NOTHING
