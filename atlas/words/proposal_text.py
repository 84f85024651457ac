"""A proposal as plain text that a person reads: in a file, and in the e-mail that carries it."""

from urllib.parse import quote

from atlas.base.i18n import Translator
from atlas.base.model import Language
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.words.card import build_card, row_of

# Characters of the text of an e-mail: longer addresses are refused by some programs.
LONGEST_MAIL = 1500


def describe_proposal(id_: str, world: World, say: Translator) -> str:
    """Return everything that is known of an initiative, a line each; what is not known is not named."""
    card, row = build_card(world, id_, say), row_of(world, id_)
    other = Language.EN if say.language is Language.IT else Language.IT
    lines = [say("propose.text.title"), "", card.title, *([card.summary] if card.summary else []), ""]
    lines += [f"{what}: {words}" for what, words in (*card.facts, *card.more)]
    if card.documents:
        lines += [f"{say('card.documents')}:", *(f"- {document}" for document in card.documents)]
    in_other = [clean_line(str(row[f"{part}_{other}"])) for part in ("title", "summary")]
    if any(in_other) and row[f"title_{say.language}"]:
        lines += ["", say(f"propose.text.in_{other}"), *filter(None, in_other)]
    return "\n".join(lines) + "\n"


def address_mail(contact: str, title: str, text: str, say: Translator) -> str:
    """Return the mailto: address of an e-mail with a proposal; the file itself is attached by hand."""
    short = text if len(text) <= LONGEST_MAIL else f"{text[:LONGEST_MAIL].rpartition(' ')[0]} …\n"
    body = f"{say('propose.mail.attach')}\n\n{short}"
    return f"mailto:{contact}?subject={quote(say('propose.mail.subject', title=title))}&body={quote(body)}"
