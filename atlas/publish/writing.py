"""Making any of the download files of a view, a presentation or a proposal."""

from dataclasses import replace
from datetime import date

from atlas.base.columns import About
from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.catalogue.world import World
from atlas.publish.decks.branding import Branding
from atlas.publish.decks.making import KINDS, Deck, make_here
from atlas.publish.export import to_csv, to_xlsx
from atlas.publish.stills.stills import Paper, to_png, to_svg
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import Stop, StopKind, Story
from atlas.words.card import row_of
from atlas.words.citation import cite_initiative, to_bibtex, to_citation
from atlas.words.proposal_text import describe_proposal

VIEW_FORMS = ("png", "svg", "txt", "bib")
PAPERS = {"a4": Paper.A4, "16:9": Paper.WIDE}


def publish_story(
    form: str,
    story: Story | None,
    view: View,
    world: World,
    today: date,
    base_address: str = "",
    branding: Branding | None = None,
) -> bytes:
    """Return a presentation as one of making.KINDS; by default the one proposed for the view.

    base_address: where the atlas is served, for links and codes. ValueError for another form.
    """
    if form not in KINDS:
        raise ValueError(f"a presentation is one of {', '.join(KINDS)}, not {form}")
    story = story or propose_story(view, world)
    return make_here(Deck(form, replace(view, initiative=""), story, world, today, base_address, branding))


def publish_view(
    form: str, view: View, world: World, today: date, base_address: str = "", paper: Paper = Paper.A4
) -> bytes:
    """Return a view as one of VIEW_FORMS: its map as a picture, or how to cite it. ValueError for another form."""
    if form not in VIEW_FORMS:
        raise ValueError(f"a view is one of {', '.join(VIEW_FORMS)}, not {form}")
    sheet = build_content(
        Stop(StopKind.CATALOGUE if view.initiative else StopKind.MAP, view), world, today, base_address
    )
    if form == "png":
        return to_png(sheet, paper)
    if form == "svg":
        return to_svg(sheet, paper)
    if form == "txt":
        return _cite(sheet, today).encode()
    title = sheet.card.title if sheet.card else ""
    return to_bibtex(sheet.stop.view, world, sheet.say, today, sheet.address, title).encode()


def write_proposal(kind: str, id_: str, world: World, today: date, say: Translator) -> bytes:
    """Return the only initiative of a world as csv, xlsx or txt; reading the first two gives the same row."""
    if kind == "csv":
        return to_csv(world.catalogue, world, say.language)
    if kind == "xlsx":
        about: About = [
            (say("files.about"), say("propose.text.title")),
            (say("files.date"), say.date(today)),
            (say("propose.text.for"), say("propose.text.for_whom")),
            (say("files.columns"), say("files.columns_note")),
        ]
        return to_xlsx(world.catalogue, world, about, today, say.language)
    text = describe_proposal(id_, world, say)
    return text.replace("\n", "\r\n").encode("utf-8-sig", errors="replace")


def _cite(sheet: StopContent, today: date) -> str:
    if sheet.card:
        number = row_of(sheet.world, sheet.card.id)["source_order"]
        where = sheet.address or sheet.card.id
        return cite_initiative(sheet.card.title, number, sheet.world, sheet.say, today, where) + "\n"
    n = len(sheet.selected)
    return to_citation(sheet.stop.view, n, sheet.world, sheet.say, today, sheet.address) + "\n"
