import json
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF
from starlette.applications import Starlette

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.base.settings import Settings
from atlas.catalogue.provenance import Provenance, read_provenance
from atlas.catalogue.source.bundle import ABOUT
from atlas.server.api import routes
from atlas.server.dcat import DATASETS, build_catalogue, build_page_data
from tests import factories
from tests.asgi import call

BASE = "https://atlante.example.org/servizi/"
DATASET_NEEDS = ("title", "description", "identifier", "modified", "accrualPeriodicity", "publisher", "rightsHolder")
DAY = datetime(2026, 3, 1, 23, tzinfo=UTC)
WORLD = replace(factories.small_world(), provenance=read_provenance(ABOUT))
BODY = Settings(publisher="Comune di <Esempio>", publisher_id="c_x000", contact="dati@comune.example.it")


def make(settings=BODY, language=Language.IT):
    return build_catalogue(BASE, settings, DAY, WORLD, translator(language))


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
    page = Settings(contact="https://www.comune.example.it/scrivi")
    assert "contactPoint" not in json.dumps(make(page))  # the profile wants an e-mail
    page = make(replace(page, contact_mail="dati@comune.example.it"), Language.EN)
    contact = page["dcat:dataset"][0]["dcat:contactPoint"]
    assert contact["vcard:hasEmail"] == {"@id": "mailto:dati@comune.example.it"}
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
    data = build_page_data(
        Settings(publisher="</script><script>alert(1)</script>"), Provenance(), translator(Language.IT)
    )
    assert "<" not in data
    assert json.loads(data)["publisher"]["name"] == "</script><script>alert(1)</script>"


AGENT_NEEDS = (DCTERMS.identifier, FOAF.name)
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.modified, DCAT.dataset),
    DCAT.Dataset: (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.identifier,
        DCTERMS.modified,
        DCTERMS.accrualPeriodicity,
        DCTERMS.rightsHolder,
        DCAT.theme,
        DCAT.contactPoint,
        DCAT.distribution,
    ),
    DCAT.Distribution: (DCTERMS.format, DCTERMS.license, DCAT.accessURL),
    FOAF.Agent: AGENT_NEEDS,
    DCTERMS.LicenseDocument: (DCTERMS.type, FOAF.name),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
}


@pytest.mark.parametrize("language", list(Language))
def test_another_reader_finds_every_mandatory_property_of_the_profile(language):
    graph = rdflib.Graph().parse(data=json.dumps(make(language=language)), format="json-ld")
    for kind, needed in MANDATORY.items():
        nodes = list(graph.subjects(RDF.type, kind))
        assert nodes, kind
        for node in nodes:
            missing = [name for name in needed if not list(graph.objects(node, name))]
            assert not missing, (node, missing)
    days = [day.toPython() for day in graph.objects(None, DCTERMS.modified)]
    assert days and all(isinstance(day, date) for day in days)
    assert WORLD.territory.dates.geography in days and date.fromisoformat(WORLD.provenance.updated) in days


def test_a_catalogue_without_licence_gets_none_and_its_own_day():
    catalogue = build_catalogue(BASE, BODY, DAY, factories.small_world(), translator(Language.IT))
    datasets = {dataset["@id"].rpartition("#")[2]: dataset for dataset in catalogue["dcat:dataset"]}
    assert "dct:license" not in catalogue and "dct:temporal" not in datasets["initiatives"]
    assert all("dct:license" not in one for one in datasets["initiatives"]["dcat:distribution"])
    assert all("dct:license" in one for one in datasets["municipalities"]["dcat:distribution"])
    assert datasets["initiatives"]["dct:modified"]["@value"] == "2026-03-01"
    assert datasets["municipalities"]["dct:modified"]["@value"] == WORLD.territory.dates.geography.isoformat()
