"""The label of each option of each filter in the reader's language; it draws nothing."""

from atlas.columns import UNKNOWN
from atlas.state import Screen
from atlas.vocabulary import Term

_SECTIONS = {"scales": "scale", "service_types": "service_type", "channels": "channel"}


def label_of(screen: Screen, dimension: str, option: str) -> str:
    """Return what people read for an option (a code) of a dimension of the selection."""
    words = screen.words
    if dimension in _SECTIONS:
        return words(f"{_SECTIONS[dimension]}.{option}")
    if option == UNKNOWN:
        return words("filter.unknown")
    if dimension in ("themes", "targets"):
        terms: dict[str, Term] = getattr(screen.vocabulary, dimension)
        return terms[option].label(screen.view.language)
    if dimension in ("regions", "place"):
        return screen.territory.name_of(option)
    return option
