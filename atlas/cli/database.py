"""The commands for a catalogue in a database: `db init|upgrade|import|check|history|queue|publish|refuse|undo`."""

import argparse
import csv
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.base.address import RemoteAddress, Scheme
from atlas.base.formulas import neutralise_formula
from atlas.base.i18n import translator
from atlas.base.model import DataError, Fault, Language
from atlas.base.said import word
from atlas.base.settings import SettingsError, read_settings
from atlas.base.tables import read_bytes
from atlas.intake.cells.report import Verdict
from atlas.intake.proposals.proposal import check_proposal, world_with
from atlas.intake.publication import read_publication
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal import to_rows
from atlas.intake.report_lines import to_lines
from atlas.intake.rows import to_records
from atlas.words.card import row_of, title_of
from atlas.words.proposal_text import describe_proposal

if TYPE_CHECKING:
    from atlas.catalogue.register.queue import Proposal

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
    importing = actions.add_parser("import", help="mette un CSV, XLSX o ODS al posto di ciò che c'è nella tabella")
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
    publishing = actions.add_parser("publish", help="pubblica una proposta, se è pulita")
    publishing.add_argument("number", metavar="NUMERO", type=int)
    publishing.add_argument("--anyway", action="store_true", help="anche se somiglia a un'iniziativa che c'è")
    publishing.set_defaults(run=_publish)
    refusing = actions.add_parser("refuse", help="chiude una proposta senza pubblicarla")
    refusing.add_argument("number", metavar="NUMERO", type=int)
    refusing.set_defaults(run=_refuse)
    undoing = actions.add_parser("undo", help="annulla una modifica della memoria, se nulla è cambiato dopo")
    undoing.add_argument("seq", metavar="SEQ", type=int, help="il numero che dà db history")
    undoing.set_defaults(run=_undo)
    for command in (publishing, refusing, undoing):
        command.add_argument("--why", metavar="PERCHÉ", required=True, help="resta nella memoria")
        command.add_argument("--who", metavar="CHI", default="", help="resta nella memoria; senza, l'utente di sistema")


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
    from atlas.catalogue.register.editing import replace_rows
    from atlas.catalogue.register.schema import TABLE

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
        return _show_proposal(database_address(), arguments.number)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["number", "sent", "state", "title", "places"])
    lines, total = list_proposals(database_address(), not arguments.closed, _PAGE)
    for line in lines:
        cells = (line.number, line.sent.isoformat(), line.state.value, line.title, line.places)
        writer.writerow([neutralise_formula(str(cell)) for cell in cells])
    if total > len(lines):
        print(f"altre {total - len(lines)} non sono elencate.", file=sys.stderr)
    return OK


def _show_proposal(address: RemoteAddress, number: int) -> int:
    """Print a proposal as it would be published, what it still needs, what it resembles, and whom to answer."""
    from atlas.intake.proposals.desk import read_world

    proposal = _read_proposal(address, number)
    words = translator(Language.IT)
    world = read_world(address)
    checked = check_proposal(proposal.cells, world)
    print(f"{number}, {proposal.sent:%Y-%m-%d}, {proposal.state.value}")
    if checked.row is not None:
        print(describe_proposal(checked.row["id"], world_with(checked.row, world), words))
    for message in (*checked.needs, *checked.notes):
        print(f"{message.column}: {word(message.text, words)}")
    for twins in checked.twins:
        print(f"somiglia a «{title_of(row_of(world, str(twins.other)), Language.IT)}» (id «{twins.other}»)")
    if proposal.contact:
        print(f"risposta a: {proposal.contact}")
    return OK


def _publish(arguments: argparse.Namespace) -> int:
    from atlas.catalogue.register.editing import ChangedMeanwhileError
    from atlas.intake.proposals.desk import NotCleanError, publish_proposal

    address, number = database_address(), arguments.number
    proposal = _read_proposal(address, number)
    try:
        id_ = publish_proposal(
            address, number, proposal.version, proposal.cells, arguments.anyway, _who(arguments), arguments.why
        )
    except NotCleanError:
        _show_proposal(address, number)
        print("Non è pubblicata: manca qualcosa, oppure c'è già (allora --anyway).")
        return SOME_REJECTED
    except ChangedMeanwhileError:
        raise _changed(f"la proposta {number}") from None
    print(f"{number}: pubblicata con id «{id_}».")
    return OK


def _refuse(arguments: argparse.Namespace) -> int:
    from atlas.catalogue.register.editing import ChangedMeanwhileError
    from atlas.catalogue.register.queue import refuse

    address = database_address()
    proposal = _read_proposal(address, arguments.number)
    try:
        refuse(address, arguments.number, proposal.version, arguments.why, _who(arguments))
    except ChangedMeanwhileError:
        raise _changed(f"la proposta {arguments.number}") from None
    print(f"{arguments.number}: chiusa, e il suo recapito cancellato.")
    return OK


def _undo(arguments: argparse.Namespace) -> int:
    from atlas.catalogue.register.editing import ChangedMeanwhileError
    from atlas.intake.proposals.desk import NotCleanError, undo_change

    try:
        undo_change(database_address(), arguments.seq, _who(arguments), arguments.why)
    except ChangedMeanwhileError:
        raise _changed(f"ciò che la modifica {arguments.seq} aveva fatto") from None
    except NotCleanError:
        print("Non è annullata: com'era prima, oggi non si potrebbe pubblicare.")
        return SOME_REJECTED
    print(f"{arguments.seq}: annullata.")
    return OK


def _who(arguments: argparse.Namespace) -> str:
    return str(arguments.who) or getpass.getuser()


def _read_proposal(address: RemoteAddress, number: int) -> "Proposal":
    from atlas.catalogue.register.queue import read_proposal

    proposal = read_proposal(address, number)
    if proposal is None:
        problem = f"la proposta {number} non c'è."
        raise DataError([Fault("coda", 0, "", problem, suggestion="Le elenca db queue.")])
    return proposal


def _changed(what: str) -> DataError:
    return DataError([Fault("catalogo", 0, "", f"{what} è già cambiata o chiusa.", suggestion="Guardare db history.")])


def database_address() -> RemoteAddress:
    """Return the database that ATLAS_CATALOGUE names; SettingsError if it names none."""
    home = read_settings().catalogue
    if not isinstance(home, RemoteAddress) or home.scheme is not Scheme.DATABASE:
        raise SettingsError("ATLAS_CATALOGUE: per i comandi db scrivi qui l'indirizzo postgresql:// della base di dati")
    return home
