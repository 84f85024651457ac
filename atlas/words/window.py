"""The title of a window: what it shows, the page, the atlas."""

from atlas.base.i18n import Translator
from atlas.base.model import Face, View
from atlas.catalogue.drill import municipality_of
from atlas.catalogue.links import DESK, PAGES, UNLISTED
from atlas.catalogue.world import World
from atlas.territory.places.names import place_name, title_of_place
from atlas.words.card import row_of, shorten, title_of

# Pages about the selection, which names the window.
_ABOUT_SELECTION = ("mappa", "regioni", "catalogo")


def name_page(page: str, say: Translator) -> str:
    """Return the name of a page, as the navigation has it."""
    return say("desk.title" if page == DESK else UNLISTED.get(page) or f"app.{PAGES[page]}")


def name_window(page: str, view: View, headline: str, world: World, say: Translator) -> str:
    """Return the title of a window: the initiative, the municipality or the view in words, the page, the atlas."""
    code = municipality_of(view, world.territory) if page == "comune" else ""
    if view.initiative in world.catalogue.store.initiatives.index:
        shown = [shorten(title_of(row_of(world, view.initiative), say.language), 90)]
    elif code:
        shown = [title_of_place(code, world.territory, say.language)]
    elif page == "regioni" and view.face is Face.REGION and view.region:
        shown = [place_name(view.region, world.territory, say.language)]
    elif page == "regioni" and view.face is Face.COMPARE and view.compared:
        shown = [say.sequence(title_of_place(code, world.territory, say.language) for code in view.compared)]
    else:
        shown = [headline] if page in _ABOUT_SELECTION else []
    return " · ".join([*shown, name_page(page, say), say("app.short_title")])
