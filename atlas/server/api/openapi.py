"""The OpenAPI 3.1 description of the open data."""

from typing import Any

from atlas.base.columns import ALL_COLUMNS, NUMBER_COLUMNS, READABLE_COLUMNS
from atlas.base.i18n import Translator
from atlas.base.model import View
from atlas.catalogue.links import DIMENSION_BY_PARAM, TEXT_LIMIT, known_values
from atlas.catalogue.world import World
from atlas.server.api.query import CHOICES, LARGEST_OFFSET, LARGEST_PAGE, PAGE_SIZE, REGIONS_AT_MOST
from atlas.server.api.tables import DOCUMENTS, LISTS, TABLES, media_type_of

_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_WORD: dict[str, Any] = {"type": "string"}
_TRUTH: dict[str, Any] = {"type": "boolean"}


def build_openapi(world: World, say: Translator) -> dict[str, Any]:
    """Return the description; its addresses are relative, so it is valid wherever the atlas is served."""
    parameters = _build_parameters(world, say)
    asked = {name: (table.accepted, table.schema) for name, table in TABLES.items()}
    asked |= dict.fromkeys(DOCUMENTS, (("lang",), "Document"))
    paths = {}
    for name, (names, schema) in asked.items():
        chosen = [parameters[one] for one in names]
        if name == "municipalities.geojson":
            chosen[0] = _boundary_region(parameters["region"], say)
        paths[f"/api/{name}"] = {"get": _operation(name, schema, chosen, say)}
    provenance = world.provenance
    address = {"url": provenance.licence_address} if provenance.licence_address else {}
    licence = {"license": {"name": provenance.licence, **address}} if provenance.licence else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": say("app.title"), "description": say("api.description"), "version": "1", **licence},
        "servers": [{"url": ".."}],
        "paths": paths,
        "components": {"schemas": _build_schemas()},
    }


def _build_parameters(world: World, say: Translator) -> dict[str, dict[str, Any]]:
    values, default = known_values(world), View()
    defaults = {
        "lang": default.language,
        "level": default.options.level,
        "measure": default.options.measure,
        "rule": default.options.rule,
        "crs": CHOICES["crs"][0],
    }
    schemas: dict[str, dict[str, Any]] = {
        param: {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(values[dimension])}}
        for param, dimension in DIMENSION_BY_PARAM.items()
    }
    schemas |= {name: {"enum": list(CHOICES[name]), "default": str(chosen)} for name, chosen in defaults.items()}
    schemas["place"] = {"type": "string", "pattern": "^([0-9]{3}|[0-9]{6})$"}
    schemas["q"] = {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT}
    schemas["limit"] = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
    schemas["offset"] = {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}
    return {
        name: {
            "name": name,
            "in": "query",
            "required": False,
            "description": say(f"api.parameter.{name}"),
            "style": "form",
            "explode": False,
            "schema": schema,
        }
        for name, schema in schemas.items()
    }


def _boundary_region(region: dict[str, Any], say: Translator) -> dict[str, Any]:
    schema = {**region["schema"], "maxItems": REGIONS_AT_MOST}
    return {**region, "required": True, "description": say("api.parameter.boundary_region"), "schema": schema}


def _operation(name: str, schema: str, parameters: list[dict[str, Any]], say: Translator) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string"}}
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {
        "operationId": name.replace(".", "_"),
        "summary": say(f"api.summary.{name.replace('.', '_')}"),
        "parameters": parameters,
        "responses": {
            "200": {
                "description": say("api.response.ok"),
                "headers": {"ETag": {"required": True, "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{20}"$'}}},
                "content": {media_type_of(name): content},
            },
            "304": {"description": say("api.response.not_modified")},
            "400": {"description": say("api.response.bad"), **problem},
            "414": {"description": say("api.response.long"), **problem},
            "503": {"description": say("api.response.data"), **problem},
        },
    }


def _build_schemas() -> dict[str, Any]:
    texts = {"type": "array", "items": {"type": "string"}}
    initiative: dict[str, Any] = dict.fromkeys((*ALL_COLUMNS, *READABLE_COLUMNS), _TEXT)
    initiative |= dict.fromkeys(NUMBER_COLUMNS, _NUMBER) | dict.fromkeys(LISTS, texts)
    indicator: dict[str, Any] = dict.fromkeys(("istat_code", "name"), _WORD)
    indicator |= dict.fromkeys(("numerator", "value", "low", "high", "denominator"), _NUMBER)
    indicator |= {"n_initiatives": {"type": "integer"}} | dict.fromkeys(("is_small", "is_missing"), _TRUTH)
    meta = {"type": "object", "required": ["licence", "sources", "query", "total", "offset", "limit", "count"]}
    return {
        "Initiatives": _document("initiatives", meta, _closed(initiative)),
        "Indicators": _document("indicators", meta, _closed(indicator)),
        "Features": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array"}},
        },
        "Document": {"type": "object"},
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {"type": "array", "items": {"type": "object", "required": ["parameter", "detail"]}},
            },
        },
    }


def _document(name: str, meta: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    rows = {"type": "array", "items": row}
    return {"type": "object", "required": ["meta", name], "properties": {"meta": meta, name: rows}}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
