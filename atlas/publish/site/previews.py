"""The picture of a page for messengers."""

from functools import cache

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.publish.site.pages import Page
from atlas.publish.stills.preview import to_preview


def preview_of(page: Page) -> bytes:
    """Return the picture of a page: what it says and its map or chart."""
    return to_preview(page.content, page.heading, page.kind, page.description, translator(page.language))


@cache
def plain_preview(language: Language) -> bytes:
    """Return the picture of the atlas itself, for pages that show no data and while another one is being made."""
    return (ASSETS / "site" / f"preview_{language}.png").read_bytes()


def draw_plain(language: Language) -> bytes:
    """Draw that picture; the files in assets are this, so that the first one who asks does not wait."""
    say = translator(language)
    return to_preview(None, say("site.preview"), "", say("site.foot"), say)
