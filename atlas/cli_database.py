"""The commands for a catalogue in a database: `db init`, `db import`, `db check`."""

import argparse
from pathlib import Path

from atlas.base.address import RemoteAddress, Scheme
from atlas.base.i18n import translator
from atlas.base.model import DataError, Language
from atlas.base.settings import SettingsError, read_settings
from atlas.base.tables import read_bytes
from atlas.intake.publication import read_publication
from atlas.intake.reader import Verdict, read_upload
from atlas.intake.rehearsal import to_rows
from atlas.intake.report_lines import to_lines

OK, SOME_REJECTED, NOTHING_DONE = 0, 1, 2


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `db` and its subcommands."""
    database = commands.add_parser("db", help="il catalogo in una base di dati: init, import, check")
    actions = database.add_subparsers(required=True, metavar="AZIONE")
    actions.add_parser("init", help="crea la tabella, se non c'è").set_defaults(run=_init)
    importing = actions.add_parser("import", help="mette un CSV o XLSX al posto di ciò che c'è nella tabella")
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.set_defaults(run=_import)
    actions.add_parser("check", help="controlla ciò che c'è nella tabella").set_defaults(run=_check)


def _init(_: argparse.Namespace) -> int:
    from atlas.catalogue.source.database import TABLE, init_table

    address = _address()
    is_new = init_table(address)
    print(f"{address.shown}: la tabella {TABLE} {'è pronta, vuota' if is_new else 'c’è già e va bene'}.")
    return OK


def _import(arguments: argparse.Namespace) -> int:
    """Import all rows or none: rows that the server would refuse stay out of the table."""
    from atlas.catalogue.source.database import TABLE, replace_rows

    data, name = read_bytes(arguments.file), arguments.file.name
    catalogue = read_publication(data, name)
    address = _address()
    rows = [{str(key): str(cell) for key, cell in row.items()} for row in to_rows(catalogue).to_dict("records")]
    before = replace_rows(address, rows)
    print(f"{address.shown}: {len(catalogue)} iniziative nella tabella {TABLE}, al posto di {before}.")
    return OK


def _check(_: argparse.Namespace) -> int:
    """Print the report of `validate` on the rows, then anything else that would prevent publication."""
    from atlas.catalogue.source.database import DatabaseSource

    address = _address()
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


def _address() -> RemoteAddress:
    home = read_settings().catalogue
    if not isinstance(home, RemoteAddress) or home.scheme is not Scheme.DATABASE:
        raise SettingsError("ATLAS_CATALOGUE: per i comandi db scrivi qui l'indirizzo postgresql:// della base di dati")
    return home
