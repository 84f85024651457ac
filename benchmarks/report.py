"""The printed table: figures side by side as ratios, and what was asked beside what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.visitor import Change


@dataclass(frozen=True)
class Row:
    """The figures of one build over its runs: medians, but processor time, which comes in steps of 10 ms: the mean."""

    name: str
    runs: int
    click_to_picture: float
    received: float
    map_part: float
    requests: float
    remounted: bool
    server_cpu: float
    memory_mb: float
    marked: int

    @classmethod
    def of(cls, name: str, changes: Sequence[Change], memory_mb: float, marked: int) -> "Row":
        """Summarise the changes of one build; marked: municipalities with initiatives in its last picture."""
        return cls(
            name,
            len(changes),
            median(change.click_to_picture for change in changes),
            median(change.received for change in changes),
            max(change.map_part for change in changes),
            median(change.requests for change in changes),
            any(change.remounted for change in changes),
            mean(change.server_cpu for change in changes),
            memory_mb,
            marked,
        )


HEADER = (
    "build", "runs", "click → picture", "× atlas", "received", "of the map", "requests", "frame", "CPU/rerun", "memory",
)  # fmt: skip


# Above the lines of judge.
ASKED = ("question", "asked", "found", "holds")


def to_cells(row: Row, reference: Row) -> tuple[str, ...]:
    """Write one line of the table."""
    return (
        row.name,
        str(row.runs),
        f"{row.click_to_picture:,.0f} ms",
        f"{row.click_to_picture / reference.click_to_picture:.1f}",
        f"{row.received / 1000:,.0f} kB",
        f"{row.map_part / 1000:,.1f} kB",
        f"{row.requests:.0f}",
        "remade" if row.remounted else "stays",
        f"{row.server_cpu:,.0f} ms",
        f"{row.memory_mb:,.0f} MB",
    )


def to_table(lines: Iterable[Sequence[str]]) -> str:
    """Lay cells out as a Markdown table, which a terminal shows as well."""
    rows = list(lines)
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if not at else cell.rjust(w) for at, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return f"| {' | '.join((first, *others))} |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if at else "-") for at, w in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *(line(row) for row in rows[1:])])


def judge(found: float, asked: float, unit: str, *, at_least: bool = False) -> tuple[str, str, str]:
    """Return what was asked, what was found, and whether it holds."""
    holds = found >= asked if at_least else found <= asked
    sign = "≥" if at_least else "≤"
    return f"{sign} {asked:g} {unit}", f"{found:,.1f} {unit}", "yes" if holds else "NO"
