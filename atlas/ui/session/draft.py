"""What somebody is writing about one initiative: kept for the visit, and by the browser after it."""

from dataclasses import dataclass

import streamlit as st

from atlas.intake.proposals.kept import from_kept, to_kept
from atlas.intake.proposals.proposal import MOST_PLACES, clean_proposal
from atlas.intake.rows import Row

# The query parameter with which the browser hands a draft back.
PARAMETER = "bozza"


@dataclass(frozen=True, slots=True)
class Draft:
    """The cells of one form. name: the beginning of the keys of its widgets."""

    name: str

    @property
    def cells(self) -> Row:
        """The cells by column, those that were ever written."""
        cells: Row = st.session_state.get(self._key, {})
        return cells

    @property
    def places(self) -> list[str]:
        return [code for code in self.cells.get("places", "").split(";") if code]

    def key(self, field: str) -> str:
        """Return the key of a field's widget."""
        return f"{self.name}_{field}"

    def replace(self, cells: Row) -> None:
        """Take these cells in place of all that was written."""
        st.session_state[self._key] = clean_proposal(cells)

    def write(self, **cells: str) -> None:
        """Write some cells."""
        self.replace(self.cells | cells)

    def on_text(self, field: str) -> None:
        """Take over what a widget of text or of one choice holds."""
        self.write(**{field: str(st.session_state.get(self.key(field)) or "")})

    def on_tick(self, field: str, option: str, options: list[str]) -> None:
        """Take over a box of a list; the order is that of the options."""
        chosen = {one for one in self.cells.get(field, "").split(";") if one} ^ {option}
        self.write(**{field: ";".join(one for one in options if one in chosen)})

    def on_place(self, code: str) -> None:
        """Add a place; the country stands alone."""
        places = [code] if code == "IT" else [one for one in self.places if one not in ("IT", code)] + [code]
        self._write_places(places[:MOST_PLACES])

    def on_remove_place(self, code: str) -> None:
        """Take a place out."""
        self._write_places([one for one in self.places if one != code])

    def on_clear(self) -> None:
        """Forget everything, here and in the browser."""
        self.replace({})

    def _write_places(self, places: list[str]) -> None:
        lead = self.cells.get("lead_place", "")
        self.write(places=";".join(places), lead_place=lead if lead in places and len(places) > 1 else "")

    @property
    def _key(self) -> str:
        return f"atlas_draft_{self.name}"


PROPOSAL = Draft("propose")


def take_link() -> None:
    """Take the draft that the browser hands back, if nothing was written in this visit, and take it off the address."""
    kept = st.query_params.get(PARAMETER, "")
    if kept:
        del st.query_params[PARAMETER]
        if not PROPOSAL.cells:
            PROPOSAL.replace(from_kept(kept))


def kept_link() -> str | None:
    """Return what the browser keeps of the proposal: "" once it was emptied, None to leave it as it is."""
    if PROPOSAL._key not in st.session_state:
        return None
    return to_kept(PROPOSAL.cells) or (None if any(PROPOSAL.cells.values()) else "")
