"""What every test shares: a catalogue that never grows, properties without deadlines, browsers last.

Tests of the program take tests/fixed/initiatives.csv for the bundled catalogue, so that one more row in data/ breaks
none of them. What data/initiatives.csv holds is tested in tests/data. Servers that tests start show the data of this
copy, and what is expected of them is counted from the same files.
"""

import os

import pytest
from hypothesis import settings

from atlas.catalogue.source import bundle
from tests.factories import CATALOGUE

# Before any test is imported: some take their cases from the catalogue.
bundle.BUNDLED = CATALOGUE

settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")


@pytest.fixture(autouse=True)
def one_reader(monkeypatch):
    """A command may choose for its process how the catalogue is read: the next test starts with its own rules again."""
    monkeypatch.setattr(bundle, "_reader", bundle.read_catalogue)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: Playwright leaves its event loop running in the process, where no other can then start.

    On a machine of others (ATLAS_SECOND_TRY, set by .ci/run) a browser test may be tried again; the first try is shown
    with its traceback, and its cause wants mending. At one's own desk what fails once has failed.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if item.get_closest_marker("browser") and os.environ.get("ATLAS_SECOND_TRY"):
            item.add_marker(pytest.mark.flaky(reruns=1))
