"""Themes and target groups: their ids, order, labels and population groups."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from atlas.base.model import DataError, Fault, Language
from atlas.base.tables import Table, read_table
from atlas.territory.territory_files import AGE_BANDS

KINDS = ("theme", "target")
SYNONYM_COLUMNS = ("language", "expression", "kind", "meaning")
SYNONYM_KINDS = (*KINDS, "words")
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
class Synonym:
    """What people type for a theme or target group (`meaning` is its id), or for other words of the texts."""

    language: Language
    expression: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms by id, in the order of the file, which is the order in which people see them, and their synonyms."""

    themes: dict[str, Term] = field(default_factory=dict)
    targets: dict[str, Term] = field(default_factory=dict)
    synonyms: tuple[Synonym, ...] = ()


def read_vocabulary(data_dir: Path) -> Vocabulary:
    """Read vocabulary.csv and synonyms.csv; DataError lists every fault."""
    table = read_table(data_dir / "vocabulary.csv", COLUMNS)
    faults = [*table.faults, *_find_faults(table)]
    if faults:
        raise DataError(faults)
    terms = [Term(*cells) for cells in table.rows(COLUMNS)]
    themes = {term.id: term for term in terms if term.kind == "theme"}
    targets = {term.id: term for term in terms if term.kind == "target"}
    return Vocabulary(themes, targets, _read_synonyms(data_dir, {"theme": themes, "target": targets}))


def _read_synonyms(data_dir: Path, terms: Mapping[str, Collection[str]]) -> tuple[Synonym, ...]:
    table = read_table(data_dir / "synonyms.csv", SYNONYM_COLUMNS)
    faults, synonyms = list(table.faults), []
    for row, (language, expression, kind, meaning) in enumerate(table.rows(SYNONYM_COLUMNS)):
        known = terms.get(kind, (meaning,)) if kind in SYNONYM_KINDS else ()
        if language not in set(map(str, Language)):
            faults.append(table.fault(row, "language", "lingua sconosciuta.", "Scrivere it o en."))
        elif kind not in SYNONYM_KINDS:
            faults.append(table.fault(row, "kind", "tipo sconosciuto.", "Scrivere theme, target o words."))
        elif not expression or not meaning:
            faults.append(
                table.fault(row, "expression" if meaning else "meaning", "cella vuota.", "Scrivere un testo.")
            )
        elif meaning not in known:
            faults.append(table.fault(row, "meaning", "voce sconosciuta.", "Usare un id di vocabulary.csv."))
        else:
            synonyms.append(Synonym(Language(language), expression, kind, meaning))
    if faults:
        raise DataError(faults)
    return tuple(synonyms)


def _find_faults(table: Table) -> list[Fault]:
    faults = []
    seen: set[tuple[str, str]] = set()
    for row, (kind, id_, label_it, label_en, _, _, group) in enumerate(table.rows(COLUMNS)):
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
