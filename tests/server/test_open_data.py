"""The open data of a real server, against what they say of themselves: schemathesis looks for a fault."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from atlas.catalogue.links import clean_text
from atlas.server.api.tables import DOCUMENTS, TABLES
from tests.server.conftest import ask

PLACES = ("035", "001272", "108", "058091")


NAMES = [*TABLES, *DOCUMENTS]
# Their answers are the polygons of whole layers: each is made, sent and held against the schema, for seconds.
LARGE = ("areas.geojson", "areas.gpkg", "municipalities.geojson")


@pytest.fixture(scope="session")
def described(open_server):
    schema = schemathesis.openapi.from_url(f"{open_server}/api/openapi.json")
    # A long query is refused by its length before it is read, which schemathesis does not count as a refusal.
    schema.config.checks.negative_data_rejection.expected_statuses.append("414")
    return schema


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.thorough) if name in LARGE else name for name in NAMES]
)
def test_no_answer_is_other_than_described(described, name, mode):
    """Good and bad queries: status, type, headers and schema of each answer are those of the description."""
    tried = []

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(described[f"/api/{name}"]["GET"].as_strategy(generation_mode=mode))
    def try_one(case):
        answer = case.call_and_validate(timeout=30)
        tried.append(answer.status_code)

    try_one()
    assert set(tried) <= ({200} if mode is GenerationMode.POSITIVE else {200, 400, 405, 414}) and tried


def test_every_address_is_described(described):
    assert set(described.raw_schema["paths"]) == {f"/api/{name}" for name in NAMES}


@schemathesis.hook
def map_query(context, query):
    """What a schema cannot say: which codes exist, that a search has a sign that one can see, and that a measure by
    target group needs exactly one."""
    if query and not clean_text(str(query.get("q", "sign"))):
        query["q"] = "casa"
    if query and re.fullmatch(r"\d{3}|\d{6}", str(query.get("place", ""))):
        query["place"] = PLACES[int(query["place"]) % len(PLACES)]
    if query and query.get("measure") == "per_100k_target":
        query["target"] = ["elderly"]
    if query and query.get("measure") == "per_100_municipalities":
        query["level"] = "region"
    return query


def test_the_open_data_are_compressed_once_and_carry_the_headers_of_every_answer(open_server):
    answer = ask(open_server, "/api/indicators.csv?level=region", accept_encoding="gzip", origin="https://example.org")
    assert answer.headers.get_all("content-encoding") == ["gzip"]
    assert answer.headers.get_all("access-control-allow-origin") == ["*"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    again = ask(open_server, "/api/indicators.csv?level=region", if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = ask(open_server, "/api/indicators.csv?level=region", "HEAD")
    assert head.status == 200 and head.body == b""


def test_nothing_else_is_readable_for_other_sites(open_server):
    for path in ("/", "/healthz", "/map/x", "/_stcore/health"):
        assert ask(open_server, path, origin="https://example.org").headers["access-control-allow-origin"] is None
