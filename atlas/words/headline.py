"""The title of a view in at most 70 characters, for pages, slides and pictures."""

from collections.abc import Sequence
from itertools import product

from atlas.base.i18n import Translator
from atlas.base.model import Selection
from atlas.catalogue.world import World
from atlas.indicators.indicators import KeyFigures
from atlas.territory.places.names import in_place
from atlas.territory.territory import Territory
from atlas.words.phrases import NAMED_OPTIONS, quote, say_terms

HEADLINE_LENGTH = 70
# The title of a slide: two lines from the back row.
SLIDE_LENGTH = 100


def say_headline(
    selection: Selection,
    figures: KeyFigures,
    only_region: str,
    world: World,
    translator: Translator,
) -> str:
    """Return the most specific title that fits: "Il digitale nei Comuni: 7 iniziative in 6 regioni".

    `only_region` is the only region with initiatives, if the filters do not name it; empty otherwise.
    """
    counts = _say_counts(figures, only_region, world.territory, translator)
    bare = _say_bare_counts(selection, figures, len(world.catalogue), translator)
    return _fit(selection, counts, bare, HEADLINE_LENGTH, world, translator)


def say_line(selection: Selection, counts: Sequence[str], bare: str, world: World, translator: Translator) -> str:
    """Return "subject: count" for a slide: the most specific subject and the first of `counts` that fit.

    `bare` is said after a subject that already contains the word "initiatives".
    """
    return _fit(selection, counts, [bare], SLIDE_LENGTH, world, translator)


def _fit(
    selection: Selection, counts: Sequence[str], bare: Sequence[str], length: int, world: World, translator: Translator
) -> str:
    """Return the first line that fits; `bare` goes with the general subject, `counts` with the telling ones."""
    *telling, general = _say_subjects(selection, world, translator)
    pairs = [*product(telling, counts), *((general, count) for count in bare)]
    lines = [translator("words.headline.line", subject=subject, count=count) for subject, count in pairs]
    line = next((line for line in lines if len(line) <= length), lines[-1])
    return line[:1].upper() + line[1:]


def _say_subjects(selection: Selection, world: World, translator: Translator) -> list[str]:
    """Return what the view is about, most specific first; the last is general and contains the word "initiatives"."""
    theme, target = (
        say_terms(dimension, selection, world, translator)
        if len(getattr(selection, dimension)) <= NAMED_OPTIONS
        else ""
        for dimension in ("themes", "targets")
    )
    where = ""
    if selection.place or len(selection.regions) == 1:
        where = in_place(selection.place or selection.regions[0], world.territory, translator.language)
    suffix = "_in" if where else ""
    subjects = []
    if theme and target:
        subjects.append(translator(f"words.headline.both{suffix}", theme=theme, target=target, where=where))
    if theme:
        subjects.append(translator(f"words.headline.themes{suffix}", what=theme, where=where))
    elif target:
        subjects.append(translator(f"words.headline.targets{suffix}", what=target, where=where))
    elif selection.text and not where:
        subjects.append(translator("words.headline.text", what=quote(selection.text, translator)))
    if where:
        return [*subjects, translator("words.headline.chosen_in", where=where)]
    return [*subjects, translator("words.headline.whole" if selection.is_empty else "words.headline.chosen")]


def _say_counts(figures: KeyFigures, only_region: str, territory: Territory, translator: Translator) -> list[str]:
    """Return ways to say how many, most specific first."""
    n = figures.initiatives
    if not n:
        return [translator("words.headline.nothing")]
    plain = translator.plural("words.headline.plain", n)
    if figures.national == n:
        return [translator.plural("words.headline.national", n), plain]
    if only_region and not figures.national:
        where = in_place(only_region, territory, translator.language)
        return [translator.plural("words.headline.in_region", n, where=where), plain]
    if figures.regions > 1:
        regions = translator.number(figures.regions)
        count = translator.plural("words.headline.in_regions", n - figures.national, regions=regions)
        return [_add_national(count, figures.national, translator), plain]
    return [plain]


def _say_bare_counts(
    selection: Selection, figures: KeyFigures, catalogue_size: int, translator: Translator
) -> list[str]:
    """Return ways to say how many after a subject that contains "initiatives", most specific first."""
    n, number = figures.initiatives, translator.number
    if not n:
        return [translator("words.headline.bare.nothing")]
    if not selection.is_empty:
        return [translator("words.headline.bare.of", n=number(n), total=number(catalogue_size))]
    if figures.regions > 1:
        placed, regions = number(n - figures.national), number(figures.regions)
        count = translator("words.headline.bare.in_regions", n=placed, regions=regions)
        return [_add_national(count, figures.national, translator), number(n)]
    return [number(n)]


def _add_national(count: str, national: int, translator: Translator) -> str:
    return translator.plural("words.headline.and_national", national, count=count) if national else count
