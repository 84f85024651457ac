"""Which programs are measured and how a visitor of each changes the filter."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Locator, Page

APPS = Path(__file__).parent / "apps"
ATLAS_ADDRESS = "?level=municipality&measure=per_million"
# A picture is complete when nothing was drawn for so many seconds; slow builds pause in the middle.
QUIET, QUIET_OF_SLOW = 0.8, 2.0


@dataclass(frozen=True)
class Build:
    """A program, how it is started, and what a finished picture needs at least (in drawing calls)."""

    name: str
    script: str
    variables: dict[str, str] = field(default_factory=dict)
    address: str = ""
    in_frame: bool = False
    shapes: int = 1
    quiet: float = QUIET_OF_SLOW

    @property
    def path(self) -> Path:
        return APPS / self.script

    @property
    def is_atlas(self) -> bool:
        return self.script == "atlas_app.py"

    def clear(self, page: Page) -> bool:
        """Take the last choice away, where the filter keeps several; True when there was one."""
        remove = page.locator(".react-aria-ComboBox button[aria-label^=Remove]")
        if not self.is_atlas or not remove.count():
            return False
        remove.first.click()
        return True

    def prepare(self, page: Page, turn: int) -> None:
        """Bring the page to where one click changes the filter; not timed."""
        if self.is_atlas:
            page.keyboard.press("Escape")
            page.get_by_test_id("stMultiSelect").first.locator("input").click()
            self._option(page, turn).wait_for()

    def act(self, turn: int) -> Callable[[Page], None]:
        """Return the one click that is timed."""
        if self.is_atlas:
            return lambda page: self._option(page, turn).click()
        return lambda page: page.get_by_test_id("stButtonGroup").locator("button").nth(1 + turn % 12).click()

    @staticmethod
    def _option(page: Page, turn: int) -> Locator:
        return page.get_by_role("option").nth(1 + turn % 8)


def atlas(n_initiatives: int) -> Build:
    """Return the dashboard with so many invented initiatives; 0 is the bundled catalogue."""
    count = f"{n_initiatives:,}" if n_initiatives else "35 bundled"
    return Build(
        f"atlas, {count}",
        "atlas_app.py",
        {"BENCH_INITIATIVES": str(n_initiatives)},
        ATLAS_ADDRESS,
        in_frame=True,
        shapes=7_800,
        quiet=QUIET,
    )


QUIET_ON = {"BENCH_QUIET": "1"}
NAIVE = Build("naive folium", "naive.py", in_frame=True, shapes=7_800)
QUIET_NAIVE = replace(NAIVE, name="naive, returned_objects=[]", variables=QUIET_ON)
LIGHT_NAIVE = replace(NAIVE, name="the same, light shapes", variables={**QUIET_ON, "BENCH_LIGHT": "1"})
PEERS = (
    Build("plotly choropleth_map", "plotly_map.py"),
    Build("plotly, shapes by address", "plotly_map.py", {"BENCH_BY_ADDRESS": "1"}),
    Build("pydeck GeoJsonLayer", "pydeck_map.py"),
    Build("altair mark_geoshape", "altair_map.py", shapes=7_800),
)
COMPARED = (atlas(2_000), NAIVE, QUIET_NAIVE, LIGHT_NAIVE, *PEERS)
GROWTH = tuple(atlas(n) for n in (0, 2_000, 20_000, 200_000))
