"""A whole list beside what is published: what would be added, changed and withdrawn, and what cannot be.

It needs the libraries of the database: import it where a catalogue is in one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from atlas.base.address import RemoteAddress
from atlas.base.columns import OPTIONAL_COLUMNS
from atlas.catalogue.near_duplicates import MAX_PAIRS, Twins
from atlas.catalogue.register.editing import read_all, write_all
from atlas.catalogue.register.rows import to_cells, to_values
from atlas.catalogue.source.database import to_csv
from atlas.intake.cells.report import IntakeReport
from atlas.intake.columns.headers import AND
from atlas.intake.formats.refusal import Message
from atlas.intake.proposals.desk import read_world
from atlas.intake.proposals.proposal import find_alike
from atlas.intake.publication import find_needed_kinds, find_needs
from atlas.intake.reader import read_upload
from atlas.intake.rows import Row, to_records


@dataclass(frozen=True, slots=True)
class Changed:
    """A published initiative that a list says otherwise, with the version that was compared."""

    before: Mapping[str, str]
    after: Row
    version: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A list beside what is published.

    added: clean rows of ids that are not published, those apart that resemble an initiative (alike). held: messages
    about rows that cannot be published as they are. missing: published initiatives that the list does not have, with
    their versions; none while a row is held, because it may be one of them. is_readable: every message and likeness is
    known, so that what is clean is.
    """

    added: tuple[Row, ...]
    alike: tuple[tuple[Row, Twins], ...]
    changed: tuple[Changed, ...]
    n_same: int
    held: tuple[Message, ...]
    n_held: int
    missing: tuple[tuple[str, int], ...]
    is_readable: bool

    @property
    def n_clean(self) -> int:
        return len(self.added) + len(self.changed)


def compare_list(address: RemoteAddress, report: IntakeReport) -> Compared:
    """Compare a list that was read with the database as it is now; rows go together by their id.

    What the list has no column for stays as it is published.
    """
    held, faulty, is_readable = _find_faulty(report)
    said = {name for names in report.headers.values() for name in names.split(AND)}
    known = read_all(address)
    taken: set[str] = set()
    added: list[Row] = []
    changed: list[Changed] = []
    lines: list[int] = []
    n_same, n_held = 0, report.rejected
    for line, cells in zip(report.lines, to_records(report.rows), strict=True):
        row = to_cells(to_values(cells))
        id_ = row["id"]
        taken.add(id_)
        if line in faulty:
            n_held += 1
        elif id_ not in known:
            added.append(row)
        elif (after := _fill(row, known[id_][0], said)) != known[id_][0]:
            changed.append(Changed(known[id_][0], after, known[id_][1]))
            lines.append(line)
        else:
            n_same += 1
    kept, contradictions, are_known = _read_again(changed, lines)
    n_held += len(changed) - len(kept)
    found = find_alike(added, read_world(address)) if added else []
    twins = _name_twins(added, found)
    return Compared(
        added=tuple(row for row in added if row["id"] not in twins),
        alike=tuple((row, twins[row["id"]]) for row in added if row["id"] in twins),
        changed=tuple(kept),
        n_same=n_same,
        held=(*held, *contradictions),
        n_held=n_held,
        missing=tuple((id_, version) for id_, (_, version) in known.items() if id_ not in taken and not n_held),
        is_readable=is_readable and are_known and len(found) < MAX_PAIRS,
    )


def _find_faulty(report: IntakeReport) -> tuple[list[Message], set[int], bool]:
    """Return what keeps rows from being published, their lines, and whether that is all there is to know."""
    held = find_needs(report)
    faulty = {message.line for message in held}
    are_known = len(held) == sum(kind.n_messages for kind in find_needed_kinds(report))
    return held, faulty, bool(report.lines) and are_known and 0 not in faulty  # line 0 is the whole file


def _read_again(changed: list[Changed], lines: list[int]) -> tuple[list[Changed], list[Message], bool]:
    """Return the changes that can be published, what is wrong with the others, and whether that is all.

    What a list says and what stays beside it may contradict each other, so the rows are read as they would stand.
    lines: of the changes in the list.
    """
    if not changed:
        return [], [], True
    report = read_upload(to_csv([one.after for one in changed]), "")
    held, faulty, are_known = _find_faulty(report)
    at = {line: n for n, line in enumerate(sorted({*report.lines, *(line for line, _ in report.left_out)}))}
    kept = [one for line, one in zip(at, changed, strict=True) if line not in faulty]
    return kept, [replace(message, line=lines[at[message.line]]) for message in held if message.line in at], are_known


def publish_list(
    address: RemoteAddress, compared: Compared, alike: bool, missing: bool, who: str, why: str
) -> tuple[int, int, int]:
    """Publish all that is clean, all or nothing, and return how many were added, changed and withdrawn.

    alike: also those that resemble an initiative; missing: withdraw what the list does not have. ChangedMeanwhileError
    if one of them is no longer what was compared.
    """
    added = [*compared.added, *(row for row, _ in compared.alike if alike)]
    withdrawn = compared.missing if missing else ()
    written = [*((row, None) for row in added), *((one.after, one.version) for one in compared.changed)]
    write_all(address, written, withdrawn, who, why)
    return len(added), len(compared.changed), len(withdrawn)


def _fill(row: Row, known: Mapping[str, str], said: Collection[str]) -> Row:
    """Return what a row makes of a published one: what the list has no column for stays.

    A list may name its places in other columns; scale and lead follow from them only if they are others. The
    catalogue's order and columns that a file may lack need not be filled.
    """
    taken = {*said, "places", *(() if row["places"] == known["places"] else ("scale", "lead_place"))}
    filled = {name: cell if name in taken else known[name] for name, cell in row.items()}
    return filled | {name: row[name] or known[name] for name in ("source_order", *OPTIONAL_COLUMNS)}


def _name_twins(added: list[Row], found: list[Twins]) -> dict[str, Twins]:
    """Return, by id, what rows that would be added resemble: published initiatives, and each other."""
    later = {(one.row if isinstance(one.other, str) else max(one.row, one.other)): one for one in reversed(found)}
    return {added[at]["id"]: one for at, one in later.items()}
