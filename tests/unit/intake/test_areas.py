"""Unions and districts: read by their exact name, otherwise a doubt with the group and its members."""

import pytest

from atlas.intake.reader import read_upload

CREMASCO = "ambito-cremasco"


def read(name, column="comune", **choices):
    return read_upload(f"titolo;{column}\nMensa;{name}\n".encode(), "a.csv", **choices)


def test_a_group_is_read_by_its_exact_name():
    assert read("Ambito distrettuale Cremasco").rows["places"].tolist() == [CREMASCO]


@pytest.mark.parametrize("column", ["comune", "luoghi"])
@pytest.mark.parametrize(
    "name",
    ["Ambito sociale Cremasco", "Unione dei Comuni del Cremasco", "Comunità Sociale Cremasca", "Distretto di Crema"],
)
def test_a_name_alike_is_a_doubt_with_the_group_and_its_members(name, column):
    report = read(name, column)
    (doubt,) = report.doubts
    assert not report.loaded and not doubt.sure
    assert doubt.choices[0] == CREMASCO and len(doubt.choices) == 49 and "019035" in doubt.choices
    for choice in (CREMASCO, "019035"):
        settled = read(name, column, answers={(doubt.field, doubt.value): choice})
        assert settled.rows["places"].tolist() == [choice]


@pytest.mark.parametrize("name", ["Unione dei Comuni Valdarno", "Ambito di Cremona", "Distretto socio-sanitario 1"])
def test_nothing_is_offered_for_a_group_that_is_not_known(name):
    (doubt,) = read(name).doubts
    assert CREMASCO not in doubt.choices
