"""Every kind of deck, handout and workbook opened by LibreOffice or poppler; their pages compared with references.

Run by `make test-office`; `make test-office RENEW=1` writes the references again: look at them before a commit.
"""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from atlas.base.model import Face
from atlas.publish.decks.handout import to_pdf
from atlas.publish.decks.slides import to_pptx
from atlas.publish.export import to_xlsx
from atlas.publish.stops import kinds
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import Stop, StopKind, Story
from tests.factories import make_catalogue, make_row, real_world
from tests.payloads import FREE_COLUMNS, PAYLOADS
from tests.sheets import BASE, TODAY, make_view, prepared, world

if not os.environ.get("ATLAS_OFFICE"):
    pytest.skip("run by `make test-office`", allow_module_level=True)

REFERENCES = Path(__file__).parent / "references"
RENEW = bool(os.environ.get("RENEW"))
DPI = 40
# Versions of LibreOffice and of fonts move letters by a pixel; a missing chart or a text that runs out does more.
TOLERATED_PART, TOLERATED_STEP = 0.02, 48


def _faces():
    view = make_view("level=region&measure=per_million&region=08,12")
    return Story("Regioni", tuple(Stop(StopKind.REGIONS, replace(view, face=face)) for face in Face))


def _long():
    title = (
        "Un titolo molto lungo che un presentatore può scrivere quando vuole dire tutto in una volta sola, e non basta"
    )
    stops = (
        Stop(StopKind.OVERVIEW, make_view("lang=en"), title, "One\nTwo"),
        Stop(StopKind.MAP, make_view("measure=per_million&level=province&lang=en"), title * 2, "", (44.5, 11.3, 8.0)),
        Stop(StopKind.CATALOGUE, make_view("theme=digital&lang=en")),
        Stop(StopKind.MUNICIPALITY, make_view("place=037006&lang=en")),
    )
    return Story("Long", stops)


def _own():
    rows = (
        make_row("orto", title_it="Orto di quartiere", summary_it="Un orto tra anziani e ragazzi.", places="072006"),
        make_row("mensa", title_it="Mensa", summary_it="", places="072006;072029", targets="", themes=""),
    )
    return replace(real_world(*rows), sources="data.sources_alone")


def _hostile():
    texts = PAYLOADS.values()
    return real_world(*(make_row(f"riga-{at}", **dict.fromkeys(FREE_COLUMNS, text)) for at, text in enumerate(texts)))


def _large():
    return replace(world(), catalogue=make_catalogue(20_000, 7_000))


# Decks of other data than the published.
WORLDS = {"own": _own, "hostile": _hostile, "large": _large}
DECKS = {
    "one": lambda: prepared("q=Gocciolino"),
    "region": lambda: prepared("region=16"),
    "region_english": lambda: prepared("region=16&lang=en"),
    "prepared": prepared,
    "english": lambda: prepared("lang=en&theme=digital&level=region&measure=per_million"),
    "nothing": lambda: prepared("q=zzzz"),
    "housing": lambda: prepared("theme=housing"),
    "families": lambda: prepared("region=16&target=families"),
    "grid": lambda: Story("", (Stop(StopKind.REGIONS, make_view("face=matrix")),)),
    "faces": _faces,
    "long": _long,
}


def _deck(kind):
    """Return a deck and its world."""
    if kind not in WORLDS:
        return DECKS[kind](), world()
    held = WORLDS[kind]()
    return propose_story(make_view(""), held), held


def _to_pages(pdf, folder):
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(pdf), str(folder / "page")], check=True)
    return sorted(folder.glob("page*.png"))


def _to_texts(pdf):
    return [page.extract_text() for page in PdfReader(pdf).pages]


def _convert(data, name, folder):
    """Return the file as PDF by LibreOffice, in a profile of its own."""
    (folder / name).write_bytes(data)
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / name).with_suffix(".pdf")


def _compare(pages, stem):
    known = sorted(REFERENCES.glob(f"{stem}-*.png"))
    if RENEW:
        for path in known:
            path.unlink()
        for at, page in enumerate(pages, start=1):
            Image.open(page).convert("RGB").quantize(64).save(REFERENCES / f"{stem}-{at:02}.png", optimize=True)
        return
    assert len(pages) == len(known), f"{len(pages)} pages, {len(known)} references: make test-office RENEW=1"
    for page, reference in zip(pages, known, strict=True):
        different = _difference(page, reference)
        if different > TOLERATED_PART:
            shutil.copy(page, REFERENCES.parent / f"{reference.stem}.actual.png")
        assert different <= TOLERATED_PART, f"{reference.name}: {different:.1%} of the page differs"


def _difference(page, reference):
    """Return which part of the page is clearly lighter or darker, after blurring letters into their lines."""
    one, other = (Image.open(path).convert("L") for path in (page, reference))
    if one.size != other.size:
        return 1.0
    size = (one.width // 4, one.height // 4)
    small = [np.asarray(image.resize(size, Image.Resampling.BOX), dtype=int) for image in (one, other)]
    return float((np.abs(small[0] - small[1]) > TOLERATED_STEP).mean())


@pytest.mark.parametrize("kind", [*DECKS, *WORLDS])
def test_a_deck_opens_and_looks_as_it_did(kind, tmp_path):
    pdf = _convert(to_pptx(*_deck(kind), TODAY, BASE), f"{kind}.pptx", tmp_path)
    _compare(_to_pages(pdf, tmp_path), f"deck-{kind}")


@pytest.mark.parametrize("kind", [*DECKS, *WORLDS])
def test_a_handout_looks_as_it_did(kind, tmp_path):
    pdf = tmp_path / "handout.pdf"
    pdf.write_bytes(to_pdf(*_deck(kind), TODAY, BASE))
    _compare(_to_pages(pdf, tmp_path), f"handout-{kind}")


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_chart_says_its_numbers_as_the_language_writes_them(language, tmp_path, monkeypatch):
    bars = kinds._bars
    monkeypatch.setattr(kinds, "_bars", lambda content, key, labels, values, *more: bars(
        content, key, labels, values * (1234.0 if values.max() > 5 else 1.0), *more
    ))  # fmt: skip
    view = make_view(f"lang={language}&level=region&measure=per_million")
    story = Story("", (Stop(StopKind.THEMES, view), Stop(StopKind.REGIONS, view)))
    pages = _to_texts(_convert(to_pptx(story, world(), TODAY, BASE), "numbers.pptx", tmp_path))
    for stop, page in zip(story.stops, pages, strict=False):
        texts = build_content(stop, world(), TODAY, BASE).bars[0].texts
        assert any("." in text or "," in text for text in texts)
        assert [text for text in texts if text not in page.split()] == []


def test_a_workbook_opens(tmp_path):
    sheet, held = build_content(Stop(StopKind.MAP, make_view("")), world(), TODAY), world()
    data = to_xlsx(sheet.selected, held, sheet.about, TODAY)
    assert _to_pages(_convert(data, "iniziative.xlsx", tmp_path), tmp_path)


def test_a_changed_page_would_be_seen(tmp_path):
    reference = sorted(REFERENCES.glob("deck-prepared-*.png"))[2]
    page = Image.open(reference).convert("RGB")
    page.paste((255, 255, 255), (0, page.height // 4, page.width // 2, page.height))
    page.save(tmp_path / "page.png")
    assert _difference(tmp_path / "page.png", reference) > TOLERATED_PART
