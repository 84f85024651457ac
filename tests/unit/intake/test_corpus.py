import time

import pandas as pd
import pytest

from atlas.base.columns import COLUMNS, OPTIONAL_COLUMNS
from atlas.catalogue.catalogue import build_catalogue
from atlas.intake.reader import read_upload
from tests.factories import real_territory, real_vocabulary
from tests.unit.intake.corpus import CASES
from tests.unit.intake.told import tell


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_awkward_file_gets_the_expected_answer(case):
    started = time.process_time()
    report = read_upload(case.data, "elenco.csv")
    seconds = time.process_time() - started

    messages = tell(report)
    assert (report.verdict, (report.loaded, report.rejected, report.blank)) == (case.verdict, case.counts), messages
    assert report.source_rows == report.loaded + report.rejected + report.blank
    assert case.says in messages
    assert case.encoding in (None, report.encoding)
    assert case.delimiter in (None, report.delimiter)
    assert seconds < 10
    # Accepted in silence, refused with a reason.
    severities = {str(message.severity) for message in report.messages}
    assert bool(report.messages) == (report.verdict != "accept")
    assert ("error" in severities) == (report.verdict in ("partial", "refuse"))


def test_what_is_loaded_makes_a_catalogue():
    """Of small files; what a large one holds is no other kind of row."""
    frames = [read_upload(case.data, "").rows for case in CASES if len(case.data) < 100_000]
    every = [*COLUMNS, *OPTIONAL_COLUMNS]
    assert {tuple(frame.columns) for frame in frames} <= {COLUMNS, tuple(every)}
    rows = pd.concat([frame.head(50).reindex(columns=every, fill_value="") for frame in frames])
    rows["id"] = [f"riga-{n}" for n in range(len(rows))]
    assert len(build_catalogue(rows, real_territory(), real_vocabulary())) == len(rows) > 60
