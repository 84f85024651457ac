"""Writes THIRD_PARTY.md, the list of other people's work in the atlas, from the metadata of what is installed.

    python scripts/list_licences.py

The packages are those of requirements.lock; what lies inside them and reaches visitors is in scripts/third_party.toml,
because no metadata name it. It knows nothing of the atlas itself.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
BY_HAND = ROOT / "scripts" / "third_party.toml"
TARGET = ROOT / "THIRD_PARTY.md"

INTRODUCTION = """\
# Lavoro di altri dentro l'Atlante

Ogni libreria che l'Atlante installa per funzionare, e ciò che sta dentro alle librerie e arriva a chi visita.
Generato da `make lock` con i metadati dei pacchetti: non si modifica a mano. Il programma è EUPL-1.2 (`LICENSE`); le
licenze dei dati sono in `data/README.md`. *Everything that is installed to run the atlas, and what lies inside it and
reaches visitors; generated.*
"""
INSIDE = """\
## Dentro ai pacchetti

Ciò che il server manda al browser o mette nei file che si scaricano, e le parti compilate che hanno una licenza loro.
"""

# What people wrote before licences had short names.
_SHORT = {
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# A longer "License" is the text of one.
_LONGEST = 60
_HOMES = ("homepage", "home", "source", "source code", "repository", "code", "github", "documentation", "changelog")


class LicenceError(Exception):
    """A package does not say its licence or is not installed; the text names it and says what to do."""


class Shipped(NamedTuple):
    """One line of the list."""

    name: str
    versions: str
    licence: str
    home: str


def read_lock(path: Path = LOCK) -> list[Requirement]:
    """Return the requirements of a lock file, without hashes and comments."""
    text = re.sub(r"\\\n\s+--hash=\S+", "", path.read_text(encoding="utf-8")).replace("\\\n", "")
    return [Requirement(line) for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def list_shipped() -> list[Shipped]:
    """Return every package of requirements.lock; LicenceError where nobody says its licence."""
    by_hand = tomllib.loads(BY_HAND.read_text(encoding="utf-8"))["package"]
    versions: dict[str, list[str]] = {}
    for requirement in read_lock():
        versions.setdefault(canonicalize_name(requirement.name), []).append(str(requirement.specifier)[2:])
    return [_to_shipped(name, " · ".join(found), by_hand.get(name, {})) for name, found in sorted(versions.items())]


def _to_shipped(name: str, versions: str, by_hand: Mapping[str, str]) -> Shipped:
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        if not {"licence", "home"} <= set(by_hand):
            raise LicenceError(
                f"{name} non è installato qui: lancia `make lock`, o scrivi licenza e indirizzo in {BY_HAND.name}"
            ) from None
        return Shipped(name, versions, by_hand["licence"], by_hand["home"])
    licence = by_hand.get("licence") or licence_of(metadata)
    home = by_hand.get("home") or home_of(metadata)
    if not licence or not home:
        raise LicenceError(
            f"{name} non dice la sua licenza o il suo indirizzo: scrivili in {BY_HAND.name}, con la fonte"
        )
    return Shipped(name, versions, licence, home)


def licence_of(metadata: PackageMetadata) -> str:
    """Return the licence in its shortest form: SPDX where the package gives it, empty when it gives none."""
    given = _first(metadata, "License-Expression") or _first(metadata, "License")
    classifiers = [line.split(" :: ")[-1] for line in metadata.get_all("Classifier", []) if line.startswith("License")]
    is_text = "\n" in given or len(given) >= _LONGEST
    names = classifiers if not given or (is_text and classifiers) else [given.splitlines()[0]]
    return " AND ".join(_SHORT.get(name, name) for name in names)


def _first(metadata: PackageMetadata, key: str) -> str:
    return str((metadata.get_all(key) or [""])[0])


def home_of(metadata: PackageMetadata) -> str:
    """Return where the package lives, empty when it does not say."""
    pairs = (line.partition(", ") for line in metadata.get_all("Project-URL", []))
    links = {label.lower(): address for label, _, address in pairs}
    return _first(metadata, "Home-page") or next((links[label] for label in _HOMES if label in links), "")


def list_inside() -> Iterator[tuple[str, str, str, str]]:
    """Yield what lies inside packages (work, package, licence, home); LicenceError when its file is no longer there."""
    for part in tomllib.loads(BY_HAND.read_text(encoding="utf-8"))["inside"]:
        if not has_file(distribution(part["package"]), part["file"]):
            raise LicenceError(f"{part['package']} non contiene più {part['file']}: aggiorna {BY_HAND.name}")
        yield part["work"], part["package"], part["licence"], part["home"]


def has_file(package: Distribution, pattern: str) -> bool:
    """Tell whether a package installed a file of this name (`*` stands for anything but a folder)."""
    return any(file.match(pattern) for file in package.files or [])


def to_document() -> str:
    """Return THIRD_PARTY.md."""
    rows = [f"| {line.name} | {line.versions} | {line.licence} | <{line.home}> |" for line in list_shipped()]
    inside = [f"| {work} | {package} | {licence} | <{home}> |" for work, package, licence, home in list_inside()]
    packages = ["## Pacchetti", "", "| pacchetto | versione | licenza | indirizzo |", "|---|---|---|---|", *rows]
    parts = ["| opera | dentro a | licenza | indirizzo |", "|---|---|---|---|", *inside]
    return "\n".join([INTRODUCTION, *packages, "", INSIDE, *parts, ""])


def main() -> None:
    """Write the file."""
    try:
        TARGET.write_text(to_document(), encoding="utf-8")
    except LicenceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
