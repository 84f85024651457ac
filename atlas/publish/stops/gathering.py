"""What a stop says, gathered from the view it keeps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from atlas.base.i18n import translator
from atlas.base.model import Face, View
from atlas.base.text import clean_line
from atlas.catalogue.links import to_address
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.indicators.comparison import first_pair
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.kinds import fill
from atlas.publish.stops.story import PAGE_OF, Stop, StopKind, Story
from atlas.words.description import describe_view
from atlas.words.phrases import describe_rule, describe_selection
from atlas.words.sources import is_published, say_sources

# Called with (stops done, stops in all) before each stop; raise in it to cancel.
Tell = Callable[[int, int], None]


def build_content(
    stop: Stop, world: World, today: date, base_address: str = "", story: Story | None = None
) -> StopContent:
    """Gather what one stop says.

    base_address: where the atlas is served; story: the presentation it belongs to, for the cover.
    """
    if stop.view.initiative not in world.catalogue.store.initiatives.index:  # gone with a version of the catalogue
        stop = replace(stop, view=replace(stop.view, initiative=""))
    asked = stop.view
    if asked.face is Face.REGION and asked.region:  # its page filters nothing: the stop shows that region
        only = asked.selection.with_(regions=(asked.region,), place="")
        stop = replace(stop, view=replace(asked, selection=only))
    elif asked.face is Face.COMPARE and not asked.compared:
        stop = replace(
            stop, view=replace(asked, compared=first_pair(asked.selection, world.catalogue, world.territory))
        )
    view, say = stop.view, translator(stop.view.language)
    selected = select(world.catalogue, view.selection)
    description = describe_view(selected, view.selection, view.options, world, say)
    about = (
        (say("files.selection"), describe_selection(view.selection, world, say)),
        (say("files.counting_rule"), describe_rule(view.options.rule, say)),
        (say("files.date"), say.date(today)),
        (say("files.sources"), say_sources(world, say)),
    )
    base = public_base(base_address) if is_published(world) else ""  # a link would open other data
    address = to_address(base, PAGE_OF[stop.kind], asked) if base else ""
    content = fill(StopContent(stop, world, say, selected, description, about, today, address), story or Story())
    return replace(content, title=clean_line(content.title)).titled(stop.title)


def build_contents(story: Story, world: World, today: date, base_address: str = "") -> list[StopContent]:
    """Return the contents of a presentation; a closing is added if it does not end with one or with the method."""
    stops = list(story.stops)
    if not stops or stops[-1].kind not in (StopKind.CLOSING, StopKind.METHOD):
        view = stops[-1].view if stops else View()
        stops.append(Stop(StopKind.CLOSING, replace(view, initiative="")))
    return [build_content(stop, world, today, base_address, story) for stop in stops]


def telling(contents: Sequence[StopContent], tell: Tell | None) -> Iterator[StopContent]:
    """Yield the contents, each after it is told how many are done."""
    for done, content in enumerate(contents):
        if tell:
            tell(done, len(contents))
        yield content


def public_base(address: str) -> str:
    """Return the address if it is public, "" if it is local or of a private network."""
    host = urlsplit(address).hostname or ""
    try:
        return address if ip_address(host).is_global else ""
    except ValueError:
        is_own = "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan", ".home.arpa"))
        return "" if is_own else address
