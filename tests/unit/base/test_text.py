import pytest

from atlas.base.text import bind_numbers

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("title", "bound"),
    [
        ("La casa: 4 iniziative in 3 regioni", "La casa: 4~iniziative in 3~regioni"),
        ("Puglia: 2 su 35", "Puglia: 2~su~35"),
        ("Iniziative: 20.000", "Iniziative:~20.000"),
        ("Senza numeri", "Senza numeri"),
        ("", ""),
    ],
)
def test_a_number_stays_with_what_it_counts(title, bound):
    assert bind_numbers(title) == bound.replace("~", "\u00a0")
