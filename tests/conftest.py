"""What every test shares: no property fails because the machine is busy, and browsers come last."""

import pytest
from hypothesis import settings

settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: Playwright leaves its event loop running in the process, where no other can then start.

    What fails on a busy machine but not a second time is reported as rerun; a fault fails twice.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
