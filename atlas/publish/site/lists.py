"""The pages that only the files have: lists of all places, open data, search."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from atlas.base.i18n import translator
from atlas.base.model import Language, Level, View
from atlas.base.text import clean_line, fold
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.figures.maps import GEOMETRY
from atlas.publish.decks.standalone import to_data
from atlas.publish.site.addresses import OPEN_DATA, SEARCH, Filed
from atlas.publish.site.contents import build_page, place_link
from atlas.publish.site.listing import all_targets, involved
from atlas.publish.site.pages import Link, Listing, Page, Target
from atlas.publish.stops.content import StopContent
from atlas.territory.places.names import place_name, title_of_place
from atlas.words.card import place_of, row_of, summary_of, title_of
from atlas.words.phrases import option_label

Row = tuple[str, str, str, str]


def with_places(page: Page, world: World) -> Page:
    """Return the page with links to every region, and to the provinces and municipalities with initiatives."""
    say, territory, language = translator(page.language), world.territory, page.language
    codes = (territory.positions[Level.REGION], involved(world, Level.PROVINCE), involved(world, Level.MUNICIPALITY))
    regions, provinces, towns = ([place_link(code, world, language) for code in some] for some in codes)
    lists = (
        Listing(say("site.all_regions"), tuple(sorted(regions, key=lambda link: link.text))),
        Listing(say("site.all_provinces"), tuple(provinces)),
        Listing(say("site.all_municipalities"), tuple(sorted(towns, key=lambda link: fold(link.text)))),
    )
    return replace(page, lists=(*lists, *page.lists))


def build_open_data(world: World, language: Language, files: Mapping[str, bytes]) -> Page:
    """Return the page of the files to download, by their path in the site."""
    say = translator(language)
    links = tuple(
        Link(path.rpartition("/")[2], None, f"{say.number(max(1, round(len(body) / 1000)))} kB", path)
        for path, body in files.items()
        if not path.endswith(".csvt")  # read by GDAL beside its CSV
    )
    method = build_page("metodo", View(language=language), world)
    return Page(
        target=Target(OPEN_DATA, View(language=language)),
        title=f"{say('site.open_data')} · {say('app.short_title')}",
        heading=say("site.open_data"),
        description=say("site.open_data_intro")[:200],
        lines=(say("site.open_data_intro"),),
        lists=(Listing(say("site.files"), links, is_wide=True),),
        cautions=method.cautions,
        about=method.about,
    )


def build_search(world: World, language: Language, lists: tuple[Listing, ...]) -> Page:
    """Return the page of the search; `lists` are what there is without a script."""
    say = translator(language)
    return Page(
        target=Target(SEARCH, View(language=language)),
        title=f"{say('site.search')} · {say('app.short_title')}",
        heading=say("site.search"),
        description=say("site.search_intro"),
        lines=(say("site.search_intro"),),
        lists=lists,
        is_listed=False,
    )


def search_rows(world: World, language: Language, place: Filed) -> Iterator[Row]:
    """Yield (title, note, address, other words) of every page, the addresses as seen from the page of the search."""
    say, vocabulary = translator(language), world.vocabulary
    synonyms: dict[str, list[str]] = {}
    for synonym in vocabulary.synonyms:
        if synonym.language is language:
            synonyms.setdefault(synonym.meaning, []).append(synonym.expression)
    for target in all_targets(world, language):
        address, view = place.href(target), target.view
        if address is None:
            continue
        if view.initiative:
            row = row_of(world, view.initiative)
            options = [
                (dimension, one) for dimension in ("themes", "targets") for one in str(row[dimension]).split(";") if one
            ]
            labels = [clean_line(option_label(dimension, one, world, say)) for dimension, one in options]
            more = [*labels, *(word for _, one in options for word in synonyms.get(one, ()))]
            said = summary_of(row, language)
            yield title_of(row, language), place_of(row, world, say), address, " ".join((said, *more))
            continue
        code = view.municipality or view.selection.place or view.region
        if code:
            kind = {2: "region", 3: "province", 6: "municipality"}[len(code)]
            region = place_name(world.territory.region_of(code), world.territory, language) if len(code) > 2 else ""
            note = " · ".join(part for part in (say(f"site.kind.{kind}"), region) if part)
            other = world.territory.name_of(code)
            yield title_of_place(code, world.territory, language), note, address, other
        for dimension in ("themes", "targets"):
            for option in getattr(view.selection, dimension):
                n = len(select(world.catalogue, view.selection))
                label = clean_line(option_label(dimension, option, world, say))
                note = f"{say(f'filter.{dimension}')} · {say.plural('list.title', n)}"
                yield label, note, address, " ".join(synonyms.get(option, ()))


def explore_data(sheet: StopContent, page: Page, place: Filed) -> dict[str, object]:
    """Return what the home page filters and draws: that of the offline page, without texts that have a page."""
    data = to_data(sheet, page.heading)
    rows: list[dict[str, object]] = []
    for one in data["initiatives"]:  # type: ignore[attr-defined]
        target = Target("catalogo", View(language=page.language, initiative=one["id"]))
        rows.append({name: value for name, value in one.items() if name != "summary"} | {"href": place.href(target)})
    files = {name: place.file(name) for name in GEOMETRY}
    drawn: dict[str, object] = {**data["map"], "files": files}  # type: ignore[dict-item]
    return {**data, "initiatives": rows, "map": drawn, "remote": True}
