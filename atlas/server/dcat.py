"""Descriptions of the open data for data portals (DCAT-AP_IT) and search engines (schema.org)."""

import json
from datetime import datetime
from typing import Any

from atlas.base.i18n import Translator
from atlas.base.model import Language
from atlas.base.settings import Settings

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Each dataset: its formats by path, and its themes of the European vocabulary.
FORMATS = {
    "json": ("application/json", "JSON"),
    "csv": ("text/csv", "CSV"),
    "geojson": ("application/geo+json", "GEOJSON"),
    "gpkg": ("application/geopackage+sqlite3", "GPKG"),
}
DATASETS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "initiatives": (dict.fromkeys(("json", "csv", "geojson"), ""), ("SOCI", "GOVE")),
    "indicators": ({"json": "?level=region", "csv": "?level=region"}, ("SOCI", "REGI")),
    "areas": ({"geojson": "?level=region", "gpkg": ""}, ("SOCI", "REGI")),
    "municipalities": ({"geojson": "?region=08"}, ("REGI",)),
}
_LANGUAGES = {Language.IT: "ITA", Language.EN: "ENG"}


def build_catalogue(base: str, settings: Settings, modified: datetime, say: Translator) -> dict[str, Any]:
    """Return the catalogue in JSON-LD (DCAT-AP_IT). `base` is where the atlas is served, ending with a slash.

    The profile requires a publisher with its IPA code and a contact: unless the operator sets them, the publisher is
    "not indicated", without a code, and there is no contact.
    """
    day = {"@type": "xsd:date", "@value": modified.date().isoformat()}
    datasets = [_dataset(name, base, settings, day, say) for name in DATASETS]
    return {
        "@context": _CONTEXT,
        "@id": f"{base}api/catalog.jsonld",
        "@type": ["dcat:Catalog", "dcatapit:Catalog"],
        **_titles("app.title", "api.description", say),
        "dct:publisher": _publisher(base, settings, say),
        "dct:language": [_id(f"{_EU}/language/{code}") for code in _LANGUAGES.values()],
        "dct:license": _licence(),
        "dct:modified": day,
        "foaf:homepage": _id(base),
        "dcat:themeTaxonomy": _id(f"{_EU}/data-theme"),
        "dcat:dataset": datasets,
    }


def build_page_data(settings: Settings, say: Translator) -> str:
    """Return the schema.org description embedded in every page, as JSON safe inside a script element."""
    publisher = {"publisher": {"@type": "Organization", "name": settings.publisher}} if settings.publisher else {}
    downloads = [
        {"@type": "DataDownload", "encodingFormat": FORMATS[ending][0], "contentUrl": f"api/initiatives.{ending}"}
        for ending in DATASETS["initiatives"][0]
    ]
    document = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": say("app.title"),
        "description": say("api.description"),
        "url": ".",
        "inLanguage": [str(language) for language in Language],
        "license": LICENCE,
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "Place", "name": say("api.country")},
        **publisher,
        "distribution": downloads,
    }
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")


def _dataset(name: str, base: str, settings: Settings, day: dict[str, str], say: Translator) -> dict[str, Any]:
    formats, themes = DATASETS[name]
    contact = {"dcat:contactPoint": _contact(base, settings, say)} if settings.contact else {}
    return {
        "@id": f"{base}api/catalog.jsonld#{name}",
        "@type": ["dcat:Dataset", "dcatapit:Dataset"],
        **_titles(f"api.dataset.{name}", f"api.dataset.{name}_about", say),
        "dct:identifier": f"{base}api/{name}",
        "dct:modified": day,
        "dct:accrualPeriodicity": _id(f"{_EU}/frequency/IRREG"),
        "dct:language": [_id(f"{_EU}/language/{code}") for code in _LANGUAGES.values()],
        "dct:spatial": _id(f"{_EU}/country/ITA"),
        "dct:publisher": _id(f"{base}api/catalog.jsonld#publisher"),
        "dct:rightsHolder": _istat(base)
        if name in ("areas", "municipalities")
        else _id(f"{base}api/catalog.jsonld#publisher"),
        "dcat:theme": [_id(f"{_EU}/data-theme/{theme}") for theme in themes],
        "dcat:landingPage": _id(f"{base}metodo"),
        **contact,
        "dcat:distribution": [_distribution(name, ending, query, base, say) for ending, query in formats.items()],
    }


def _distribution(name: str, ending: str, query: str, base: str, say: Translator) -> dict[str, Any]:
    media_type, file_type = FORMATS[ending]
    address = f"{base}api/{name}.{ending}{query}"
    return {
        "@id": f"{base}api/catalog.jsonld#{name}-{ending}",
        "@type": ["dcat:Distribution", "dcatapit:Distribution"],
        "dct:title": {"@language": str(say.language), "@value": f"{say(f'api.dataset.{name}')} ({file_type})"},
        "dcat:accessURL": _id(address),
        "dcat:downloadURL": _id(address),
        "dct:format": _id(f"{_EU}/file-type/{file_type}"),
        "dcat:mediaType": media_type,
        "dct:license": _licence(),
    }


def _publisher(base: str, settings: Settings, say: Translator) -> dict[str, Any]:
    code = {"dct:identifier": settings.publisher_id} if settings.publisher_id else {}
    return {
        "@id": f"{base}api/catalog.jsonld#publisher",
        "@type": ["foaf:Agent", "dcatapit:Agent"],
        "foaf:name": settings.publisher or say("api.no_publisher"),
        **code,
    }


def _istat(base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}api/catalog.jsonld#istat",
        "@type": ["foaf:Agent", "dcatapit:Agent"],
        "foaf:name": "ISTAT",
    }


def _contact(base: str, settings: Settings, say: Translator) -> dict[str, Any]:
    is_page = settings.contact.startswith("https://")
    how = {"vcard:hasURL": _id(settings.contact)} if is_page else {"vcard:hasEmail": _id(f"mailto:{settings.contact}")}
    return {
        "@id": f"{base}api/catalog.jsonld#contact",
        "@type": ["vcard:Organization", "dcatapit:Organization"],
        "vcard:fn": settings.publisher or say("api.no_publisher"),
        **how,
    }


def _licence() -> dict[str, Any]:
    return {
        "@id": LICENCE,
        "@type": ["dct:LicenseDocument", "dcatapit:LicenseDocument"],
        "dct:type": _id("http://purl.org/adms/licencetype/Attribution"),
        "foaf:name": "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    }


def _titles(title: str, about: str, say: Translator) -> dict[str, Any]:
    language = str(say.language)
    return {
        "dct:title": {"@language": language, "@value": say(title)},
        "dct:description": {"@language": language, "@value": say(about)},
    }


def _id(address: str) -> dict[str, str]:
    return {"@id": address}
