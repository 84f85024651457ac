"""Descriptions of the open data for data portals (DCAT-AP_IT) and search engines (schema.org)."""

import json
import re
from datetime import date, datetime
from typing import Any

from atlas.base.formats import FORMATS
from atlas.base.i18n import Translator
from atlas.base.model import Language
from atlas.base.settings import Settings
from atlas.catalogue.provenance import CC_BY, Provenance
from atlas.catalogue.world import World

_NAME = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Each dataset: the query of each of its formats, and its themes of the European vocabulary.
DATASETS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "initiatives": (dict.fromkeys(("json", "csv", "geojson"), ""), ("SOCI", "GOVE")),
    "indicators": ({"json": "?level=region", "csv": "?level=region"}, ("SOCI", "REGI")),
    "areas": ({"geojson": "?level=region", "gpkg": ""}, ("SOCI", "REGI")),
    "municipalities": ({"geojson": "?region=08"}, ("REGI",)),
}
_LANGUAGES = {Language.IT: "ITA", Language.EN: "ENG"}


def build_catalogue(base: str, settings: Settings, modified: datetime, world: World, say: Translator) -> dict[str, Any]:
    """Return the catalogue in JSON-LD (DCAT-AP_IT). `base` is where the atlas is served, ending with a slash.

    The profile requires a publisher with its IPA code and a contact with an e-mail: unless the operator sets them, the
    publisher is "not indicated", without a code, and there is no contact. `modified` is the version's own time, for a
    catalogue that does not say when it was last changed.
    """
    said = world.provenance.updated
    updated = date.fromisoformat(said) if said else modified.date()
    return {
        "@context": _CONTEXT,
        "@id": f"{base}api/catalog.jsonld",
        "@type": ["dcat:Catalog", "dcatapit:Catalog"],
        **_titles("app.title", "api.description", say),
        "dct:publisher": _publisher(base, settings, say),
        "dct:language": [_id(f"{_EU}/language/{code}") for code in _LANGUAGES.values()],
        **_known("dct:license", _licence_of(world.provenance)),
        "dct:modified": _day(max(updated, world.territory.dates.geography)),
        "foaf:homepage": _id(base),
        "dcat:themeTaxonomy": _id(f"{_EU}/data-theme"),
        "dcat:dataset": [_dataset(name, base, settings, updated, world, say) for name in DATASETS],
    }


def build_page_data(settings: Settings, provenance: Provenance, say: Translator) -> str:
    """Return the schema.org description embedded in every page, as JSON safe inside a script element."""
    publisher = {"@type": "Organization", "name": settings.publisher} if settings.publisher else None
    downloads = [
        {"@type": "DataDownload", "encodingFormat": FORMATS[ending], "contentUrl": f"api/initiatives.{ending}"}
        for ending in DATASETS["initiatives"][0]
    ]
    document = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": say("app.title"),
        "description": say("api.description"),
        "url": ".",
        "inLanguage": [str(language) for language in Language],
        **_known("license", provenance.licence_address),
        **_known("dateModified", provenance.updated),
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "Place", "name": say("api.country")},
        **_known("publisher", publisher),
        "distribution": downloads,
    }
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")


def _dataset(name: str, base: str, settings: Settings, updated: date, world: World, say: Translator) -> dict[str, Any]:
    formats, themes = DATASETS[name]
    is_istat = name in ("areas", "municipalities")
    day = _day(world.territory.dates.geography if name == "municipalities" else updated)
    ending, query = next(iter(formats.items()))
    return {
        "@id": f"{base}api/catalog.jsonld#{name}",
        "@type": ["dcat:Dataset", "dcatapit:Dataset"],
        **_titles(f"api.dataset.{name}", f"api.dataset.{name}_about", say),
        "dct:identifier": f"{base}api/{name}.{ending}{query}",
        "dct:modified": day,
        "dct:accrualPeriodicity": _id(f"{_EU}/frequency/IRREG"),
        "dct:language": [_id(f"{_EU}/language/{code}") for code in _LANGUAGES.values()],
        "dct:spatial": _id(f"{_EU}/country/ITA"),
        "dct:publisher": _id(f"{base}api/catalog.jsonld#publisher"),
        "dct:rightsHolder": _istat(base) if is_istat else _id(f"{base}api/catalog.jsonld#publisher"),
        "dcat:keyword": [{"@language": str(say.language), "@value": word} for word in say("api.keywords").split(", ")],
        **_known("dct:temporal", _years(world.provenance.situation) if name != "municipalities" else None),
        "dcat:theme": [_id(f"{_EU}/data-theme/{theme}") for theme in themes],
        "dcat:landingPage": _id(f"{base}metodo"),
        **_known("dcat:contactPoint", _contact(base, settings, say) if settings.mail else None),
        "dcat:distribution": [
            _distribution(name, ending, query, base, world.provenance, say) for ending, query in formats.items()
        ],
    }


