"""Labels of filter options and places in the reader's language."""

from atlas.territory.places.names import place_name, title_of_place
from atlas.ui.session.state import Screen
from atlas.words.phrases import option_label


def label_of(screen: Screen, dimension: str, option: str) -> str:
    """Return the label of an option (a code) of a dimension of the selection."""
    if dimension == "place":
        return title_of_place(option, screen.territory, screen.view.language)
    return option_label(dimension, option, screen.world, screen.words)


def label_inside(screen: Screen, dimension: str, option: str) -> str:
    """Return a label for use inside a sentence: in lower case, except for regions."""
    label = label_of(screen, dimension, option)
    return label if dimension == "regions" else f"{label[:1].lower()}{label[1:]}"


def name_of(screen: Screen, code: str) -> str:
    """Return the name of a territory of any level in the reader's language."""
    return place_name(code, screen.territory, screen.view.language)


def regions_by_name(screen: Screen) -> list[str]:
    """Return the codes of all regions, sorted by their names in the reader's language."""
    return sorted(map(str, screen.territory.regions.index), key=lambda code: name_of(screen, code))
