"""A draft as one word of an address, which the browser keeps between visits."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

from atlas.intake.proposals.proposal import clean_proposal
from atlas.intake.rows import Row

# Characters that the browser keeps, and those that may come out of them.
LONGEST_KEPT, _LONGEST_TEXT = 12_000, 60_000


def to_kept(draft: Mapping[str, str]) -> str:
    """Return a draft as letters and digits; empty if there is nothing in it, or more than a browser should keep."""
    filled = {name: text for name, text in draft.items() if text.strip()}
    if not filled:
        return ""
    packed = zlib.compress(json.dumps(filled, ensure_ascii=False).encode("utf-8", errors="replace"), 9)
    kept = base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return kept if len(kept) <= LONGEST_KEPT else ""


def from_kept(kept: str) -> Row:
    """Return the draft that was kept; nothing of what no draft can be."""
    if len(kept) > LONGEST_KEPT:
        return {}
    try:
        packed = base64.b64decode(kept + "=" * (-len(kept) % 4), altchars=b"-_", validate=True)
        text = zlib.decompressobj().decompress(packed, _LONGEST_TEXT)
        document = json.loads(text)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return {}
    return clean_proposal(document) if isinstance(document, dict) else {}
