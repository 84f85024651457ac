"""The label of each option of each filter and of each place in the reader's language; it draws nothing."""

from atlas.ui.session.state import Screen
from atlas.words.description import option_label, place_name, title_of_place


def label_of(screen: Screen, dimension: str, option: str) -> str:
    """Return what people read for an option (a code) of a dimension of the selection."""
    if dimension == "place":
        return title_of_place(option, screen.territory, screen.view.language)
    return option_label(dimension, option, screen.world, screen.words)


def name_of(screen: Screen, code: str) -> str:
    """Return the name of a territory of any level as people say it."""
    return place_name(code, screen.territory, screen.view.language)
