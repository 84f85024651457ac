"""A presentation in a real browser: made from two pages, shown with the keys of a remote, taken away."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from atlas.base.model import Level, Selection, View, ViewOptions
from atlas.publish.stops.story import STOPS_AT_MOST, Stop, StopKind, Story, to_link
from tests.browser.conftest import new_visit

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

# The promise is half a second on a machine that does nothing else; under a whole suite of tests only an order of
# magnitude can be asked.
SLOWEST = 2_500
# From the key to the title, the words and the chart or map of the next stop, painted.
TURN = """key => new Promise(done => {
  const shown = () => ['.st-key-stage', '.st-key-stage_foot'].map(s => document.querySelector(s).innerText).join();
  const before = shown(), start = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code: key, bubbles: true, cancelable: true}));
  const look = () => {
    const idle = document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
    if (shown() !== before && idle) requestAnimationFrame(() => done(performance.now() - start));
    else requestAnimationFrame(look);
  };
  look();
})"""

# The next key and, before the busy browser has read what comes of it, the button that leaves.
HURRY = """() => new Promise(done => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    WebSocket.prototype.send = send;
    send.call(this, message);
    setTimeout(() => {
      const end = performance.now() + 1000;
      while (performance.now() < end);
      document.querySelector('.st-key-stage_leave button').click();
      done();
    });
  };
  const key = {key: 'PageDown', code: 'PageDown', bubbles: true, cancelable: true};
  document.body.dispatchEvent(new KeyboardEvent('keydown', key));
})"""


# What lies over something else on the stage: title, picture, words and foot each have a place of their own.
OVERLAPS = """() => {
  const places = ['stage h1', 'stage_map', 'stage_chart', 'stage_foot'].map(name => '.st-key-' + name)
    + ', [class*=st-key-stage_ground_]';
  const seen = [...document.querySelectorAll(places)].filter(e => getComputedStyle(e).visibility === 'visible');
  const boxes = seen.map(e => [e.className || e.tagName, e.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const over = boxes.flatMap(([one, a], i) =>
    boxes.slice(i + 1).filter(([, b]) => meet(a, b)).map(([other]) => one + ' / ' + other));
  const side = document.querySelector('[class*=st-key-stage_side_]');
  return side.scrollHeight > side.clientHeight + 1 ? [...over, 'the words are cut'] : over;
}"""


def press(visit, key):
    visit.key(key).get_by_role("button").first.click()
    visit.settle()


def to_desk(visit):
    visit.page.get_by_role("link", name="Presenta").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Presenta")
    visit.settle()


def field(visit, at):
    return visit.key(f"stop_title_{at}").locator("input")


def written(visit, at):
    """Return the title that stands in a field: it is filled a moment after it is drawn."""
    expect(field(visit, at)).not_to_have_value("")
    return field(visit, at).input_value()


def title(visit, text):
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(text)
    visit.settle()


def show_series(visit, path="presenta?theme=digital"):
    visit.open(path)
    press(visit, "story_prepare")
    expect(field(visit, 1)).not_to_have_value("")
    visit.stand_still()  # all of them are there
    titles = [written(visit, at) for at in range(visit.page.locator("[class*=st-key-stop_title_]").count())]
    press(visit, "story_present")
    expect(visit.key("stage_leave")).to_be_visible()
    visit.settle()
    return titles


def test_two_stops_are_kept_put_in_order_and_shown_with_the_keys_of_a_remote(visit):
    visit.open("?theme=digital")
    visit.map()
    visit.press_map("in")
    # A person needs longer from the map to the button than the map to say where it is.
    zoomed = visit.told()
    press(visit, "stop_add")
    expect(visit.page.get_by_text("Aggiunta come schermata 1")).to_be_visible()
    visit.page.get_by_role("link", name="Catalogo").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Catalogo")
    press(visit, "stop_add")
    to_desk(visit)
    first = written(visit, 0)
    press(visit, "stop_down_0")
    expect(field(visit, 1)).to_have_value(first)
    field(visit, 0).fill("Prima il catalogo")
    field(visit, 0).press("Enter")
    visit.settle()
    press(visit, "story_present")
    title(visit, "Prima il catalogo")
    for hidden in ("stSidebar", "stHeader"):
        expect(visit.page.get_by_test_id(hidden)).not_to_be_visible()
    visit.page.keyboard.press("PageDown")
    title(visit, first)
    expect(visit.page.get_by_text("2 di 2")).to_be_visible()
    lat, lon, zoom = visit.view()
    assert zoom == zoomed[2] and abs(lat - zoomed[0]) < 0.1 and abs(lon - zoomed[1]) < 0.1
    visit.page.keyboard.press("ArrowLeft")
    title(visit, "Prima il catalogo")
    visit.page.keyboard.press("ArrowRight")
    title(visit, first)
    visit.page.keyboard.press("PageUp")
    title(visit, "Prima il catalogo")
    visit.page.keyboard.press("Escape")
    title(visit, "Presenta")
    expect(visit.page.get_by_test_id("stSidebar")).to_be_visible()
    expect(field(visit, 0)).to_have_value("Prima il catalogo")


def test_the_next_stop_comes_at_once_and_the_map_is_never_made_anew(visit):
    titles = show_series(visit)
    visit.page.keyboard.press("PageDown")
    title(visit, titles[1])
    frame = visit.map()
    frame.evaluate("() => { window.isTheSame = true; }")
    times = [visit.page.evaluate(TURN, "PageDown") for _ in range(len(titles) - 2)]
    assert frame.evaluate("() => window.isTheSame")
    assert max(times) < SLOWEST, [round(time) for time in times]


def test_a_presenter_who_touched_the_map_still_turns_the_page(visit):
    titles = show_series(visit)
    visit.page.keyboard.press("PageDown")
    title(visit, titles[1])
    visit.map().locator("#map_div").click(position={"x": 150, "y": 400})
    visit.page.keyboard.press("PageDown")
    title(visit, titles[2])
    visit.page.keyboard.press("PageUp")
    title(visit, titles[1])
    visit.map().locator("#map_div").click(position={"x": 150, "y": 400})
    visit.page.keyboard.press("Escape")
    title(visit, "Presenta")


def test_the_keys_of_powerpoint_turn_the_screens(visit):
    titles = show_series(visit)
    for key, at in (
        ("Space", 1),
        ("Enter", 2),
        ("End", len(titles) - 1),
        ("Home", 0),
        ("ArrowDown", 1),
        ("Backspace", 0),
    ):
        visit.page.keyboard.press(key)
        title(visit, titles[at])
    visit.page.keyboard.press("3")
    visit.page.keyboard.press("Enter")
    title(visit, titles[2])
    for key in ("0", "Enter", "9", "9", "Enter"):  # there are no such screens
        visit.page.keyboard.press(key)
    visit.page.keyboard.press("Backspace")
    title(visit, titles[1])
    visit.page.keyboard.press("b")
    expect(visit.page.locator("html")).to_have_class(re.compile("atlas-black"))
    visit.page.keyboard.press("b")
    expect(visit.page.locator("html")).not_to_have_class(re.compile("atlas-black"))


def test_who_presses_faster_than_the_page_answers_is_not_misheard(visit):
    titles = show_series(visit)
    for key in ("PageDown", "Space", "ArrowRight"):
        visit.page.keyboard.press(key)
    title(visit, titles[3])
    for key in ("ArrowLeft", "PageUp"):
        visit.page.keyboard.press(key)
    title(visit, titles[1])
    visit.key("stage_next").get_by_role("button").click(click_count=2)
    title(visit, titles[3])
    # A key that is held asks thirty times a second: what comes before the answer is not counted.
    visit.page.evaluate("""() => { for (let n = 0; n < 9; n += 1) document.body.dispatchEvent(
        new KeyboardEvent('keydown', {key: 'ArrowLeft', repeat: n > 0, bubbles: true, cancelable: true})); }""")
    title(visit, titles[2])
    visit.page.keyboard.press("ArrowRight")
    title(visit, titles[3])
    for key in ("PageDown", "Escape"):
        visit.page.keyboard.press(key)
    title(visit, "Presenta")


LEAVE = {
    "the button": lambda visit: visit.key("stage_leave").get_by_role("button").first.click(),
    "the key Esc": lambda visit: visit.page.keyboard.press("Escape"),
    "the browser's own Esc": lambda visit: visit.page.evaluate("() => document.exitFullscreen()"),
}


@pytest.mark.parametrize("way", LEAVE)
def test_presenting_is_real_full_screen_and_leaving_ends_it(visit, way):
    show_series(visit)
    visit.page.wait_for_function("() => document.fullscreenElement !== null")
    visit.page.keyboard.press("PageDown")
    visit.settle()
    assert visit.page.evaluate("document.fullscreenElement !== null")
    LEAVE[way](visit)
    visit.page.wait_for_function("() => document.fullscreenElement === null")
    title(visit, "Presenta")


def test_who_leaves_in_a_hurry_finds_the_desk(visit):
    """Two requests at once: what the desk shows again must not be forgotten by the browser in between."""
    show_series(visit)
    for _ in range(3):  # on a busy machine the server answers both at once
        visit.page.evaluate(HURRY)
        title(visit, "Presenta")
        press(visit, "story_present")
        expect(visit.key("stage_leave")).to_be_visible()
        visit.settle()


def test_the_projector_has_light_or_dark_whatever_the_window_has(visit):
    titles = show_series(visit)
    visit.page.keyboard.press("PageDown")
    title(visit, titles[1])
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    ink = "getComputedStyle(document.querySelector('.st-key-stage h1 span')).color"

    def seen(of_ground, of_ink):
        # The title comes before the rest of its screen: until then it has the white of the cover.
        visit.page.wait_for_function(f"() => {ground} === '{of_ground}' && {ink} === '{of_ink}'")

    seen("rgb(255, 255, 255)", "rgb(23, 50, 77)")
    visit.page.keyboard.press("t")
    visit.wait_shown("m.theme === 'dark'")
    seen("rgb(15, 26, 38)", "rgb(232, 238, 244)")
    visit.page.keyboard.press("PageDown")
    title(visit, titles[2])
    seen("rgb(15, 26, 38)", "rgb(232, 238, 244)")
    visit.key("stage_theme").get_by_role("button").click()
    seen("rgb(255, 255, 255)", "rgb(23, 50, 77)")


def test_notes_stand_in_a_second_window_and_follow_the_audience(visit, server, browser):
    visit.open("presenta?theme=digital")
    press(visit, "story_prepare")
    address = visit.page.get_by_role("link", name="Note del relatore").get_attribute("href")
    titles = [written(visit, at) for at in range(2)]
    press(visit, "story_present")
    with new_visit(server, browser) as other:
        other.open(re.sub(r"^.*/(presenta\?)", r"\1", address))
        title(other, titles[0])
        visit.page.keyboard.press("PageDown")
        title(other, titles[1])


SWIPE = """([from, to, y]) => {
  const target = document.querySelector('.st-key-stage h1');
  const at = (x, down) => new Touch({identifier: 1, target, clientX: x, clientY: down});
  const send = (type, touch) => target.dispatchEvent(new TouchEvent(type, {
    bubbles: true, cancelable: true, changedTouches: [touch], touches: type === 'touchend' ? [] : [touch]}));
  send('touchstart', at(from, 200));
  send('touchend', at(to, 200 + y));
}"""


def test_a_finger_turns_the_screens_and_a_second_window_fits_a_phone(visit, server, browser):
    visit.open("presenta?theme=digital")
    press(visit, "story_prepare")
    address = visit.page.get_by_role("link", name="Note del relatore").get_attribute("href")
    titles = [written(visit, at) for at in range(3)]
    press(visit, "story_present")
    expect(visit.key("stage_leave")).to_be_visible()
    n = visit.page.locator("[class*=st-key-stage_go_]").count()
    with new_visit(server, browser, 360, 740) as phone:
        phone.open(re.sub(r"^.*/(presenta\?)", r"\1", address))
        title(phone, titles[0])
        visit.page.evaluate(SWIPE, [500, 300, 10])
        title(visit, titles[1])
        title(phone, titles[1])
        text = phone.page.locator(".stMain")
        expect(text).to_contain_text(re.compile(rf"\d\d:\d\d · 2 di {n} · 0 minuti"))
        expect(text).to_contain_text(f"Poi: {titles[2]}")
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visit.page.evaluate(SWIPE, [300, 360, 200])  # downwards: whoever scrolls stays where it is
        visit.page.evaluate(SWIPE, [300, 500, 0])
        title(visit, titles[0])
        title(phone, titles[0])


@pytest.mark.parametrize("refusal", ["undefined", "() => Promise.reject(new TypeError('no'))"])
def test_a_browser_that_refuses_full_screen_is_told_and_the_stage_opens(visit, refusal):
    visit.open("presenta?theme=digital")
    press(visit, "story_prepare")
    visit.page.evaluate(f"() => {{ document.documentElement.requestFullscreen = {refusal}; }}")
    visit.key("story_present").get_by_role("button").first.click()
    expect(visit.page.locator(".atlas-lost")).to_contain_text("Il browser non permette lo schermo intero")
    expect(visit.key("stage_leave")).to_be_visible()


def test_the_pointer_and_the_controls_go_and_come_with_movement(visit):
    show_series(visit)
    root = visit.page.locator("html")
    expect(root).to_have_class(re.compile("atlas-idle"))
    shown = "() => getComputedStyle(document.querySelector('.st-key-stage_next .stButton')).opacity"
    visit.page.wait_for_function(f"() => ({shown})() === '0'")
    visit.page.mouse.move(300, 300)
    visit.page.mouse.move(320, 310)
    expect(root).not_to_have_class(re.compile("atlas-idle"))
    visit.page.wait_for_function(f"() => ({shown})() === '1'")
    visit.page.keyboard.press("PageDown")
    expect(visit.map().locator("html")).to_have_class(re.compile("atlas-idle"))
    expect(root).to_have_class(re.compile("atlas-idle"))
    visit.map().locator("#map_div").hover()  # a movement over the map is a movement
    expect(root).not_to_have_class(re.compile("atlas-idle"))
    expect(visit.map().locator(".atlas-buttons").first).to_have_css("opacity", "1")
    expect(visit.map().locator("html")).to_have_class(re.compile("atlas-idle"))
    expect(visit.map().locator(".atlas-buttons").first).to_have_css("opacity", "0")


def test_the_presentation_is_there_again_after_a_reload(visit):
    visit.open("presenta?theme=digital")
    press(visit, "story_prepare")
    first = written(visit, 0)
    # The browser keeps it at the end of the run, a moment after it is drawn.
    visit.page.wait_for_function("() => localStorage.getItem('atlas.deck')")
    visit.page.reload()
    expect(field(visit, 0)).to_have_value(first)
    expect(visit.page).not_to_have_url(re.compile("tappe"))
    press(visit, "story_empty")
    visit.page.wait_for_function("() => !localStorage.getItem('atlas.deck')")
    visit.page.reload()
    expect(visit.key("story_prepare")).to_be_visible()
    visit.settle()
    expect(field(visit, 0)).to_have_count(0)


def test_decks_are_kept_by_name_in_the_browser_and_opened_again(visit):
    visit.open("presenta?theme=housing")
    press(visit, "story_prepare")
    wanted = written(visit, 0)
    press(visit, "story_decks")
    box = visit.page.locator(".atlas-decks")
    box.locator("input").fill("Assemblea <b>2026</b>")
    box.get_by_role("button", name="Salva quella di adesso").click()
    expect(box.locator("li span")).to_have_text("Assemblea <b>2026</b>")
    visit.page.keyboard.press("Escape")
    press(visit, "story_empty")
    expect(field(visit, 0)).to_have_count(0)
    visit.page.reload()
    press(visit, "story_decks")
    box.get_by_role("button", name="Rinomina").click()
    box.locator("li input").fill("Giunta")
    box.locator("li input").press("Enter")
    expect(box.locator("li span")).to_have_text("Giunta")
    box.get_by_role("button", name="Apri").click()
    expect(field(visit, 0)).to_have_value(wanted)
    box.get_by_role("button", name="Elimina").click()
    expect(box.locator("li")).to_have_count(0)


def test_alt_and_an_arrow_move_the_screen_that_has_the_focus(visit):
    visit.open("presenta?theme=housing")
    press(visit, "story_prepare")
    before = [written(visit, at) for at in range(3)]
    field(visit, 1).focus()
    visit.page.keyboard.press("Alt+ArrowDown")
    expect(field(visit, 2)).to_have_value(before[1])
    expect(field(visit, 2)).to_be_focused()
    visit.page.keyboard.press("Alt+ArrowUp")
    expect(field(visit, 1)).to_have_value(before[1])
    expect(visit.page.locator("[class*=st-key-stop_head_] img")).to_have_count(8)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 768), (1280, 800), (3840, 2160)])
def test_everything_fits_one_screen_and_letters_grow_with_it(server, browser, width, height):
    with new_visit(server, browser, width, height) as visit:
        for text in show_series(visit)[1:]:
            visit.page.keyboard.press("PageDown")
            title(visit, text)
            for key in ("stage", "stage_foot"):
                box = visit.key(key).bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1
            assert visit.page.evaluate(OVERLAPS) == []
            assert visit.page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
            size = visit.page.locator(".st-key-stage h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= 0.03 * min(width, height)


def test_with_little_motion_the_words_have_the_same_size(server, browser):
    """Each element has a transition there, and a size that is read while it lasts is the one of before."""
    read = (
        "() => [...document.querySelectorAll('[class*=st-key-stage_side_] p')].map(e => getComputedStyle(e).fontSize)"
    )
    sizes = []
    for motion in ("no-preference", "reduce"):
        with new_visit(server, browser, reduced_motion=motion) as visit:
            visit.open("presenta")
            press(visit, "story_prepare")
            visit.key("stop_7").wait_for()
            press(visit, "story_present")
            visit.key("stage_foot").wait_for()
            visit.stand_still()  # a key before the stage listens is lost
            for at in range(2, 8):  # to an initiative with many words, by another one
                visit.page.keyboard.press("PageDown")
                expect(visit.key("stage_foot")).to_contain_text(f"{at} di 8")
                visit.settle()
            visit.stand_still()
            assert visit.page.evaluate(OVERLAPS) == []
            sizes.append(visit.page.evaluate(read))
    assert sizes[0] == sizes[1]


def test_a_link_and_a_file_carry_the_presentation_to_somebody_else(visit, server, browser, tmp_path):
    visit.open("presenta?theme=housing")
    press(visit, "story_prepare")
    press(visit, "story_share")
    with visit.page.expect_download() as waiting:
        visit.key("story_save").get_by_role("button").first.click()
    file = tmp_path / "serie.json"
    waiting.value.save_as(file)
    link = visit.page.locator("[data-testid=stCode]").inner_text().strip()
    wanted = written(visit, 0)
    with new_visit(server, browser) as other:
        other.open(re.sub(r"^.*/(presenta\?)", r"\1", link))
        expect(field(other, 0)).to_have_value(wanted)
        expect(other.page).not_to_have_url(re.compile("tappe"))
        press(other, "story_empty")
        expect(field(other, 0)).to_have_count(0)
        press(other, "story_share")
        other.page.locator("input[type=file]").set_input_files(file)
        expect(field(other, 0)).to_have_value(wanted)


def test_a_file_is_made_beside_the_page_and_comes_from_this_server(visit):
    visit.open("presenta?theme=housing&region=03")
    press(visit, "story_prepare")
    expect(field(visit, 2)).to_be_visible()
    n_stops = visit.page.locator("[class*=st-key-stop_title_]").count()
    visit.key("make_pptx").get_by_role("button").first.click()
    ready = visit.key("take_pptx").get_by_role("button").first
    expect(ready).to_be_visible()
    with visit.page.expect_download() as waiting:
        ready.click()
    assert waiting.value.suggested_filename == "atlante-presentazione.pptx"
    names = zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())).namelist()
    assert sum(name.startswith("ppt/slides/slide") for name in names) >= n_stops >= 3


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "png", "bib"])
def test_the_map_offers_the_files_of_its_selection(visit, kind):
    visit.open("?theme=housing")
    press(visit, "selection_files")
    with visit.page.expect_download() as waiting:
        visit.key(f"selection_{kind}").get_by_role("button").first.click()
    assert waiting.value.suggested_filename.endswith(f".{kind}")
    assert len(waiting.value.path().read_bytes()) > 100


def test_out_of_sight_map_and_chart_are_as_wide_as_in_their_turn(server, browser):
    """Of another width the browser would draw every shape again at the very moment when the audience waits."""
    width = """() => ['stage_map iframe[src*=streamlit_folium]', 'stage_chart'].map(
      s => document.querySelector('.st-key-' + s).getBoundingClientRect().width)"""
    with new_visit(server, browser, 1024, 768) as visit:
        titles = show_series(visit)
        visit.page.wait_for_function(f"() => ({width})().every(one => one > 400)")  # both are there, out of sight
        widths = [visit.page.evaluate(width)]
        for text in titles[1:3]:
            visit.page.keyboard.press("PageDown")
            title(visit, text)
            widths.append(visit.page.evaluate(width))
    for one in zip(*widths, strict=True):
        assert one[0] > 400 and max(one) - min(one) < 1


def test_a_file_that_nobody_wants_any_more_is_given_up(visit):
    # Two are made at a time, and of so many maps none is ready before somebody can change their mind on the third.
    regions = [f"{n:02}" for n in range(1, 21)]
    views = [
        View(selection=Selection(regions=(code,)), options=ViewOptions(level=level))
        for level in Level
        for code in regions
    ]
    link = to_link(Story("Lunga", tuple(Stop(StopKind.MAP, view) for view in views)))
    assert link is not None and len(views) == STOPS_AT_MOST
    visit.open(f"presenta?tappe={link}")
    for kind in ("pptx", "pdf", "html"):
        visit.key(f"make_{kind}").get_by_role("button").first.click()
    # At once: a busy machine that first scrolls to the button may be late.
    visit.key("cancel_html").get_by_role("button").first.evaluate("button => button.click()")
    expect(visit.key("make_html").get_by_role("button").first).to_be_visible()
    expect(visit.key("making_html")).to_have_count(0)
    expect(visit.key("take_html")).to_have_count(0)
    visit.settle()
    title(visit, "Presenta")
