from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from atlas.base.model import Face, Level, Measure
from atlas.base.text import clean_line
from atlas.catalogue.links import from_query
from atlas.catalogue.selection import select
from atlas.indicators.indicators import count_by_theme_and_target, summarise
from atlas.publish.stops.gathering import build_content, build_contents, public_base
from atlas.publish.stops.story import Stop, StopKind, Story
from tests.sheets import BASE, TODAY, make_content, make_view, prepared, world

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("query", ["", "theme=digital", "region=08&rule=share", "place=037006&lang=en"])
def test_one_selected_frame_is_behind_everything(query):
    content, view = make_content(query), make_view(query)
    selected = select(world().catalogue, view.selection)
    figures = summarise(selected, world().territory, view.selection)
    assert list(content.selected.initiatives.index) == list(selected.initiatives.index)
    assert [number for number, _ in content.figures] == [
        content.say.number(n)
        for n in (figures.initiatives, figures.municipalities, figures.regions, figures.inhabitants)
    ]


def test_an_address_opens_the_same_view_again():
    contents = build_contents(prepared("theme=digital&lang=en&level=region"), world(), TODAY, BASE + "atlante/")
    for content in contents:
        parts = urlsplit(content.address)
        assert parts.path.startswith("/atlante/")
        assert from_query(dict(parse_qsl(parts.query)), world()) == content.stop.view
    assert build_content(Stop(StopKind.MAP, make_view("")), world(), TODAY).address == ""
    assert make_content("").address == BASE


@pytest.mark.parametrize(
    ("address", "is_public"),
    [("https://atlante.example.org/a/", True), ("http://93.184.215.14:8501/", True), ("http://localhost:8501/", False)]
    + [(f"http://{host}/", False) for host in ("127.0.0.1:8501", "192.168.1.7", "10.0.0.2", "[::1]:8501", "pc-anci")]
    + [("http://nas.local/", False), ("", False)],
)
def test_the_address_of_a_laptop_is_nobodys_link(address, is_public):
    assert public_base(address) == (address if is_public else "")
    (closing,) = [
        content
        for content in build_contents(prepared(), world(), TODAY, address)
        if content.stop.kind is StopKind.CLOSING
    ]
    assert bool(closing.address) is is_public
    assert (closing.say("finding.closing.no_address") in closing.cautions) is not is_public


@pytest.mark.parametrize("sources", ["data.sources_alone", "data.sources_added"])
def test_what_is_not_published_has_no_link_to_what_is(sources):
    held = replace(world(), sources=sources)
    contents = build_contents(prepared(), held, TODAY, BASE)
    assert {content.address for content in contents} == {""}
    assert contents[-1].say("finding.closing.not_published") in contents[-1].cautions


def test_a_closing_stands_at_the_end_once():
    for stops in ((), prepared().stops[:2], prepared().stops, (Stop(StopKind.METHOD, make_view("")),)):
        contents = build_contents(Story("", stops), world(), TODAY)
        ends = [content.stop.kind for content in contents if content.stop.kind in (StopKind.CLOSING, StopKind.METHOD)]
        assert len(ends) == 1 and contents[-1].stop.kind is ends[0]


def test_regions_without_initiatives_are_said_and_not_drawn_as_bars():
    content = make_content("region=08,20", page="regioni")
    (bars,) = content.bars
    assert (bars.labels, bars.values, bars.texts) == (("Emilia-Romagna",), (5.0,), ("5",))
    assert any("nessuna nel catalogo" in line for line in content.lines)
    (bars,) = make_content("", page="regioni").bars
    assert min(bars.values) > 0
    assert list(bars.is_small) == [0 < value < 5 for value in bars.values]


@pytest.mark.parametrize("page", ["temi", "destinatari"])
def test_no_bar_is_empty_and_what_has_none_is_named_as_missing_from_the_catalogue(page):
    content = make_content("theme=housing", page=page)
    assert all(value > 0 for bars in content.bars for value in bars.values)
    assert any(line.startswith("Senza iniziative nel catalogo") for line in content.lines)


def test_the_grid_has_the_numbers_of_the_frame_and_no_empty_row():
    content = make_content("face=matrix&theme=housing", page="regioni")
    counts = count_by_theme_and_target(content.selected)
    counts = counts.loc[(counts > 0).any(axis=1), (counts > 0).any(axis=0)]
    assert content.grid.numbers == tuple(tuple(row) for row in counts.to_numpy().tolist())
    assert len(content.grid.rows) < len(world().vocabulary.themes)
    said = [content.say.number(n) if n else "" for row in content.grid.numbers for n in row]
    assert [text for row in content.grid.texts for text in row] == said


