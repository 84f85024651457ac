"""Starts watching the catalogue of this server."""

from collections.abc import Iterable

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.source.bundle import bundled_keeper
from atlas.catalogue.source.source import Fetched
from atlas.intake.publication import publish_what_is_read
from atlas.intake.reader import read_upload
from atlas.intake.report_lines import to_lines


def start_watching() -> None:
    """Read the catalogue now and whenever it changes, beside the visitors."""
    publish_what_is_read()
    bundled_keeper().watch(report_lines)


def report_lines(fetched: Fetched, name: str) -> Iterable[str]:
    """Return what `python -m atlas validate` says of a version."""
    return to_lines(read_upload(fetched.data, name), name, translator(Language.IT), fetched.name_row)
