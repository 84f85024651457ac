"""Twenty-four views look as they did; `make pictures` writes the references again: look at them before a commit."""

import os
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops

from tests.browser import pictures
from tests.browser.conftest import FLAGS, Visit, find_chromium
from tests.browser.pictures import REFERENCES, SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

RENEW = bool(os.environ.get("RENEW"))
ALL_KB = 2_500


@pytest.fixture(scope="module")
def sitter(server, browser):
    """One window for all the pictures; pages quote their own address, which here belongs to nobody."""
    rules = (
        f"--host-resolver-rules=MAP {pictures.HOST}:80 {urlsplit(server).netloc}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    )
    flags = [flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")]
    chromium = browser.browser_type.launch(executable_path=find_chromium(), args=[*flags, *pictures.FLAGS, rules])
    context = chromium.new_context(locale="it-IT", device_scale_factor=1)
    yield lambda: Visit(context.new_page(), f"http://{pictures.HOST}")
    chromium.close()


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_view_looks_as_it_did(sitter, shot):
    visit = sitter()
    picture = pictures.take(visit, shot)
    if RENEW and pictures.compare(shot.name, picture):
        (REFERENCES / f"{shot.name}.png").write_bytes(pictures.to_small_png(picture))
    told = pictures.compare(shot.name, picture)
    if told:  # what a busy machine had not finished is there on a second look
        visit.stand_still()
        told = pictures.compare(shot.name, visit.page.screenshot(animations="disabled", caret="hide"))
    assert told == ""
    visit.page.close()
    assert visit.foreign() == [] and visit.errors == []


def test_the_references_are_these_and_light():
    kept = {path.stem for path in REFERENCES.glob("*.png")}
    assert kept == {shot.name for shot in SHOTS} and len(kept) == 24
    assert sum(path.stat().st_size for path in REFERENCES.glob("*.png")) <= ALL_KB * 1000


# ---- the comparison itself


@pytest.fixture
def spoiled(tmp_path, monkeypatch):
    """Spoil a reference and compare it with what it was."""
    monkeypatch.setattr(pictures, "FOUND", pictures.FOUND / "spoiled")

    def spoil(name, change):
        image = Image.open(REFERENCES / f"{name}.png").convert("RGB")
        change(image)
        image.save(tmp_path / "spoiled.png")
        return pictures.compare(name, (tmp_path / "spoiled.png").read_bytes())

    return spoil


def _recolour(image):
    box = (300, 300, 420, 336)  # as large as a button, a little darker
    image.paste(ImageChops.subtract(image.crop(box), Image.new("RGB", (120, 36), (40, 40, 40))), box)


def _move(image):
    box = (290, 70, 800, 130)  # the title, eight pixels lower
    part = image.crop(box)
    image.paste(image.getpixel((1278, 798)), box)
    image.paste(part, (box[0], box[1] + 8))


@pytest.mark.parametrize("change", [_recolour, _move])
def test_a_colour_or_a_place_that_changed_is_seen_and_shown(spoiled, change):
    told = spoiled("regioni", change)
    assert "differs from its reference" in told
    for kind in ("actual", "difference"):
        path = pictures.FOUND / f"regioni.{kind}.png"
        assert path.name in told
        assert Image.open(path).size == (1280, 800)


def test_another_size_differs_and_noise_does_not(spoiled):
    wider = Image.new("RGB", (1281, 800))
    assert pictures.differing(wider, Image.new("RGB", (1280, 800))).all()

    def sprinkle(image):
        for x in range(0, image.width, 16):
            image.putpixel((x, 400), (128, 128, 128))

    assert spoiled("regioni", sprinkle) == ""


def test_a_view_without_a_reference_says_what_to_do():
    assert pictures.compare("nowhere", b"") == "docs/images/nowhere.png is missing: make pictures"
