"""Themes and target groups: their ids, order, labels and population groups."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from atlas.base.model import DataError, Fault, Language
from atlas.base.tables import Table, read_table
from atlas.territory.territory_files import AGE_BANDS

KINDS = ("theme", "target")
COLUMNS = ("kind", "id", "label_it", "label_en", "description_it", "description_en", "population_group")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Term:
    """A theme or a target group. `population_group` is a `;`-joined list of AGE_BANDS, or empty."""

    kind: str
    id: str
    label_it: str
    label_en: str
    description_it: str = ""
    description_en: str = ""
    population_group: str = ""

    def label(self, language: Language) -> str:
        return self.label_en if language is Language.EN else self.label_it

    def description(self, language: Language) -> str:
        return self.description_en if language is Language.EN else self.description_it


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms by id, in the order of the file, which is the display order."""

    themes: dict[str, Term] = field(default_factory=dict)
    targets: dict[str, Term] = field(default_factory=dict)


def read_vocabulary(data_dir: Path) -> Vocabulary:
    """Read vocabulary.csv; DataError lists every fault."""
    table = read_table(data_dir / "vocabulary.csv", COLUMNS)
    faults = [*table.faults, *_find_faults(table)]
    if faults:
        raise DataError(faults)
    terms = [Term(*cells) for cells in table.frame[list(COLUMNS)].itertuples(index=False, name=None)]
    return Vocabulary(
        themes={term.id: term for term in terms if term.kind == "theme"},
        targets={term.id: term for term in terms if term.kind == "target"},
    )


def _find_faults(table: Table) -> list[Fault]:
    faults = []
    seen: set[tuple[str, str]] = set()
    for row, (kind, id_, label_it, label_en, _, _, group) in enumerate(
        table.frame[list(COLUMNS)].itertuples(index=False, name=None)
    ):
        if kind not in KINDS:
            faults.append(table.fault(row, "kind", "tipo sconosciuto.", "Scrivere theme o target."))
        if not _ID.fullmatch(id_):
            faults.append(table.fault(row, "id", "identificativo non valido.", "Usare minuscole, cifre e «_»."))
        elif (kind, id_) in seen:
            faults.append(table.fault(row, "id", "identificativo ripetuto.", "Ogni voce compare una volta sola."))
        seen.add((kind, id_))
        for column, label in (("label_it", label_it), ("label_en", label_en)):
            if not label:
                faults.append(table.fault(row, column, "cella vuota.", "Scrivere l'etichetta."))
        if group and not set(group.split(";")) <= set(AGE_BANDS):
            message = "fascia di età sconosciuta."
            faults.append(table.fault(row, "population_group", message, f"Valori ammessi: {', '.join(AGE_BANDS)}."))
    present = set(table.frame["kind"])
    faults += [
        Fault(table.file, 0, "kind", f"nessuna voce di tipo {kind}.", suggestion="Aggiungerne almeno una.")
        for kind in KINDS
        if kind not in present
    ]
    return faults
