"""What the server says when it cannot answer, as problem documents (RFC 9457): no trace, no name of a file."""

import json
import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import Scope

from atlas.base.i18n import translator
from atlas.base.model import Language

_log = logging.getLogger("atlas")


class Problem(Response):
    """An answer that says what is wrong; `more` are further members, such as the parameters that were refused."""

    media_type = "application/problem+json"

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None, **more: object
    ) -> None:
        document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")
        super().__init__(body, status, headers={"Cache-Control": "no-store", **(headers or {})})


def log_unexpected(error: BaseException, where: str) -> str:
    """Write an error with its trace to the log; return the short number that finds it there."""
    reference = secrets.token_hex(4).upper()
    _log.error("errore %s, %s", reference, where, exc_info=error)
    return reference


def asked_language(scope: Scope) -> Language:
    """Return the language that an address asks for, Italian without one."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    return Language(asked) if asked in set(Language) else Language.IT


def say(scope: Scope, key: str, **values: object) -> str:
    """Return a sentence in the language that an address asks for."""
    return translator(asked_language(scope))(key, **values)
