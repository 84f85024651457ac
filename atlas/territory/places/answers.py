"""What a search by name can answer, with the sentence that explains it; it does not search."""

from dataclasses import dataclass
from enum import StrEnum


class MatchStatus(StrEnum):
    """Outcome of a search by name."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class Reason(StrEnum):
    """Why a search ended as it did."""

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


_EXPLANATIONS = {
    Reason.OFFICIAL: "È il nome ufficiale.",
    Reason.OTHER_LANGUAGE: "È il nome ufficiale in un'altra lingua.",
    Reason.SPELLING: "È il nome ufficiale, scritto in un altro modo.",
    Reason.EXONYM: "È il nome usato in un'altra lingua.",
    Reason.SHORT: "È la forma breve in uso.",
    Reason.FORMER: "È un comune soppresso: il codice è quello del comune che ne ha preso il territorio.",
    Reason.RENAMED: "È il nome di prima dello stesso comune.",
    Reason.CODE: "È il codice del comune.",
    Reason.HOMONYMS: "Più comuni hanno questo nome: indicare la provincia.",
    Reason.SHARED_BEGINNING: "Più comuni cominciano così: scrivere il nome intero o indicare la provincia.",
    Reason.EMPTY: "Il nome manca.",
    Reason.UNKNOWN: "Nessun comune ha questo nome.",
    Reason.LARGER_AREA: "È un territorio più grande di un comune (provincia, regione, ambito…).",
    Reason.LOCALITY: "È una frazione o un quartiere, non un comune.",
    Reason.HINT_DISAGREES: "Il comune con questo nome non è nella provincia o regione indicata.",
    Reason.HINT_UNKNOWN: "La provincia o regione indicata non si riconosce.",
}


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """Answer to one search. `code` is set only for a match; suggestions are (code, "Name (sigla)")."""

    query: str
    status: MatchStatus
    reason: Reason
    code: str | None = None
    name: str = ""
    candidates: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, str], ...] = ()

    @property
    def explanation(self) -> str:
        """One sentence in Italian for people who keep the catalogue."""
        return _EXPLANATIONS[self.reason]
