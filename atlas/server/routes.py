"""The routes besides the pages: the map's files, previews, notices, health; and the middleware of every answer."""

import logging

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from atlas.base.model import DataError, Language
from atlas.catalogue.source import bundle
from atlas.figures.map_files import published_files
from atlas.publish.site.addresses import PREVIEW
from atlas.server.guard import Beneath, Faults, Guard, UploadLimit
from atlas.server.kept import answer_with
from atlas.server.middleware import PageOpening, SecurityHeaders
from atlas.server.notices import Notices
from atlas.server.open_files import OpenFileLimit
from atlas.server.page_scripts import page_script
from atlas.server.pictures import Pictures

A_YEAR = "public, max-age=31536000, immutable"

_log = logging.getLogger(__name__)


def routes(base: str = "") -> list[Route]:
    """Return the routes that go before Streamlit's; `base` is server.baseUrlPath."""
    root = f"/{base.strip('/')}".rstrip("/")
    return [
        Route(f"{root}/map/{{name}}", _answer_file),
        Route(f"{root}/healthz", _answer_health),
        Route(f"{root}/{PREVIEW}", Pictures().answer),
        *Notices(f"{root}/").routes(),
        *([Route("/healthz", _answer_health)] if root else []),
    ]


def middleware(beneath: Beneath, base: str = "") -> list[Middleware]:
    """Return the middleware, outermost first; `base` is server.baseUrlPath."""
    return [
        Middleware(SecurityHeaders, at_start=beneath.drop_banner),
        Middleware(Guard, is_closed=beneath.is_closed, base=base),
        Middleware(OpenFileLimit),
        Middleware(Faults),
        Middleware(UploadLimit, beneath=beneath, base=base),
        Middleware(PageOpening, base=base),
    ]


async def _answer_file(request: Request) -> Response:
    wanted = f"map/{request.path_params['name']}"
    files = (*published_files().values(), *map(page_script, Language))
    file = next((file for file in files if file.path == wanted), None)
    if file is None:
        return Response(status_code=404)
    return answer_with(request, file.body, file.media_type, file.etag, {"Cache-Control": A_YEAR}, file.compressed)


def _answer_health(_: Request) -> Response:
    """Answer whether the data are loaded, not only whether the process is up."""
    try:
        n_initiatives = len(bundle.published_catalogue())
        bundle.boundaries_text()
        published_files()
    except DataError as error:
        _log.error("health: %s", error)
        return JSONResponse({"status": "data not readable"}, status_code=503)
    return JSONResponse({"status": "ok", "initiatives": n_initiatives})
