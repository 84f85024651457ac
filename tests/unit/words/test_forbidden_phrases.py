"""No sentence of the atlas claims more than the data do: a list of phrases, looked for in all that is written."""

import itertools

import pytest

from atlas.base.i18n import translator
from atlas.base.model import CountingRule, Language, Level, Measure, Selection, ViewOptions
from atlas.catalogue.selection import select
from atlas.catalogue.source.bundle import published_world
from atlas.words.description import describe_view
from atlas.words.phrases import describe_rule, describe_selection
from tests.forbidden import find_forbidden

WORLD = published_world()
TERRITORY, VOCABULARY, CATALOGUE = WORLD.territory, WORLD.vocabulary, WORLD.catalogue
# Words that other programs and formats give, not ours to choose.
_NOT_OURS = {"streamlit.enter"}


@pytest.mark.parametrize("language", Language)
def test_no_word_of_the_locale_files_is_forbidden(language):
    words = translator(language).catalogue
    found = {key: find_forbidden(text, language) for key, text in words.items() if key not in _NOT_OURS}
    assert {key: phrases for key, phrases in found.items() if phrases} == {}


@pytest.mark.parametrize("language", Language)
def test_no_word_of_the_catalogue_and_of_the_vocabulary_is_forbidden(language):
    columns = [f"title_{language}", f"summary_{language}"]
    texts = CATALOGUE.store.initiatives[columns].agg(". ".join, axis=1).to_dict()
    for terms in (VOCABULARY.themes, VOCABULARY.targets):
        texts |= {id_: f"{term.label(language)}. {term.description(language)}" for id_, term in terms.items()}
    found = {id_: find_forbidden(text, language) for id_, text in texts.items()}
    assert {id_: phrases for id_, phrases in found.items() if phrases} == {}


def _selections():
    """Yield every single filter value, every pair of a region with a theme or a group, and what finds nothing."""
    yield Selection()
    yield Selection(text="zzz")
    themes, targets, regions = VOCABULARY.themes, VOCABULARY.targets, TERRITORY.regions.index
    for theme in (*themes, "unknown"):
        yield Selection(themes=(theme,))
    for target in (*targets, "unknown"):
        yield Selection(targets=(target,))
    for region, theme in itertools.product(regions, themes):
        yield Selection(regions=(region,), themes=(theme,))
    for region, target in itertools.product(regions, targets):
        yield Selection(regions=(region,), targets=(target,))
    for dimension, options in (
        ("scales", ("municipality", "intermunicipal", "metropolitan_city", "national")),
        ("service_types", ("new", "reshaped", "established")),
        ("channels", ("digital", "in_person", "both", "unknown")),
        ("years", ("2016", "2019", "unknown")),
    ):
        for option in options:
            yield Selection(**{dimension: (option,)})
    for place in ("058091", "035033", "072006", "080", "019", "083048"):
        yield Selection(place=place)


@pytest.mark.parametrize("language", Language)
def test_no_view_in_words_is_forbidden(language):
    say, found, seen = translator(language), {}, 0
    options = itertools.cycle(
        ViewOptions(level=level, measure=measure, rule=rule)
        for level, measure, rule in itertools.product(Level, (Measure.COUNT, Measure.PER_MILLION), CountingRule)
    )
    for selection, option in zip(_selections(), options, strict=False):
        view = describe_view(select(CATALOGUE, selection), selection, option, WORLD, say)
        filters = describe_selection(selection, WORLD, say)
        text = "\n".join((view.headline, *view.sentences, filters, describe_rule(option.rule, say)))
        found |= {text: phrases} if (phrases := find_forbidden(text, language)) else {}
        seen += 1
    assert seen > 500
    assert found == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.IT, "Dove non c'è ancora nulla"),
        (Language.IT, "4 regioni sono in testa alla pari"),
        (Language.IT, "Iniziative sociali nelle Marche: nessuna iniziativa"),
        (Language.EN, "Where there is nothing yet"),
        (Language.EN, "The highest number is in Lazio"),
        (Language.EN, "Health in Sicily: no initiatives"),
    ],
)
def test_what_was_once_said_is_found(language, text):
    assert find_forbidden(text, language) != []


@pytest.mark.parametrize("language", Language)
def test_no_label_names_two_things(language):
    say = translator(language)
    keys = [
        *(f"map.{rule.value}" for rule in CountingRule),
        *(key for key in say.catalogue if key.split(".")[0] in ("scale", "service_type", "channel")),
        "share.button", "share.print", "story.add", "story.present", "story.prepare", "story.share", "story.download",
        "map.go_to", "about.button", "app.map", "app.catalogue", "app.data", "app.quiz", "app.present", "app.method",
        "filter.themes", "filter.targets", "filter.scales", "filter.service_types", "filter.channels", "filter.years",
    ]  # fmt: skip
    labels = [say(key) for key in keys if not key.endswith(".unknown")]
    terms = (*VOCABULARY.themes.values(), *VOCABULARY.targets.values())
    labels += [term.label(language) for term in terms]
    assert [label for label in labels if labels.count(label) > 1] == []
