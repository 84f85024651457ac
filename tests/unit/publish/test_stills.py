from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from atlas.figures.shapes import to_plane
from atlas.indicators.classes import PALETTES
from atlas.publish.stills.still_map import draw_map, fit_map
from atlas.publish.stills.still_words import wrap
from atlas.publish.stills.stills import Paper, to_png, to_svg
from tests.sheets import make_content, world

SVG = "{http://www.w3.org/2000/svg}"


def _words(svg):
    return " ".join(" ".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_a_picture_is_as_large_as_its_paper_at_300_dots_an_inch():
    for paper, size in ((Paper.A4, (3507, 2480)), (Paper.WIDE, (4000, 2250))):
        picture = Image.open(BytesIO(to_png(make_content("level=region"), paper)))
        assert picture.size == size
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_everything_that_a_reader_needs_is_printed_on_it():
    sheet = make_content("theme=digital&level=region&rule=share")
    words = _words(to_svg(sheet)).replace(" ", "")
    for text in (sheet.title, *sheet.description.sentences, *(part for pair in sheet.about for part in pair)):
        assert text.replace(" ", "") in words
    for item in sheet.message.legend["items"]:
        if not item.get("several"):
            assert item["label"].replace(" ", "") in words


@pytest.mark.parametrize(
    ("id_", "signs"),
    [("housing-led-e-housing-first-palermo", ["n"]), ("interpreti-di-cambiamento-cremasco", ["soft"])],
)
def test_the_map_of_one_initiative_explains_only_its_own_mark(id_, signs):
    items = make_content(f"id={id_}", "catalogo").message.legend["items"]
    shown = ["several" if "several" in item else "soft" if "soft" in item else "n" for item in items if "n" in item]
    assert shown == signs


@pytest.mark.parametrize(("query", "has_one"), [("theme=housing", True), ("region=16&target=families", False)])
def test_a_picture_explains_joined_marks_only_where_it_has_some(query, has_one):
    sheet = make_content(query)
    label = next(item["label"] for item in sheet.message.legend["items"] if item.get("several"))
    assert (label.replace(" ", "") in _words(to_svg(sheet, Paper.MAP)).replace(" ", "")) is has_one


def test_the_numbers_on_the_circles_add_up_to_the_initiatives_on_the_map():
    sheet = make_content("level=region")
    root = ElementTree.fromstring(to_svg(sheet))
    texts = ["".join(node.itertext()).strip() for node in root.iter(f"{SVG}text")]
    legend = [int(item["label"]) for item in sheet.message.legend["items"] if item["label"].isdigit()]
    shown = [int(text) for text in texts if text.isdigit()]
    assert len(shown) > len(legend)
    assert sum(shown) - sum(legend) == sheet.message.marks.total == int(sheet.selected.placed.sum())


def _colours(png):
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).reshape(-1, 3)
    return {"#{:02x}{:02x}{:02x}".format(*row) for row in np.unique(pixels, axis=0)}


def test_classes_have_the_colours_of_the_screen_and_few_cases_are_hatched():
    sheet = make_content("level=region&measure=per_million")
    colours = _colours(to_png(sheet, Paper.MAP, 100))
    used = set(sheet.message.classes) - {"."}
    assert {int(mark) for mark in used if mark.isdigit()}
    for mark in used:
        position = int(mark) if mark.isdigit() else ord(mark) - ord("a")
        assert PALETTES["light"]["classes"][position] in colours
    assert to_svg(sheet).count(b"<pattern") >= len([mark for mark in used if mark.isalpha()])


def test_missing_is_dotted_and_not_a_zero():
    sheet = make_content("region=08&measure=per_million")
    assert "-" in sheet.message.classes
    without = to_svg(make_content("region=01&measure=per_million"))
    missing = PALETTES["light"]["missing"].encode()
    assert missing in to_svg(sheet)
    assert missing not in without


def test_a_hole_in_a_region_is_not_its_land():
    sheet, box = make_content("region=08"), (0.0, 0.0, 1600.0, 1600.0)
    figure = Figure(figsize=(1600 / 72, 1600 / 72), facecolor=PALETTES["light"]["sea"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1600), ylim=(0, 1600))
    axes.set_axis_off()
    frame = fit_map(axes, sheet, box)
    draw_map(frame)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=72)
    picture = Image.open(stream).convert("RGB")
    at = frame.at(to_plane([12.207, 11.0], [43.794, 44.55]))  # a part of Toscana inside, the plain of Modena
    hole, land = ("#{:02x}{:02x}{:02x}".format(*picture.getpixel((round(x), 1600 - round(y)))) for x, y in at)
    assert (hole, land) == (PALETTES["light"]["outside"], PALETTES["light"]["land"])


def test_text_is_text_whatever_it_looks_like():
    sheet = make_content("level=region", title="$x^2$ <b>{{7*7}}</b> & \x07 " + "w" * 300)
    words = _words(to_svg(sheet)).replace(" ", "")
    assert "$x^2$<b>{{7*7}}</b>&" in words
    to_png(sheet, Paper.WIDE, 50)


def test_an_empty_selection_is_a_map_with_nothing_on_it():
    sheet = make_content("q=zzzz&level=region")
    assert len(sheet.selected) == 0
    assert sheet.description.sentences[0] in _words(to_svg(sheet, Paper.A4)).replace("  ", " ")


def test_the_same_view_gives_the_same_bytes():
    assert to_svg(make_content("level=region")) == to_svg(make_content("level=region"))


def test_lines_are_never_wider_than_their_column():
    assert wrap("uno due tre", 10, 46) == ["uno due", "tre"]
    assert "".join(wrap("w" * 50, 10, 60)) == "w" * 50
    assert wrap("", 10, 60) == []


def test_the_map_of_a_card_shows_that_initiative_alone():
    id_ = world().catalogue.initiatives.index[0]
    sheet = make_content(f"id={id_}", page="catalogo")
    assert list(sheet.selected.initiatives.index) == [id_]
    assert sheet.message.footprint.any()
    assert Image.open(BytesIO(to_png(sheet, Paper.CARD, 72))).size == (300, 300)


def test_the_date_is_in_words():
    assert "22 novembre 2026" in _words(to_svg(make_content("", today=date(2026, 11, 22))))
