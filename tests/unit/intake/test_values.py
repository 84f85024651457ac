from datetime import date, datetime

import pytest

from atlas.intake.cells.values import UnreadableError, clean_text, parse_amount, parse_count, parse_years, split_list


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("€ 700.000", "700000"), ("700.000", "700000"),
        ("700,000", "700000"), ("700.000,00 EUR", "700000"), ("1.000.000", "1000000"), ("1234.5", "1234.5"),
        ("1234,567", "1234.567"), ("0,125", "0.125"), ("0.125", "0.125"), ("1 234,50", "1234.5"), ("1\xa0234", "1234"),
        ("1'234.50", "1234.5"), ("2,5 milioni", "2500000"), ("700 mila euro", "700000"), ("1,2 mln €", "1200000"),
        ("7E5", "700000"), ("7,0E+05", "700000"), ("700.000,=", "700000"), ("0", "0"), ("007", "7"), ("+5", "5"),
        (700000, "700000"), (1234.567, "1234.567"), (0.1, "0.1"), (1e6, "1000000"), (float("nan"), ""),
        ("", ""), ("n.d.", ""), ("ND", ""), ("-", ""), (None, ""), ("non disponibile", ""),
    ],
)  # fmt: skip
def test_amounts(cell, amount):
    assert parse_amount(cell) == amount


@pytest.mark.parametrize(
    "cell", ["tanti", "-5", -5, "1.23.4", "1,2,3", "12.34,56,7", "circa 30", "1e400", 1e20, True, date(2020, 1, 1)]
)
def test_what_is_no_amount_is_said(cell):
    with pytest.raises(UnreadableError):
        parse_amount(cell)


def test_people_are_whole():
    assert parse_count("1.200") == "1200"
    with pytest.raises(UnreadableError, match="no_integer"):
        parse_count("1,5")


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        ("2020", ("2020", "")), ("2020.0", ("2020", "")), ("2.020", ("2020", "")), (2020, ("2020", "")),
        (2020.0, ("2020", "")), ("31/12/2020", ("2020", "")), ("12/31/2020", ("2020", "")), ("31.12.20", ("2020", "")),
        ("1/2/99", ("1999", "")), ("2020-12-31", ("2020", "")), ("2020-12-31T10:30:00Z", ("2020", "")),
        ("31/12/2020 10:30", ("2020", "")), ("20201231", ("2020", "")), ("44196", ("2020", "")), (44196, ("2020", "")),
        (44196.5, ("2020", "")), ("31 dicembre 2020", ("2020", "")), ("1° marzo 2020", ("2020", "")),
        ("March 2020", ("2020", "")), ("12/2020", ("2020", "")), ("2019-05", ("2019", "")),
        ("2019-20", ("2019", "2020")),
        ("2019/20", ("2019", "2020")), ("2019-2021", ("2019", "2021")), ("a.s. 2020/2021", ("2020", "2021")),
        (date(2020, 1, 1), ("2020", "")), (datetime(2020, 1, 1), ("2020", "")), ("", ("", "")), ("n.d.", ("", "")),
    ],
)  # fmt: skip
def test_years(cell, years):
    assert parse_years(cell) == years


@pytest.mark.parametrize("cell", ["ieri", "31/02/2020", "20200", "1491", 3, "2020-13-01", "pippo 2020", "2020,5,1"])
def test_what_is_no_year_is_said(cell):
    with pytest.raises(UnreadableError):
        parse_years(cell)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""), ("None", "None"), ("NA", "NA"), ("  a\xa0b ", "a b"), ("a\r\nb\rc", "a\nb\nc"), (1272, "1272"),
        (1272.0, "1272"), (0.5, "0.5"), (True, "sì"), (datetime(2020, 1, 2), "2020-01-02"), ('="001272"', "001272"),
        ("'=1+1", "=1+1"), ("'' =1", "' =1"), ("'ndrangheta", "'ndrangheta"), ("'001272", "'001272"), ("=1+1", "=1+1"),
        ("a\x00b\u200bc\u202ed", "abcd"), ("e\u0300", "è"), ("\ufeffa", "a"), ("a\ud800", "a"),
    ],
)  # fmt: skip
def test_text(cell, shown):
    assert clean_text(cell) == shown


def test_lists_keep_their_commas():
    assert split_list("a, b; c |d\n; ;") == ["a, b", "c", "d"]
    assert split_list("a, b;c", commas=True) == ["a", "b", "c"]
