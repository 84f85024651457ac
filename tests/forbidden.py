"""Phrases that no output of the atlas may contain, in both languages, and how to look for them in any text."""

import re

from atlas.base.model import Language

# What claims more than the catalogue knows, ranks what intervals do not rank, or was found unclear by those who tried
# the atlas. Regular expressions, whatever the case.
FORBIDDEN = {
    Language.IT: (
        r"ancora nulla", r"dove non c'è nulla", r"classific", r"in testa\b", r"numero più alto",
        r"valore più alto:", r"soprattutto «", r"significativ", r"primo posto", r"posti possibili",
        r"\bpremi (un|la|il)\b", r"\bpremend", r"\bpremila\b", r"torna a (italia|sicilia|lombardia)",
        r"port(a|ano) via", r"\btapp[ae]\b", r"prepara per me", r"dispensa\b", r"senza rete", r"a righe\b",
        r"enti? non nominat", r"che la fonte non nomina", r"fuori dalla mappa", r"cosa sto vedendo", r"vai a…",
        r"\bdi' ", r"vale come giusta", r"per non suggerire", r"sono vuote\b", r"coppia più frequente",
        r"quante iniziative resterebbero", r"non ha ancora indicato un recapito", r"già attivo o concluso",
        r"selezione di adesso", r"quanto può il caso", r"che qui non c'è\b", r"comuni come il mio",
        r"(?<![\d.,])1 (iniziative|comuni|province|regioni|temi|gruppi|righe|schermate|persone|territori)\b",
        r"sono quelle dei comuni", r"la vedi solo tu", r"restano vivi", r"24 punti", r"i filtri a sinistra",
    ),
    Language.EN: (
        r"nothing yet", r"\branking\b", r"highest number", r"highest value:", r"mostly “", r"\bsignificant",
        r"in the lead\b", r"first place", r"possible places", r"\bpress (a|the|it)\b", r"\bpressing\b",
        r"\btake\b.* away", r"\bstops?\b", r"prepare for me", r"present selection", r"likeness", r"off the map",
        r"whom they are", r"chance can do", r"bod(y|ies) (not named|that the source)", r"share rule",
        r"used again", r"resettlement", r"housing hardship", r"marginality", r"in percent\b", r"\balike in",
        r"says the number", r"no number of these pages", r"pages of data", r"search one of", r"with most\b",
        r"has most\b", r"are empty\b", r"frequent pair", r"would remain", r"has not given a contact",
        r"already running or ended", r"what am i looking at", r"how to count", r"stay live", r"italian excel",
        r"(?<![\d.,])1 (initiatives|municipalities|provinces|regions|themes|groups|rows|slides|people|areas)\b",
        r"like this one", r"24 points", r"filters on the left", r"entered? the distance", r"\bterritor(y|ies)\b",
        r"don't know",
    ),
}  # fmt: skip
# Whoever says that something is absent says that it is absent from the catalogue.
_ABSENCE = {
    Language.IT: (re.compile(r"\bnessun(a|'altra)? iniziativ|non ne (ha|hanno|registra)\b", re.IGNORECASE), "catalogo"),
    Language.EN: (re.compile(r"\bno initiatives?\b|\bha(s|ve) none\b", re.IGNORECASE), "catalogue"),
}


def find_forbidden(text: str, language: Language) -> list[str]:
    """Return the forbidden phrases that occur in a text, and the absences in it that do not name the catalogue."""
    found = [match[0] for phrase in FORBIDDEN[language] if (match := re.search(phrase, text, re.IGNORECASE))]
    absence, catalogue = _ABSENCE[language]
    for sentence in re.split(r"(?<=[.!?])\s|\n", text):
        match = absence.search(sentence)
        if match and catalogue not in sentence.casefold():
            found.append(f"{match[0]} (absent from what?)")
    return found
