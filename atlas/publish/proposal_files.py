"""A proposal as files: the row for the catalogue, and the same in words."""

from datetime import date

from atlas.base.columns import About
from atlas.base.i18n import Translator
from atlas.catalogue.world import World
from atlas.publish.export import to_csv, to_xlsx
from atlas.words.proposal_text import describe_proposal


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
