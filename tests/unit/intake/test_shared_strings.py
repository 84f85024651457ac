"""A string that a workbook holds once and shows in every row costs once."""

import time

import pytest

from atlas.intake.reader import read_upload
from tests.unit.intake.told import tell
from tests.unit.intake.workbooks import HEADER, make_raw_xlsx

ROWS = 5_000


@pytest.mark.parametrize("columns", ["A", "AC", "C"])
def test_thousands_of_rows_may_share_one_string_of_many_megabytes(columns):
    """As a title, as a title with more beside the table, and beside the table only; it took minutes and more."""
    cells = "".join(f'<c r="{column}%d" t="s"><v>0</v></c>' for column in columns)
    rows = "".join(f'<row r="{n}">{cells.replace("%d", str(n))}</row>' for n in range(2, ROWS + 2))
    data = make_raw_xlsx(HEADER + rows, strings=f"<si><t>{'x ' * 10_000_000}</t></si>")
    started = time.process_time()
    report = read_upload(data, "x.xlsx")
    assert time.process_time() - started < 10
    assert (report.loaded, report.rejected + report.blank) == (0, ROWS)
    assert max(len(message.value) for message in report.messages) <= 600


def test_what_is_too_long_is_still_told_from_what_just_fits():
    row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>058091</t></is></c></row>'
    for length, loaded in ((10_000, 1), (10_001, 0)):
        report = read_upload(make_raw_xlsx(HEADER + row, strings=f"<si><t>{'x' * length}</t></si>"), "x.xlsx")
        assert report.loaded == loaded


def test_what_would_fill_the_memory_is_refused():
    """20,000 cells that fit come to 200 MB, though the archive unpacks to two."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 20_002))
    report = read_upload(make_raw_xlsx(HEADER + rows, strings=f"<si><t>{'x' * 10_000}</t></si>"), "x.xlsx")
    assert report.verdict == "refuse" and "troppo grande" in tell(report)
