"""Reading an upload in a process of its own, with a budget of time and memory that holds whatever is inside."""

from collections.abc import Callable
from functools import partial
from typing import Any

from atlas.base.apart import Budget, EndedError, prepare_apart, run_apart
from atlas.base.said import said
from atlas.intake.cells.report import IntakeReport
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.reader import Progress, read_upload
from atlas.intake.rows import refuse

# The largest honest lists take a third of it.
BUDGET = Budget(processor=20, patience=180, memory=500 * 1024 * 1024)


def read_apart(
    data: bytes,
    filename: str,
    *,
    on_progress: Progress = lambda _: None,
    still_wanted: Callable[[], None] = lambda: None,
    **choices: Any,
) -> IntakeReport:
    """Read like `read_upload` with the bundled territory; a file that exceeds the budget is refused with a message.

    `still_wanted` is called five times a second; raise in it to cancel: the process that reads is killed. FailedError
    if the reading itself fails.
    """
    work = partial(_read, data, filename, choices)
    try:
        return run_apart(work, prepare=_prepare, budget=BUDGET, on_told=on_progress, still_wanted=still_wanted)
    except EndedError:
        megabytes = (BUDGET.memory or 0) // 1024**2
        told = said("over_budget", seconds=BUDGET.processor, megabytes=megabytes)
        return refuse(RefusedFileError(told, said("over_budget_hint")))


def warm_up() -> None:
    """Let the country be read for this now, so that the first file need not wait for it."""
    prepare_apart(_prepare)


def _read(data: bytes, filename: str, choices: dict[str, Any], tell: Progress) -> IntakeReport:
    return read_upload(data, filename, on_progress=tell, **choices)


def _prepare() -> None:
    """Read the country, the vocabulary, every list that is read once."""
    read_upload(b"titolo;comune\nA;Roma\n", "")
