"""The operator's settings, from ATLAS_… environment variables, checked once at start."""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from atlas.base.address import RemoteAddress, Scheme, read_address

_log = logging.getLogger("atlas")

# The variables by which editors sign in: all of them or none.
_SIGN_IN = (
    "ATLAS_OIDC_ISSUER", "ATLAS_OIDC_CLIENT_ID", "ATLAS_OIDC_CLIENT_SECRET", "ATLAS_OIDC_REDIRECT",
    "ATLAS_OIDC_COOKIE_SECRET", "ATLAS_EDITORS",
)  # fmt: skip
# Every variable that is read here.
NAMES = frozenset({
    "ATLAS_CATALOGUE", "ATLAS_CATALOGUE_ABOUT", "ATLAS_CATALOGUE_COPIES", "ATLAS_CONTACT", "ATLAS_CONTACT_MAIL",
    "ATLAS_EMBED_HOSTS", "ATLAS_HOSTS", "ATLAS_LOGO", "ATLAS_PPTX_TEMPLATE", "ATLAS_PUBLISHER", "ATLAS_PUBLISHER_ID",
    "ATLAS_TILES_ATTRIBUTION", "ATLAS_TILES_URL", *_SIGN_IN,
})  # fmt: skip
# A host name without scheme or port; a leading `*.` stands for every subdomain.
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.ASCII)
# Characters with no special meaning in Markdown or HTML.
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_CONTACT = re.compile(rf"{_MAIL.pattern}|https://[\w./~%-]+", re.ASCII)


# The address to which the provider sends an editor back; Streamlit answers there.
CALLBACK = "oauth2callback"
_SHORTEST_SECRET = 32


class SettingsError(Exception):
    """A variable has an unusable value; the message names the variable and says what to write."""


@dataclass(frozen=True, slots=True)
class TileSettings:
    """Background tiles from another host, shown only to visitors who consent."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where editors sign in by OpenID Connect, and who is one: addresses, or `claim=value` of the provider's token."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect: str
    cookie_secret: str = field(repr=False)
    editors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can change.

    catalogue: the initiatives to publish instead of the bundled ones, a file or an address; catalogue_about: a file
    that says what they are; copies: the folder in which the last valid version of those at an address is kept;
    contact: an e-mail or https address for accessibility feedback, empty if not set; contact_mail: an e-mail beside an
    https contact; hosts: the names that this server answers to, empty for any; embed_hosts: the sites that may show the
    atlas in a frame of theirs; publisher: the body that publishes the data and its code in the index of public bodies
    (IPA), both empty if not set; pptx_template and logo: files for the slides; sign_in: how editors are known, None on
    a server without their page.
    """

    tiles: TileSettings | None = None
    catalogue: Path | RemoteAddress | None = None
    catalogue_about: Path | None = None
    copies: Path | None = None
    contact: str = ""
    contact_mail: str = ""
    hosts: tuple[str, ...] = ()
    embed_hosts: tuple[str, ...] = ()
    publisher: str = ""
    publisher_id: str = ""
    pptx_template: Path | None = None
    logo: Path | None = None
    sign_in: SignIn | None = None

    @property
    def database(self) -> RemoteAddress | None:
        """The catalogue's home if it is a database."""
        home = self.catalogue
        return home if isinstance(home, RemoteAddress) and home.scheme is Scheme.DATABASE else None

    @property
    def desk(self) -> RemoteAddress | None:
        """The database whose catalogue editors change on this server; None if they cannot."""
        return self.database if self.sign_in else None

    @property
    def mail(self) -> str:
        """The contact's e-mail address, empty if not set."""
        return self.contact_mail or ("" if self.contact.startswith("https://") else self.contact)


@cache
def read_settings() -> Settings:
    """Read the variables of this process; SettingsError if one has an unusable value."""
    for name in find_unknown(os.environ):
        _log.warning("%s: l'Atlante non legge questa variabile; forse il nome è scritto male", name)
    return to_settings(os.environ)


def find_unknown(variables: Mapping[str, str]) -> list[str]:
    """Return the ATLAS_… variables that do not exist: a typo could silently leave a server open."""
    return sorted(name for name in variables if name.startswith("ATLAS_") and name not in NAMES)


def to_settings(variables: Mapping[str, str]) -> Settings:
    """Turn the ATLAS_… variables into settings; an empty one counts as unset."""
    given = {name: variables.get(name, "").strip() for name in NAMES}
    if given["ATLAS_PUBLISHER_ID"] and not given["ATLAS_PUBLISHER"]:
        raise SettingsError(
            "ATLAS_PUBLISHER_ID: scrivi anche in ATLAS_PUBLISHER il nome dell'ente che ha questo codice"
        )
    settings = Settings(
        tiles=_to_tiles(given["ATLAS_TILES_URL"], given["ATLAS_TILES_ATTRIBUTION"]),
        catalogue=_to_catalogue(given["ATLAS_CATALOGUE"]),
        catalogue_about=_to_file("ATLAS_CATALOGUE_ABOUT", (".toml",), given),
        copies=_to_copies(given["ATLAS_CATALOGUE_COPIES"]),
        contact=_to_contact("ATLAS_CONTACT", _CONTACT, "un indirizzo di posta né un indirizzo https", given),
        contact_mail=_to_contact("ATLAS_CONTACT_MAIL", _MAIL, "un indirizzo di posta", given),
        hosts=_to_hosts("ATLAS_HOSTS", given),
        embed_hosts=_to_hosts("ATLAS_EMBED_HOSTS", given),
        publisher=given["ATLAS_PUBLISHER"],
        publisher_id=given["ATLAS_PUBLISHER_ID"],
        pptx_template=_to_file("ATLAS_PPTX_TEMPLATE", (".pptx", ".potx"), given),
        logo=_to_file("ATLAS_LOGO", (".png", ".jpg", ".jpeg"), given),
        sign_in=_to_sign_in(*(given[name] for name in _SIGN_IN)),
    )
    if settings.sign_in and not settings.desk:
        raise SettingsError("ATLAS_EDITORS: la redazione richiede un catalogo in PostgreSQL in ATLAS_CATALOGUE")
    return settings


