"""Which pages there are: the list of them all, and sitemap.xml."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from atlas.base.columns import UNKNOWN
from atlas.base.model import Language, Level, View
from atlas.catalogue.world import World
from atlas.publish.site.addresses import in_language
from atlas.publish.site.contents import WITHOUT_CHOICE, option_target, place_target
from atlas.publish.site.pages import Target
from atlas.publish.site.render import render_text

# The most that a sitemap may hold (sitemaps.org); more of them are listed in an index.
MOST_LISTED = 50_000


def all_targets(world: World, language: Language) -> Iterator[Target]:
    """Yield every page: those without a choice, initiatives, regions, provinces, themes, target groups, and the
    municipalities with an initiative.
    """
    for page in WITHOUT_CHOICE:
        yield Target(page, View(language=language))
    for id_ in world.catalogue.store.initiatives.index:
        yield Target("catalogo", View(language=language, initiative=str(id_)))
    for level in (Level.REGION, Level.PROVINCE):
        for code in world.territory.positions[level]:
            yield place_target(code, world, language)
    for dimension in ("themes", "targets"):
        for option in world.catalogue.store.memberships[dimension].options:
            if option != UNKNOWN:
                yield option_target(dimension, option, language)
    for code in involved(world, Level.MUNICIPALITY):
        yield place_target(code, world, language)


def involved(world: World, level: Level) -> list[str]:
    """Return the codes of the territories of a level that an initiative touches, in order."""
    footprint = world.catalogue.store.footprints[level]
    rows = np.unique(footprint.territory[world.catalogue.kept[footprint.row]])
    return [str(code) for code in world.territory.at(level).index[rows]]


def to_sitemaps(world: World, address: Callable[[Target], str], base: str, modified: date) -> dict[str, bytes]:
    """Return sitemap.xml by name, and the parts that it lists if there are more than MOST_LISTED pages."""
    rows = [[address(in_language(target, one)) for one in Language] for target in all_targets(world, Language.IT)]
    entries = [(own, both) for both in rows for own in both]
    if len(entries) <= MOST_LISTED:
        return {"sitemap.xml": _write(entries, modified)}
    parts = [entries[at : at + MOST_LISTED] for at in range(0, len(entries), MOST_LISTED)]
    named = {f"sitemap-{n}.xml": _write(part, modified) for n, part in enumerate(parts, start=1)}
    index = render_text("sitemap_index.xml", addresses=[base + name for name in named], modified=modified)
    return {"sitemap.xml": index, **named}


def _write(entries: Sequence[tuple[str, Sequence[str]]], modified: date) -> bytes:
    languages = [str(one) for one in Language]
    rows = [(own, list(zip(languages, both, strict=True))) for own, both in entries]
    return render_text("sitemap.xml", rows=rows, modified=modified)
