"""The proposed presentation: at most eight screens that tell of the selection, none empty, none twice."""

from dataclasses import replace

import pytest

from atlas.base.model import Language, Selection, View
from atlas.catalogue.selection import select
from atlas.publish.stops.gathering import build_contents
from atlas.publish.stops.proposed_story import SCREENS, TOLD, choose_examples, propose_story
from atlas.publish.stops.story import StopKind, from_json, to_json
from tests.factories import small_world
from tests.sheets import TODAY, make_view, world

WORLD = small_world()
QUERIES = (
    *("", "theme=housing", "region=16&target=families", "target=elderly", "region=09", "region=20", "place=037006"),
    *("place=073013", "theme=digital&lang=en", "channel=digital", "scale=national", "q=zzzz", "type=new", "lang=en"),
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_series_has_at_most_eight_screens_from_the_cover_to_the_closing(query):
    story = propose_story(make_view(query), world())
    kinds = [stop.kind for stop in story.stops]
    assert len(kinds) <= SCREENS
    assert kinds[0] is StopKind.COVER and kinds[-1] is StopKind.CLOSING
    contents = build_contents(story, world(), TODAY)
    titles = [content.title for content in contents]
    assert all(titles) and len(set(titles[1:])) == len(titles) - 1
    for content in contents[1:]:
        assert content.lines or content.items or content.bars or content.figures
        assert all(len(bars.labels) > 1 for bars in content.bars)


@pytest.mark.parametrize("query", QUERIES)
def test_no_initiative_of_a_small_selection_is_left_out_in_silence(query):
    view = make_view(query)
    selected = select(world().catalogue, view.selection)
    if len(selected) > 12:
        return
    contents = build_contents(propose_story(view, world()), world(), TODAY)
    told = {text for content in contents for text in content.texts()}
    language = view.language.value
    for title in selected.initiatives[f"title_{language}"]:
        assert title in told
    if 0 < len(selected) <= TOLD:
        assert sum(content.card is not None for content in contents) == len(selected)


@pytest.mark.parametrize("language", list(Language))
def test_a_series_keeps_the_selection_and_the_language(language):
    view = View(language=language, selection=Selection(themes=("housing",)), initiative="bologna")
    story = propose_story(view, WORLD, "ANCI")
    assert story.author == "ANCI"
    assert {stop.view.selection for stop in story.stops} == {view.selection}
    assert {stop.view.language for stop in story.stops} == {language}
    assert from_json(to_json(story), WORLD) == story


def test_a_series_of_nothing_says_so():
    story = propose_story(View(selection=Selection(text="parola che non esiste")), WORLD)
    assert [stop.kind for stop in story.stops] == [StopKind.COVER, StopKind.OVERVIEW, StopKind.CLOSING]


def test_a_theme_that_was_chosen_is_not_counted_again():
    kinds = [stop.kind for stop in propose_story(make_view("theme=digital"), world()).stops]
    assert StopKind.THEMES not in kinds and StopKind.TARGETS in kinds


def test_examples_differ_in_theme_and_place_and_are_never_more_than_there_are():
    chosen = choose_examples(WORLD.catalogue, 3)
    assert len(set(chosen)) == 3
    themes = [str(WORLD.catalogue.store.initiatives.at[id_, "themes"]).split(";")[0] for id_ in chosen]
    assert len(set(themes)) == 3
    one = select(WORLD.catalogue, Selection(targets=("youth",), regions=("01",)))
    assert len(choose_examples(one, 3)) == len(one) < 3
    assert replace(View(), language=Language.EN) != View()
