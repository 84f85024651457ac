"""What a person would stumble over, measured in the page and in the map's frame; and where the Tab key leads."""

from pathlib import Path

from playwright.sync_api import ElementHandle, Frame, Page, TimeoutError

from tests.browser.conftest import PATIENCE

SCRIPT = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")
# What WCAG 1.4.12 lets a reader set. Words on buttons are no paragraphs, yet Streamlit writes them as such.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""


def documents(page: Page) -> list[Frame]:
    """Return the page and the map's frame, once the frame has its words; both know how to measure."""
    frames = [frame for frame in page.frames if "streamlit_folium" in frame.url]
    for frame in frames:  # also one out of sight is painted, and gets its words
        frame.wait_for_function("() => document.title", timeout=PATIENCE)
    for document in (page.main_frame, *frames):
        document.evaluate(SCRIPT)
    return [page.main_frame, *frames]


def measure(page: Page, *kinds: str) -> list[str]:
    """Return the faults of these kinds, one line each: smallTargets, cutTexts, sideways, faintEdges."""
    return [
        f"{kind}: {fault}"
        for document in documents(page)
        for kind in kinds
        for fault in document.evaluate(f"() => atlasMeasures.{kind}()")
    ]


def measure_spaced(page: Page) -> list[str]:
    """Return which words are cut when a reader spreads letters, words, lines and paragraphs."""
    styles = [frame.add_style_tag(content=SPACING) for frame in documents(page)]
    try:
        return [f"spaced {fault}" for fault in measure(page, "cutTexts", "sideways")]
    finally:
        for style in styles:
            style.evaluate("style => style.remove()")


class Focus:
    """Where the Tab key has led: it looks different with the focus than without, and it is in sight."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._before: tuple[ElementHandle, str] | None = None

    def press(self, key: str = "Tab") -> ElementHandle:
        """Press the key and return what then has the focus; AssertionError when one would not see it."""
        documents(self.page)
        self.page.keyboard.press(key)
        self.check_left()
        element = self._focused()
        self._wait_in_sight(element)
        self._before = (element, element.evaluate("e => atlasMeasures.look(e)"))
        return element

    def check_left(self) -> None:
        """See that what had the focus before no longer looks as it did then."""
        if self._before is None:
            return
        element, with_focus = self._before
        if element.evaluate("e => e.isConnected && e !== document.activeElement && e !== document.body"):
            assert element.evaluate("e => atlasMeasures.look(e)") != with_focus, (
                f"nothing shows it: {self._name(element)}"
            )

    def _wait_in_sight(self, element: ElementHandle) -> None:
        in_sight = "e => e === document.body || atlasMeasures.inSight(e)"
        frame = element.owner_frame()
        assert frame
        try:  # the page scrolls to it
            frame.wait_for_function(in_sight, arg=element, timeout=3_000)
        except TimeoutError as error:
            raise AssertionError(f"out of sight: {self._name(element)}") from error

    def _focused(self) -> ElementHandle:
        element = self.page.evaluate_handle("() => document.activeElement").as_element()
        frame = element.content_frame()
        if frame and (inner := frame.evaluate_handle("() => document.activeElement").as_element()).evaluate(
            "e => e !== document.body"
        ):
            return inner
        return element

    def _name(self, element: ElementHandle) -> str:
        return str(element.evaluate("e => atlasMeasures.tell(e)"))
