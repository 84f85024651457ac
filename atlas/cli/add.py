"""The command `add`: proposals from files into a catalogue that is a CSV file."""

import argparse
import sys
from pathlib import Path

from atlas.base.model import DataError, Fault, Language
from atlas.base.settings import SettingsError, read_settings
from atlas.base.tables import read_bytes
from atlas.catalogue.near_duplicates import Twins
from atlas.catalogue.source.bundle import BUNDLED, bundled_territory, bundled_vocabulary
from atlas.catalogue.source.copies import replace_file
from atlas.catalogue.world import World
from atlas.intake.proposals.adding import append_rows, read_proposals, with_free_ids
from atlas.intake.proposals.proposal import find_alike
from atlas.intake.publication import read_publication
from atlas.intake.rows import Row
from atlas.words.card import row_of, title_of

OK, NOTHING_DONE = 0, 2


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `add`."""
    adding = commands.add_parser("add", help="aggiunge a un catalogo CSV le proposte di uno o più file, controllate")
    adding.add_argument("files", metavar="FILE", type=Path, nargs="+", help="CSV o XLSX della pagina «Proponi»")
    adding.add_argument("--to", metavar="CATALOGO", type=Path, help="il CSV a cui aggiungere; senza, quello pubblicato")
    adding.add_argument("--anyway", action="store_true", help="aggiunge anche ciò che somiglia a un'iniziativa che c'è")
    adding.set_defaults(run=_add)


def _add(arguments: argparse.Namespace) -> int:
    """Add the rows of all files or of none."""
    target = arguments.to or _target()
    before = read_bytes(target)
    world = World(bundled_territory(), bundled_vocabulary(), read_publication(before, target.name))
    rows: list[Row] = [row for file in arguments.files for row in read_proposals(read_bytes(file), file.name)]
    alike = find_alike(rows, world)
    if alike and not arguments.anyway:
        for twins in alike:
            print(_say_alike(twins, rows, world), file=sys.stderr)
        print("Nulla è stato aggiunto. Se sono iniziative diverse, ripeti con --anyway.", file=sys.stderr)
        return NOTHING_DONE
    named = with_free_ids(rows, world.catalogue.store.initiatives.index)
    data = append_rows(before, target.name, named)
    try:
        replace_file(target.resolve(), data)
    except OSError as error:
        problem = f"il file non si può scrivere ({error.strerror})."
        raise DataError([Fault(target.name, 0, "", problem, suggestion="Controllare i permessi.")]) from error
    for row in named:
        print(f"{row['id']}: {title_of(row, Language.IT)}")
    print(f"{target}: {len(named)} in più, {len(world.catalogue) + len(named)} iniziative.", file=sys.stderr)
    return OK


def _target() -> Path:
    home = read_settings().catalogue
    if home is None:
        return BUNDLED
    if isinstance(home, Path):
        return home
    raise SettingsError(
        "ATLAS_CATALOGUE: add scrive solo in un file; indica il CSV con --to, o usa i comandi db per una base di dati"
    )


def _say_alike(twins: Twins, rows: list[Row], world: World) -> str:
    place = world.territory.name_of(twins.place)
    if isinstance(twins.other, int):
        other = f"«{title_of(rows[twins.other], Language.IT)}», più sotto"
    else:
        known = row_of(world, twins.other)
        other = f"«{title_of(known, Language.IT)}», che c'è già (id «{twins.other}»)"
    return f"«{title_of(rows[twins.row], Language.IT)}» somiglia a {other}: {place}."
