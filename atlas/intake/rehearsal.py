"""A preview of the atlas with an uploaded file: the file alone, or added to the catalogue.

A rehearsal belongs to the session that made it and is never shared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pandas as pd

from atlas.base.columns import COLUMNS, NUMBER_COLUMNS, OPTIONAL_COLUMNS
from atlas.catalogue.catalogue import Catalogue, build_catalogue
from atlas.catalogue.near_duplicates import Twins, find_twins
from atlas.catalogue.world import World
from atlas.intake.cells.report import IntakeReport
from atlas.intake.ids import Ids


class Look(StrEnum):
    """Which initiatives the pages show."""

    PUBLISHED = "published"
    ALONE = "alone"
    ADDED = "added"


@dataclass(frozen=True)
class Rehearsal:
    """A file that has been read, and the catalogues made from it."""

    report: IntakeReport
    published: World

    def catalogue(self, look: Look) -> Catalogue:
        """Return the catalogue that the pages show, built on first use."""
        if look is Look.PUBLISHED:
            return self.published.catalogue
        return self._alone if look is Look.ALONE else self._added

    @cached_property
    def new_ids(self) -> Mapping[str, str]:
        """Return new ids for the rows whose ids are already in the catalogue.

        Both initiatives are kept and counted; to see the file replace the catalogue, view the file alone.
        """
        published = self.published.catalogue.store.initiatives.index
        ids = Ids([*map(str, published), *self.report.rows["id"]])
        return {id_: ids.take(f"{id_}-file") for id_ in self.report.rows["id"] if id_ in published}

    @cached_property
    def twins(self) -> list[Twins]:
        """Return the possible duplicates within the file and with the catalogue."""
        return find_twins(self.report.rows, self.published.catalogue.store.initiatives)

    @cached_property
    def _alone(self) -> Catalogue:
        return build_catalogue(self.report.rows, self.published.territory, self.published.vocabulary)

    @cached_property
    def _added(self) -> Catalogue:
        rows = self.report.rows.assign(id=self.report.rows["id"].replace(dict(self.new_ids)))
        both = pd.concat([to_rows(self.published.catalogue), rows], ignore_index=True).fillna("")
        return build_catalogue(both, self.published.territory, self.published.vocabulary)


def to_rows(catalogue: Catalogue) -> pd.DataFrame:
    """Return the initiatives of a catalogue in the input format of `build_catalogue`, all text."""
    frame = catalogue.initiatives.reset_index()
    frame = frame[[*COLUMNS, *(name for name in OPTIONAL_COLUMNS if frame[name].any())]]
    for column in NUMBER_COLUMNS:
        frame[column] = [
            "" if pd.isna(value) else f"{float(value):.10f}".rstrip("0").rstrip(".") for value in frame[column]
        ]
    return frame.astype("str")
