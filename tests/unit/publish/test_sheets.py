from urllib.parse import parse_qsl, urlsplit

import pytest

from atlas.base.model import Level, Measure
from atlas.base.text import clean_line
from atlas.catalogue.links import from_query
from atlas.catalogue.selection import select
from atlas.indicators.indicators import count_by_theme_and_target, summarise
from atlas.publish.sheets import build_sheets, to_address
from atlas.publish.story import Stop, Story
from tests.sheets import BASE, TODAY, make_sheet, make_view, prepared, world

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("query", ["", "theme=digital", "region=08&rule=share", "q=zzzz", "place=037006&lang=en"])
def test_one_selected_frame_is_behind_everything(query):
    sheet, view = make_sheet(query), make_view(query)
    selected = select(world().catalogue, view.selection)
    assert list(sheet.selected.initiatives.index) == list(selected.initiatives.index)
    assert sheet.figures == summarise(selected, world().territory, view.selection)
    assert sheet.key_figures[0][0] == str(len(selected))


def test_an_address_opens_the_same_view_again():
    for stop in prepared("theme=digital&lang=en&level=region").stops:
        parts = urlsplit(to_address(stop, "https://comune.example.org/atlante/"))
        assert parts.path.startswith("/atlante/")
        params = dict(parse_qsl(parts.query))
        assert from_query(params, world()) == stop.view
    assert to_address(Stop("mappa", make_view(""), ""), "") == ""
    assert to_address(Stop("mappa", make_view(""), ""), BASE) == BASE


def test_the_method_stands_at_the_end_once():
    held = world()
    for stops in ((), prepared().stops[:2], prepared().stops):
        sheets = build_sheets(Story("", stops), held, TODAY)
        assert [sheet.is_method for sheet in sheets].count(True) == 1
        assert sheets[-1].is_method


def test_regions_left_out_by_the_selection_are_not_shown_as_empty():
    (bars,) = make_sheet("region=08,20", page="regioni").bars
    assert bars.labels == ("Emilia-Romagna", "Sardegna")
    assert bars.values == (5.0, 0.0)
    assert len(make_sheet("", page="regioni").bars[0].labels) == 20


def test_few_cases_are_told_apart():
    (bars,) = make_sheet("", page="regioni").bars
    assert list(bars.is_small) == [0 < value < 5 for value in bars.values]
    assert make_sheet("", page="regioni").note


def test_white_spots_are_zeros_of_the_matrix():
    sheet = make_sheet("face=matrix", page="regioni")
    counts = count_by_theme_and_target(sheet.selected)
    assert sheet.grid.numbers == tuple(tuple(row) for row in counts.to_numpy().tolist())


def test_the_map_of_a_card_shows_where_it_is_and_no_rate():
    id_ = world().catalogue.initiatives.index[0]
    sheet = make_sheet(f"id={id_}&level=region&measure=per_million", page="catalogo")
    assert (sheet.shown.level, sheet.shown.measure) == (Level.MUNICIPALITY, Measure.COUNT)
    assert sheet.message.lead
    assert all(words for _, words in sheet.card.facts)


def test_a_long_list_says_how_many_more_there_are():
    titles = make_sheet("", page="catalogo").titles
    assert len(titles) == 13
    assert "23" in titles[-1]


@pytest.mark.parametrize(
    ("text", "line"), [("a\n\tb", "a b"), ("\x00\x1b\ud800", ""), ("  «è»  ", "«è»"), ("a\u2028b", "a b")]
)
def test_a_line_is_one_line_that_every_format_can_hold(text, line):
    assert clean_line(text) == line


def test_territories_side_by_side_are_compared_whatever_region_is_chosen():
    bars = make_sheet("face=compare&compare=08,20,IT&region=12", page="regioni").bars
    assert [one.labels for one in bars] == [("Emilia-Romagna", "Sardegna", "Italia")] * 2
    assert bars[0].values == (5.0, 0.0, 35.0)
    assert bars[0].is_small == (False, False, False)
    assert bars[1].values[0] > bars[1].values[2] > 0
