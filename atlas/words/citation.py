"""How to cite a selection or one initiative, as a sentence and as BibTeX."""

import re
from datetime import date

from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.catalogue.world import World
from atlas.words.phrases import describe_selection

# Characters with a special meaning in BibTeX and LaTeX.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def to_citation(
    view: View, n_initiatives: int, world: World, say: Translator, today: date,
    address: str = "",
) -> str:  # fmt: skip
    """Return one sentence that cites a selection: what, filters, how many, when it was looked at, where, licence."""
    parts = [
        f"{say('app.title')}.",
        say("citation.selection", filters=describe_selection(view.selection, world, say)),
        say.plural("citation.initiatives", n_initiatives),
        say("citation.accessed", date=say.date(today)),
        address,
        "CC BY 4.0.",
    ]
    return " ".join(part for part in parts if part)


def to_bibtex(
    view: View, world: World, say: Translator, today: date, address: str = "",
    title: str = "",
) -> str:  # fmt: skip
    """Return a BibTeX entry of a selection, or of one initiative when its title is given."""
    filters = describe_selection(view.selection, world, say)
    about = title or say("citation.selection", filters=filters).removesuffix(".")
    key = view.initiative if title else "-".join((*view.selection.themes, *view.selection.regions)) or "catalogo"
    fields = {
        "title": f"{{{escape_bibtex(about)}}}",
        "author": f"{{{escape_bibtex(say('app.title'))}}}",
        "year": str(today.year),
        "note": escape_bibtex(say("citation.accessed", date=say.date(today)) + " CC BY 4.0."),
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
