"""A selection in words: its filters, how its search was understood, and what its initiatives have in common."""

from collections.abc import Iterable, Sequence

from atlas.base.columns import UNKNOWN
from atlas.base.i18n import Translator
from atlas.base.model import DIMENSIONS, CountingRule, Language, Scale, Selection
from atlas.catalogue.links import clean_text
from atlas.catalogue.search import Meaning
from atlas.catalogue.world import World
from atlas.indicators.indicators import KeyFigures
from atlas.territory.places.names import in_place, place_name, title_of_place
from atlas.territory.territory import Territory

# Longer searches are cut when quoted.
QUOTED_LENGTH = 60
# More themes or groups than these are counted, not named.
NAMED_OPTIONS = 2
_OPTION_SECTIONS = {"scales": "scale", "service_types": "service_type", "channels": "channel"}


def describe_selection(selection: Selection, world: World, translator: Translator) -> str:
    """Return the filters in one line, for captions and exports: "Tema: Digitale; Regione: Lombardia, Marche".

    Plain text that quotes the search as typed: escape it before using it as HTML.
    """
    selection = tidy(selection)
    parts: list[tuple[str, str]] = []
    if selection.text:
        parts.append((translator("words.search"), quote(selection.text, translator)))
    for dimension in DIMENSIONS:
        labels = [option_label(dimension, option, world, translator) for option in getattr(selection, dimension)]
        if labels:
            parts.append((translator(f"filter.{dimension}"), ", ".join(labels)))
        if dimension == "regions" and selection.place:
            place = title_of_place(selection.place, world.territory, translator.language)
            parts.append((translator("filter.place"), place))
    fields = [translator("words.field", field=field, options=options) for field, options in parts]
    return "; ".join(fields) or translator("words.no_filter")


def describe_rule(rule: CountingRule, translator: Translator) -> str:
    """Return the counting rule as a sentence."""
    return translator(f"map.{rule}_note")


def option_label(dimension: str, option: str, world: World, translator: Translator) -> str:
    """Return the label of an option of one of DIMENSIONS, `unknown` included; the option itself if it has none."""
    if dimension in _OPTION_SECTIONS:
        return translator.catalogue.get(f"{_OPTION_SECTIONS[dimension]}.{option}", option)
    if option == UNKNOWN:
        return translator("filter.unknown")
    if dimension == "regions":
        return place_name(option, world.territory, translator.language)
    terms = {"themes": world.vocabulary.themes, "targets": world.vocabulary.targets}.get(dimension, {})
    term = terms.get(option)
    return term.label(translator.language) if term else option


def tidy(selection: Selection) -> Selection:
    """Return the selection with a search text that is safe to quote in one line."""
    return selection.with_(text=clean_text(selection.text))


def quote(text: str, translator: Translator) -> str:
    """Return a search in quotation marks, shortened, with inner quotation marks replaced."""
    if len(text) > QUOTED_LENGTH:
        text = text[: QUOTED_LENGTH - 1].rstrip() + "…"
    return translator("words.quoted", text=text.translate(str.maketrans("«»“”", '""""')))


def say_what(selection: Selection, world: World, translator: Translator, figures: KeyFigures) -> str:
    """Say what the initiatives have in common: "riguardano il digitale e sono pensate per i giovani"; may be empty.

    The verb is singular for one initiative and for none ("nessuna riguarda il digitale").
    """
    n = max(figures.initiatives, 1)
    parts = []
    for dimension in ("themes", "targets"):
        what = say_terms(dimension, selection, world, translator)
        if what:
            parts.append(translator.plural(f"words.what.{dimension}", n, what=what))
    where = _say_places(selection, world.territory, translator)
    if where:
        parts.append(translator.plural("words.what.places", n, what=where))
    says_national = 0 < figures.initiatives == figures.national
    if selection.scales == (Scale.NATIONAL,) and says_national:
        selection = selection.with_(scales=())  # the sentence already says so when nothing is on the map
    rest = [
        dimension for dimension in ("scales", "service_types", "channels", "years") if getattr(selection, dimension)
    ]
    for dimension in list(rest):
        said = _say_only_option(dimension, selection, translator, n)
        if said:
            parts.append(said)
            rest.remove(dimension)
    if selection.text:
        parts.append(translator.plural("words.what.text", n, what=quote(selection.text, translator)))
    if rest:
        parts.append(translator.plural("words.what.other_filters" if parts else "words.what.filters", n))
    return _join(parts, translator)


def say_terms(dimension: str, selection: Selection, world: World, translator: Translator) -> str:
    """Name the chosen themes or targets, with their article: "il digitale o la casa", "uno dei 3 temi scelti"."""
    options: Sequence[str] = getattr(selection, dimension)
    if len(options) > NAMED_OPTIONS:
        return translator(f"words.some.{dimension}", n=translator.number(len(options)))
    said = []
    for option in options:
        label = option_label(dimension, option, world, translator)
        fallback = translator(f"words.term.{dimension}", label=label)
        said.append(translator.catalogue.get(f"words.{dimension}.{option}", fallback))
    return _either(said, translator)


def say_understood(meanings: Iterable[Meaning], world: World, say: Translator) -> str:
    """Return one sentence for each part of a search with a meaning beyond its words; empty if there is none."""
    return " ".join(_say_meaning(one, world, say) for one in meanings if one.places or one.terms or one.words)


def _say_meaning(meaning: Meaning, world: World, say: Translator) -> str:
    places = [title_of_place(code, world.territory, say.language) for code in meaning.places]
    also = [
        say(f"search.{dimension}", label=option_label(dimension, option, world, say))
        for dimension, option in meaning.terms
    ]
    also += [quote(words, say) for words in meaning.words]
    parts = [
        say("search.place", places=say.sequence(places)) if places else "",
        say("search.also", also=say.sequence(also)) if also else "",
    ]
    return say("search.meaning", written=quote(meaning.written, say), parts=", ".join(filter(None, parts)))


def _say_places(selection: Selection, territory: Territory, translator: Translator) -> str:
    language = translator.language
    if selection.place:
        return in_place(selection.place, territory, language)
    if len(selection.regions) > NAMED_OPTIONS:
        return translator("words.some.regions", n=translator.number(len(selection.regions)))
    return _either([in_place(code, territory, language) for code in selection.regions], translator)


def _say_only_option(dimension: str, selection: Selection, translator: Translator, n: int) -> str:
    """Say the only chosen option of a dimension; empty if there are several or it has no words of its own."""
    options = getattr(selection, dimension)
    if len(options) != 1 or options[0] == UNKNOWN:
        return ""
    if dimension == "years":
        return translator.plural("words.what.years", n, what=options[0])
    return translator.plural(f"words.what.{dimension}.{options[0]}", n)


def _either(items: list[str], translator: Translator) -> str:
    return translator("words.either", first=items[0], second=items[1]) if len(items) > 1 else "".join(items)


def _join(items: list[str], translator: Translator) -> str:
    """Join items as a list, with the Italian "ed" before an e: "riguarda la casa ed è nuova"."""
    joined = translator.sequence(items)
    if translator.language is Language.IT and len(items) > 1 and items[-1][0] in "eèé":
        last = items[-1]
        joined = joined.removesuffix(f"e {last}") + f"ed {last}"
    return joined
