"""The page that opens from disk, in a real browser that can reach no host: it counts as the core does."""

from dataclasses import replace

import numpy as np
import pytest

from atlas.catalogue.selection import facet_counts, select
from atlas.figures.maps import to_class_marks
from atlas.publish.decks.standalone import to_html
from atlas.publish.stops.gathering import build_content, build_contents
from atlas.publish.stops.story import Stop, StopKind, Story
from tests.factories import make_row, real_world
from tests.payloads import FREE_COLUMNS, PAYLOADS
from tests.sheets import TODAY, make_view, prepared, world

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
# The page is made in this process, of the catalogue of the tests.
N = len(world().catalogue)
READY = "window.atlasMap && window.atlasPage && atlasMap.inspect().ready"


def until(page, condition):
    """Wait for what is written in JavaScript.

    Playwright's own waiting evaluates a text in the page at each look, which the policy of this page forbids: it works
    only where the first look succeeds.
    """
    look = f"const look = () => {{ if ({condition}) done(); else setTimeout(look, 50); }}; look();"
    late = "setTimeout(() => fail(new Error('not in 30 s')), 30000);"
    page.evaluate(f"() => new Promise((done, fail) => {{ {late} {look} }})")


@pytest.fixture
def open_file(browser, tmp_path):
    """Open a page from disk; afterwards nothing but the file itself may have been asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="it-IT")
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    def open_file(data):
        path = tmp_path / "atlante.html"
        path.write_bytes(data)
        page.goto(path.as_uri())
        until(page, READY)
        return page

    yield open_file
    address = (tmp_path / "atlante.html").as_uri()
    context.close()
    assert [url for url in asked if url != address and not url.startswith("data:")] == []
    assert errors == []


def _page(query, story=None, held=None):
    return to_html(make_view(query), story or Story(), held or world(), TODAY)


def test_it_opens_from_disk_with_its_stops_and_weighs_little(open_file):
    data = _page("", prepared())
    assert len(data) <= 3_000_000
    page = open_file(data)
    assert page.inner_text("#count") == f"{N} iniziative su {N}"
    contents = build_contents(prepared(), world(), TODAY)
    titles = page.locator(".slide h2").evaluate_all("nodes => nodes.map(node => node.textContent)")
    assert titles == [content.title for content in contents]
    assert page.locator(".slide img").count() == sum(content.has_map for content in contents)
    assert page.locator("img:not([alt])").count() == 0
    assert page.title() == contents[0].title
    assert page.locator("h1").count() == 1


def test_it_opens_as_slides_that_hear_the_keys_and_lead_to_the_map(open_file):
    page = open_file(_page("theme=housing", prepared("theme=housing")))
    n = len(prepared("theme=housing").stops)
    now = page.locator(".slide.now")
    assert now.count() == 1 and now.get_attribute("id") == "s1"
    for key, wanted in (("ArrowRight", 2), ("Space", 3), ("End", n), ("ArrowLeft", n - 1), ("Home", 1)):
        page.keyboard.press(key)
        assert now.get_attribute("id") == f"s{wanted}"
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    assert now.get_attribute("id") == "s4"
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.click("#explore_button")
    page.check("input[data-dimension=targets][value=families]")
    assert page.locator("#initiatives tbody tr").count() > 0
    page.click("#explore_button")
    assert now.get_attribute("id") == "s4"


def test_fingers_turn_the_slides_and_full_screen_is_real_or_refused_in_words(open_file):
    page = open_file(_page("theme=housing", prepared("theme=housing")))
    now = page.locator(".slide.now")
    swipe = """([from, to, y]) => {
      const target = document.querySelector('.slide.now .words');
      const at = (x, down) => new Touch({identifier: 1, target, clientX: x, clientY: down});
      const send = (type, touch) => target.dispatchEvent(new TouchEvent(type, {
        bubbles: true, changedTouches: [touch], touches: type === 'touchend' ? [] : [touch]}));
      send('touchstart', at(from, 100));
      send('touchend', at(to, 100 + y));
    }"""
    for move, wanted in (([300, 100, 5], 2), ([300, 200, 200], 2), ([100, 130, 0], 2), ([100, 300, 0], 1)):
        page.evaluate(swipe, move)
        assert now.get_attribute("id") == f"s{wanted}"
    page.keyboard.press("f")
    until(page, "document.fullscreenElement !== null")
    page.keyboard.press("PageDown")
    assert page.evaluate("document.fullscreenElement !== null") and now.get_attribute("id") == "s2"
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
    page.keyboard.press("b")
    assert page.locator(".slide.now").is_hidden()
    page.keyboard.press("b")
    assert page.locator(".slide.now").is_visible()
    for refusal in ("undefined", "() => Promise.reject(new TypeError('no'))"):
        page.evaluate(f"() => {{ document.documentElement.requestFullscreen = {refusal}; }}")
        page.evaluate("() => { document.getElementById('told').textContent = ''; }")
        page.click("#full")
        page.get_by_text("Il browser non permette lo schermo intero").wait_for()


def _counts(view, held):
    sheet = build_content(Stop(StopKind.MAP, view), held, TODAY)
    frame = sheet.shown.frame
    counts = {str(code): int(n) for code, n in frame["n_initiatives"].items() if n}
    return sheet, counts


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_no_line_of_a_slide_is_below_its_foot_or_beyond_its_edge(size, open_file):
    story = prepared("theme=housing")
    titles = ("W" * 200, "", "Un titolo che vuole dire tutto in una volta sola " * 4)
    stops = tuple(replace(stop, title=titles[at % 3].strip()) for at, stop in enumerate(story.stops))
    page = open_file(_page("theme=housing", Story("", stops)))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for at in range(len(stops)):
        page.keyboard.press(str(at + 1))
        page.keyboard.press("Enter")
        over = page.locator(".slide.now").evaluate(
            """slide => [slide, slide.querySelector(".parts"), slide.querySelector("h2")].flatMap(
                 part => [part.scrollHeight - part.clientHeight, part.scrollWidth - part.clientWidth])"""
        )
        assert max(over) <= 1, f"slide {at + 1}: {over}"


@pytest.mark.parametrize("query", ["level=region", "", "level=province&rule=share&lang=en", "region=08,16"])
def test_filters_count_as_the_selected_frame(query, open_file):
    page = open_file(_page(query))
    base = make_view(query)
    for themes, targets in (
        ((), ()),
        (("digital",), ()),
        (("digital", "housing"), ("elderly",)),
        ((), ("women_violence",)),
    ):
        page.click("#clear")
        for option in themes:
            page.check(f"input[data-dimension=themes][value={option}]")
        for option in targets:
            page.check(f"input[data-dimension=targets][value={option}]")
        selection = base.selection.with_(themes=themes, targets=targets)
        selected = select(world().catalogue, selection)
        assert page.evaluate("atlasPage.selected()") == list(selected.initiatives.index)
        assert page.inner_text("#count").startswith(f"{len(selected)} ")
        assert page.locator("#initiatives tbody tr").count() == len(selected)
        view = type(base)(base.language, selection, base.options)
        sheet, counts = _counts(view, world())
        assert page.evaluate("atlasMap.inspect().counts") == counts
        counted = page.evaluate("atlasPage.count().v")
        assert counted == pytest.approx(np.nan_to_num(sheet.shown.frame["value"].to_numpy()).tolist())
        facets = facet_counts(select(world().catalogue, base.selection), selection.with_(regions=(), place=""))
        for dimension in ("themes", "targets"):
            for option, n in facets[dimension].items():
                assert page.inner_text(f"[data-count='{dimension} {option}']") == f"({n})"


@pytest.mark.parametrize(
    "query",
    ["level=region&measure=per_million", "level=province&measure=per_100_municipalities&rule=share",
     "measure=per_million&region=08", "level=region&measure=per_100k_target&target=elderly"],
)  # fmt: skip
def test_rates_have_the_classes_and_the_legend_of_the_screen(query, open_file):
    """The classes of the whole page, as Python cuts them, also for what a filter leaves."""
    page = open_file(_page(query))
    view = make_view(query)
    whole, _ = _counts(view, world())
    classes = whole.shown.classes
    for themes in ((), ("digital",)):
        for option in themes:
            page.check(f"input[data-dimension=themes][value={option}]")
        selection = view.selection.with_(themes=themes)
        sheet, _ = _counts(type(view)(view.language, selection, view.options), world())
        frame = sheet.shown.frame
        expected = to_class_marks(
            classes.of(frame["value"]).tolist(), frame["is_small"].tolist(), frame["is_missing"].tolist()
        )
        marks = {str(code): mark for code, mark in zip(frame.index, expected, strict=True) if mark != "."}
        assert page.evaluate("atlasMap.inspect().marks") == marks
        legend = page.evaluate("atlasMap.inspect().legend")
        is_below = bool(((frame["value"] > 0) & (frame["value"] < classes.bounds[0])).any())
        labels = [item["label"] for item in whole.message.legend["items"]]
        assert [label for label in labels[is_below : classes.k] if label not in legend] == []
        assert (sheet.say("standalone.lowest", high=sheet.say.number(classes.bounds[1])) in legend) == is_below


def test_a_territory_of_the_map_shows_its_initiatives(open_file):
    page = open_file(_page("level=region"))
    page.locator("#map_div").scroll_into_view_if_needed()
    x, y = page.evaluate("atlasMap.pointOf('08')")
    box = page.locator("#map_div").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.locator("#initiatives button").wait_for()
    expected = select(world().catalogue, make_view("region=08").selection)
    assert page.locator("#initiatives tbody tr").count() == len(expected)
    until(page, "atlasMap.inspect().ready && atlasMap.view()[2] > 6.5")
    page.locator("#initiatives button").click()
    assert page.locator("#initiatives tbody tr").count() == N
    until(page, "atlasMap.inspect().ready && atlasMap.view()[2] < 6.5")


def test_an_initiative_of_several_municipalities_is_one_mark_that_opens_it(open_file):
    page = open_file(_page("q=Gocciolino"))
    (circle,) = page.evaluate("atlasMap.inspect().circles")
    assert [mark["n"] for mark in circle["members"]] == [1]
    page.locator("#map_div").scroll_into_view_if_needed()
    box = page.locator("#map_div").bounding_box()
    page.mouse.move(box["x"] + circle["x"], box["y"] + circle["y"])
    assert "Gocciolino" in page.locator(".atlas-tip").inner_text()
    page.mouse.click(box["x"] + circle["x"], box["y"] + circle["y"])
    assert "Gocciolino" in page.locator("#initiatives button").inner_text()


def _hostile():
    rows = [
        make_row(f"riga-{at}", **dict.fromkeys(FREE_COLUMNS, payload), targets="elderly")
        for at, payload in enumerate(PAYLOADS.values())
    ]
    return real_world(*rows)


def test_hostile_text_is_shown_letter_for_letter(open_file):
    held = _hostile()
    ids = list(held.catalogue.initiatives.index)
    stops = tuple(
        Stop(StopKind.CATALOGUE, type(make_view(""))(initiative=id_), payload, notes=payload)
        for id_, payload in zip(ids, PAYLOADS.values(), strict=True)
    )
    page = open_file(_page("level=region", Story("</script>", stops), held))
    cells = page.locator("#initiatives tbody th")
    assert cells.evaluate_all("cells => cells.map(cell => cell.textContent)") == list(PAYLOADS.values())
    titles = page.locator(".slide h2").evaluate_all("nodes => nodes.map(node => node.textContent)")
    assert titles[:-1] == list(PAYLOADS.values())
    assert page.evaluate("window.atlasHacked") is None
    assert page.locator("#initiatives img, #initiatives a, .slide h2 *").count() == 0


def test_separators_that_end_a_line_of_javascript_do_not(open_file):
    row = make_row("riga", title_it="a\u2028b\u2029c<!-- <script", summary_it="]]>", targets="elderly")
    held = real_world(row)
    page = open_file(_page("level=region", None, held))
    assert page.locator("#initiatives tbody th").text_content() == "a b c<!-- <script"


def test_the_page_speaks_the_language_of_the_view(open_file):
    page = open_file(_page("lang=en&level=region"))
    assert page.inner_text("#count") == f"{N} of {N} initiatives"
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("legend").all_inner_texts()[0].startswith("Theme")
