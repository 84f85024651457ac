"""What the picture of a link says: the words of its page, all numbers of its chart, nothing outside the picture."""

import pytest

from atlas.base.model import Face, Language, Level, Measure, Selection, View, ViewOptions
from atlas.catalogue.links import HOME
from atlas.catalogue.source.bundle import published_world
from atlas.publish.site.addresses import in_language
from atlas.publish.site.contents import build_page
from atlas.publish.site.pages import Target
from atlas.publish.stills import preview
from tests.factories import make_row, real_world
from tests.payloads import FREE_COLUMNS, PAYLOADS

pytestmark = pytest.mark.fast
NOTHING = View(selection=Selection(themes=("housing",), targets=("elderly",)))


def draw(target, world=None):
    """The page, and its picture's texts in the order in which they are drawn."""
    page = build_page(target.page, target.view, world or published_world())
    figure = preview._draw(page.content, page.heading, page.kind, page.description, page.content.say)
    return page, figure, [text.get_text() for text in figure.axes[0].texts]


def _targets():
    views = [View(), NOTHING, View(selection=Selection(regions=("12",), place="058")),
             View(options=ViewOptions(Level.REGION, Measure.PER_MILLION))]  # fmt: skip
    yield from (Target(HOME, view) for view in views)
    yield from (Target("regioni", View(face=face)) for face in Face if face is not Face.REGION)
    yield from (Target("regioni", View(face=Face.REGION, region=code)) for code in ("04", "20"))
    yield from (Target("comune", View(municipality=code)) for code in ("001168", "037006"))
    ids = list(published_world().catalogue.store.initiatives.index)
    yield from (Target("catalogo", View(initiative=id_)) for id_ in ids[::5])


@pytest.mark.parametrize("language", Language)
def test_nothing_is_cut_at_the_edge_or_lies_over_the_brand(language):
    for target in _targets():
        page, figure, _ = draw(in_language(target, language))
        figure.set_dpi(72)
        words = page.content.say("app.short_title")
        brand = next(text for text in figure.axes[0].texts if text.get_text() == words).get_window_extent()
        for text in figure.axes[0].texts:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= preview.WIDTH + 1 and box.y0 >= 0 and box.y1 <= preview.HEIGHT + 1, target
            is_left = box.x0 < 200 and box.y0 > brand.y0
            assert not is_left or text.get_text() == words or box.y0 > brand.y1, (target, text.get_text())


def test_a_page_without_figures_says_its_words():
    page, _, texts = draw(Target(HOME, NOTHING))
    assert "Non vuol dire che non si sia fatto nulla" in " ".join(texts) and not page.figures
    _, _, texts = draw(Target("comune", View(municipality="001168")))
    assert "Nessuna iniziativa nel catalogo." in texts


def test_a_heading_is_not_said_twice():
    for face in Face:
        if face is not Face.REGION:
            page, _, texts = draw(Target("regioni", View(face=face)))
            assert " ".join(texts).count(page.heading) == 1


def test_the_table_of_themes_and_groups_is_in_its_picture():
    page, _, texts = draw(Target("regioni", View(face=Face.MATRIX)))
    grid = page.content.grid
    assert {*grid.rows, *grid.columns} <= set(texts)
    shown = sorted(int(text) for text in texts if text.isdigit())
    assert shown == sorted(n for row in grid.numbers for n in row if n) and len(shown) > 50


def test_both_measures_of_a_comparison_are_in_its_picture():
    page, _, texts = draw(Target("regioni", View(face=Face.COMPARE)))
    assert len(page.content.bars) == 2
    for bars in page.content.bars:
        assert {bars.title, *bars.texts} <= set(texts)


def test_a_card_says_where_and_what():
    id_ = published_world().catalogue.store.initiatives.index[0]
    page, _, texts = draw(Target("catalogo", View(initiative=id_)))
    said = " ".join(texts)
    assert page.content.card.place in said and page.content.card.summary[:60] in said


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_texts_are_drawn_as_text(payload):
    row = make_row(
        "una", themes="housing", targets="elderly", **{name: payload.replace(";", ",") for name in FREE_COLUMNS}
    )
    page, figure, texts = draw(Target("catalogo", View(initiative="una")), real_world(row))
    heading = "".join(page.heading.split())
    assert heading[:12] in "".join("".join(texts).split())
    assert not any(text.get_parse_math() for text in figure.axes[0].texts)
