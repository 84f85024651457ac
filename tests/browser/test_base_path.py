"""The atlas under a path of a host that it shares with others, behind a proxy that leaves the path as it is."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_visit
from tests.servers import running_server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def address():
    with running_server(STREAMLIT_SERVER_BASE_URL_PATH="servizi/atlante") as address:
        yield address


def test_the_map_and_the_pages_stay_under_the_path(address, browser):
    with new_visit(address, browser) as visit:  # fails when anything outside the path was asked
        visit.open("?level=region&theme=housing")
        assert visit.shown()["counts"]
        visit.page.get_by_role("link", name="Catalogo").click()
        visit.page.wait_for_url(f"{address}/catalogo?*")
        expect(visit.page.locator("html")).to_have_attribute("lang", "it")
