"""publiccode.yml is valid by version 0.4 of its standard, says what is true, and invents nobody."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "publiccode.yml").read_text(encoding="utf-8")

# The mandatory keys of the core of the standard, and every key that this file uses: no other may appear.
TAGS = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "minLength": 2}}
CONTACTS = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}}
MANDATORY = ["publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"]
MANDATORY += ["description", "legal", "maintenance", "localisation"]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": MANDATORY,
    "properties": {
        "publiccodeYmlVersion": {"const": "0.4"},
        "name": {"type": "string", "minLength": 1},
        "url": {"type": "string", "pattern": r"^https://[\w.-]+/\S+$"},
        "softwareVersion": {"type": "string"},
        "platforms": TAGS,
        "categories": {
            **TAGS,
            "items": {"enum": ["data-visualization", "geographic-information-systems", "data-analytics"]},
        },
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {"const": "standalone/web"},
        "intendedAudience": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "countries": {**TAGS, "items": {"const": "IT"}},
                "scope": {**TAGS, "items": {"enum": ["local-authorities", "welfare", "society"]}},
            },
        },
        "description": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["shortDescription", "longDescription", "features"],
                "properties": {
                    "shortDescription": {"type": "string", "minLength": 1, "maxLength": 150},
                    "longDescription": {"type": "string", "minLength": 150, "maxLength": 10_000},
                    "features": {**TAGS, "items": {"type": "string", "maxLength": 100}},
                    "screenshots": TAGS,
                },
            },
        },
        "legal": {
            "type": "object",
            "additionalProperties": False,
            "required": ["license"],
            "properties": {"license": {"const": "EUPL-1.2"}},
        },
        "maintenance": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": ["internal", "contract", "community", "none"]}, "contacts": CONTACTS},
            "if": {"properties": {"type": {"enum": ["internal", "community"]}}},
            "then": {"required": ["contacts"]},
        },
        "localisation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["localisationReady", "availableLanguages"],
            "properties": {"localisationReady": {"type": "boolean"}, "availableLanguages": TAGS},
        },
        "dependsOn": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "open": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "versionMin": {"type": "string"}},
                    },
                }
            },
        },
    },
}


def faults(text):
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(text))
    ]


@pytest.fixture(scope="module")
def card():
    return yaml.safe_load(TEXT)


def test_it_is_valid():
    assert faults(TEXT) == []


@pytest.mark.parametrize("key", MANDATORY)
def test_a_mandatory_key_that_is_missing_would_be_seen(key):
    assert faults(re.sub(rf"^{key}:", "other:", TEXT, flags=re.M))


def test_wrong_values_would_be_seen():
    for before, after in [
        ("EUPL-1.2", "EUPL 1.2"),
        ("type: none", "type: community"),
        ('"0.4"', "0.4"),
        ("beta", "new"),
    ]:
        assert before in TEXT
        assert faults(TEXT.replace(before, after)), after


def test_it_says_what_the_program_says(card):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert card["softwareVersion"] == project["version"]
    assert f">={card['dependsOn']['open'][0]['versionMin']}" == project["requires-python"]
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    languages = sorted(path.stem for path in (ROOT / "atlas" / "locales").glob("*.toml"))
    assert sorted(card["localisation"]["availableLanguages"]) == sorted(card["description"]) == languages
    shots = [shot for one in card["description"].values() for shot in one["screenshots"]]
    assert [shot for shot in shots if not (ROOT / shot).is_file()] == []


def test_an_address_that_is_not_known_is_not_invented(card):
    """Until somebody publishes the code, its address is in a domain that exists nowhere; there is no other."""
    addresses = re.findall(r"\b\w+://\S+|\b[\w.]+@[\w.]+", re.sub(r"#.*", "", TEXT))
    assert addresses == [card["url"]]
    is_published = card["maintenance"]["type"] != "none"
    assert is_published or urlsplit(card["url"]).hostname.endswith(".invalid")
