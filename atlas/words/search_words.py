"""How a search was understood, in words."""

from collections.abc import Iterable

from atlas.base.i18n import Translator
from atlas.catalogue.search import Meaning
from atlas.catalogue.world import World
from atlas.territory.places.names import title_of_place
from atlas.words.phrases import option_label, quote


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
