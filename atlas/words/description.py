"""The current view in two or three sentences, in Italian and English."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from atlas.base.i18n import Translator
from atlas.base.model import Level, Selection, ViewOptions
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.indicators.indicators import SMALL_COUNT, KeyFigures, count_by_territory, summarise
from atlas.territory.places.names import in_place, in_places, of_place, place_name
from atlas.territory.territory import Territory
from atlas.words.headline import say_headline
from atlas.words.phrases import say_what, tidy

# Longer lists of names are replaced by their number.
NAMED_AT_MOST = 3
MENTIONED_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Description:
    """A view in words. Plain text that may quote the search: escape it before using it as HTML.

    headline: at most 70 characters, for a slide or a picture; sentences: how many, where, with which caution.
    """

    headline: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the sentences are made from. `codes` are the regions in view; the two arrays follow their order."""

    selected: Catalogue
    selection: Selection
    options: ViewOptions
    territory: Territory
    say: Translator
    figures: KeyFigures
    total: int
    codes: tuple[str, ...]
    n_initiatives: npt.NDArray[np.int_]
    value: npt.NDArray[np.float64]

    @property
    def is_in_one_region(self) -> bool:
        """Tell whether the filters name a single region, directly or through a place."""
        return len(self.codes) == 1

    @property
    def n_regions(self) -> int:
        return int((self.n_initiatives > 0).sum())

    @property
    def only_region(self) -> str:
        """The one region with initiatives, unless it is the one chosen; empty if there are none or several."""
        if self.is_in_one_region or self.n_regions != 1:
            return ""
        return self.codes[int(np.argmax(self.n_initiatives > 0))]


def describe_view(
    selected: Catalogue,
    selection: Selection,
    options: ViewOptions,
    world: World,
    translator: Translator,
) -> Description:
    """Say what a view shows: how many initiatives, where they are, where there are none, and how to read the numbers.

    `selected` is what `selection` kept of the catalogue of `world`. If it is empty, the
    sentences say so and how to go on.
    """
    selection = tidy(selection)
    facts = _gather(selected, selection, options, world, translator)
    what = say_what(selection, world, translator, facts.figures)
    headline = say_headline(selection, facts.figures, facts.only_region, world, translator)
    if not facts.total:
        return Description(headline, (translator("words.empty"),))
    if not len(selected):
        none = translator.plural("words.none", facts.total, what=what)
        return Description(headline, (none, translator("words.way_out")))
    sentences = (_say_how_many(facts, what), _say_where(facts), _say_caution(facts))
    return Description(headline, tuple(_finish(sentence) for sentence in sentences if sentence))


def _gather(
    selected: Catalogue, selection: Selection, options: ViewOptions, world: World, translator: Translator
) -> _Facts:
    territory = world.territory
    counts = count_by_territory(selected, territory, Level.REGION, options.rule)
    codes = selection.regions or tuple(territory.regions.index)
    if selection.place:
        codes = (territory.region_of(selection.place),)
    position = territory.positions[Level.REGION]
    codes = tuple(code for code in codes if code in position)
    rows = [position[code] for code in codes]
    return _Facts(
        selected=selected,
        selection=selection,
        options=options,
        territory=territory,
        say=translator,
        figures=summarise(selected, territory, selection),
        total=len(world.catalogue),
        codes=codes,
        n_initiatives=counts["n_initiatives"].to_numpy()[rows],
        value=counts["value"].to_numpy()[rows].round(2),
    )


def _say_how_many(facts: _Facts, what: str) -> str:
    say, n, national = facts.say, facts.figures.initiatives, facts.figures.national
    is_whole = facts.selection.is_empty
    if is_whole:
        subject = say.plural("words.whole", n)
    elif facts.total == 1:
        subject = say("words.only")
    else:
        subject = say.plural("words.count", n, total=say.number(facts.total))
    text = f"{subject} {what}".strip()
    if national == n:
        if is_whole or what:
            return text + say.plural("words.also_national", n)
        return f"{text} {say.plural('words.only_national', n)}"
    place = _say_place(facts)
    if place and national:
        text += ": " + say.plural("words.located", n - national, place=place)
    elif place:
        text += (" " if is_whole and facts.figures.municipalities > 1 else ", ") + place
    if facts.figures.undisclosed_partners:
        text += say.plural("words.partners", facts.figures.undisclosed_partners)
    text += _say_shared(facts)
    if national:
        text += say.plural("words.national", national)
    return text


def _say_shared(facts: _Facts) -> str:
    """Say how many initiatives belong to several municipalities; empty if that is already clear."""
    figures, say = facts.figures, facts.say
    if not figures.shared or figures.initiatives == 1 or figures.shared_municipalities < 2:
        return ""
    if figures.shared == figures.initiatives - figures.national:
        return say("words.all_shared")
    return say.plural("words.shared", figures.shared, municipalities=say.number(figures.shared_municipalities))


