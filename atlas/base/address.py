"""The address of a catalogue on another machine; its secrets are never shown."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit


class Scheme(StrEnum):
    """The protocols a catalogue can be read through."""

    HTTPS = "https"
    DATABASE = "postgresql"


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """An https or postgresql address. `url` may hold a password or a token; `shown` is safe to log."""

    url: str = field(repr=False)

    @property
    def scheme(self) -> Scheme:
        return Scheme(urlsplit(self.url).scheme)

    @property
    def shown(self) -> str:
        """Scheme, machine and path, without user, password and query."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def hide(self, text: str) -> str:
        """Return a text, such as an error message, with the secrets of the address removed."""
        parts = urlsplit(self.url)
        user, _, password = parts.netloc.rpartition("@")[0].partition(":")
        more = [value for name, value in parse_qsl(parts.query) if "password" in name]
        for secret in (self.url, parts.query, password, unquote(password), user if not password else "", *more):
            if secret:
                text = text.replace(secret, "***")
        return text


def read_address(text: str) -> RemoteAddress:
    """Return the address; ValueError with a reason that never repeats the address when it is not usable."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError:
        raise ValueError("l'indirizzo non è scritto bene") from None
    if parts.scheme not in set(Scheme) or not text.startswith(f"{parts.scheme}://"):
        raise ValueError("l'indirizzo deve cominciare con https:// o con postgresql://")
    if parts.scheme == Scheme.HTTPS and not parts.hostname:
        raise ValueError("nell'indirizzo manca il nome del server")
    if parts.scheme == Scheme.DATABASE and not parts.path.strip("/"):
        raise ValueError("nell'indirizzo manca il nome della base di dati, per esempio postgresql://server/atlante")
    if any(char.isspace() for char in text):
        raise ValueError("nell'indirizzo ci sono spazi")
    return RemoteAddress(text)
