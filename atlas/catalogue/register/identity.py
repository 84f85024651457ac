"""Who is an editor: what the provider's token says, checked again at every action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock

from atlas.base.settings import SignIn
from atlas.base.text import clean_line

_LONGEST_NAME = 120


class Standing(StrEnum):
    """What a visitor is on the editors' page."""

    OUT = "out"
    EXPIRED = "expired"
    STRANGER = "stranger"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of the editors' page. name: what the history writes; until: when the sign-in ends (UTC)."""

    standing: Standing
    name: str = ""
    until: datetime | None = None

    @property
    def is_editor(self) -> bool:
        return self.standing is Standing.EDITOR


class SignedOut:
    """The sign-ins of this process that were ended: other tabs still hold them until they expire."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, ...], float] = {}
        self._lock = Lock()

    def add(self, claims: Mapping[str, object], now: datetime) -> None:
        """Remember that this sign-in was ended, until it would have expired."""
        with self._lock:
            self._ended = {key: until for key, until in self._ended.items() if until > now.timestamp()}
            self._ended[_key(claims)] = _number(claims.get("exp"))

    def __contains__(self, claims: Mapping[str, object]) -> bool:
        with self._lock:
            return _key(claims) in self._ended


def identify(claims: Mapping[str, object], sign_in: SignIn, ended: SignedOut, now: datetime) -> Visitor:
    """Tell who a visitor is by the claims of the ID token, whose signature Streamlit has checked.

    Issuer, audience and expiry are checked here again: they hold at every action, not only at sign-in.
    """
    if not claims.get("is_logged_in") or not _is_ours(claims, sign_in) or claims in ended:
        return Visitor(Standing.OUT)
    until = _number(claims.get("exp"))
    if not until > now.timestamp():  # so also what is no number
        return Visitor(Standing.EXPIRED)
    mail = claims.get("email")
    shown = mail if isinstance(mail, str) and mail else claims.get("sub")
    name = clean_line(str(shown or ""))[:_LONGEST_NAME]
    is_editor = bool(name) and any(_matches(one, claims) for one in sign_in.editors)
    return Visitor(Standing.EDITOR if is_editor else Standing.STRANGER, name, datetime.fromtimestamp(until, UTC))


def _is_ours(claims: Mapping[str, object], sign_in: SignIn) -> bool:
    """Tell whether the token comes from our provider and was made for this client."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", sign_in.client_id)
    return claims.get("iss") == sign_in.issuer and sign_in.client_id in audiences and party == sign_in.client_id


def _matches(editor: str, claims: Mapping[str, object]) -> bool:
    """Tell whether claims are those of an entry of ATLAS_EDITORS; an address must not be known as unverified."""
    claim, equals, value = (part.strip() for part in editor.partition("="))
    if not equals:
        mail = claims.get("email")
        is_verified = claims.get("email_verified", True) in (True, "true")
        return isinstance(mail, str) and is_verified and mail.casefold() == editor.casefold()
    held = claims.get(claim)
    return value in held if isinstance(held, list) else isinstance(held, str) and held == value


def _key(claims: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce"))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
