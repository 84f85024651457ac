"""The commands for a catalogue in a database: `db init|upgrade|import|check|history|queue`."""

import argparse
import csv
import sys
from pathlib import Path

from atlas.base.formulas import neutralise_formula
from atlas.base.i18n import translator
from atlas.base.model import DataError, Language
from atlas.base.tables import read_bytes
from atlas.cli.review import add_review_commands, database_address, show_proposal
from atlas.intake.cells.report import Verdict
from atlas.intake.publication import read_publication
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal import to_rows
from atlas.intake.report_lines import to_lines
from atlas.intake.rows import to_records

OK, SOME_REJECTED, NOTHING_DONE = 0, 1, 2
_PAGE = 1_000


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `db` and its subcommands."""
    database = commands.add_parser(
        "db", help="il catalogo in una base di dati: init, upgrade, import, check, history, queue"
    )
    actions = database.add_subparsers(required=True, metavar="AZIONE")
    actions.add_parser("init", help="crea le tabelle, se non ci sono").set_defaults(run=_init)
    upgrading = actions.add_parser("upgrade", help="porta a quella di oggi una base di dati di una versione precedente")
    upgrading.set_defaults(run=_upgrade)
    importing = actions.add_parser("import", help="mette un CSV o XLSX al posto di ciò che c'è nella tabella")
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.set_defaults(run=_import)
    actions.add_parser("check", help="controlla ciò che c'è nella tabella").set_defaults(run=_check)
    history = actions.add_parser("history", help="che cosa è cambiato, chi, quando e perché, in CSV")
    history.add_argument("id", metavar="ID", nargs="?", default="", help="una sola iniziativa")
    history.set_defaults(run=_history)
    queue = actions.add_parser("queue", help="le proposte che aspettano, in CSV")
    queue.add_argument("number", metavar="NUMERO", type=int, nargs="?", help="una sola, con tutto ciò che dice")
    queue.add_argument("--closed", action="store_true", help="quelle già pubblicate o rifiutate")
    queue.set_defaults(run=_queue)
    add_review_commands(actions)


def _init(_: argparse.Namespace) -> int:
    from atlas.catalogue.register.schema import Shape, find_shape, upgrade

    address = database_address()
    shape = find_shape(address)
    if shape is Shape.EMPTY:
        upgrade(address)
        print(f"{address.shown}: le tabelle sono pronte, vuote.")
    elif shape is Shape.OLD:
        print(f"{address.shown}: il catalogo c’è già, in una forma precedente; db upgrade lo porta a quella di oggi.")
    else:
        print(f"{address.shown}: il catalogo c’è già e va bene.")
    return OK


def _upgrade(_: argparse.Namespace) -> int:
    from atlas.catalogue.register.schema import Shape, upgrade

    address = database_address()
    before = upgrade(address)
    done = (
        "era già nella forma di oggi" if before is Shape.CURRENT else "è nella forma di oggi, con tutto ciò che c’era"
    )
    print(f"{address.shown}: la base di dati {done}.")
    return OK


def _import(arguments: argparse.Namespace) -> int:
    """Import all rows or none: rows that the server would refuse stay out of the table."""
    from atlas.catalogue.register.schema import TABLE
    from atlas.catalogue.source.database import replace_rows

    data, name = read_bytes(arguments.file), arguments.file.name
    catalogue = read_publication(data, name)
    address = database_address()
    before = replace_rows(address, to_records(to_rows(catalogue)), f"db import {name}")
    print(f"{address.shown}: {len(catalogue)} iniziative nella tabella {TABLE}, al posto di {before}.")
    return OK


def _check(_: argparse.Namespace) -> int:
    """Print the report of `validate` on the rows, then anything else that would prevent publication."""
    from atlas.catalogue.source.database import DatabaseSource

    address = database_address()
    fetched = DatabaseSource(address).fetch()
    report = read_upload(fetched.data, address.shown)
    for line in to_lines(report, address.shown, translator(Language.IT), fetched.name_row):
        print(line)
    try:
        read_publication(fetched.data, "catalogo")
    except DataError as error:
        print("Il server non la pubblicherebbe:")
        for fault in error.faults:
            print(fetched.named(fault))
        return NOTHING_DONE if report.verdict is Verdict.REFUSE else SOME_REJECTED
    return OK


def _history(arguments: argparse.Namespace) -> int:
    """Print the whole history, newest first: a line for each column that was changed."""
    from atlas.catalogue.register.history import build_history_csv

    print(build_history_csv(database_address(), arguments.id), end="")
    return OK


def _queue(arguments: argparse.Namespace) -> int:
    """Print the proposals, or one with whom to answer."""
    from atlas.catalogue.register.queue import list_proposals

    if arguments.number is not None:
        return show_proposal(database_address(), arguments.number)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["number", "sent", "state", "title", "places"])
    lines, total = list_proposals(database_address(), not arguments.closed, _PAGE)
    for line in lines:
        cells = (line.number, line.sent.isoformat(), line.state.value, line.title, line.places)
        writer.writerow([neutralise_formula(str(cell)) for cell in cells])
    if total > len(lines):
        print(f"altre {total - len(lines)} non sono elencate.", file=sys.stderr)
    return OK
