"""Where pages are: on the server, by the view in the query; in a folder, one file each."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import quote, urlencode

from atlas.base.model import Face, Language, Listing, Selection, View
from atlas.catalogue.links import HOME, SEPARATOR, to_address, to_query
from atlas.publish.site.pages import Target

# Folders and files by language: the English ones are inside en/.
_FOLDERS = {
    Language.IT: {"card": "iniziative", "region": "regioni", "province": "province", "themes": "temi",
                  "targets": "destinatari", "municipality": "comuni", "metodo": "metodo", "aperti": "dati-aperti",
                  "cerca": "cerca"},
    Language.EN: {"card": "initiatives", "region": "regions", "province": "provinces", "themes": "themes",
                  "targets": "groups", "municipality": "municipalities", "metodo": "method", "aperti": "open-data",
                  "cerca": "search"},
}  # fmt: skip
# Pages that only the files have.
OPEN_DATA, SEARCH = "aperti", "cerca"
PREVIEW, FEED = "anteprima.png", "novita.atom"


class Place(Protocol):
    """What a page has to know about where it is; empty texts for what there is not."""

    @property
    def canonical(self) -> str: ...
    @property
    def alternates(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def picture(self) -> str: ...
    @property
    def feed(self) -> str: ...
    @property
    def other(self) -> str: ...
    def href(self, target: Target) -> str | None: ...
    def to(self, path: str) -> str: ...


def in_language(target: Target, language: Language) -> Target:
    """Return the same page in a language."""
    return replace(target, view=replace(target.view, language=language))


def other_language(language: Language) -> Language:
    """Return the other of the two languages."""
    return Language.EN if language is Language.IT else Language.IT


def settle(target: Target) -> Target:
    """Return the one address among those of the same page: without a search, a moved map, or what the page ignores."""
    view = target.view
    if view.initiative:
        return Target("catalogo", View(language=view.language, initiative=view.initiative))
    if target.page == "comune" and (view.municipality or len(view.selection.place) == 6):
        return Target("comune", View(language=view.language, municipality=view.municipality or view.selection.place))
    kept = replace(
        view, framing=(), municipality="", question=None, listing=Listing.CARDS, order=None,
        selection=view.selection.with_(text=""),
    )  # fmt: skip
    if target.page == HOME:
        kept = replace(kept, face=Face.RANKING, compared=(), region="")
    elif target.page == "regioni":
        kept = replace(kept, region=view.region if view.face is Face.REGION else "")
    elif target.page == "catalogo":
        kept = View(language=view.language, selection=kept.selection)
    else:
        kept = View(language=view.language)
    return Target(target.page, kept)


@dataclass(frozen=True)
class Served:
    """A page of the server: `base` is its whole address, ending with a slash, `root` its path."""

    target: Target
    base: str
    root: str = "/"

    def href(self, target: Target) -> str | None:
        return to_address(self.root, target.page, target.view)

    def to(self, path: str) -> str:
        return self.root + path

    @property
    def canonical(self) -> str:
        settled = settle(self.target)
        return to_address(self.base, settled.page, settled.view)

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        settled = settle(self.target)
        both = [in_language(settled, language) for language in Language]
        pairs = [(str(one.view.language), to_address(self.base, one.page, one.view)) for one in both]
        return (*pairs, ("x-default", pairs[0][1]))

    @property
    def picture(self) -> str:
        settled = settle(self.target)
        if self.target.view.selection.text:  # what a search finds has no picture
            return f"{self.base}{PREVIEW}"
        query = {"page": settled.page, **to_query(settled.view)}
        return f"{self.base}{PREVIEW}?{urlencode(query, safe=SEPARATOR)}"

    @property
    def feed(self) -> str:
        return f"{self.root}{FEED}" + ("?lang=en" if self.target.view.language is Language.EN else "")

    @property
    def other(self) -> str:
        other = in_language(self.target, other_language(self.target.view.language))
        return self.href(other) or ""


def path_of(target: Target) -> str | None:
    """Return the file of a page, relative to the folder of the site; None for a view that has none."""
    view = target.view
    english = "en/" if view.language is Language.EN else ""
    folders = _FOLDERS[view.language]
    name = _name_of(target)
    if name is None:
        return None
    folder, _, file = name.partition("/")
    if folder in (OPEN_DATA, SEARCH, "metodo"):
        return f"{english}{folders[folder]}.html"
    return f"{english}{folders[folder]}/{quote(file, safe='') or 'index'}.html" if folder else f"{english}index.html"


def _name_of(target: Target) -> str | None:
    view, selection = target.view, target.view.selection
    if view.initiative:
        return f"card/{view.initiative}"
    if target.page == "comune":
        return f"municipality/{view.municipality}" if view.municipality else None
    if target.page in (OPEN_DATA, SEARCH, "metodo"):
        return target.page
    if target.page == "regioni":
        return f"region/{view.region}" if view.face is Face.REGION and view.region else "region/"
    if target.page == "catalogo":
        return "card/" if selection.is_empty else None
    if target.page != HOME or view.options != View().options:
        return None
    if selection.is_empty:
        return ""
    for dimension in ("themes", "targets"):
        chosen = getattr(selection, dimension)
        if len(chosen) == 1 and selection == Selection().with_(**{dimension: chosen}):
            return f"{dimension}/{chosen[0]}"
    if len(selection.place) == 3 and selection == Selection(regions=selection.regions, place=selection.place):
        return f"province/{selection.place}"
    return None


@dataclass(frozen=True)
class Filed:
    """A page in a folder: links are relative, so that the folder can be anywhere.

    base: the address of the folder ending with a slash, "" if unknown; exists: the files of the site; files: those of
    pictures, styles and scripts by name; picture_path: its preview.
    """

    target: Target
    base: str
    exists: frozenset[str]
    files: Mapping[str, str] = field(default_factory=dict)
    picture_path: str = ""

    @property
    def own(self) -> str:
        return path_of(self.target) or "index.html"

    def href(self, target: Target) -> str | None:
        path = path_of(target)
        return self.to(path) if path in self.exists and path is not None else None

    def to(self, path: str) -> str:
        """Return the way from this page to a file of the site."""
        return posixpath.relpath(path, posixpath.dirname(self.own) or ".")

    def file(self, name: str) -> str:
        return self.to(self.files[name])

    @property
    def canonical(self) -> str:
        return self._whole(self.own) if self.base else ""

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        paths = [(str(language), path_of(in_language(self.target, language))) for language in Language]
        pairs = [(language, self._whole(path)) for language, path in paths if path in self.exists and path]
        return (*pairs, ("x-default", pairs[0][1])) if pairs else ()

    @property
    def picture(self) -> str:
        return f"{self.base}{self.picture_path}" if self.base and self.picture_path else ""

    @property
    def feed(self) -> str:
        return self.to(f"{'en/' if self.target.view.language is Language.EN else ''}{FEED}") if self.base else ""

    @property
    def other(self) -> str:
        return self.href(in_language(self.target, other_language(self.target.view.language))) or ""

    @property
    def home(self) -> str:
        return self.href(Target(HOME, View(language=self.target.view.language))) or ""

    @property
    def search(self) -> str:
        return self.href(Target(SEARCH, View(language=self.target.view.language))) or ""

    def _whole(self, path: str) -> str:
        return self.base + path.removesuffix("index.html")


@dataclass(frozen=True)
class Rooted(Served):
    """A page that answers at any address of a folder of files: its links begin at the root."""

    def href(self, target: Target) -> str | None:
        path = path_of(target)
        return None if path is None else self.to(path)
