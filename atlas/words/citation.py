"""How to cite a selection or one initiative, as a sentence and as BibTeX."""

import re
from datetime import date

from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.catalogue.world import World
from atlas.words.phrases import describe_selection
from atlas.words.sources import say_sources

# Characters with a special meaning in BibTeX and LaTeX.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    # Escaped braces too must be in pairs for BibTeX: these commands have none but their own.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def to_citation(view: View, n_initiatives: int, world: World, say: Translator, today: date, address: str = "") -> str:
    """Return one sentence that cites a selection: what, filters, how many, source, date of access, address, licence."""
    parts = [
        f"{say('app.title')}.",
        say("citation.selection", filters=describe_selection(view.selection, world, say)),
        say.plural("citation.initiatives", n_initiatives),
        say_sources(world, say),
        say("citation.accessed", date=say.date(today)),
        address,
    ]
    return " ".join(part for part in parts if part)


def cite_initiative(title: str, number: int | None, world: World, say: Translator, today: date, address: str) -> str:
    """Return one sentence that cites an initiative; `number` is its place in the collection, if it has one."""
    accessed = say("citation.accessed", date=say.date(today))
    which = say("card.citation_number", number=number) if number else say("card.citation_no_number")
    sources = say_sources(world, say)
    return say("card.citation", title=title, which=which, sources=sources, accessed=accessed, link=address)


def to_bibtex(view: View, world: World, say: Translator, today: date, address: str = "", title: str = "") -> str:
    """Return a BibTeX entry of a selection, or of one initiative when its title is given."""
    selection = view.selection
    if not title:
        filters = describe_selection(selection, world, say)
        title = say("citation.whole") if selection.is_empty else say("citation.part", filters=filters)
        key = "-".join((*selection.themes, *selection.targets, *selection.regions)) or "catalogo"
    else:
        key = view.initiative
    fields = {
        "title": f"{{{escape_bibtex(title)}}}",
        "author": f"{{{escape_bibtex(say('app.title'))}}}",
        "year": str(today.year),
        "date": today.isoformat(),
        "urldate": today.isoformat(),
        "note": escape_bibtex(f"{say_sources(world, say)} {say('citation.accessed', date=say.date(today))}"),
        # Inside \url only braces need escaping.
        "url": address.replace("{", "%7B").replace("}", "%7D"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{atlante-{_to_key(key)}-{today.year},", *lines, "}"]) + "\n"


def escape_bibtex(text: str) -> str:
    """Return a text as one line, escaped for BibTeX and LaTeX."""
    return "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))


def _to_key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
