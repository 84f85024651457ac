"""Applying a selection to a catalogue, and the number of initiatives of each filter option."""

import numpy as np

from atlas.base.model import DIMENSIONS, Selection
from atlas.catalogue.catalogue import Booleans, Catalogue
from atlas.catalogue.search import Meaning
from atlas.territory.territory import LEVELS_BY_DIGITS


def select(catalogue: Catalogue, selection: Selection) -> Catalogue:
    """Return the matching part of the catalogue, the one selection that everything on the screen uses.

    An initiative matches a region or a place when it touches it; the national ones touch none. Initiatives keep
    their whole footprint, also outside the chosen regions: counts by territory must be restricted by code.
    """
    kept = catalogue.kept
    for matches in _match_each(catalogue, selection).values():
        kept = kept & matches
    return catalogue.keep(kept)


def facet_counts(catalogue: Catalogue, selection: Selection) -> dict[str, dict[str, int]]:
    """Return how many initiatives match each option of each of DIMENSIONS and the filters of all the others.

    It is how many would remain if that option alone were chosen there. Options come in the order of the vocabulary, of
    the model, or of codes and years; `unknown` comes last, where some initiative has an empty cell.
    """
    matches = _match_each(catalogue, selection)
    counts = {}
    for dimension in DIMENSIONS:
        kept = catalogue.kept
        for other, matching in matches.items():
            if other != dimension:
                kept = kept & matching
        counts[dimension] = count_options(catalogue.keep(kept), dimension)
    return counts


def count_options(catalogue: Catalogue, dimension: str) -> dict[str, int]:
    """Return how many initiatives of the catalogue have each option of a dimension, zeros included."""
    membership = catalogue.store.memberships[dimension]
    counted = membership.matrix[:, catalogue.rows].sum(axis=1)
    return dict(zip(membership.options, counted.tolist(), strict=True))


def initiatives_in(selected: Catalogue, code: str) -> list[str]:
    """Return the ids, in catalogue order, of the initiatives that touch a municipality, province or region."""
    kept = selected.kept & _match_place(selected, code)
    return [str(id_) for id_ in selected.store.initiatives.index[kept]]


def understand(catalogue: Catalogue, selection: Selection) -> tuple[Meaning, ...]:
    """Return the meaning of each part of a selection's search; empty without a search."""
    return catalogue.store.search.read(selection.text, selection.language) if selection.text else ()


def _match_each(catalogue: Catalogue, selection: Selection) -> dict[str, Booleans]:
    """Return the matches of each non-empty field of the selection."""
    matches: dict[str, Booleans] = {}
    for dimension in DIMENSIONS:
        chosen = getattr(selection, dimension)
        if chosen:
            membership = catalogue.store.memberships[dimension]
            options = [row for row, option in enumerate(membership.options) if option in chosen]
            matches[dimension] = np.logical_or.reduce(membership.matrix[options], axis=0)
    if selection.place:
        matches["place"] = _match_place(catalogue, selection.place)
    meanings = understand(catalogue, selection)
    if meanings:
        matches["text"] = np.logical_and.reduce([_match_meaning(catalogue, one, selection) for one in meanings])
    return matches


def _match_meaning(catalogue: Catalogue, meaning: Meaning, selection: Selection) -> Booleans:
    """Tell which initiatives have the words of a meaning, or are in its places, or have its terms."""
    store = catalogue.store
    index = store.search.index(selection.language)
    matching = np.zeros(len(store.initiatives), dtype=bool)
    for expression, exact in meaning.expressions:
        matching[list(index.with_all(expression, exact))] = True
    for dimension, option in meaning.terms:
        membership = store.memberships[dimension]
        matching |= membership.matrix[membership.options.index(option)]
    for code in meaning.places:
        matching |= _match_place(catalogue, code)
    return matching


def _match_place(catalogue: Catalogue, code: str) -> Booleans:
    """Tell which initiatives touch a place; none if the code is unknown."""
    store = catalogue.store
    touching = np.zeros(len(store.initiatives), dtype=bool)
    level = LEVELS_BY_DIGITS.get(len(code))
    if level is not None:
        footprint = store.footprints[level]
        touching[footprint.row[footprint.territory == store.positions[level].get(code, -1)]] = True
    return touching
