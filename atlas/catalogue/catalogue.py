"""The initiatives and their places, with everything that depends only on them computed once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.columns import ALL_COLUMNS, COLUMNS, INTEGER_COLUMNS, NUMBER_COLUMNS, UNKNOWN
from atlas.base.model import Channel, DataError, Level, Scale, ServiceType
from atlas.base.tables import Table, parse_table
from atlas.catalogue.checks import find_row_faults, find_value_faults
from atlas.catalogue.footprints import Footprint, build_footprints, build_placements
from atlas.catalogue.search import Search
from atlas.catalogue.vocabulary import Vocabulary
from atlas.territory.places.spelling import fold
from atlas.territory.territory import Positions, Territory
from atlas.territory.territory_files import COUNTRY

Booleans = npt.NDArray[np.bool_]

# An initiative that covers a whole region is not indexed under the names of its hundreds of municipalities.
SEARCHABLE_PLACEMENTS = 100


@dataclass(frozen=True, slots=True)
class Membership:
    """Which initiatives have which option of one dimension: `matrix` is options x initiatives."""

    options: tuple[str, ...]
    matrix: Booleans


@dataclass(frozen=True, eq=False)
class Store:
    """All the initiatives of a file with derived data. Immutable, shared by its selections, equal to itself only."""

    initiatives: pd.DataFrame
    placements: pd.DataFrame
    memberships: Mapping[str, Membership]
    footprints: Mapping[Level, Footprint]
    positions: Mapping[Level, Mapping[str, int]]
    search: Search

    def placed_in(self, code: str) -> Positions:
        """Return the rows of `placements` that lie in a municipality, ascending."""
        return self._by_municipality.get(code, np.empty(0, dtype=np.intp))

    @cached_property
    def _by_municipality(self) -> Mapping[str, Positions]:
        groups = self.placements.groupby("istat_code", sort=False).indices
        return {str(code): np.asarray(rows, dtype=np.intp) for code, rows in groups.items()}


@dataclass(frozen=True)
class Catalogue:
    """Initiatives and their placements: the whole file, or the part of it that a selection keeps.

    `rows` are the positions kept in the store, ascending. The frames are made when they are first asked for, and each
    caller gets its own (pandas copies on write), so nobody can change what others see.
    """

    store: Store
    rows: Positions

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == len(self.store.initiatives)

    @cached_property
    def kept(self) -> Booleans:
        """Tell for each initiative of the store whether it is in this selection."""
        kept = np.zeros(len(self.store.initiatives), dtype=bool)
        kept[self.rows] = True
        kept.flags.writeable = False
        return kept

    @property
    def initiatives(self) -> pd.DataFrame:
        """One row per initiative, indexed by id: COLUMNS and OPTIONAL_COLUMNS as str, the numbers nullable."""
        return self._initiatives.copy(deep=False)

    @property
    def placements(self) -> pd.DataFrame:
        """One row per initiative and municipality: the complete footprint of the initiatives kept.

        initiative_id, row (position in `initiatives`), istat_code, province_code, region_code, is_lead,
        via (direct | area | province | region), weight (1 / number of municipalities of the initiative).
        """
        return self._placements.copy(deep=False)

    @cached_property
    def _initiatives(self) -> pd.DataFrame:
        initiatives = self.store.initiatives
        return initiatives if self.is_whole else initiatives.take(self.rows.tolist())

    @cached_property
    def _placements(self) -> pd.DataFrame:
        if self.is_whole:
            return self.store.placements
        placements = self.store.placements
        inside = np.flatnonzero(self.kept[placements["row"].to_numpy()])
        placements = placements.take(inside.tolist()).reset_index(drop=True)
        placements["row"] = np.searchsorted(self.rows, placements["row"].to_numpy())
        return placements

    @cached_property
    def placed(self) -> Booleans:
        """Tell for each row of `initiatives` whether it is on the map; the others are national."""
        placed = np.zeros(len(self.store.initiatives), dtype=bool)
        placed[self.store.footprints[Level.REGION].row] = True
        return placed[self.rows]

    @cached_property
    def rows_by_municipality(self) -> Mapping[int, tuple[int, ...]]:
        """Rows (in the store) of the initiatives in each municipality with some, by its row in the territory."""
        footprint = self.store.footprints[Level.MUNICIPALITY]
        kept = self.kept[footprint.row]
        municipality, initiative = footprint.territory[kept], footprint.row[kept]
        order = np.argsort(municipality, kind="stable")
        distinct, starts = np.unique(municipality[order], return_index=True)
        initiatives, bounds = initiative[order].tolist(), [*starts.tolist(), len(order)]
        slices = zip(distinct.tolist(), pairwise(bounds), strict=True)
        return {row: tuple(initiatives[a:b]) for row, (a, b) in slices}

    def dated(self, date: str, rows: Booleans) -> "Catalogue":
        """Return the same initiatives with this date of the places (YYYY or YYYY-MM-DD) in rows that have none."""
        initiatives = self.store.initiatives
        dates = initiatives["places_date"].mask(rows & (initiatives["places_date"] == "").to_numpy(), date)
        return replace(self, store=replace(self.store, initiatives=initiatives.assign(places_date=dates)))

    def keep(self, kept: Booleans) -> "Catalogue":
        """Return the initiatives for which `kept`, one boolean per initiative of the store, is true."""
        kept = kept & self.kept
        # With nothing left out it is this one, and what was derived from it is not derived again.
        return self if np.array_equal(kept, self.kept) else Catalogue(self.store, np.flatnonzero(kept))


def parse_initiatives(text: str, name: str, territory: Territory, vocabulary: Vocabulary) -> Catalogue:
    """Parse the text of an initiatives.csv, called `name` in the faults; DataError lists them all."""
    table = parse_table(text, name, COLUMNS)
    faults = [
        *table.faults,
        *find_value_faults(table, territory, vocabulary),
        *find_row_faults(table, territory),
    ]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return _build(table.frame, territory, vocabulary)


def build_catalogue(frame: pd.DataFrame, territory: Territory, vocabulary: Vocabulary) -> Catalogue:
    """Build a catalogue from canonical rows: COLUMNS as str, lists joined by `;`, empty = unknown.

    All cells but id and places may be empty; a missing column counts as empty. DataError if an id is repeated or a
    value is not in the vocabulary, the territory or the model; its line numbers are those of the frame saved as CSV.
    """
    frame = frame.reindex(columns=[*ALL_COLUMNS], fill_value="").reset_index(drop=True)
    table = Table("", frame, list(range(2, len(frame) + 2)))
    faults = find_value_faults(table, territory, vocabulary)
    if faults:
        raise DataError(faults)
    return _build(frame, territory, vocabulary)


def _build(frame: pd.DataFrame, territory: Territory, vocabulary: Vocabulary) -> Catalogue:
    placements = build_placements(frame, territory)
    footprints = build_footprints(placements, territory)
    store = Store(
        initiatives=_to_typed(frame),
        placements=placements,
        memberships=_build_memberships(frame, territory, vocabulary, footprints[Level.REGION]),
        footprints=footprints,
        positions=territory.positions,
        search=Search(frame, _fold_names_of_places(frame, placements, territory), vocabulary, territory),
    )
    return Catalogue(store, np.arange(len(frame)))


def _to_typed(frame: pd.DataFrame) -> pd.DataFrame:
    typed = frame.reindex(columns=[*ALL_COLUMNS], fill_value="")
    for column in NUMBER_COLUMNS:
        numbers = pd.to_numeric(typed[column], errors="coerce")
        typed[column] = numbers.astype("Int64" if column in INTEGER_COLUMNS else "Float64")
    return typed.set_index("id")


def _build_memberships(
    frame: pd.DataFrame, territory: Territory, vocabulary: Vocabulary, regions: Footprint
) -> dict[str, Membership]:
    in_region = np.zeros((len(territory.regions), len(frame)), dtype=bool)
    in_region[regions.territory, regions.row] = True
    years = sorted(set(frame["start_year"]) - {""})
    return {
        "themes": _build_membership(frame["themes"], tuple(vocabulary.themes)),
        "targets": _build_membership(frame["targets"], tuple(vocabulary.targets)),
        "regions": Membership(tuple(territory.regions.index), in_region),
        "scales": _build_membership(frame["scale"], tuple(Scale)),
        "service_types": _build_membership(frame["service_type"], tuple(ServiceType)),
        "channels": _build_membership(frame["channel"], tuple(Channel)),
        "years": _build_membership(frame["start_year"], tuple(years)),
    }


def _build_membership(cells: pd.Series, options: tuple[str, ...]) -> Membership:
    """Return the membership matrix; empty cells have the option UNKNOWN, which exists only if there are any."""
    codes, distinct = pd.factorize(cells)
    options = tuple(str(option) for option in options)
    if "" in distinct:
        options = (*options, UNKNOWN)
    has = np.array(
        [[option in (cell.split(";") if cell else [UNKNOWN]) for cell in distinct] for option in options], dtype=bool
    ).reshape(len(options), len(distinct))
    return Membership(options, has[:, codes])


def _fold_place_names(territory: Territory) -> dict[str, frozenset[str]]:
    """Return the folded words of the names, also in a second official language, of all that initiatives can cite."""
    names: dict[str, str] = {}
    for level in Level:
        names.update(zip(territory.at(level).index, territory.at(level)["name"], strict=True))
    for code, other in territory.municipalities["name_other"].items():
        names[str(code)] += f" {other}"
    words = {code: frozenset(fold(name).split()) for code, name in (names | dict(territory.area_names)).items()}
    return {COUNTRY: frozenset()} | words


def _fold_names_of_places(
    frame: pd.DataFrame, placements: pd.DataFrame, territory: Territory
) -> tuple[frozenset[str], ...]:
    """Return for each initiative the folded words in the names of its places."""
    names = _fold_place_names(territory)
    codes_by_row: list[set[str]] = [set() for _ in range(len(frame))]
    sizes = np.bincount(placements["row"], minlength=len(frame))
    for row, municipality, province, region in zip(
        placements["row"], placements["istat_code"], placements["province_code"], placements["region_code"], strict=True
    ):
        places = (municipality, province, region) if sizes[row] <= SEARCHABLE_PLACEMENTS else (province, region)
        codes_by_row[row].update(places)
    cited = frame["places"].str.split(";")
    return tuple(
        frozenset().union(*(names.get(code, ()) for code in codes.union(places, {lead} - {""})))
        for codes, places, lead in zip(codes_by_row, cited, frame["lead_place"], strict=True)
    )
