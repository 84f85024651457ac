"""Error answers as problem documents (RFC 9457), without traceback or file names."""

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
    """A problem document; `more` are further members, such as the invalid parameters."""

    media_type = "application/problem+json"

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None, **more: object
    ) -> None:
        document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")
        super().__init__(body, status, headers={"Cache-Control": "no-store", **(headers or {})})


def log_with_time() -> None:
    """Write each line of the atlas's log with its time and level, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("atlas")
    if not logger.handlers:
        logger.addHandler(handler)
        logger.propagate = False


def log_unexpected(error: BaseException, where: str) -> str:
    """Log an error with its traceback; return the short reference number logged with it."""
    reference = secrets.token_hex(4).upper()
    _log.error("errore %s, %s", reference, where, exc_info=error)
    return reference


def asked_language(scope: Scope) -> Language:
    """Return the language of an address, Italian by default."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    return Language(asked) if asked in set(Language) else Language.IT


def say(scope: Scope, key: str, **values: object) -> str:
    """Return a sentence in the language of an address."""
    return translator(asked_language(scope))(key, **values)