def _say_place(facts: _Facts) -> str:
    """Say in how many municipalities of how many regions, or which one, without repeating the place chosen."""
    say, figures = facts.say, facts.figures
    if not figures.municipalities or facts.territory.level_of(facts.selection.place) is Level.MUNICIPALITY:
        return ""
    if figures.municipalities == 1:
        return _say_only_municipality(facts)
    if figures.regions > 1:
        regions = say.number(figures.regions)
        return say.plural("words.where.of_regions", figures.municipalities, regions=regions)
    if facts.is_in_one_region:
        return say.plural("words.where.in_municipalities", figures.municipalities)
    region = of_place(facts.only_region, facts.territory, say.language)
    return say.plural("words.where.of_region", figures.municipalities, region=region)


def _say_only_municipality(facts: _Facts) -> str:
    say, territory = facts.say, facts.territory
    counts = count_by_territory(facts.selected, territory, Level.MUNICIPALITY, facts.options.rule)
    inside = {facts.selection.place} if facts.selection.place else set(facts.codes)
    involved = counts.index[counts["n_initiatives"].to_numpy() > 0]
    code = next(code for code in involved if {territory.province_of(code), territory.region_of(code)} & inside)
    place = in_place(code, territory, say.language)
    if not facts.is_in_one_region:
        region = territory.region_of(code)
        place = say(
            "words.where.municipality",
            municipality=place,
            region=in_place(region, territory, say.language),
            region_name=place_name(region, territory, say.language),
        )
    is_all = facts.figures.initiatives > 1 and not facts.figures.national
    return say("words.where.all", place=place) if is_all else place


def _say_where(facts: _Facts) -> str:
    """Say where initiatives are and where the catalogue has none; empty if a single region is in view."""
    if facts.is_in_one_region or not facts.n_regions:
        return ""
    most = _say_most(facts) if facts.n_regions > 1 else ""
    nowhere = _say_nowhere(facts)
    return facts.say("words.nowhere.after", text=most, nowhere=nowhere) if most and nowhere else most or nowhere


def _say_most(facts: _Facts) -> str:
    """Say how many initiatives the regions with most have; tied regions are named together or counted."""
    say, top = facts.say, float(facts.value.max())
    if not top:
        return say("words.most.rule.no_lead")
    tied = [code for code, value in zip(facts.codes, facts.value, strict=True) if value == top]
    if len(tied) < facts.n_regions <= NAMED_AT_MOST:
        text = say("words.most.each", regions=_say_each(facts))
    elif len(tied) == 1:
        text = say.plural("words.most.single", top, where=in_place(tied[0], facts.territory, say.language))
    elif len(tied) <= NAMED_AT_MOST:
        who = say.sequence(place_name(code, facts.territory, say.language) for code in tied)
        text = say.plural("words.most.tied", top, who=who)
    else:
        form = "all" if len(tied) == facts.n_regions else "many"
        text = say.plural(f"words.most.{form}", top, regions=say.number(len(tied)))
    return say(f"words.most.rule.{facts.options.rule}", text=text)


def _say_each(facts: _Facts) -> str:
    """Say how many each region with initiatives has, the most first: "3 in Lombardia e 2 in Puglia"."""
    pairs = sorted(zip(facts.codes, facts.value, strict=True), key=lambda pair: -pair[1])
    where = {code: in_place(code, facts.territory, facts.say.language) for code in facts.codes}
    return facts.say.sequence(
        facts.say.plural("words.located", float(value), place=where[code]) for code, value in pairs if value
    )


def _say_nowhere(facts: _Facts) -> str:
    """Name the regions without initiatives, the most populous first, or count them when they are many."""
    say = facts.say
    population = facts.territory.regions["population"].fillna(0.0)
    empty = [code for code, n in zip(facts.codes, facts.n_initiatives, strict=True) if not n]
    empty.sort(key=lambda code: (-population[code], code))
    if not empty or (len(empty) > MENTIONED_AT_MOST and facts.n_regions == 1):
        return ""
    if len(empty) > MENTIONED_AT_MOST:
        return say("words.nowhere.others", n=say.number(len(empty)))
    named, more = empty, ""
    if len(empty) > NAMED_AT_MOST:
        named = empty[: NAMED_AT_MOST - 1]
        more = say("words.nowhere.and_others", n=say.number(len(empty) - len(named)))
    return say("words.nowhere.named", where=in_places(named, facts.territory, say, more))


def _say_caution(facts: _Facts) -> str:
    say, regions = facts.say, facts.n_regions
    few = int(((facts.n_initiatives > 0) & (facts.n_initiatives < SMALL_COUNT)).sum())
    if facts.is_in_one_region or regions < 2:
        return say("words.caution.more")
    if few * 2 <= regions:
        return say("words.caution.blank")
    if facts.options.measure.is_rate:
        return say("words.caution.rates")
    if few == regions:
        return say("words.caution.few")
    return say(
        "words.caution.mostly_few",
        few=say.number(few),
        regions=say.number(regions),
        threshold=say.number(SMALL_COUNT),
    )


def _finish(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:].removesuffix('.')}."
