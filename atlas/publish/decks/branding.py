"""What an operator may put on the slides; known without the libraries that write them."""

from dataclasses import dataclass
from pathlib import Path


class TemplateError(ValueError):
    """The operator's template is unusable; the message says what it lacks."""


@dataclass(frozen=True)
class Branding:
    """The operator's branding: a PowerPoint template, a logo (PNG or JPEG) for the cover."""

    template: Path | None = None
    logo: Path | None = None
