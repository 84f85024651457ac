"""A file is read in a process of its own: the same report, its progress, a message when the budget is used up."""

import os
import sys

import pytest

from atlas.base.apart import Budget, FailedError
from atlas.intake import apart
from atlas.intake.reader import read_upload
from tests.unit.intake.workbooks import make_xlsx

ROWS = [["titolo", "comune", "provincia"], ["Spesa a casa", "Castro", ""], ["Mensa", "Roma", "RM"]]
LONG = b"titolo;comune;provincia\n" + b"".join(b"Mensa %d;Roma;RM\n" % at for at in range(50_000))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="files are read in the same process")


@pytest.mark.parametrize("choices", [{}, {"answers": {("municipality", "Castro"): "016065"}}])
def test_the_report_is_the_same(choices):
    data = make_xlsx(ROWS)
    here, there = read_upload(data, "a.xlsx", **choices), apart.read_apart(data, "a.xlsx", **choices)
    assert there.rows.equals(here.rows)
    assert (there.verdict, there.messages, there.doubts, there.columns) == (
        here.verdict, here.messages, here.doubts, here.columns,
    )  # fmt: skip


def test_progress_arrives():
    parts = []
    assert apart.read_apart(LONG, "a.csv", on_progress=parts.append).loaded == 50_000
    assert parts == sorted(parts) and parts[-1] == 1 and len(parts) > 20


def test_progress_moves_while_a_workbook_is_opened():
    rows = [["titolo", "comune", "provincia"], *(["Mensa", "Roma", "RM"] for _ in range(30_000))]
    parts = []
    read_upload(make_xlsx(rows), "a.xlsx", on_progress=parts.append)
    assert parts == sorted(parts) and len([part for part in parts if 0 < part < 0.3]) >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process uses")
@pytest.mark.parametrize("budget", [Budget(0, 180, 10**9), Budget(20, 180, 4 * 1024 * 1024)])
def test_more_than_the_budget_is_refused(monkeypatch, budget):
    apart.warm_up()
    monkeypatch.setattr(apart, "BUDGET", budget)
    report = apart.read_apart(LONG, "a.csv")
    assert not report.loaded and [message.text.key for message in report.messages] == ["over_budget"]
    monkeypatch.undo()
    assert apart.read_apart(b"titolo;comune\nA;Roma\n", "b.csv").loaded == 1


def test_an_error_in_the_reading_is_none_of_the_file():
    with pytest.raises(FailedError):
        apart.read_apart(b"titolo;comune\nA;Roma\n", "b.csv", nonsense=True)