def _to_tiles(url: str, attribution: str) -> TileSettings | None:
    """Read ATLAS_TILES_URL (an https address with {z}, {x}, {y}) and ATLAS_TILES_ATTRIBUTION."""
    if not url:
        return None
    parts = urlsplit(url)
    is_usable = parts.scheme == "https" and bool(parts.netloc) and not set(" ;,'\"") & set(url)
    if not is_usable or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise SettingsError(
            f"ATLAS_TILES_URL: {url!r} non è un indirizzo https con {{z}}, {{x}} e {{y}}, "
            "come https://tiles.example.org/{z}/{x}/{y}.png"
        )
    if not attribution:
        raise SettingsError("ATLAS_TILES_ATTRIBUTION: scrivi a chi appartiene lo sfondo, come chiede la sua licenza")
    return TileSettings(url=url, attribution=attribution)


def _to_catalogue(home: str) -> Path | RemoteAddress | None:
    """Read ATLAS_CATALOGUE, the location of a file like data/initiatives.csv; its content is checked when read."""
    if not home:
        return None
    if "://" in home or home.startswith("postgres"):
        try:
            return read_address(home)
        except ValueError as error:  # the address may contain a password, so it is not repeated
            raise SettingsError(f"ATLAS_CATALOGUE: {error}") from None
    if not Path(home).is_file():
        raise SettingsError(
            f"ATLAS_CATALOGUE: {home!r} non è un file; scrivi il percorso di un CSV di iniziative, "
            "un indirizzo https:// o un indirizzo postgresql://"
        )
    return Path(home)


def _to_copies(folder: str) -> Path | None:
    """Read ATLAS_CATALOGUE_COPIES, a writable folder."""
    if not folder:
        return None
    if not Path(folder).is_dir() or not os.access(folder, os.W_OK):
        raise SettingsError(f"ATLAS_CATALOGUE_COPIES: {folder!r} non è una cartella in cui si può scrivere")
    return Path(folder)


def _to_file(name: str, endings: tuple[str, ...], given: Mapping[str, str]) -> Path | None:
    """Read the path of a file that exists and ends with one of `endings`."""
    if not given[name]:
        return None
    path = Path(given[name])
    if not path.is_file() or path.suffix.lower() not in endings:
        raise SettingsError(f"{name}: {given[name]!r} non è un file {' o '.join(endings)} che si può leggere")
    return path


def _to_contact(name: str, form: re.Pattern[str], kinds: str, given: Mapping[str, str]) -> str:
    """Read an address of a form, whose kinds are said where it has another."""
    contact = given[name]
    if contact and not form.fullmatch(contact):
        raise SettingsError(f"{name}: {contact!r} non è {kinds}, come accessibilita@comune.example.it")
    return contact


def _to_hosts(name: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """Read a comma-separated list of host names, such as ATLAS_HOSTS or ATLAS_EMBED_HOSTS."""
    hosts = _split(given[name].lower())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"{name}: {host!r} non è il nome di un host; scrivi nomi separati da virgole, senza https:// e senza "
                "porta, come atlante.example.org,*.comune.example.it"
            )
    return hosts


def _split(listed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def _to_sign_in(*values: str) -> SignIn | None:
    """Read how editors sign in, the values of _SIGN_IN. None is repeated, because some are secrets."""
    if not any(values):
        return None
    missing = [name for name, value in zip(_SIGN_IN, values, strict=True) if not value]
    if missing:
        raise SettingsError(f"{', '.join(missing)}: per l'accesso della redazione servono anche queste variabili")
    issuer, client_id, client_secret, redirect, cookie_secret, editors = values
    for name, address in (("ATLAS_OIDC_ISSUER", issuer), ("ATLAS_OIDC_REDIRECT", redirect)):
        if not _is_safe(address):
            raise SettingsError(f"{name}: scrivi un indirizzo https:// senza password, ? e #")
    if not redirect.endswith(f"/{CALLBACK}"):
        raise SettingsError(f"ATLAS_OIDC_REDIRECT: scrivi l'indirizzo pubblico dell'atlante seguito da /{CALLBACK}")
    if len(cookie_secret) < _SHORTEST_SECRET:
        raise SettingsError(f"ATLAS_OIDC_COOKIE_SECRET: scrivi almeno {_SHORTEST_SECRET} caratteri a caso")
    who = _split(editors)
    for number, one in enumerate(who, start=1):
        claim, equals, value = one.partition("=")
        if not _MAIL.fullmatch(one) and not (equals and claim.strip() and value.strip()):
            raise SettingsError(
                f"ATLAS_EDITORS: la voce {number} non è né un indirizzo di posta né campo=valore; scrivi per esempio "
                "anna@comune.example.it,groups=atlante-redazione"
            )
    return SignIn(issuer, client_id, client_secret, redirect, cookie_secret, who)


def _is_safe(address: str) -> bool:
    """Tell whether an address is https; http is enough on this machine, as for the provider of the tests."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_near = parts.scheme == "http" and host in ("localhost", "127.0.0.1")
    return bool(host) and (parts.scheme == "https" or is_near) and not set("@?# ") & set(address)
