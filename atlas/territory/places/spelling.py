"""Comparable keys of the different spellings of a place name."""

import html
import re
import unicodedata
from functools import lru_cache

# Prepositions that people drop or swap ("Reggio Emilia" for "Reggio nell'Emilia"). Articles are part of a name.
PREPOSITIONS = frozenset({
    "di", "del", "dello", "della", "dell", "dei", "degli", "delle", "d", "de",
    "nel", "nello", "nella", "nell", "nei", "negli", "nelle", "ne", "in",
    "sul", "sullo", "sulla", "sull", "sui", "sugli", "sulle", "su",
    "al", "allo", "alla", "all", "ai", "agli", "alle", "a",
    "dal", "dallo", "dalla", "dall", "dai", "dagli", "dalle", "da",
})  # fmt: skip
# What each form of "saint" may stand for; two forms are compatible when they share a letter.
_SAINTS = {
    "san": "m", "santo": "m", "sant": "mf", "santa": "f", "santi": "p", "sante": "q",
    "s": "mfpq", "ss": "pq", "sta": "f", "sto": "m", "sn": "m",
}  # fmt: skip
_SAINT_MARK = "§"
_CONTRACTIONS = {
    r"s\.?\s?ta": "santa", r"s\.?\s?to": "santo", r"m\.?te": "monte", r"m\.?ti": "monti", r"p\.?to": "porto",
    r"p\.?te": "ponte", r"b\.?go": "borgo", r"c\.?llo": "castello", r"v\.?lla": "villa", r"f\.?te": "forte",
    r"t\.?me": "terme", r"m\.?na": "marina", r"s\.?te": "sainte", r"s\.?t": "saint", r"sankt": "st",
    r"sup": "superiore", r"inf": "inferiore",
}  # fmt: skip
_FULL_FORMS = tuple(_CONTRACTIONS.values())
_CONTRACTED = re.compile(rf"(?<!\w)(?:{'|'.join(f'({one})' for one in _CONTRACTIONS)})(?!\w)\.?", re.IGNORECASE)
_APOSTROPHES = re.compile(r"[’‘ʼ`´′‛ʹ＇]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# Letters without a Unicode decomposition into ASCII.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def repair(text: str) -> str:
    """Repair damaged text: HTML entities, UTF-8 read as CP1252, odd spaces, typographic apostrophes."""
    if "&" in text:
        text = html.unescape(text)
    if "Ã" in text or "â€" in text:
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            # "Ã " is an à whose no-break space became a space.
            text = text.replace("Ã\xa0", "à").replace("Ã ", "à")
    if text.isascii() and text.isprintable():
        return text.replace("`", "'").strip()
    text = "".join(" " if unicodedata.category(mark) in ("Cc", "Zs") else mark for mark in text if mark != "\u200b")
    return _APOSTROPHES.sub("'", unicodedata.normalize("NFC", text)).strip()


def literal(text: str) -> str:
    """Key with accents, which tells Paternò from Paterno. A final apostrophe counts as a grave accent.

    >>> literal("PATERNO'") == literal("Paternò")
    True
    """
    text = re.sub(r"([aeiouAEIOU])'(?=\W|$)", "\\1\u0300", repair(text))
    return unicodedata.normalize("NFC", text).casefold()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Key without case, accents and punctuation; words stay separate.

    >>> fold("San Dona' di Piave"), fold("Bolzano/Bozen")
    ('san dona di piave', 'bolzano bozen')
    """
    text = repair(text).casefold().translate(_PLAIN)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _NOT_WORD.sub(" ", plain).strip()


def fold_umlauts(text: str) -> str:
    """Key of a German name written without umlauts ("Muehlbach"); '' if it has none."""
    lower = repair(text).casefold()
    spelled = lower.translate(_UMLAUTS)
    return fold(spelled) if spelled != lower else ""


def squash(folded: str) -> str:
    """Key without spaces and with alternative spellings unified: Jesolo/Iesolo, ed/e."""
    return "".join("e" if word == "ed" else word for word in folded.split()).replace("j", "i").replace("y", "i")


def content_key(folded: str) -> str:
    """Key without prepositions; '' unless at least two other words are left."""
    words = [word for word in folded.split() if word not in PREPOSITIONS]
    return squash(" ".join(words)) if len(words) > 1 else ""


def saint_key(folded: str) -> str:
    """Key where San, Santo, Santa, Sant', Santi, SS., S. are the same; '' if there is no saint in the name."""
    words = [word for word in folded.split() if word not in PREPOSITIONS]
    if len(words) < 2 or not any(word in _SAINTS for word in words):
        return ""
    return squash(" ".join(_SAINT_MARK if word in _SAINTS else word for word in words))


def saints_agree(written: str, official: str) -> bool:
    """Whether the saints of two folded names may be the same: "s angelo" and "sant angelo", not "santa" and "san"."""
    left = [_SAINTS[word] for word in written.split() if word in _SAINTS]
    right = [_SAINTS[word] for word in official.split() if word in _SAINTS]
    return len(left) == len(right) and all(set(one) & set(two) for one, two in zip(left, right, strict=True))


def expand_contractions(text: str) -> str:
    """Expand S.ta, M.te, P.to and similar contractions.

    >>> expand_contractions("S.ta Maria a M.te")
    'santa Maria a monte'
    """
    return _CONTRACTED.sub(lambda found: _FULL_FORMS[(found.lastindex or 1) - 1], text)


def without_river_s(folded: str) -> str:
    """ "Trezzo s/Adda": a lone s after the first word may be "sul"; without it the prepositions no longer matter."""
    words = folded.split()
    if "s" not in words[1:-1]:
        return ""
    return " ".join([words[0], *(word for word in words[1:-1] if word != "s"), words[-1]])
