"""Where the program's own files are."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
ASSETS = PACKAGE / "assets"
LOCALES = PACKAGE / "locales"
DATA_DIR = PACKAGE.parent / "data"
