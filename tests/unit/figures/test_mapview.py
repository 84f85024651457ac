import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.i18n import read_catalogue, translator
from atlas.base.model import CountingRule, Language, Level, Measure, Selection, View, ViewOptions
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.links import from_query
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.figures.mapview import build_map_view, build_message, class_labels, usable_measures
from atlas.indicators.classes import Classes
from tests.factories import (
    SMALL_ROWS,
    make_frame,
    make_row,
    small_catalogue,
    small_territory,
    small_vocabulary,
    small_world,
)

TERRITORY, VOCABULARY, CATALOGUE = small_territory(), small_vocabulary(), small_catalogue()
SENTENCES = {text for language in Language for text in read_catalogue(language).values()}


def look(catalogue=CATALOGUE, vocabulary=VOCABULARY, **query):
    """The view of a link, what the map shows of it, and the message that travels."""
    world = World(TERRITORY, vocabulary, catalogue)
    view = from_query(query, world)
    selected = select(catalogue, view.selection)
    shown = build_map_view(selected, view, world)
    return shown, build_message(shown, selected, view, TERRITORY, translator(view.language))


def counts(shown):
    n = shown.frame["n_initiatives"]
    return n[n > 0].to_dict()


def test_counts_by_level():
    assert counts(look(level="region")[0]) == {"01": 2, "04": 1, "08": 4}
    assert counts(look(level="province")[0]) == {"001": 2, "021": 1, "034": 1, "037": 4, "099": 1}
    assert counts(look()[0])["037006"] == 4


def test_a_chosen_territory_keeps_only_what_is_inside():
    shown, message = look(region="08", level="province")
    assert set(counts(shown)) == {"034", "037", "099"}
    assert message.regions == ("08",)
    shown, message = look(place="037020")
    assert set(counts(shown)) == {"037020"}
    assert [(mark.is_lead, mark.value) for mark in message.marks.shared] == [(False, 1.0), (False, 1.0)]


def test_counting_rules():
    share = look(rule="share")[0].frame["value"]
    assert share.sum() == pytest.approx(5)  # the sixth is national
    lead = look(rule="lead")[0].frame["value"]
    assert lead[lead > 0].to_dict() == {"037006": 1, "001272": 1, "021008": 1}


def test_few_cases_are_letters_and_no_population_is_a_dash():
    shown, message = look(measure="per_million", theme="poverty,housing,digital")
    marks = dict(zip(shown.frame.index, message.classes, strict=True))
    assert marks["099030"] == "-"  # no population is published
    assert marks["037006"] in "abcd"  # four initiatives are few
    assert message.kind == "fills"


def test_enough_cases_are_a_fact():
    rows = [make_row(f"i{n}", places="037006") for n in range(5)] + [make_row("uno", places="034027")]
    catalogue = build_catalogue(make_frame(*rows), TERRITORY, VOCABULARY)
    shown, message = look(catalogue, measure="per_million")
    marks = dict(zip(shown.frame.index, message.classes, strict=True))
    assert marks["037006"].isdigit() and marks["034027"].isalpha() and marks["001272"] == "."


def test_none_and_missing_outside_the_choice_are_not_told_apart():
    assert set(look(measure="per_million", region="01")[1].classes) <= set(".abcd")


@pytest.mark.parametrize("query", [{}, {"rule": "share"}, {"measure": "per_million"}, {"theme": "poverty"}])
def test_the_legend_says_that_a_blank_is_no_zero(query):
    legend = look(**query)[1].legend
    assert "Non è un censimento" in legend["note"]
    blank = next(item for item in legend["items"] if item.get("mark") == ".")
    assert blank["label"] == "nessuna nel catalogo"


def test_the_legend_of_an_empty_map_has_no_circle():
    items = look(q="zzzz")[1].legend["items"]
    assert [item for item in items if "n" in item] == [] and [item["mark"] for item in items] == ["."]
    assert any("n" in item for item in look()[1].legend["items"])


def test_the_legend_names_few_and_missing_only_for_rates():
    labels = [item["label"] for item in look(measure="per_million")[1].legend["items"]]
    assert any("meno di 5" in label for label in labels) and "dato non disponibile" in labels
    labels = [item["label"] for item in look()[1].legend["items"]]
    assert not any("meno di 5" in label for label in labels) and "dato non disponibile" not in labels


def test_few_cases_have_a_swatch_that_is_no_class():
    items = look(measure="per_million")[1].legend["items"]
    [few] = [item for item in items if item.get("label", "").startswith("meno di 5")]
    assert few["mark"] == "/" and [item.get("mark") for item in items].count("/") == 1


@pytest.mark.parametrize(
    ("bounds", "labels"),
    [
        ((0.18, 0.54, 1.2, 8.07), ["da 0,18 a 0,54", "da 0,54 a 1,2", "da 1,2 a 8,1"]),
        ((0.051, 0.054, 0.058), ["da 0,051 a 0,054", "da 0,054 a 0,058"]),
        ((1.04, 1.041, 1.1), ["da 1,040 a 1,041", "da 1,041 a 1,100"]),
        ((0.09, 0.09), ["0,09"]),
        ((310.5, 1300, 5291.04), ["da 310,5 a 1.300", "da 1.300 a 5.291"]),
        ((5291.04, 5291.4, 6000), ["da 5.291,0 a 5.291,4", "da 5.291,4 a 6.000,0"]),
        ((), []),
    ],
)
def test_limits_that_differ_are_written_differently(bounds, labels):
    assert class_labels(Classes(bounds), translator(Language.IT)) == labels


