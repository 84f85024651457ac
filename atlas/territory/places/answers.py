"""The possible results of a search by name, with their explanations."""

from dataclasses import dataclass
from enum import StrEnum

from atlas.base.said import Said, said


class MatchStatus(StrEnum):
    """Outcome of a search by name."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class Reason(StrEnum):
    """The reason for the outcome of a search."""

    OFFICIAL = "official"
    OTHER_LANGUAGE = "other_language"
    SPELLING = "spelling"
    EXONYM = "exonym"
    SHORT = "short"
    FORMER = "former"
    RENAMED = "renamed"
    CODE = "code"
    HOMONYMS = "homonyms"
    SHARED_BEGINNING = "shared_beginning"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    LARGER_AREA = "larger_area"
    LOCALITY = "locality"
    HINT_DISAGREES = "hint_disagrees"
    HINT_UNKNOWN = "hint_unknown"


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The result of a search. `code` is set only for a match; suggestions are (code, "Name (sigla)")."""

    query: str
    status: MatchStatus
    reason: Reason
    code: str | None = None
    name: str = ""
    candidates: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, str], ...] = ()

    @property
    def explanation(self) -> Said:
        """One sentence for people who keep the catalogue."""
        return said(f"place.{self.reason}")