def test_the_map_of_a_card_shows_where_it_is_and_no_rate():
    id_ = world().catalogue.initiatives.index[0]
    content = make_content(f"id={id_}&level=region&measure=per_million", page="catalogo")
    assert (content.shown.level, content.shown.measure) == (Level.MUNICIPALITY, Measure.COUNT)
    assert content.message.lead
    assert all(words for _, words in content.facts)


def test_a_card_says_of_which_time_its_facts_are():
    id_ = world().catalogue.initiatives.index[0]
    content = make_content(f"id={id_}", page="catalogo")
    assert content.cautions[-1] == "Situazione al 2020. Come la descrive la fonte: oggi può essere cambiata."
    own = Stop(StopKind.CATALOGUE, make_view(f"id={id_}"))
    alone = build_content(own, replace(world(), sources="data.sources_alone"), TODAY)
    assert not any("2020" in line for line in alone.cautions)


def test_what_a_card_is_about_agrees_in_number_with_its_name():
    rows = world().catalogue.initiatives
    for id_ in rows.index:
        names = [what for what, _ in make_content(f"id={id_}", page="catalogo").facts]
        assert ("Temi" in names) == (";" in rows.loc[id_, "themes"]) != ("Tema" in names)


def test_a_long_list_says_how_many_more_there_are():
    items = make_content("", page="catalogo").items
    assert len(items) == 13
    assert "23" in items[-1][0]


def test_the_stop_of_a_municipality_answers_what_its_page_answers():
    with_some, without = make_content("place=037006", page="comune"), make_content("place=073013", page="comune")
    assert with_some.items and "Bologna" in with_some.title
    assert not without.items and "nessuna iniziativa nel catalogo" in without.title
    for content in (with_some, without):
        assert len(content.facts) > 1, "similar municipalities"
        assert content.say("finding.place.caution") in content.cautions
    assert not without.has_map


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("query", ["", "q=zzzz", "scale=national", "region=09&lang=en"])
def test_every_face_of_the_regions_says_something_of_any_selection(face, query):
    content = make_content(f"{query}&face={face}&compare=08,20", page="regioni")
    assert content.title
    assert content.bars or content.grid or content.lines or content.figures


@pytest.mark.parametrize(
    ("text", "line"), [("a\n\tb", "a b"), ("\x00\x1b\ud800", ""), ("  «è»  ", "«è»"), ("a\u2028b", "a b")]
)
def test_a_line_is_one_line_that_every_format_can_hold(text, line):
    assert clean_line(text) == line


def test_territories_side_by_side_are_compared_whatever_region_is_chosen_and_never_ranked():
    content = make_content("face=compare&compare=08,20,IT&region=12", page="regioni")
    bars = content.bars
    assert [one.labels for one in bars] == [("Emilia-Romagna", "Sardegna", "Italia")] * 2
    assert bars[0].values == (5.0, 0.0, 35.0)
    assert bars[0].is_small == (False, False, False)
    assert bars[1].values[0] > bars[1].values[2] > 0
    told = " ".join(content.cautions)
    assert "Emilia-Romagna e Sardegna non si possono distinguere" in told and "Sardegna sono parti di Italia" in told


def test_the_page_of_a_region_becomes_a_stop_about_that_region():
    content = make_content("face=region&about=08", page="regioni")
    region = select(world().catalogue, make_view("region=08").selection)
    assert list(content.selected.rows) == list(region.rows) and content.has_map
    assert dict(parse_qsl(urlsplit(content.address).query)) == {"face": "region", "about": "08"}


def test_a_comparison_without_a_choice_shows_the_pair_of_the_page():
    content = make_content("face=compare", page="regioni")
    assert len(content.stop.view.compared) == 2 == len(content.bars[0].labels)
    assert "compare=" not in content.address


def test_a_title_and_notes_of_the_presenter_take_the_place_of_ours():
    content = make_content("theme=housing", title=" Il mio\ntitolo ", notes="prima\nseconda")
    assert content.title == "Il mio titolo" and content.notes == "prima\nseconda"
    assert make_content("theme=housing").notes
