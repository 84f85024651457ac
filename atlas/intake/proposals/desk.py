"""What editors do with proposals and published initiatives, each by the rules of a file.

It needs the libraries of the database: import it where a catalogue is in one.
"""

from collections.abc import Mapping

from atlas.base.address import RemoteAddress
from atlas.catalogue.register.editing import ChangedMeanwhileError, read_initiative, save_initiative, undo
from atlas.catalogue.register.history import read_entry
from atlas.catalogue.register.queue import publish, read_proposal
from atlas.catalogue.source.bundle import bundled_territory, bundled_vocabulary
from atlas.catalogue.source.database import DatabaseSource
from atlas.catalogue.world import World
from atlas.intake.proposals.adding import with_free_ids
from atlas.intake.proposals.proposal import FIELDS, LISTS, Checked, check_proposal
from atlas.intake.publication import read_publication
from atlas.intake.rows import Row


class NotCleanError(Exception):
    """What should be published still needs something, or may be there already (only twins)."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("not clean")
        self.checked = checked


def read_world(address: RemoteAddress) -> World:
    """Return the world with the catalogue that the database holds now; DataError if it could not be published."""
    catalogue = read_publication(DatabaseSource(address).fetch().data, "catalogo")
    return World(bundled_territory(), bundled_vocabulary(), catalogue)


def to_form(row: Mapping[str, str]) -> Row:
    """Return the cells of a published row as a form shows them: lists have an entry a line."""
    return {name: row[name].replace(";", "\n") if name in LISTS else row[name] for name in FIELDS}


def publish_proposal(
    address: RemoteAddress, number: int, version: int, cells: Mapping[str, str], anyway: bool, who: str, why: str
) -> str:
    """Publish a proposal with these cells, its author's or corrected ones, and return the id it got.

    anyway: even if it may be there already. NotCleanError, ChangedMeanwhileError.
    """
    now = read_proposal(address, number)
    if now is None or now.closed_by or now.version != version:  # else it would only be said to resemble itself
        raise ChangedMeanwhileError(str(number))
    world = read_world(address)
    checked = check_proposal(cells, world)
    [row] = with_free_ids([_clean_row(checked, anyway)], world.catalogue.store.initiatives.index)
    publish(address, number, version, row, who, why)
    return row["id"]


def save_change(
    address: RemoteAddress, id_: str, version: int, cells: Mapping[str, str], anyway: bool, who: str, why: str
) -> None:
    """Change a published initiative, of which this version was read, to these cells of a form.

    What a form does not ask stays. anyway: even if it resembles another. NotCleanError, ChangedMeanwhileError.
    """
    known = read_initiative(address, id_)
    if known is None:
        raise ChangedMeanwhileError(id_)
    row = _clean_row(check_proposal(cells, read_world(address), id_), anyway)
    save_initiative(address, known[0] | {name: row[name] for name in FIELDS}, version, who, why)


def _clean_row(checked: Checked, anyway: bool) -> Row:
    if checked.row is None or checked.needs or (checked.twins and not anyway):
        raise NotCleanError(checked)
    return checked.row


def undo_change(address: RemoteAddress, seq: int, who: str, why: str) -> None:
    """Bring an initiative back to what it was before a change, if it could be published like that.

    NotCleanError, ChangedMeanwhileError.
    """
    entry = read_entry(address, seq)
    if entry is not None and entry.before is not None:
        checked = check_proposal(to_form(entry.before), read_world(address), entry.initiative)
        if not checked.is_clean:
            raise NotCleanError(checked)
    undo(address, seq, who, why)
