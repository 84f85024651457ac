import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.settings import Settings
from atlas.server.api import routes
from atlas.server.dcat import DATASETS, build_catalogue, build_page_data
from tests.asgi import call

BASE = "https://atlante.example.org/servizi/"
DATASET_NEEDS = ("title", "description", "identifier", "modified", "accrualPeriodicity", "publisher", "rightsHolder")
DAY = datetime(2026, 3, 1, 23, tzinfo=UTC)
BODY = Settings(publisher="Comune di <Esempio>", publisher_id="c_x000", contact="dati@comune.example.it")


def make(settings=BODY, language=Language.IT):
    return build_catalogue(BASE, settings, DAY, translator(language))


def walk(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_what_the_italian_profile_asks_for_is_there():
    catalogue = make()
    assert catalogue["@type"] == ["dcat:Catalog", "dcatapit:Catalog"]
    for needed in ("dct:title", "dct:description", "dct:publisher", "dct:modified", "dct:language", "foaf:homepage"):
        assert catalogue[needed]
    assert catalogue["dct:publisher"]["foaf:name"] == "Comune di <Esempio>"
    assert catalogue["dct:publisher"]["dct:identifier"] == "c_x000"
    assert len(catalogue["dcat:dataset"]) == len(DATASETS)
    for dataset in catalogue["dcat:dataset"]:
        for needed in DATASET_NEEDS:
            assert dataset[f"dct:{needed}"]
        assert all("/data-theme/" in theme["@id"] for theme in dataset["dcat:theme"])
        assert dataset["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:dati@comune.example.it"}
        for distribution in dataset["dcat:distribution"]:
            assert distribution["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
            assert "/file-type/" in distribution["dct:format"]["@id"]


def test_every_name_is_of_a_known_vocabulary_and_every_reference_leads_somewhere():
    catalogue = make()
    prefixes = tuple(f"{prefix}:" for prefix in catalogue["@context"])
    nodes = [one for one in walk(catalogue) if isinstance(one, dict) and one is not catalogue["@context"]]
    keys = {key for node in nodes for key in node if not key.startswith("@")}
    assert keys and all(key.startswith(prefixes) for key in keys)
    asked = [node for node in nodes if node.get("@id", "").startswith(f"{BASE}api/catalog.jsonld#")]
    assert {node["@id"] for node in asked} == {node["@id"] for node in asked if len(node) > 1}


def test_nobody_is_named_who_did_not_say_so():
    catalogue = make(Settings())
    assert catalogue["dct:publisher"]["foaf:name"] == "Ente non indicato da chi gestisce il sito"
    assert "dct:identifier" not in catalogue["dct:publisher"]
    assert "contactPoint" not in json.dumps(catalogue)
    page = make(Settings(contact="https://www.comune.example.it/scrivi"), Language.EN)
    contact = page["dcat:dataset"][0]["dcat:contactPoint"]
    assert contact["vcard:hasURL"] == {"@id": "https://www.comune.example.it/scrivi"}


@pytest.mark.parametrize("root", ["", "/servizi/atlante"])
def test_the_addresses_of_the_catalogue_answer(root):
    app = Starlette(routes=routes.routes(root))
    catalogue = call(app, f"{root}/api/catalog.jsonld", host="atlante.example.org").json
    assert catalogue["foaf:homepage"]["@id"] == f"http://atlante.example.org{root}/"
    for dataset in catalogue["dcat:dataset"]:
        for distribution in dataset["dcat:distribution"]:
            address = urlsplit(distribution["dcat:accessURL"]["@id"])
            answer = call(app, address.path, address.query)
            assert answer.status == 200
            assert answer.headers["content-type"].split(";")[0] == distribution["dcat:mediaType"]


def test_a_name_cannot_leave_the_element_in_the_page():
    data = build_page_data(Settings(publisher="</script><script>alert(1)</script>"), translator(Language.IT))
    assert "<" not in data
    assert json.loads(data)["publisher"]["name"] == "</script><script>alert(1)</script>"
