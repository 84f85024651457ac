"""Asks pip-audit whether a locked package has a known vulnerability, and never takes "nobody answered" for "none".

    python scripts/audit.py [--where-reachable] [LOCK…]

Exit 0 when every package was checked and none is known to be vulnerable, 1 when one is, 2 when the database did not
answer for all of them; with --where-reachable the last is 0, with the same sentence.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (ROOT / "requirements-dev.lock",)
CLEAN, VULNERABLE, UNCHECKED = 0, 1, 2


class Verdict(NamedTuple):
    """What is known of one lock: CLEAN, VULNERABLE or UNCHECKED, and the sentences that say so."""

    code: int
    sentences: tuple[str, ...]


def judge(answer: str, name: str) -> Verdict:
    """Turn pip-audit's JSON into a verdict; an empty or broken answer, and packages it skipped, were not checked."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        packages = []
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    n_checked = len(packages) - len(skipped)
    found = tuple(
        f"{package['name']} {package['version']}: {hole['id']}, corretta in {' o '.join(hole['fix_versions']) or '—'}"
        for package in packages
        for hole in package.get("vulns", [])
    )
    if not n_checked:
        return Verdict(UNCHECKED, (f"{name}: NON CONTROLLATO, la base delle vulnerabilità note non risponde da qui.",))
    unchecked = f"{name}: NON CONTROLLATI {len(skipped)} pacchetti su {len(packages)}: {', '.join(skipped[:10])}."
    if found:
        return Verdict(VULNERABLE, (*found, unchecked) if skipped else found)
    if skipped:
        return Verdict(UNCHECKED, (unchecked,))
    return Verdict(CLEAN, (f"{name}: {n_checked} pacchetti controllati, nessuna vulnerabilità nota.",))


def ask(lock: Path) -> str:
    """Return what pip-audit answers for a lock file, empty when it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=300).stdout
    except subprocess.TimeoutExpired:
        return ""


def main(words: Sequence[str] | None = None) -> int:
    """Print one sentence for each lock, or for each vulnerability."""
    parser = argparse.ArgumentParser(prog="python scripts/audit.py", description=__doc__)
    parser.add_argument("--where-reachable", action="store_true", help="an answer that does not come is no failure")
    parser.add_argument("locks", nargs="*", type=Path, default=LOCKS)
    options = parser.parse_args(words)
    verdicts = [judge(ask(lock), lock.name) for lock in options.locks]
    for sentence in (sentence for verdict in verdicts for sentence in verdict.sentences):
        print(sentence)
    codes = {verdict.code for verdict in verdicts}
    if VULNERABLE in codes:
        return VULNERABLE
    return UNCHECKED if UNCHECKED in codes and not options.where_reachable else CLEAN


if __name__ == "__main__":
    sys.exit(main())
