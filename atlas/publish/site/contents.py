"""The page of an address: its words, figures, tables and links onward."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isnan

from atlas.base.columns import UNKNOWN
from atlas.base.i18n import Translator, translator
from atlas.base.model import Face, Language, Level, Selection, View
from atlas.base.text import clean_line
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.drill import municipality_of
from atlas.catalogue.links import HOME, PAGES
from atlas.catalogue.selection import count_options
from atlas.catalogue.world import World
from atlas.figures.mapview import territories_inside
from atlas.figures.minimap import build_minimap, draw_marks
from atlas.indicators.indicators import count_by_territory
from atlas.indicators.peers import build_profiles, initiatives_of
from atlas.publish.site.addresses import other_language
from atlas.publish.site.pages import Drawing, Link, Listing, Page, Table, Target
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.kinds import ids_of
from atlas.publish.stops.story import Stop, StopKind
from atlas.territory.places.names import in_place, place_name, title_of_place, to_place
from atlas.words.card import build_card, place_of, row_of, shorten, title_of, when_of
from atlas.words.phrases import option_label
from atlas.words.sources import say_days
from atlas.words.window import name_page, name_window

# The pages that show data with nothing chosen.
WITHOUT_CHOICE = (HOME, "regioni", "catalogo", "metodo")
# Longer lists end with how many more there are and the way to all of them.
LISTED = 50
DESCRIPTION = 200
_KINDS = {
    "mappa": StopKind.MAP,
    "regioni": StopKind.REGIONS,
    "comune": StopKind.MUNICIPALITY,
    "catalogo": StopKind.CATALOGUE,
    "metodo": StopKind.METHOD,
}


def build_page(page: str, view: View, world: World, listed: int = LISTED, with_map: bool = False) -> Page:
    """Return what a page says with a view; `listed` initiatives at most; with_map adds the small map.

    A search is not repeated, because its words are the visitor's: the page says how many initiatives it finds.
    """
    say = translator(view.language)
    if view.initiative:
        return _card(page, view, world, with_map)
    if page == "comune" and not municipality_of(view, world.territory):
        return _plain(page, view, world, say("municipality.intro"))
    if page not in _KINDS:
        return _plain(page, view, world, say(f"site.about.{page}"))
    if page == "comune":
        return _municipality(view, world, with_map)
    content = _content(page, view, world)
    if view.selection.text:
        return _search(page, content, listed)
    if page == "metodo":
        return _method(content)
    return _view(page, view, content, listed, with_map)


def _content(page: str, view: View, world: World) -> StopContent:
    return build_content(Stop(_KINDS[page], view), world, world.territory.dates.geography)


def build_lost(language: Language) -> Page:
    """Return the page of an address that does not exist, in both languages: nobody knows who asks."""
    say, other = translator(language), translator(other_language(language))
    return Page(
        target=Target(HOME, View(language=language)),
        title=f"{say('site.lost')} · {say('app.short_title')}",
        heading=say("site.lost"),
        description=say("site.lost_words"),
        lines=(say("site.lost_words"), other("site.lost_words")),
        lists=(_pages(say), _pages(other)),
        is_listed=False,
    )


def _plain(page: str, view: View, world: World, words: str) -> Page:
    """Return a page that is of use only with the program: what it is for, and the other pages."""
    say = translator(view.language)
    return Page(
        target=Target(page, View(language=view.language)),
        title=name_window(page, View(language=view.language), "", world, say),
        heading=name_page(page, say),
        description=shorten(words, DESCRIPTION),
        lines=(words, say("site.needs_script")),
        lists=(_pages(say),),
    )


def _method(content: StopContent) -> Page:
    view, say = View(language=content.say.language), content.say
    return Page(
        target=Target("metodo", view),
        title=name_window("metodo", view, "", content.world, say),
        heading=content.title,
        description=shorten(content.lines[0], DESCRIPTION),
        lines=content.lines,
        cautions=content.cautions,
        about=content.facts,
        lists=(_pages(say),),
    )


def _search(page: str, content: StopContent, listed: int) -> Page:
    """Return the page of a search: how many initiatives it finds, without its words."""
    say, view, n = content.say, content.stop.view, len(content.selected)
    heading = say.plural("site.found", n, total=say.number(len(content.world.catalogue)))
    found = _initiatives(say.plural("list.title", n), ids_of(content.selected), content.world, say, listed)
    return Page(
        target=Target(page, view),
        title=" · ".join((heading, name_page(page, say), say("app.short_title"))),
        heading=heading,
        description=shorten(heading, DESCRIPTION),
        lists=(*found, _pages(say)),
        about=content.about[1:2] + content.about[3:],
        is_listed=False,
    )


def _view(page: str, asked: View, content: StopContent, listed: int, with_map: bool) -> Page:
    """Return the page of a selection: its words and key figures, the numbers by territory, its initiatives."""
    say, world, view = content.say, content.world, content.stop.view
    region = view.region if page == "regioni" and view.face is Face.REGION else ""
    # Charts have a finding for a title; a selection is said in words, and a region by its name.
    is_chart = page == "regioni" and not region
    heading = content.title if is_chart else content.description.headline
    heading = place_name(region, world.territory, say.language) if region else heading
    said, cautions = content.description.sentences, content.cautions
    if not is_chart and len(content.selected):  # the last sentence says how to read the numbers
        said, cautions = said[:-1], (*said[-1:], *(one for one in cautions if one != said[-1]))
    lines = content.lines if is_chart else said
    described = " ".join((f"{heading}.", *lines)) if is_chart else content.description.text
    ids = [] if is_chart else ids_of(content.selected)
    tables = [_bars(bars, say) for bars in content.bars]
    tables += [_grid(content.grid)] if content.grid else []
    is_plain_ranking = is_chart and view.face is Face.RANKING and not view.options.measure.is_rate
    if page != "catalogo" and (is_plain_ranking or not tables):
        tables = _territories(content)
    return Page(
        target=Target(page, asked),
        title=name_window(page, view, content.description.headline, world, say),
        heading=heading,
        description=shorten(described, DESCRIPTION),
        kind=_kind(view, say) if page == HOME or region else name_page(page, say),
        figures=content.figures,
        lines=lines,
        tables=tuple(tables),
        lists=(
            *_initiatives(say.plural("list.title", len(ids)), ids, world, say, listed),
            *_onward(content),
        ),
        cautions=cautions,
        about=content.about[:2] + content.about[3:],
        content=content,
        minimap=draw_minimap(content.selected, view, world) if with_map else Drawing(),
    )


def _card(page: str, view: View, world: World, with_map: bool) -> Page:
    say, id_ = translator(view.language), view.initiative
    card, row = build_card(world, id_, say), row_of(world, id_)
    # Whoever has a link to a card reads the same wherever it was opened.
    view = View(language=view.language, initiative=id_)
    codes = [code for code in str(row["places"]).split(";") if world.territory.level_of(code)]
    facts = [(what, _link_fact(what, words, row, world, say)) for what, words in (*card.facts, *card.more)]
    if card.documents:
        facts.append((say("card.documents"), (Link(", ".join(card.documents)),)))
    places = tuple(place_link(code, world, say.language) for code in codes[:LISTED])
    content = _content("catalogo", view, world)
    return Page(
        target=Target("catalogo" if page in PAGES else page, view),
        title=name_window("catalogo", view, "", world, say),
        heading=card.title,
        description=shorten(card.summary, DESCRIPTION),
        kind=say("site.kind.initiative"),
        lines=(card.summary,),
        facts=tuple(facts),
        lists=(*([Listing(say("site.places"), places)] if places else []), _pages(say)),
        cautions=(say("card.as_of"),),
        about=content.about[3:],
        content=content,
        minimap=draw_minimap(content.selected, view, world) if with_map else Drawing(),
    )


def _link_fact(what: str, words: str, row: Mapping[object, object], world: World, say: Translator) -> tuple[Link, ...]:
    """Return the words of a fact; themes and target groups lead to their pages."""
    for dimension in ("themes", "targets"):
        options = [option for option in str(row[dimension]).split(";") if option]
        if options and what == say.plural(f"card.{dimension}", len(options)):
            return tuple(_option_link(dimension, option, world, say) for option in options)
    return (Link(words),)


def _municipality(view: View, world: World, with_map: bool) -> Page:
    say, code = translator(view.language), municipality_of(view, world.territory)
    view = View(language=view.language, municipality=code)
    content, territory, language = _content("comune", view, world), world.territory, view.language
    direct, wide = initiatives_of(code, world.catalogue)
    here = in_place(code, territory, language)
    own = [*direct, *wide]
    lists = _initiatives(say.plural("municipality.initiatives", len(own), where=here), own, world, say, LISTED)
    similar = tuple(
        place_link(peer.code, world, language, shorten(title_of(row_of(world, peer.initiatives[0]), language), 90))
        for peer in content.peers
    )
    if similar:
        title = say("municipality.peers_title", to=to_place(code, territory, language))
        lists.append(Listing(title, similar, say("site.similar"), is_wide=True))
    up = [territory.region_of(code), territory.province_of(code)]
    around = tuple(place_link(one, world, language) for one in up)
    titles = (f"{title_of(row_of(world, id_), language)}." for id_ in own[:3])
    known = build_profiles(territory).of(code)
    figures = []
    if not isnan(known["population"]):
        figures.append((say.number(known["population"]), say("municipality.inhabitants")))
        figures.append((say.number(known["density"], 0), say("municipality.density")))
    dated = [say("figures.inhabitants_date", **say_days(territory, say))] if figures else []
    none = (say("municipality.none_title", where=here) + ".", say("municipality.none"))
    where = [say("municipality.capital")] if bool(territory.municipalities["is_capital"][code]) else []
    return Page(
        target=Target("comune", view),
        title=name_window("comune", view, "", world, say),
        heading=title_of_place(code, territory, language),
        description=shorten(" ".join((f"{content.title}.", *titles)), DESCRIPTION),
        kind=" · ".join((say("site.kind.municipality"), *where)),
        figures=tuple(figures),
        lines=(f"{content.title}.", *content.lines) if own else none,
        lists=(*lists, Listing(say("site.around"), around), _pages(say)),
        cautions=(*content.cautions, *dated),
        about=content.about[3:],
        # Its picture is its map, whether or not it has initiatives; among files it has that of its region.
        content=None if with_map else _content(HOME, View(language=language, selection=Selection(place=code)), world),
        minimap=draw_minimap(content.selected, view, world) if with_map else Drawing(),
    )


def _initiatives(title: str, ids: Sequence[str], world: World, say: Translator, listed: int) -> list[Listing]:
    """Return the list of initiatives, with where and when, and how many more there are; none without initiatives."""
    links = []
    for id_ in ids[:listed]:
        row = row_of(world, id_)
        facts = (place_of(row, world, say), when_of(row, say))
        target = Target("catalogo", View(language=say.language, initiative=id_))
        links.append(Link(title_of(row, say.language), target, " · ".join(fact for fact in facts if fact)))
    if (left := len(ids) - listed) > 0:
        links.append(Link(say.plural("sheet.more", left), Target("catalogo", View(language=say.language))))
    return [Listing(title, tuple(links), is_wide=True)] if links else []


def _territories(content: StopContent) -> list[Table]:
    """Return the numbers by region, or by the territories inside the chosen one; those without initiatives left out."""
    say, world, view = content.say, content.world, content.stop.view
    territory, selection = world.territory, view.selection
    level = Level.PROVINCE if len(selection.regions) == 1 else Level.REGION
    level = Level.MUNICIPALITY if selection.place else level
    counts = count_by_territory(content.selected, territory, level, view.options.rule)
    some = counts[(counts["n_initiatives"] > 0).to_numpy() & territories_inside(territory, selection, level)]
    some = some.sort_values("n_initiatives", ascending=False, kind="stable")
    if some.empty:
        return []
    rows = tuple(
        (place_link(str(code), world, say.language), (say.number(int(n)),)) for code, n in some["n_initiatives"].items()
    )
    head = (say(f"site.level.{level}"), say("compare.initiatives"))
    return [Table(say(f"site.by_{level}"), head, rows)]


def _bars(bars: Bars, say: Translator) -> Table:
    rows = tuple((Link(label), (text,)) for label, text in zip(bars.labels, bars.texts, strict=True))
    return Table(bars.title, (say("sheet.item"), say("sheet.number")), rows)


def _grid(grid: Grid) -> Table:
    rows = tuple((Link(name), texts) for name, texts in zip(grid.rows, grid.texts, strict=True))
    return Table(grid.title, ("", *grid.columns), rows)


def _onward(content: StopContent) -> Iterable[Listing]:
    """Yield the themes and the target groups of the selection, each with its page, and the other pages."""
    say, world = content.say, content.world
    for dimension in ("themes", "targets"):
        counts = count_options(content.selected, dimension)
        links = tuple(
            _option_link(dimension, option, world, say, say.number(n))
            for option, n in counts.items()
            if n and option != UNKNOWN
        )
        if links:
            yield Listing(say(f"filter.{dimension}"), links, say("site.counts"))
    yield _pages(say)


def page_links(say: Translator) -> tuple[Link, ...]:
    """Return the links to WITHOUT_CHOICE."""
    return tuple(Link(name_page(page, say), Target(page, View(language=say.language))) for page in WITHOUT_CHOICE)


def _pages(say: Translator) -> Listing:
    return Listing(say("site.pages"), page_links(say))


def _option_link(dimension: str, option: str, world: World, say: Translator, note: str = "") -> Link:
    label = clean_line(option_label(dimension, option, world, say))
    return Link(label, option_target(dimension, option, say.language), note)


def option_target(dimension: str, option: str, language: Language) -> Target:
    """Return the map of one theme or target group."""
    return Target(HOME, View(language=language, selection=Selection().with_(**{dimension: (option,)})))


def place_target(code: str, world: World, language: Language) -> Target:
    """Return the page of a region or municipality, or the map of a province, as a click on it opens it."""
    match world.territory.level_of(code):
        case Level.REGION:
            return Target("regioni", View(language=language, face=Face.REGION, region=code))
        case Level.PROVINCE:
            selection = Selection(regions=(world.territory.region_of(code),), place=code)
            return Target(HOME, View(language=language, selection=selection))
    return Target("comune", View(language=language, municipality=code))


def place_link(code: str, world: World, language: Language, note: str = "") -> Link:
    """Return the name of a place that leads to its page."""
    return Link(title_of_place(code, world.territory, language), place_target(code, world, language), note)


def _kind(view: View, say: Translator) -> str:
    selection = view.selection
    if replace(selection, regions=(), place="").is_empty and selection.place:
        return say("site.kind.province" if len(selection.place) == 3 else "site.kind.municipality")
    if selection == Selection(regions=selection.regions) and len(selection.regions) == 1:
        return say("site.kind.region")
    for dimension in ("themes", "targets"):
        chosen = getattr(selection, dimension)
        if len(chosen) == 1 and selection == Selection().with_(**{dimension: chosen}):
            return say(f"filter.{dimension}")
    return ""


def draw_minimap(selected: Catalogue, view: View, world: World) -> Drawing:
    """Draw the region or the province of a view or of a card with its marks; nothing for the country."""
    territory = world.territory
    place = view.municipality or view.selection.place
    regions = {territory.region_of(place)} if place else set(view.selection.regions)
    if view.initiative:
        regions = set(map(territory.region_of, selected.placements["istat_code"].astype(str).unique()))
    if len(regions) != 1:
        return Drawing()
    code = place if territory.level_of(place) is Level.PROVINCE else regions.pop()
    if not view.municipality:
        svg, is_outlined = draw_marks(selected, territory, code)
        return Drawing(svg, translator(view.language)("map.outline") if is_outlined else "")
    lon, lat = (float(territory.municipalities[name][view.municipality]) for name in ("lon", "lat"))
    return Drawing(build_minimap(code, [(lon, lat, 1)]))
