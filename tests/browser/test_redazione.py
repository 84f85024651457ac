"""Propose, review, publish, seen in the catalogue; two editors; signed out in another tab: in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from atlas.base.address import read_address
from atlas.catalogue.register.editing import read_initiative, replace_rows
from atlas.catalogue.register.queue import State, propose, read_proposal
from atlas.catalogue.register.schema import upgrade
from atlas.intake.proposals.kept import to_kept
from tests.browser.conftest import Visit, new_visit
from tests.browser.test_access import faults
from tests.factories import make_row
from tests.openid import EDITOR, STYLES, running_provider, sign_in_variables
from tests.postgres import database_server
from tests.servers import free_port, start_server, wait_healthy
from tests.unit.intake.proposals.test_proposal import WHOLE

__all__ = ["database_server"]
pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def desk(database_server) -> Iterator[tuple[str, str]]:
    """A server with a catalogue in a database and editors: its address, and that of their provider."""
    found = read_address(database_server.url)
    upgrade(found)
    replace_rows(found, [make_row("uno", source_order="1")])
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running_provider() as issuer:
        variables = {"ATLAS_CATALOGUE": database_server.url} | sign_in_variables(issuer, address)
        process = start_server(port, **variables)
        try:
            wait_healthy(address)
            yield address, issuer
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def editor(desk, browser) -> Iterator[Visit]:
    with new_visit(desk[0], browser, allowed=(desk[1], STYLES)) as visit:
        yield visit


def sign_in(visit: Visit, who: str = EDITOR) -> Page:
    page = visit.open("redazione").page
    page.locator(".st-key-desk_in button").click()
    page.locator("input[name=sub]").fill(who)
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-desk_out")).to_be_visible()
    visit.settle()
    return page


def test_a_proposal_is_sent_reviewed_on_a_phone_published_and_seen(editor, desk, database_server):
    page = editor.open(f"proponi?bozza={to_kept(WHOLE)}").page
    editor.key("propose_send").get_by_role("button").click()
    expect(page.get_by_text("Biblioteca di sera")).to_have_count(0)
    sign_in(editor)
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Biblioteca di sera").click()
    expect(editor.key("desk_actions")).to_be_visible()
    editor.settle()
    assert faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    editor.key("desk_publish").get_by_role("button").press("Enter")
    expect(page.get_by_test_id("stAlert").get_by_text("biblioteca-di-sera")).to_be_visible()
    assert database_server.run("select count(*) from initiatives where id = 'biblioteca-di-sera'").split()[2] == "1"

    def is_seen() -> bool:
        editor.open("catalogo?id=biblioteca-di-sera")
        return page.get_by_role("heading", name="Biblioteca di sera").count() > 0

    assert any(is_seen() for _ in range(40))


def test_an_initiative_is_corrected_withdrawn_and_restored_on_a_phone_by_keyboard(editor, desk, database_server):
    address = read_address(database_server.url)
    page = sign_in(editor)
    page.set_viewport_size({"width": 360, "height": 740})
    section = editor.key("desk_section").get_by_role("radio")
    section.nth(1).click()
    editor.key("desk_edit_uno").get_by_role("button").press("Enter")
    expect(editor.key("desk_edit_actions")).to_be_visible()
    editor.settle()
    assert faults(page) == []
    editor.key("desk_initiative_beneficiaries").locator("input").fill("250")
    editor.key("desk_edit_why").locator("textarea").fill("lo dice il Comune")
    page.keyboard.press("Tab")
    editor.settle()
    editor.key("desk_save").get_by_role("button").press("Enter")
    expect(page.get_by_test_id("stAlert").get_by_text("è cambiata")).to_be_visible()
    assert read_initiative(address, "uno")[0]["beneficiaries"] == "250"
    editor.key("desk_edit_uno").get_by_role("button").press("Enter")
    editor.key("desk_edit_why").locator("textarea").fill("è finita")
    page.keyboard.press("Tab")
    editor.settle()
    editor.key("desk_withdraw").get_by_role("button").press("Enter")
    expect(page.get_by_test_id("stAlert").get_by_text("è ritirata")).to_be_visible()
    assert read_initiative(address, "uno") is None
    section.nth(3).click()
    page.get_by_role("button", name="Ripristina").press("Enter")
    expect(page.get_by_test_id("stAlert").get_by_text("è annullata")).to_be_visible()
    assert read_initiative(address, "uno")[0]["beneficiaries"] == "250"
    editor.settle()
    assert faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_whole_list_is_compared_and_what_is_clean_is_published(editor, desk, database_server):
    address = read_address(database_server.url)
    page = sign_in(editor)
    editor.key("desk_section").get_by_role("radio").nth(2).click()
    rows = "id;titolo;comune\nuno;Nome cambiato;Aosta\nnuova;Orto di quartiere;Bari\nrotta;Altra;Nessuno\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "elenco.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    expect(editor.key("desk_counts")).to_be_visible()
    editor.settle()
    assert faults(page) == []
    editor.key("desk_list_why").locator("textarea").fill("elenco di novembre")
    page.keyboard.press("Tab")
    editor.settle()
    editor.key("desk_publish_list").get_by_role("button").click()
    expect(page.get_by_test_id("stAlert").get_by_text("Aggiunte: 1; cambiate: 1; ritirate: 0")).to_be_visible()
    assert read_initiative(address, "uno")[0]["title_it"] == "Nome cambiato"
    assert read_initiative(address, "nuova")[0]["title_it"] == "Orto di quartiere"


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(editor, desk, browser, database_server):
    number = propose(read_address(database_server.url), WHOLE | {"title_it": "Orto di quartiere"}, "it", "")
    with new_visit(desk[0], browser, allowed=(desk[1], STYLES)) as other:
        first, second = sign_in(editor), sign_in(other, "bruno@example.org")
        for visit in (editor, other):
            visit.key(f"desk_open_{number}").get_by_role("button").click()
            expect(visit.key("desk_actions")).to_be_visible()
            visit.settle()
            visit.key("desk_why").locator("textarea").fill("la mia ragione")
            visit.page.keyboard.press("Tab")
            visit.settle()
        editor.key("desk_refuse").get_by_role("button").click()
        expect(first.get_by_test_id("stAlert").get_by_text(f"La proposta {number} è chiusa")).to_be_visible()
        other.key("desk_publish").get_by_role("button").click()
        expect(second.get_by_test_id("stAlert").get_by_text("nel frattempo qualcun altro")).to_be_visible()
    closed = read_proposal(read_address(database_server.url), number)
    assert (closed.state, closed.closed_by) == (State.REFUSED, EDITOR)


def test_signed_out_in_another_tab_is_signed_out_here(editor, desk, database_server):
    number = propose(read_address(database_server.url), WHOLE | {"title_it": "Doposcuola"}, "it", "chi@example.org")
    page = sign_in(editor)
    editor.key(f"desk_open_{number}").get_by_role("button").click()
    expect(editor.key("desk_actions")).to_be_visible()
    tab = page.context.new_page()
    tab.goto(f"{desk[0]}/redazione")
    tab.locator(".st-key-desk_out button").click()
    tab.wait_for_url(f"{desk[1]}/**")
    editor.key("desk_publish").get_by_role("button").click()
    expect(editor.key("desk_in")).to_be_visible()
    expect(page.get_by_text("chi@example.org")).to_have_count(0)
    assert read_proposal(read_address(database_server.url), number).state is State.NEW
