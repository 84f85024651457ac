"""What the atlas would be with somebody's file: the file alone, or added to the catalogue; it draws nothing.

Nothing here is shared: a rehearsal belongs to the session that made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pandas as pd

from atlas.base.columns import COLUMNS, NUMBER_COLUMNS
from atlas.catalogue.catalogue import Catalogue, build_catalogue
from atlas.catalogue.near_duplicates import Twins, find_twins
from atlas.catalogue.world import World
from atlas.intake.reader import IntakeReport


class Look(StrEnum):
    """Which initiatives the pages show."""

    PUBLISHED = "published"
    ALONE = "alone"
    ADDED = "added"


@dataclass(frozen=True)
class Rehearsal:
    """A file that has been read, and the catalogues that it makes."""

    report: IntakeReport
    published: World

    def catalogue(self, look: Look) -> Catalogue:
        """Return what the pages show; each catalogue is built when it is first looked at."""
        if look is Look.PUBLISHED:
            return self.published.catalogue
        return self._alone if look is Look.ALONE else self._added

    @cached_property
    def new_ids(self) -> Mapping[str, str]:
        """Return the id that a row gets beside the catalogue, for the ids that the catalogue has already.

        Both stay and count: whoever wants the file to replace the catalogue looks at the file alone.
        """
        taken = {*map(str, self.published.catalogue.store.initiatives.index), *self.report.rows["id"]}
        changed: dict[str, str] = {}
        for id_ in self.report.rows["id"]:
            if id_ in self.published.catalogue.store.initiatives.index:
                number, free = 1, f"{id_}-file"
                while free in taken:
                    number += 1
                    free = f"{id_}-file-{number}"
                taken.add(free)
                changed[id_] = free
        return changed

    @cached_property
    def twins(self) -> list[Twins]:
        """Return the rows that may be in the file twice, or in the catalogue already."""
        return find_twins(self.report.rows, self.published.catalogue.store.initiatives)

    @cached_property
    def _alone(self) -> Catalogue:
        return build_catalogue(self.report.rows, self.published.territory, self.published.vocabulary)

    @cached_property
    def _added(self) -> Catalogue:
        rows = self.report.rows.assign(id=self.report.rows["id"].replace(dict(self.new_ids)))
        both = pd.concat([to_rows(self.published.catalogue), rows], ignore_index=True)
        return build_catalogue(both, self.published.territory, self.published.vocabulary)


def to_rows(catalogue: Catalogue) -> pd.DataFrame:
    """Return the initiatives of a catalogue as the rows that `build_catalogue` reads: COLUMNS, all text."""
    frame = catalogue.initiatives.reset_index()[list(COLUMNS)]
    for column in NUMBER_COLUMNS:
        frame[column] = [
            "" if pd.isna(value) else f"{float(value):.10f}".rstrip("0").rstrip(".") for value in frame[column]
        ]
    return frame.astype("str")