def _distribution(
    name: str, ending: str, query: str, base: str, provenance: Provenance, say: Translator
) -> dict[str, Any]:
    file_type = ending.upper()
    licence = _licence(CC_BY, _NAME) if name == "municipalities" else _licence_of(provenance)
    address = f"{base}api/{name}.{ending}{query}"
    return {
        "@id": f"{base}api/catalog.jsonld#{name}-{ending}",
        "@type": ["dcat:Distribution", "dcatapit:Distribution"],
        "dct:title": {"@language": str(say.language), "@value": f"{say(f'api.dataset.{name}')} ({file_type})"},
        "dcat:accessURL": _id(address),
        "dcat:downloadURL": _id(address),
        "dct:format": _id(f"{_EU}/file-type/{file_type}"),
        "dcat:mediaType": FORMATS[ending],
        **_known("dct:license", licence),
    }


def _publisher(base: str, settings: Settings, say: Translator) -> dict[str, Any]:
    return {
        "@id": f"{base}api/catalog.jsonld#publisher",
        "@type": ["foaf:Agent", "dcatapit:Agent"],
        "foaf:name": settings.publisher or say("api.no_publisher"),
        **_known("dct:identifier", settings.publisher_id),
    }


def _istat(base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}api/catalog.jsonld#istat",
        "@type": ["foaf:Agent", "dcatapit:Agent"],
        "foaf:name": "ISTAT",
        "dct:identifier": "istat",  # its code in the index of public bodies
    }


def _contact(base: str, settings: Settings, say: Translator) -> dict[str, Any]:
    page = _id(settings.contact) if settings.contact.startswith("https://") else None
    return {
        "@id": f"{base}api/catalog.jsonld#contact",
        "@type": ["vcard:Organization", "dcatapit:Organization"],
        "vcard:fn": settings.publisher or say("api.no_publisher"),
        "vcard:hasEmail": _id(f"mailto:{settings.mail}"),
        **_known("vcard:hasURL", page),
    }


def _licence(address: str, name: str) -> dict[str, Any]:
    kind = _id("http://purl.org/adms/licencetype/Attribution") if address == CC_BY else None
    return {
        "@id": address,
        "@type": ["dct:LicenseDocument", "dcatapit:LicenseDocument"],
        "foaf:name": name,
        **_known("dct:type", kind),
    }


def _licence_of(provenance: Provenance) -> dict[str, Any] | None:
    """Return the licence that the catalogue names with an address, or None."""
    if not provenance.licence_address:
        return None
    return _licence(provenance.licence_address, _NAME if provenance.licence_address == CC_BY else provenance.licence)


def _day(day: date) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day.isoformat()}


def _years(situation: str) -> dict[str, Any] | None:
    """Return the year or the day that the facts describe as a period, if it is written as one."""
    if re.fullmatch(r"\d{4}", situation):
        start, end = date(int(situation), 1, 1), date(int(situation), 12, 31)
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", situation):
        start = end = date.fromisoformat(situation)
    else:
        return None
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(start), "dcat:endDate": _day(end)}


def _titles(title: str, about: str, say: Translator) -> dict[str, Any]:
    language = str(say.language)
    return {
        "dct:title": {"@language": language, "@value": say(title)},
        "dct:description": {"@language": language, "@value": say(about)},
    }


def _known(name: str, value: object) -> dict[str, Any]:
    """Return a member, or none if there is nothing to say."""
    return {name: value} if value else {}


def _id(address: str) -> dict[str, str]:
    return {"@id": address}
