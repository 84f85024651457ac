"""The vocabulary of the whole program: enums and frozen values."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    """Languages of the interface; Italian is the reference."""

    IT = "it"
    EN = "en"


class Level(StrEnum):
    """The administrative levels of maps and summaries."""

    REGION = "region"
    PROVINCE = "province"
    MUNICIPALITY = "municipality"


class CountingRule(StrEnum):
    """How an initiative that touches several territories is counted in each.

    presence: once in every territory it touches, so sums may exceed the total.
    share: split evenly over its municipalities, so sums equal the number of initiatives on the map.
    lead: only where the lead is; an initiative without a named lead counts nowhere.
    """

    PRESENCE = "presence"
    SHARE = "share"
    LEAD = "lead"


class Measure(StrEnum):
    """What is measured for a territory: a count (drawn as a circle) or a rate (drawn as a fill)."""

    COUNT = "count"
    PER_MILLION = "per_million"
    PER_100_MUNICIPALITIES = "per_100_municipalities"
    PER_100K_TARGET = "per_100k_target"

    @property
    def is_rate(self) -> bool:
        return self is not Measure.COUNT


class Face(StrEnum):
    """The views of the regions page; only the one shown is computed."""

    RANKING = "ranking"
    MATRIX = "matrix"
    MIX = "mix"
    COMPARE = "compare"
    REGION = "region"


class Listing(StrEnum):
    """How the page of the catalogue shows its initiatives."""

    CARDS = "cards"
    LIST = "list"
    TABLE = "table"


class Order(StrEnum):
    """What its initiatives are sorted by; RELEVANCE needs a search, SOURCE is the order of the collection."""

    RELEVANCE = "relevance"
    SOURCE = "source"
    PLACE = "place"
    YEAR = "year"
    TITLE = "title"


class Scale(StrEnum):
    """Territorial scale of an initiative."""

    MUNICIPALITY = "municipality"
    INTERMUNICIPAL = "intermunicipal"
    METROPOLITAN_CITY = "metropolitan_city"
    NATIONAL = "national"


class ServiceType(StrEnum):
    """Whether a service is new, was adapted for the emergency, or existed before it."""

    NEW = "new"
    RESHAPED = "reshaped"
    ESTABLISHED = "established"


class Channel(StrEnum):
    """How the service reaches people."""

    DIGITAL = "digital"
    IN_PERSON = "in_person"
    BOTH = "both"


class Question(StrEnum):
    """The questions of the guessing page."""

    REGION_RATE = "region_rate"
    REGION_COUNT = "region_count"
    EMPTY_REGIONS = "empty_regions"
    RAREST_THEME = "rarest_theme"
    RAREST_TARGET = "rarest_target"
    NEAREST = "nearest"


class Severity(StrEnum):
    """Severity of a fault: an error rejects the row (or the file), a warning does not."""

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
    """A data file cannot be used. Carries every fault found, not just the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Selection:
    """The active filters, as codes and never labels; an empty field restricts nothing.

    Options within a field are combined with OR, fields with AND.
    `regions` holds 2-digit codes; `place` is one chosen territory below the region: a province
    (3 digits) or a municipality (6 digits). `language` is the one in which `text` is read.
    """

    text: str = ""
    language: Language = Language.IT
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


# The fields of Selection that hold several options, in display order.
DIMENSIONS = ("themes", "targets", "regions", "scales", "service_types", "channels", "years")


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How the selection is displayed: level, measure and counting rule."""

    level: Level = Level.MUNICIPALITY
    measure: Measure = Measure.COUNT
    rule: CountingRule = CountingRule.PRESENCE


# More territories side by side would not fit on a printed page.
COMPARED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class View:
    """The whole state of the screen, as stored in a link. `initiative` is the id of the open card, or empty.

    `compared` are the territories side by side: at most COMPARED_AT_MOST codes of regions, provinces or the country.
    `question` is the question of the guessing page, if any. `region` is the one whose page is open; it filters nothing.
    `municipality` is the one of its page and filters nothing either. `listing` is how the catalogue looks.
    `framing` is (latitude, longitude, zoom) where the visitor moved the map, () if it follows the chosen place.
    `order` is the one chosen in the catalogue, None for the first that is offered.
    """

    language: Language = Language.IT
    selection: Selection = field(default_factory=Selection)
    options: ViewOptions = field(default_factory=ViewOptions)
    initiative: str = ""
    face: Face = Face.RANKING
    compared: tuple[str, ...] = ()
    question: Question | None = None
    region: str = ""
    framing: tuple[float, ...] = ()
    municipality: str = ""
    listing: Listing = Listing.CARDS
    order: Order | None = None

    def __post_init__(self) -> None:
        # A search is read in the language of the page; where nothing is searched, selections do not differ by it.
        language = self.language if self.selection.text else Language.IT
        if self.selection.language is not language:
            object.__setattr__(self, "selection", replace(self.selection, language=language))
