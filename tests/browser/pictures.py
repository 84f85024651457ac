"""Which views are kept as pictures, how they are taken and how two pictures are compared; it judges no page."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageFilter

from tests.servers import ROOT

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

REFERENCES = ROOT / "docs" / "images"
# Not in git: what a failing comparison leaves to be looked at.
FOUND = ROOT / "out" / "pictures"
HOST = "atlante.example.org"
COLOURS = 256
# Letters, lines and shadows are drawn the same everywhere, or nearly so.
FLAGS = [
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--disable-partial-raster",
    "--disable-skia-runtime-opts",
]
# A pixel differs when a channel does by more than this after a blur, a picture when this part of its pixels does.
BLUR, STEP, PART = 1, 20, 0.002
FILE = {
    "name": "elenco.csv",
    "mimeType": "text/csv",
    "buffer": b"titolo;comune;tema\nSpesa a casa;Reggio Emilia;Casa\nMensa;Nonesiste;Casa\n",
}


@dataclass(frozen=True)
class Shot:
    """One picture: the address it opens, its window in pixels, its theme.

    prepared: a way on from there; centred: whether the map is scrolled to the middle of the window.
    """

    name: str
    path: str
    width: int = 1280
    height: int = 800
    theme: Literal["light", "dark"] = "light"
    prepared: Literal["", "stage", "file"] = ""
    centred: bool = False


def _both(name: str, path: str, **looks: object) -> tuple[Shot, Shot]:
    """The same view wide, light and Italian, and narrow, dark and English."""
    english = f"{path}{'&' if '?' in path else '?'}lang=en"
    return (
        Shot(name, path, **looks),
        Shot(f"{name}-en", english, 360, 740, "dark", **looks),
    )


SHOTS = (
    *_both("mappa", ""),
    Shot("mappa-scura", "?lang=en&level=region&measure=per_million", theme="dark"),
    Shot("telefono", "?theme=housing", 360, 740, centred=True),
    Shot("mappa-vuota", "?q=parola-che-non-esiste"),
    *_both("regioni", "regioni"),
    *_both("temi", "regioni?face=matrix"),
    *_both("confronto", "regioni?face=compare&compare=12,05"),
    *_both("comune", "comune?place=058091"),
    *_both("catalogo", "catalogo"),
    *_both("scheda", "catalogo?id=innovationlab-san-dona-di-piave"),
    *_both("indovina", "indovina?question=rarest_theme"),
    *_both("presenta", "presenta", prepared="stage"),
    Shot("dati", "dati", prepared="file"),
    *_both("metodo", "metodo"),
)


def take(visit: "Visit", shot: Shot) -> bytes:
    """Open the view of a shot and return what is seen, once it stands still."""
    visit.page.set_viewport_size({"width": shot.width, "height": shot.height})
    visit.page.emulate_media(color_scheme=shot.theme, reduced_motion="reduce")
    visit.open(shot.path)
    if shot.prepared == "stage":
        visit.key("story_prepare").get_by_role("button").click()
        visit.key("stop_2").wait_for()
        visit.key("story_present").get_by_role("button").click()
        visit.key("stage_foot").wait_for()
    elif shot.prepared == "file":
        visit.page.locator("input[type=file]").set_input_files(FILE)
        visit.key("own_figures").wait_for()
    visit.stand_still()
    if shot.centred:
        frame = visit.page.locator("iframe[src*=streamlit_folium]")
        frame.evaluate("element => element.scrollIntoView({ block: 'center' })")
        visit.stand_still()
    visit.page.mouse.move(0, 0)
    frame = next((frame for frame in visit.page.frames if "streamlit_folium" in frame.url), None)
    if frame:  # two frames later its canvas is on the screen
        frame.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    return visit.page.screenshot(animations="disabled", caret="hide")


def to_small_png(picture: bytes) -> bytes:
    """Return the same picture with a palette of its own: flat colours and letters lose nothing that one sees."""
    small = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def differing(one: Image.Image, other: Image.Image) -> np.ndarray:
    """Return which pixels differ by more than STEP in a channel; all of them when the sizes are not the same."""
    if one.size != other.size:
        return np.ones((one.height, one.width), dtype=bool)
    blurred = [
        np.asarray(image.convert("RGB").filter(ImageFilter.BoxBlur(BLUR)), dtype=np.int16) for image in (one, other)
    ]
    return np.abs(blurred[0] - blurred[1]).max(axis=2) > STEP


def compare(name: str, picture: bytes) -> str:
    """Return "" when a picture is as its reference, else a sentence that names the actual and the differing one."""
    reference = REFERENCES / f"{name}.png"
    if not reference.exists():
        return f"{reference.relative_to(ROOT)} is missing: make pictures"
    known, seen = Image.open(reference).convert("RGB"), Image.open(io.BytesIO(picture)).convert("RGB")
    where = differing(seen, known)
    if where.mean() <= PART:
        return ""
    FOUND.mkdir(parents=True, exist_ok=True)
    paths = [FOUND / f"{name}.{kind}.png" for kind in ("actual", "difference")]
    seen.save(paths[0])
    pale = np.asarray(seen.convert("L").convert("RGB"), dtype=np.uint8) // 2 + 127
    pale[where] = (214, 0, 0)
    Image.fromarray(pale).save(paths[1])
    told = " and ".join(str(path.relative_to(ROOT)) for path in paths)
    return f"{where.mean():.2%} of {name} differs from its reference: see {told}; if it is meant, make pictures"
