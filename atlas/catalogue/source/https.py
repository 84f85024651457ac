"""A catalogue at an https address, downloaded only when it has changed."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SilenceError

from atlas.base.address import RemoteAddress
from atlas.catalogue.source.source import MOST_BYTES, Fetched, SourceError

# Timeouts in seconds: to connect, between two chunks, in total.
_CONNECT, _PIECE, _WHOLE = 5.0, 10.0, 20.0
_REDIRECTS = 5
_PIECE_BYTES = 65_536
_OK, _NOT_MODIFIED = 200, 304


class HttpsSource:
    """Reads an address with conditional requests (ETag, Last-Modified)."""

    name = "catalogo"
    is_near = False
    interval = 25.0

    def __init__(self, address: RemoteAddress, most_bytes: int = MOST_BYTES, seconds: float = _WHOLE) -> None:
        self.shown = address.shown
        self._address = address
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._marks: dict[str, str] = {}

    def fetch(self, *, is_urgent: bool = False) -> Fetched | None:
        """Return the content of the address if it is new; SourceError if the request fails."""
        try:
            return self._ask(self._address.url, time.monotonic() + self._seconds)
        except (requests.RequestException, HTTPError) as error:
            # After a failure the whole file is requested again. The error may contain the address, so it is not shown.
            self._marks = {}
            raise SourceError(_explain(error)) from None

    def _ask(self, url: str, until: float) -> Fetched | None:
        headers = {"Accept": "text/csv, */*;q=0.5", "User-Agent": "atlante-iniziative-sociali", **self._marks}
        for _ in range(_REDIRECTS):
            with requests.get(
                url, headers=headers, timeout=(_CONNECT, _PIECE), stream=True, allow_redirects=False
            ) as answer:
                if answer.is_redirect:
                    url = _next_address(url, answer.headers["location"])
                elif answer.status_code == _NOT_MODIFIED:
                    return None
                elif answer.status_code == _OK:
                    return self._take(answer, until)
                else:
                    raise SourceError(f"il server risponde {answer.status_code}.")
        raise SourceError("il server rimanda da un indirizzo all'altro.")

    def _take(self, answer: requests.Response, until: float) -> Fetched:
        pieces, size = [], 0
        # read1 takes what has arrived: waiting for a full chunk would let a very slow server hold the thread.
        while piece := answer.raw.read1(_PIECE_BYTES, decode_content=True):
            size += len(piece)
            pieces.append(piece)
            if size > self._most_bytes:
                raise SourceError(f"il catalogo è più grande di {self._most_bytes / 1_000_000:g} MB.")
            if time.monotonic() > until:
                raise SourceError(f"il server non ha finito in {self._seconds:g} secondi.")
        marks = {"If-None-Match": answer.headers.get("ETag"), "If-Modified-Since": answer.headers.get("Last-Modified")}
        self._marks = {name: value for name, value in marks.items() if value}
        return Fetched(b"".join(pieces), _read_date(answer.headers.get("Last-Modified", "")))


def _next_address(url: str, location: str) -> str:
    """Return the target of a redirect; only https is followed, and passwords are not sent to another server."""
    after = urljoin(url, location)
    if urlsplit(after).scheme != "https":
        raise SourceError("il server rimanda a un indirizzo che non è https.")
    return after


def _explain(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "il certificato del server non è valido per questa macchina."
    if isinstance(error, requests.Timeout | SilenceError):
        return "il server non risponde in tempo."
    if isinstance(error, HTTPError):
        return "la risposta del server si è interrotta."
    if isinstance(error, requests.ConnectionError):
        return "il server non si raggiunge."
    return f"la richiesta non è riuscita ({type(error).__name__})."


def _read_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
