"""Checks of a table of initiatives, cell by cell and row by row."""

import re
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from atlas.base.columns import FIRST_YEAR, INTEGER_COLUMNS, LAST_YEAR, NUMBER_COLUMNS, YEAR_COLUMNS
from atlas.base.model import Channel, Fault, Level, Scale, ServiceType
from atlas.base.tables import Table
from atlas.base.text import is_year_or_day
from atlas.catalogue.vocabulary import Vocabulary
from atlas.territory.territory import Territory
from atlas.territory.territory_files import COUNTRY

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INTEGER = re.compile(r"\d{1,15}")
_NUMBER = re.compile(r"\d{1,15}(\.\d+)?")
_KNOWN_PLACES = "Usare 6 cifre per un comune, 3 per una provincia, 2 per una regione, IT o un'area di areas.csv."


def find_value_faults(table: Table, territory: Territory, vocabulary: Vocabulary) -> list[Fault]:
    """Check each cell on its own: identifiers, lists of terms, codes and numbers."""
    faults = [*_find_id_faults(table)]
    lists = {"themes": vocabulary.themes, "targets": vocabulary.targets}
    for column, terms in lists.items():
        faults += _find_unknown(table, column, terms, f"Valori ammessi: {', '.join(terms)}.")
    for column, enum in (("scale", Scale), ("service_type", ServiceType), ("channel", Channel)):
        options = [str(option) for option in enum]
        faults += _find_unknown(table, column, options, f"Valori ammessi: {', '.join(options)}.", separator="")
    faults += _find_unknown(table, "places", territory, _KNOWN_PLACES)
    leads = {*territory.positions[Level.MUNICIPALITY], *territory.positions[Level.PROVINCE]}
    suggestion = "Usare 6 cifre per un comune o 3 per una città metropolitana; vuoto se la fonte non lo dice."
    faults += _find_unknown(table, "lead_place", leads, suggestion, separator="")
    for column in NUMBER_COLUMNS:
        faults += _find_number_faults(table, column)
    if "places_date" in table.frame:
        faults += _find_date_faults(table, "places_date")
    return faults


def find_row_faults(table: Table, territory: Territory) -> list[Fault]:
    """Check the further rules of the published file: there is a title, and cells of a row agree.

    One language is enough: it is shown in the place of the other.
    """
    untitled = (table.frame["title_it"] == "") & (table.frame["title_en"] == "")
    faults = [_empty(table, row, "title_it") for row in _rows(untitled)]
    for row, id_ in enumerate(table.frame["id"]):
        if id_ and not _SLUG.fullmatch(id_):
            suggestion = "Usare minuscole senza accenti, cifre e trattini: va nei collegamenti."
            faults.append(table.fault(row, "id", "identificativo non valido.", suggestion))
    for row, (lead, places) in enumerate(zip(table.frame["lead_place"], table.frame["places"], strict=True)):
        codes = places.split(";")
        if COUNTRY in codes and len(codes) > 1:
            suggestion = "Lasciare IT da solo o toglierlo."
            faults.append(table.fault(row, "places", "IT non si unisce ad altri luoghi.", suggestion))
        elif COUNTRY not in codes and not _is_among(lead, codes, territory):
            suggestion = "Aggiungere il capofila a places."
            faults.append(table.fault(row, "lead_place", "il capofila non è fra i luoghi dell'iniziativa.", suggestion))
    for row, (start, end) in enumerate(zip(table.frame["start_year"], table.frame["end_year"], strict=True)):
        if start.isdigit() and end.isdigit() and int(end) < int(start):
            message = "l'anno di fine viene prima di quello di inizio."
            faults.append(table.fault(row, "end_year", message, "Controllare i due anni."))
    return faults


def _is_among(lead: str, places: list[str], territory: Territory) -> bool:
    """Tell whether the lead is one of the places or inside one; also true for unknown codes, reported elsewhere."""
    if not lead or any(code not in territory for code in (lead, *places)):
        return True
    involved = {code for place in places for code in territory.expand(place)}
    return not involved.isdisjoint(territory.expand(lead))


def _find_id_faults(table: Table) -> Iterator[Fault]:
    ids = table.frame["id"]
    for column in ("id", "places"):
        for row in _rows(table.frame[column] == ""):
            yield _empty(table, row, column)
    for row in _rows(ids.duplicated() & (ids != "")):
        first = table.lines[_rows(ids == ids.iat[row])[0]]
        yield table.fault(row, "id", f"identificativo già usato alla riga {first}.", "Darne uno diverso.")


def _empty(table: Table, row: int, column: str) -> Fault:
    return table.fault(row, column, "cella vuota, ma è obbligatoria.", "Scrivere il valore.")


def _find_unknown(
    table: Table, column: str, known: "Collection[str] | Territory", suggestion: str, separator: str = ";"
) -> list[Fault]:
    """Report cells with unknown values; each distinct cell is checked once."""
    cells = table.frame[column]
    unknown: dict[str, list[str]] = {}
    for cell in cells.unique():
        values = cell.split(separator) if separator else [cell]
        wrong = [value for value in values if value not in known]
        repeated = [value for value in set(values) if values.count(value) > 1]
        if cell and (wrong or repeated):
            unknown[cell] = [f"«{value}» non è un valore conosciuto." for value in wrong]
            unknown[cell] += [f"«{value}» è ripetuto." for value in sorted(repeated)]
    rows = _rows(cells.isin(list(unknown)))
    return [table.fault(row, column, message, suggestion) for row in rows for message in unknown[str(cells.iat[row])]]


def _rows(wanted: pd.Series) -> list[int]:
    found: list[int] = np.flatnonzero(wanted.to_numpy(dtype=bool)).tolist()
    return found


def _find_date_faults(table: Table, column: str) -> Iterator[Fault]:
    for row, cell in enumerate(table.frame[column].tolist()):
        if cell and not is_year_or_day(cell):
            suggestion = f"Scrivere un anno fra {FIRST_YEAR} e {LAST_YEAR} o un giorno, come 2020 o 2020-12-31."
            yield table.fault(row, column, "non è un anno né un giorno.", suggestion)


def _find_number_faults(table: Table, column: str) -> Iterator[Fault]:
    pattern, words = (_INTEGER, "un numero intero") if column in INTEGER_COLUMNS else (_NUMBER, "un numero")
    for row, cell in enumerate(table.frame[column].tolist()):
        if not cell:
            continue
        if not pattern.fullmatch(cell):
            suggestion = "Scrivere solo cifre, senza separatore delle migliaia; punto per i decimali; vuoto se ignoto."
            yield table.fault(row, column, f"non è {words}.", suggestion)
        elif column in YEAR_COLUMNS and not FIRST_YEAR <= int(cell) <= LAST_YEAR:
            suggestion = f"Scrivere un anno fra {FIRST_YEAR} e {LAST_YEAR}."
            yield table.fault(row, column, "anno fuori dai limiti.", suggestion)
