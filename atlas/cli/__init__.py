"""The command line: `python -m atlas`."""

from atlas.cli.commands import main

__all__ = ["main"]
