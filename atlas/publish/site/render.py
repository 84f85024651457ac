"""Pages as HTML, from the templates in atlas/assets/site, with every text escaped."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from atlas.base.folders import ASSETS
from atlas.base.i18n import translator
from atlas.base.model import View
from atlas.publish.decks.standalone import to_safe_json
from atlas.publish.site.addresses import OPEN_DATA, Filed, Place, other_language
from atlas.publish.site.contents import page_links
from atlas.publish.site.pages import Link, Page, Target

# Nothing of another host; styles that Leaflet and the bars of a table set on elements.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(ASSETS / "site")
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # Only for drawings of codes and numbers, and for JSON escaped for a script element.
    templates.filters["drawn"] = Markup
    return templates


def render_head(page: Page, place: Place) -> str:
    """Return the elements that go into the head of a page."""
    macro = _templates().get_template("head.html").module.head  # type: ignore[attr-defined]
    return str(macro(page, place, translator(page.language)))


def render_shell(page: Page, place: Place) -> str:
    """Return what is read without JavaScript, inside a noscript element."""
    other = other_language(page.language).value
    template = _templates().get_template("shell.html")
    return template.render(page=page, place=place, say=translator(page.language), other=other)


def render_lost(page: Page, place: Place) -> str:
    """Return a page that stands alone, with its style inside: it answers at any depth of addresses."""
    style = (ASSETS / "site" / "site.css").read_text(encoding="utf-8")
    return _templates().get_template("lost.html").render(page=page, place=place, style=style)


def render_file(page: Page, place: Filed, template: str = "page.html", data: object = None, live: str = "") -> str:
    """Return a whole page; `data` is what the home page draws, `live` where the program is."""
    say = translator(page.language)
    open_data = Link(say("site.open_data"), Target(OPEN_DATA, View(language=page.language)))
    return (
        _templates()
        .get_template(template)
        .render(
            page=page,
            place=place,
            say=say,
            menu=[*page_links(say), open_data],
            policy=POLICY,
            other=other_language(page.language).value,
            data=to_safe_json(data) if data is not None else "",
            live=live,
        )
    )


def render_text(template: str, **values: object) -> bytes:
    """Return a document of XML."""
    return _templates().get_template(template).render(**values).encode()
