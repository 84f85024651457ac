"""The words the whole atlas speaks: enums and frozen values. It knows no file, no frame and no screen."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    """Languages of the interface; Italian is the reference."""

    IT = "it"
    EN = "en"


class Level(StrEnum):
    """Administrative levels that the map and the summaries can use."""

    REGION = "region"
    PROVINCE = "province"
    MUNICIPALITY = "municipality"


class CountingRule(StrEnum):
    """How an initiative that touches several territories is counted in each.

    presence: once in every territory it touches, so sums may exceed the total.
    share: split evenly over its municipalities, so sums equal the number of initiatives on the map.
    lead: only where the lead is; an initiative whose lead the source does not name counts nowhere.
    """

    PRESENCE = "presence"
    SHARE = "share"
    LEAD = "lead"


class Measure(StrEnum):
    """What a territory's value is. A count is drawn as a circle, a rate as a fill."""

    COUNT = "count"
    PER_MILLION = "per_million"
    PER_100_MUNICIPALITIES = "per_100_municipalities"
    PER_100K_TARGET = "per_100k_target"

    @property
    def is_rate(self) -> bool:
        return self is not Measure.COUNT


class Face(StrEnum):
    """What the page of the regions shows of the selection; only one is computed at a time."""

    RANKING = "ranking"
    MATRIX = "matrix"
    MIX = "mix"
    COMPARE = "compare"


class Scale(StrEnum):
    """Territorial scale of an initiative."""

    MUNICIPALITY = "municipality"
    INTERMUNICIPAL = "intermunicipal"
    METROPOLITAN_CITY = "metropolitan_city"
    NATIONAL = "national"


class ServiceType(StrEnum):
    """The source's own distinction between services started, adapted or simply continued."""

    NEW = "new"
    RESHAPED = "reshaped"
    ESTABLISHED = "established"


class Channel(StrEnum):
    """How people reach the service."""

    DIGITAL = "digital"
    IN_PERSON = "in_person"
    BOTH = "both"


class Question(StrEnum):
    """What a class guesses before it sees the answer."""

    REGION_RATE = "region_rate"
    REGION_COUNT = "region_count"
    EMPTY_REGIONS = "empty_regions"
    RAREST_THEME = "rarest_theme"
    RAREST_TARGET = "rarest_target"
    NEAREST = "nearest"


class Severity(StrEnum):
    """Weight of a fault: an error keeps the row (or the file) out, a warning lets it in."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a data file. `line` and `column` are as a spreadsheet shows them; 0 and "" when unknown."""

    file: str
    line: int
    column: str
    message: str
    value: str = ""
    severity: Severity = Severity.ERROR
    suggestion: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f", riga {self.line}"
        if self.column:
            where += f", colonna {self.column}"
        shown = f" (valore: {self.value[:80]!r})" if self.value else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{where}: {self.message}{shown}{hint}"


class DataError(Exception):
    """A data file cannot be used. Carries every fault found, never only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Selection:
    """What the viewer asked for. Codes only, never labels; an empty field restricts nothing.

    Options inside a field are alternatives (or), fields restrict one another (and).
    `regions` holds 2-digit codes; `place` is one chosen territory below the region: a province
    (3 digits) or a municipality (6 digits).
    """

    text: str = ""
    themes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place: str = ""
    scales: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    years: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Selection()

    def with_(self, **changes: object) -> Self:
        return replace(self, **changes)  # type: ignore[arg-type]


# The fields of Selection that hold several options, in the order in which they are shown.
DIMENSIONS = ("themes", "targets", "regions", "scales", "service_types", "channels", "years")


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How the selection is looked at."""

    level: Level = Level.MUNICIPALITY
    measure: Measure = Measure.COUNT
    rule: CountingRule = CountingRule.PRESENCE


# More territories side by side would not fit a sheet of paper.
COMPARED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class View:
    """The whole state of the screen; what a link carries. `initiative` is the id of the open card, or empty.

    `compared` are the territories side by side: at most COMPARED_AT_MOST codes of regions, provinces or the country.
    `question` is what a class is asked, if anything.
    """

    language: Language = Language.IT
    selection: Selection = field(default_factory=Selection)
    options: ViewOptions = field(default_factory=ViewOptions)
    initiative: str = ""
    face: Face = Face.RANKING
    compared: tuple[str, ...] = ()
    question: Question | None = None
