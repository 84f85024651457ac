"""Ways to split a written place into a name and the text around it ("Comune di …", "(RE)")."""

import re
from collections.abc import Callable, Iterator

from atlas.territory.places.hints import Codes, Hints
from atlas.territory.places.spelling import fold

_OFFICE = re.compile(
    r"^(?:ex[ -]+)?(?:comune|com\.|c\.ne|comun|citt[àa]'?|municipio|municipalit[àa]'?|amministrazione comunale|"
    r"city|town|municipality|stadtgemeinde|marktgemeinde|gemeinde|stadt|commune|občina|ville(?= d[e']))"
    r"\s*[:\-]?\s*(?:(?P<article>della |dell'|dello |del |dei |degli |delle )|(?:di |de |d'|of |von )|)",
    re.IGNORECASE,
)
_ARTICLES = {"della": "La ", "dell'": "L'", "dello": "Lo ", "del": "Il ", "dei": "I ", "delle": "Le "}
_SEPARATORS = re.compile(r"\s*[,;/|()\[\]]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\s*[–—]\s*|-(?=[A-Z]{2}$)")
_PROVINCE_WORD = re.compile(r"[\s,]+(?:in\s+)?(?:provincia|prov\.?|pr\.|province\s+of)\s+(?:di\s+)?", re.IGNORECASE)
_IN = re.compile(r"\s+(?:in|nel|nella)\s+", re.IGNORECASE)
_POSTCODE = re.compile(r"^(?:I-?)?\d{5}\s+(?=\D)|\s+\d{5}$")
_ABOVE_MUNICIPALITY = re.compile(
    r"^(?:provincia|regione|region|province|citta metropolitana|area metropolitana|unione|unioni|ambito|ambiti|"
    r"distretto|comunita|consorzio|circondario|comprensorio|piano di zona|zona sociale|"
    r"ats|asl|ausl|usl|asp|ulss|ato|pdz|metropolitan city|libero consorzio|stato|repubblica|"
    r"diocesi|area interna|comuni|gal|societa della salute)(?: |$)"
)
_BELOW_MUNICIPALITY = re.compile(
    r"^(?:fraz|frazione|localita|loc|quartiere|rione|borgata|contrada|circoscrizione|sestiere|municipio [ivx\d]+)"
    r"(?: |$)"
)
# Without a comma before it, such a word names a part of the town, not its location: "Cesano Boscone Nord".
_PARTS_OF_TOWNS = frozenset({"nord", "sud", "est", "ovest", "centro", "nord est", "nord ovest", "nordest", "nordovest"})
_NOW_OR_THEN = re.compile(r"^(?:ex|già|gia'?|ora|oggi|now|formerly)[\s-]+", re.IGNORECASE)
Reading = tuple[str, Codes]


def names_larger_area(text: str) -> bool:
    """Whether the text names something larger than a municipality: a province, a union, a health district."""
    return _ABOVE_MUNICIPALITY.match(fold(text)) is not None


def names_part_of_municipality(text: str) -> bool:
    """Whether the text names a hamlet or a neighbourhood."""
    return _BELOW_MUNICIPALITY.match(fold(text)) is not None


def without_now_or_then(text: str) -> str:
    """Return the name in "ex Bazzano", "ora Valsamoggia"."""
    return _NOW_OR_THEN.sub("", text)


def head_of(text: str) -> str:
    """Return the text before the first bracket, comma or spaced dash."""
    return re.split(r"[(,]| [-–—] ", text, maxsplit=1)[0].strip()


def read_ways(text: str, hints: Hints, understand: Callable[[str], Codes | None]) -> Iterator[Reading]:
    """Yield every way of reading a text as (name, municipalities that the rest of the text allows), most likely first.

    `understand` returns what a part beside the name allows, or None to reject that reading: an unknown word may mean
    that another place is meant.
    """
    yield text, hints.everywhere
    yield from _with_hints(text, hints, understand)
    for bare in _without_office(text):
        yield bare, hints.everywhere
        yield from _with_hints(bare, hints, understand)


def _without_office(text: str) -> Iterator[str]:
    found = _OFFICE.match(text)
    if not found or found.end() == len(text):
        return
    rest = text[found.end() :].strip()
    if text[found.end() - 1].isalnum():
        return
    article = (found["article"] or "").strip().lower()
    if article in _ARTICLES:
        yield _ARTICLES[article] + rest
    yield rest


def _with_hints(text: str, hints: Hints, understand: Callable[[str], Codes | None]) -> Iterator[Reading]:
    without_postcode = _POSTCODE.sub("", text)
    if without_postcode != text:
        yield without_postcode, hints.everywhere
        text = without_postcode
    parts = [part for part in _SEPARATORS.split(text) if part and part.strip(" .-")]
    if len(parts) > 1:
        yield from _from_parts(parts, hints, understand)
    for divider in (_PROVINCE_WORD, _IN):
        pieces = divider.split(text, maxsplit=1)
        if len(pieces) == 2 and pieces[0].strip():
            allowed = understand(pieces[1])
            if allowed is not None:
                yield pieces[0].strip(" ,(-"), allowed
    yield from _with_last_words(text, hints)


def _from_parts(parts: list[str], hints: Hints, understand: Callable[[str], Codes | None]) -> Iterator[Reading]:
    """ "Samone (TN)", "Venice, Italy", "TN - Samone", "Provincia di Torino, Samone"."""
    first, *rest = parts
    if _opens_with_hint(first, hints):
        first, rest = parts[-1], parts[:-1]
    allowed = hints.everywhere
    for part in rest:
        codes = understand(part)
        if codes is None:
            return
        allowed = hints.both(allowed, codes)
    yield first, allowed
    yield from ((name, hints.both(allowed, codes)) for name, codes in _with_last_words(first, hints))


def _opens_with_hint(first: str, hints: Hints) -> bool:
    is_short = first.isupper() and hints.is_abbreviation(fold(first))
    return is_short or hints.is_announced_territory(first) or hints.is_region(first)


def _with_last_words(text: str, hints: Hints) -> Iterator[Reading]:
    """ "Samone TN", "Castro Bergamo", "Florence Italy": the last words say where."""
    words = text.split()
    for count in range(1, min(4, len(words))):
        tail = " ".join(words[-count:])
        folded = fold(tail)
        if len(folded) < 2 or (len(folded) <= 3 and not hints.is_abbreviation(folded)) or folded in _PARTS_OF_TOWNS:
            continue
        allowed = hints.read_one(tail)
        if allowed is not None:
            head = " ".join(words[:-count]).strip(" ,-")
            yield head, allowed
            yield from ((name, hints.both(allowed, codes)) for name, codes in _with_last_words(head, hints))
