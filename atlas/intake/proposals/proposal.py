"""A proposal: one initiative as somebody writes it, checked by the rules of a file."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from types import MappingProxyType
from urllib.parse import urlsplit

from atlas.base.columns import COLUMNS
from atlas.base.formulas import neutralise_formula
from atlas.base.model import Severity
from atlas.base.said import Said, said
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.near_duplicates import Twins, find_twins
from atlas.catalogue.world import World
from atlas.intake.formats.refusal import Message
from atlas.intake.publication import find_needs
from atlas.intake.reader import read_upload
from atlas.intake.rows import Row, derive_scale, to_frame, to_records
from atlas.territory.territory_files import COUNTRY

# What is asked, in the order of the columns; the rest follows from it or is the editors'.
FIELDS = tuple(column for column in COLUMNS if column not in ("id", "undisclosed_partners", "source_order"))
# Characters of a field: a summary is a paragraph, everything else a line or a list of lines.
LONGEST = MappingProxyType(
    dict.fromkeys(FIELDS, 200) | {"summary_it": 3000, "summary_en": 3000, "partners": 2000, "documents": 4000}
)
MOST_PLACES = 50
LISTS = ("partners", "documents")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S*", re.IGNORECASE)
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)
LONGEST_CONTACT = 120


@dataclass(frozen=True, slots=True)
class Checked:
    """A proposal that has been read.

    row: as it would stand in initiatives.csv; None without a title or a place. needs: what keeps it from being
    published. notes: what may be as it is. Columns of messages are FIELDS. twins: initiatives that it may be, most
    similar first.
    """

    row: Row | None
    needs: tuple[Message, ...]
    notes: tuple[Message, ...]
    twins: tuple[Twins, ...]

    @property
    def is_clean(self) -> bool:
        return self.row is not None and not self.needs

    def about(self, field: str) -> tuple[Message, ...]:
        """Return the messages about a field, what is needed first."""
        return tuple(message for message in (*self.needs, *self.notes) if message.column == field)


def clean_proposal(given: Mapping[str, object]) -> Row:
    """Return the known fields of a proposal from anywhere as visible text, cut to their length; the rest is dropped."""
    texts = {name: _visible(value) for name, value in given.items() if name in LONGEST and isinstance(value, str)}
    return {name: text[: LONGEST[name]] if name != "places" else _cut_places(text) for name, text in texts.items()}


def check_proposal(given: Mapping[str, str], world: World, own_id: str = "") -> Checked:
    """Read a proposal as a file with this one row would be read.

    `partners` and `documents` have one entry a line. Scale and lead follow from a single place unless they are given.
    own_id: the published initiative that it changes, which is no duplicate of itself.
    """
    cells = _fill(clean_proposal(given))
    # With something in place of what is missing the rest is read all the same, and every fault is said at once.
    needs = []
    if not cells["title_it"] and not cells["title_en"]:
        needs.append(_missing("title_it", said("no_title_row"), said("need_title")))
    if not cells["places"]:
        needs.append(_missing("places", said("no_place_row"), said("choose_place")))
    stand_in = {"title_it": cells["title_it"] or cells["title_en"] or "?", "places": cells["places"] or COUNTRY}
    report = read_upload(to_csv_bytes(cells | stand_in), "", territory=world.territory, vocabulary=world.vocabulary)
    lost = find_needs(report)
    needs += [*map(_at_field, lost), *_check_addresses(cells["documents"])]
    notes = [_at_field(message) for message in report.messages if message not in lost]
    if not len(report.rows) or not (cells["title_it"] or cells["title_en"]) or not cells["places"]:
        return Checked(None, tuple(needs), tuple(notes), ())
    # A file would fill in the Italian title; here it stays empty if only the English one is known.
    row = to_records(report.rows)[0] | ({} if cells["title_it"] else {"title_it": ""})
    return Checked(row, tuple(needs), tuple(notes), tuple(find_alike([row], world, own_id)))


def find_alike(rows: Sequence[Row], world: World, own_id: str = "") -> list[Twins]:
    """Return the possible duplicates of rows, among themselves and in the catalogue of the world but for one id."""
    titled = to_frame([row | {"title_it": row["title_it"] or row["title_en"]} for row in rows])
    return find_twins(titled, world.catalogue.store.initiatives.drop(index=own_id, errors="ignore"))


def world_with(row: Row, world: World) -> World:
    """Return the world in which a checked row is the only initiative, as cards and files show it."""
    return World(world.territory, world.vocabulary, build_catalogue(to_frame([row]), world.territory, world.vocabulary))


def to_csv_bytes(cells: Mapping[str, str]) -> bytes:
    """Return one row as the bytes of an initiatives.csv."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow([neutralise_formula(cells.get(column, "")) for column in COLUMNS])
    return text.getvalue().encode("utf-8", errors="replace")


def is_contact(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    return len(text) <= LONGEST_CONTACT and bool(_CONTACT.fullmatch(text))


def _fill(given: Mapping[str, str]) -> Row:
    """Return all columns, lists joined by `;` as in the file."""
    cells = dict.fromkeys(COLUMNS, "") | {name: text.strip() for name, text in given.items()}
    for name in LISTS:
        lines = (" ".join(line.split()) for line in cells[name].splitlines())
        cells[name] = ";".join(dict.fromkeys(_without_marks(line) for line in lines if line))
    places = [code for code in cells["places"].split(";") if code]
    cells["scale"] = cells["scale"] or (derive_scale(places) if places else "")
    if len(places) == 1 and places[0].isdigit() and len(places[0]) in (3, 6):
        cells["lead_place"] = cells["lead_place"] or places[0]
    return cells


def _visible(text: str) -> str:
    """Return a text without characters that nobody sees, such as those that turn its direction; lines stay lines."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text.replace("\r\n", "\n"))


def _without_marks(line: str) -> str:
    """Return a line of a list without the marks that would part it in a cell."""
    line = _ADDRESS.sub(lambda found: found[0].replace(";", "%3B").replace("|", "%7C"), line)
    return line.replace(";", ",").replace("|", ",").replace(":::", ": ")


def _cut_places(text: str) -> str:
    return ";".join(dict.fromkeys(filter(None, (code.strip()[:60] for code in text.split(";")[:MOST_PLACES]))))


def _check_addresses(documents: str) -> list[Message]:
    """Report the addresses of documents that nobody should follow: not https, no host, a password in them."""
    needs = []
    for address in _ADDRESS.findall(documents.replace(";", " ")):
        fault = find_address_fault(address)
        if fault:
            shown = "" if "@" in address else address[:80]
            needs.append(Message(Severity.ERROR, 0, "documents", shown, fault, (said("write_https"),)))
    return needs


def find_address_fault(address: str) -> Said | None:
    """Return what is wrong with the address of a document; None if one may follow it."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return said("address_unreadable")
    if "@" in parts.netloc:
        return said("address_password")
    if parts.scheme.lower() != "https":
        return said("address_not_https")
    return None if "." in host.strip(".") else said("address_unreadable")


def _missing(field: str, fault: Said, hint: Said) -> Message:
    return Message(Severity.ERROR, 0, field, "", fault, (hint,))


def _at_field(message: Message) -> Message:
    """Return a message about the one row as a message about a field of the form."""
    return replace(message, line=0, column=message.column or "places")