def test_the_legend_and_the_map_have_the_same_classes():
    shown, message = look(measure="per_million")
    items = [item for item in message.legend["items"] if "da " in item["label"]]
    assert len(items) == shown.classes.k
    # A letter is the hatched twin of a class.
    on_map, in_legend = (
        {ord(mark) - ord("a") if mark.isalpha() else int(mark) for mark in marks}
        for marks in (set(message.classes) - {".", "-"}, {item["mark"] for item in items})
    )
    assert on_map == in_legend == set(range(shown.classes.k))


def test_every_legend_of_every_view_has_a_title():
    for measure in Measure:
        for rule in CountingRule:
            for level in Level:
                for language in Language:
                    query = {"measure": measure.value, "rule": rule.value, "level": level.value, "target": "elderly"}
                    shown, message = look(**query, lang=language.value)
                    assert message.legend["title"] and message.legend["items"]
                    # Municipalities in hundreds make no sense inside one.
                    is_usable = level is not Level.MUNICIPALITY or measure is not Measure.PER_100_MUNICIPALITIES
                    assert shown.measure is (measure if is_usable else Measure.COUNT)


def test_a_target_rate_needs_exactly_one_target_with_a_population():
    assert Measure.PER_100K_TARGET in usable_measures(Level.REGION, "65-74;75+")
    for targets in ("", "elderly,youth", "everyone", "unknown"):
        assert look(measure="per_100k_target", level="region", target=targets)[0].measure is Measure.COUNT
    shown, message = look(measure="per_100k_target", level="region", target="elderly")
    assert shown.measure is Measure.PER_100K_TARGET
    people = TERRITORY.age_bands.loc[["037006", "037020", "034027"], ["65-74", "75+"]].to_numpy().sum()
    assert message.denominators[list(shown.frame.index).index("08")] == pytest.approx(people)


def test_the_footprint_of_the_open_card_and_its_lead():
    message = look(id="tre-citta")[1]
    codes = np.array(TERRITORY.municipalities.index)
    assert sorted(codes[message.footprint]) == ["001272", "021008", "037006"]
    assert message.lead == "021008"
    assert look(id="emilia")[1].lead == ""
    assert look(id="italia")[1].footprint.sum() == 0
    assert look()[1].footprint is None


def test_no_initiative_no_mark():
    shown, message = look(q="parola-che-non-esiste")
    assert counts(shown) == {}
    assert message.n.sum() == 0 and message.marks.total == 0 and not message.marks.areas
    assert message.legend["note"]
    json.loads(message.to_script().removeprefix("atlasMap.paint(").removesuffix(");"))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from strings(item)


PAYLOAD = "{{7*7}} {# x <script>fermo</script> ${1+1}"


def test_no_text_of_the_catalogue_or_the_vocabulary_travels():
    cells = ("title_it", "title_en", "summary_it", "summary_en", "lead_organisation", "partners", "funding_source")
    rows = [row | dict.fromkeys((*cells, "documents"), PAYLOAD) for row in SMALL_ROWS]
    catalogue = build_catalogue(make_frame(*rows), TERRITORY, VOCABULARY)
    targets = {key: replace(term, label_it=PAYLOAD, label_en=PAYLOAD) for key, term in VOCABULARY.targets.items()}
    vocabulary = replace(VOCABULARY, targets=targets)
    for query in ({}, {"id": "bologna"}, {"target": "elderly", "measure": "per_100k_target", "level": "region"}):
        script = look(catalogue, vocabulary, **query)[1].to_script()
        assert not [piece for piece in ("7*7", "fermo", "1+1", "{#") if piece in script]


@given(st.sampled_from(list(Language)), st.sampled_from(list(Measure)), st.sampled_from(list(CountingRule)))
def test_the_words_of_the_map_are_whole_sentences_of_the_interface(language, measure, rule):
    view = View(language, Selection(), ViewOptions(Level.REGION, measure, rule))
    shown = build_map_view(CATALOGUE, view, small_world())
    message = build_message(shown, CATALOGUE, view, TERRITORY, translator(language))
    assert set(strings(dict(message.words))) <= SENTENCES


@pytest.mark.parametrize("rule", ["presence", "share", "lead"])
def test_the_browser_finds_the_rate_of_the_table(rule):
    shown, message = look(measure="per_million", rule=rule)
    known = ~shown.frame["is_missing"].to_numpy()
    numbers = message.n if message.v is None else message.v
    assert message.denominators is None  # the browser has the inhabitants
    people = TERRITORY.municipalities["population"].to_numpy()
    found = numbers[known] * message.per / people[known]
    expected = shown.frame["value"].to_numpy()[known]
    assert found[expected > 0] == pytest.approx(expected[expected > 0])
