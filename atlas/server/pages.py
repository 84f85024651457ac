"""What the server writes into Streamlit's page for each address: title, preview, and words without JavaScript."""

import logging
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Scope

from atlas.base.model import DataError, Language, View
from atlas.catalogue.links import HOME, PAGES, from_query
from atlas.catalogue.source import bundle
from atlas.catalogue.world import World
from atlas.publish.site.addresses import Served, settle
from atlas.publish.site.contents import build_lost, build_page
from atlas.publish.site.pages import Target
from atlas.publish.site.render import render_head, render_lost, render_shell
from atlas.server.kept import Kept
from atlas.server.problems import log_unexpected

# A few hundred addresses, as many as people look at in an hour; the rest is written again.
MOST_BYTES = 16_000_000
# A name and a port: nothing else of what a visitor claims goes into an address.
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?", re.ASCII)
LONGEST_QUERY = 4000

_log = logging.getLogger("atlas")


@dataclass(frozen=True, slots=True)
class Written:
    """What goes into the head of a page, and what into its body."""

    head: bytes
    body: bytes


class Pages:
    """Writes pages, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: Kept[Written] = Kept(MOST_BYTES)

    def write(self, page: str, scope: Scope, root: str) -> Written | None:
        """Return what to write into a page; None if the data cannot be read. It may take a tenth of a second.

        A fault in these words never takes the page itself away: it is logged, and the page comes without them.
        """
        try:
            world, digest = read_world()
            view = read_view(scope, world)
            base = base_of(scope, root)
            key = (page, view, base, digest)
            if kept := self._kept.find(key):
                return kept
            shown = build_page(page, view, world)
            place = Served(shown.target, base, root)
            written = Written(render_head(shown, place).encode(), render_shell(shown, place).encode())
        except DataError as error:
            _log.error("pagine: %s", error)
            return None
        except Exception as error:
            log_unexpected(error, f"le parole di {page}")
            return None
        self._kept.keep(key, written, len(written.head) + len(written.body))
        return written


def page_of(path: str) -> str | None:
    """Return the page of a path, which is without the base path; None if there is none."""
    name = path.strip("/")
    return HOME if not name else name if name in PAGES else None


def read_world() -> tuple[World, str]:
    """Return the published data and the digest of their version; DataError if there are none."""
    edition = bundle.published_edition()
    return bundle.world_of(edition.catalogue), edition.digest


def read_view(scope: Scope, world: World) -> View:
    """Return the view of an address; what is unknown or too long is ignored, as on the pages."""
    return from_query(_pairs(scope), world)


def _pairs(scope: Scope) -> dict[str, str]:
    query = scope["query_string"]
    try:
        return dict(parse_qsl(query.decode("latin-1"), max_num_fields=100)) if len(query) <= LONGEST_QUERY else {}
    except ValueError:  # too many fields
        return {}


def base_of(scope: Scope, root: str) -> str:
    """Return the whole address of the atlas as it was asked for, or only its path if the host is no name."""
    host = Request(scope).headers.get("host", "")
    return f"{scope.get('scheme', 'http')}://{host}{root}" if _HOST.fullmatch(host) else root


def write_lost(language: Language, root: str) -> bytes:
    """Return the page of an address that does not exist."""
    page = build_lost(language)
    return render_lost(page, Served(page.target, root, root)).encode()


def picture_target(scope: Scope, world: World) -> Target | None:
    """Return whose picture an address asks for; None for the picture of the atlas."""
    page = _pairs(scope).get("page", "")
    return settle(Target(page, read_view(scope, world))) if page in PAGES else None
