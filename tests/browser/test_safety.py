"""A catalogue full of scripts, templates and Markdown: nothing runs, nothing is fetched, every letter is shown."""

import pytest
from playwright.sync_api import expect

from atlas.ui.shell import PAGES
from tests.browser.conftest import new_visit
from tests.factories import make_row, write_initiatives
from tests.payloads import FREE_COLUMNS, PAYLOADS
from tests.servers import running_server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

TEXTS = list(PAYLOADS.values())
# Two places of the real territory and real words, so that everything else about the rows is right.
PLACES = ("058091", "015146", "072020;110009", "IT")


def make_hostile_rows():
    """Four initiatives whose free columns hold every payload, each in two different columns."""
    rows = []
    for i, places in enumerate(PLACES):
        texts = [TEXTS[(i * len(FREE_COLUMNS) + j) % len(TEXTS)] for j in range(len(FREE_COLUMNS))]
        cells = dict(zip(FREE_COLUMNS, texts, strict=True))
        cells |= {column: cells[column].replace(";", ",") for column in ("partners", "documents")}
        scale = {"IT": "national"}.get(places, "intermunicipal" if ";" in places else "municipality")
        rows.append(make_row(f"ostile-{i}", places=places, scale=scale, themes="housing", **cells))
    return rows


ROWS = make_hostile_rows()


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    file = write_initiatives(tmp_path_factory.mktemp("ostile") / "initiatives.csv", *ROWS)
    with running_server(ATLAS_CATALOGUE=str(file)) as server:
        yield server


@pytest.fixture(scope="module")
def victim(hostile_server, browser):
    with new_visit(hostile_server, browser) as visit:  # fails when another host was asked
        visit.page.on("dialog", lambda dialog: visit.errors.append(f"a dialog opened: {dialog.message}"))
        yield visit


def seen(visit):
    """All the text of the page, as a person reads it: one space between words, no invisible joiners."""
    text = visit.page.get_by_test_id("stApp").inner_text()
    return " ".join(text.replace("\u2060", "").split())


def is_quiet(visit):
    """Nothing ran, in the page or in any frame; no element exists that only a payload could have made."""
    visit.settle()
    assert not visit.errors and not visit.foreign()
    for frame in visit.page.frames:
        assert frame.evaluate("() => window.atlasHacked === undefined")
    made = "[onerror], [onload], img[src*=evil], .katex, script[src*=evil]"
    assert visit.page.locator(made).count() == 0
    # The https address of a document is a link that says its host; nothing else is one.
    links = visit.page.locator("a[href*='evil.example']")
    told = links.evaluate_all("all => all.map(a => [a.closest('.atlas-documents') !== null, a.innerText, a.rel])")
    assert [one for one in told if one != [True, "evil.example", "noopener nofollow noreferrer"]] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_page_runs_anything(victim, page):
    victim.open("" if page == "mappa" else page)
    if page == "mappa":
        victim.shown()
    is_quiet(victim)
    if page in ("mappa", "catalogo"):
        for row in ROWS:
            expect(victim.key(f"open_{row['id']}").get_by_role("button")).to_be_visible()
        text = seen(victim)
        assert [row["title_it"] for row in ROWS if " ".join(row["title_it"].split()) not in text] == []


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_card_shows_every_letter(victim, row, language):
    victim.open(f"catalogo?lang={language}&id={row['id']}")
    expect(victim.key("card_back")).to_be_visible()
    is_quiet(victim)
    text = seen(victim)
    other = "en" if language == "it" else "it"
    shown = [column for column in FREE_COLUMNS if not column.endswith(f"_{other}")]
    assert [column for column in shown if " ".join(row[column].split()) not in text] == []


def test_the_map_stands_and_its_tooltips_hold_names_only(victim):
    victim.open("?id=ostile-2")
    shown = victim.wait_shown("m.foot.length > 0")
    assert set(shown["counts"]) == {"058091", "015146", "072020", "110009"}
    is_quiet(victim)
    frame = victim.map()
    content = frame.evaluate("() => document.documentElement.outerHTML")
    assert "evil.example" not in content and "atlasHacked" not in content
    victim.press_map("home")
    victim.view()
    x, y = victim.point_of("058091")
    frame.locator("#map_div").hover(position={"x": x, "y": y})
    expect(frame.locator(".atlas-tip")).to_contain_text("Roma")


@pytest.mark.parametrize("name", ["script", "image", "markdown_image", "formula", "colour", "template"])
def test_a_search_is_shown_letter_for_letter(victim, name):
    victim.open()
    field = victim.page.get_by_label("Cerca", exact=True)
    field.fill(PAYLOADS[name])
    field.press("Enter")
    expect(victim.page.locator('[class*="st-key-chip_text"]')).to_be_visible()
    is_quiet(victim)
    assert PAYLOADS[name] in seen(victim)
