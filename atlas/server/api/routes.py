"""The routes of the open data: methods, ETags, caching, and errors as problem documents."""

import logging
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from atlas.base.i18n import translator
from atlas.base.model import DataError
from atlas.base.settings import read_settings
from atlas.catalogue.source import bundle
from atlas.server.api import tables
from atlas.server.api.openapi import build_openapi
from atlas.server.api.query import LONGEST_QUERY, QueryError, QueryFault, check_regions, read_query
from atlas.server.api.shelf import BusyError, Made, Shelf, to_made
from atlas.server.api.tables import DOCUMENTS, TABLES, Table, media_type_of
from atlas.server.dcat import build_catalogue
from atlas.server.kept import answer_with
from atlas.server.problems import Problem, say

# A change of the catalogue is visible within a minute, as on the pages.
KEPT_FOR = "public, max-age=60"
METHODS = "GET, HEAD, OPTIONS"
# Pages of other sites may read the open data; no answer depends on who asks.
FOR_EVERYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}

_log = logging.getLogger("atlas")


class OpenData:
    """Answers requests under /api, in a thread: the pages' websockets run in the event loop."""

    def __init__(self) -> None:
        self.shelf = Shelf()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method == "OPTIONS":
            allowed = {"Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "If-None-Match"}
            answer = Response(None, 204, {"Allow": METHODS, **allowed, "Access-Control-Max-Age": "86400"})
        elif request.method not in ("GET", "HEAD"):
            answer = self._refuse(request, HTTPStatus.METHOD_NOT_ALLOWED, "method", {"Allow": METHODS})
        else:
            answer = await run_in_threadpool(self.answer, request)
        for name, value in FOR_EVERYBODY.items():
            answer.headers[name] = value
        await answer(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """Answer a GET or HEAD request."""
        name, raw = request.path_params.get("name", ""), request.scope["query_string"]
        if name not in TABLES and name not in DOCUMENTS:
            return self._refuse(request, HTTPStatus.NOT_FOUND, "not_found", addresses=[*TABLES, *DOCUMENTS])
        if len(raw) > LONGEST_QUERY:
            return self._refuse(request, HTTPStatus.REQUEST_URI_TOO_LONG, "long", n=LONGEST_QUERY)
        try:
            return self._answer_table(request, TABLES[name]) if name in TABLES else self._answer_document(request, name)
        except QueryError as error:
            faults = [_tell(fault, request) for fault in error.faults]
            return self._refuse(request, HTTPStatus.BAD_REQUEST, "query", errors=faults)
        except BusyError:
            return self._refuse(request, HTTPStatus.TOO_MANY_REQUESTS, "busy", {"Retry-After": "5"})
        except DataError as error:
            _log.error("api: %s", error)
            return self._refuse(request, HTTPStatus.SERVICE_UNAVAILABLE, "data", {"Retry-After": "60"})

    def _answer_table(self, request: Request, table: Table) -> Response:
        edition = bundle.published_edition()
        world = bundle.world_of(edition.catalogue)
        query = read_query(request.scope["query_string"], table.accepted, world)
        if table.make is tables.boundaries:
            check_regions(query)
            bundle.boundaries_text()  # a kept answer is no better than the file it was made from
        # The answer depends on the view, and for boundaries on their regions.
        key = (request.path_params["name"], edition.digest, query)
        made = self.shelf.take(key, lambda: table.make(query, world, edition.digest[:12]))
        headers = {"Content-Disposition": f'attachment; filename="{table.file}"'} if table.file else {}
        return _send(request, made, headers)

    def _answer_document(self, request: Request, name: str) -> Response:
        world = bundle.published_world()
        query = read_query(request.scope["query_string"], ("lang",), world)
        words = translator(query.view.language)
        if name == "openapi.json":
            document: object = build_openapi(world, words)
        else:
            base = str(request.url.replace(query="")).removesuffix("api/catalog.jsonld")
            document = build_catalogue(base, read_settings(), bundle.published_edition().date, world, words)
        return _send(request, to_made(tables.to_json(document)), {})

    def _refuse(
        self, request: Request, status: HTTPStatus, key: str, headers: dict[str, str] | None = None, n: int = 0,
        **more: object,
    ) -> Response:  # fmt: skip
        return Problem(status, say(request.scope, f"api.problem.{key}", n=n), headers, **more)


def routes(base: str = "") -> list[Route]:
    """Return the routes of the open data; `base` is server.baseUrlPath."""
    root = f"/{base.strip('/')}".rstrip("/")
    open_data = OpenData()
    return [Route(f"{root}/api", open_data), Route(f"{root}/api/{{name:path}}", open_data)]


def _send(request: Request, made: Made, headers: dict[str, str]) -> Response:
    media_type, headers = media_type_of(request.path_params["name"]), {"Cache-Control": KEPT_FOR, **headers}
    return answer_with(request, made.body, media_type, made.etag, headers, made.compressed)


def _tell(fault: QueryFault, request: Request) -> dict[str, object]:
    """Return a fault as a member of a problem document: message, parameter and allowed values."""
    values = {"name": fault.parameter, "value": fault.value, "allowed": ", ".join(fault.allowed)}
    told: dict[str, object] = {"parameter": fault.parameter}
    told["detail"] = say(request.scope, f"api.fault.{fault.kind}", **values)
    if fault.value:
        told["value"] = fault.value
    if fault.allowed:
        told["allowed"] = list(fault.allowed)
    return told
