"""Reports in words, as a test reads them."""

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.intake.cells.report import IntakeReport

IT = translator(Language.IT)


def tell(report: IntakeReport) -> str:
    """Return every message of a report in Italian, one a line."""
    return "\n".join(message.say(IT) for message in report.messages)
