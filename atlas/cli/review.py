"""The commands of those who keep a catalogue in a database: `db publish`, `db refuse`, `db undo`."""

import argparse
import getpass

from atlas.base.address import RemoteAddress, Scheme
from atlas.base.i18n import translator
from atlas.base.model import DataError, Fault, Language
from atlas.base.said import word
from atlas.base.settings import SettingsError, read_settings
from atlas.intake.proposals.proposal import check_proposal, world_with
from atlas.words.card import row_of, title_of
from atlas.words.proposal_text import describe_proposal

OK, SOME_REJECTED = 0, 1


def add_review_commands(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to those of `db`."""
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


def show_proposal(address: RemoteAddress, number: int) -> int:
    """Print a proposal as it would be published, what it still needs, what it resembles, and whom to answer."""
    from atlas.catalogue.register.queue import read_proposal
    from atlas.intake.proposals.desk import read_world

    proposal = read_proposal(address, number)
    if proposal is None:
        raise _none(number)
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
    from atlas.catalogue.register.queue import read_proposal
    from atlas.intake.proposals.desk import NotCleanError, publish_proposal

    address, number = database_address(), arguments.number
    proposal = read_proposal(address, number)
    if proposal is None:
        raise _none(number)
    try:
        id_ = publish_proposal(
            address, number, proposal.version, proposal.cells, arguments.anyway, _who(arguments), arguments.why
        )
    except NotCleanError:
        show_proposal(address, number)
        print("Non è pubblicata: manca qualcosa, oppure c'è già (allora --anyway).")
        return SOME_REJECTED
    except ChangedMeanwhileError:
        raise _changed(f"la proposta {number}") from None
    print(f"{number}: pubblicata con id «{id_}».")
    return OK


def _refuse(arguments: argparse.Namespace) -> int:
    from atlas.catalogue.register.editing import ChangedMeanwhileError
    from atlas.catalogue.register.queue import read_proposal, refuse

    address = database_address()
    proposal = read_proposal(address, arguments.number)
    if proposal is None:
        raise _none(arguments.number)
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


def _none(number: int) -> DataError:
    return DataError([Fault("coda", 0, "", f"la proposta {number} non c'è.", suggestion="Le elenca db queue.")])


def _changed(what: str) -> DataError:
    return DataError([Fault("catalogo", 0, "", f"{what} è già cambiata o chiusa.", suggestion="Guardare db history.")])


def database_address() -> RemoteAddress:
    """Return the database that ATLAS_CATALOGUE names; SettingsError if it names none."""
    home = read_settings().catalogue
    if not isinstance(home, RemoteAddress) or home.scheme is not Scheme.DATABASE:
        raise SettingsError("ATLAS_CATALOGUE: per i comandi db scrivi qui l'indirizzo postgresql:// della base di dati")
    return home
