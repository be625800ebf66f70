"""The OpenAPI document: routes by FastAPI, answers by the result models, with the unit and meaning of each field.

Result models are loaded when the document is asked for and not when the server starts: they bring half of the program with them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, get_args

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from ytterby.api.problems import MEDIA, TITLES, Problem
from ytterby.api.replies import MEDIA as TABLE_MEDIA
from ytterby.api.routes.common import MODEL
from ytterby.api.routes.groups import PREFIX, ROUTERS
from ytterby.tables import rows

if TYPE_CHECKING:
    from types import UnionType

    from fastapi import FastAPI

    from ytterby.result_model import ResultModel

COMPONENT = "#/components/schemas/{model}"
REFUSED = (401, 403, 404, 413, 421, 422, 503)
"""Statuses with which any route may refuse."""
OF_CHANGES = (409, 412, 428, 429)
"""Further ones of routes that change something, or open a stream."""


def openapi(api: FastAPI, about: str) -> dict[str, Any]:
    """OpenAPI document of an application."""
    document = get_openapi(title=api.title, version=version("ytterby"), description=about, routes=api.routes)
    document["paths"] = {path: answers for path, answers in document["paths"].items() if path.startswith(PREFIX)}
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    models = {route.endpoint: _models(getattr(route.endpoint, MODEL)()) for route in routes if hasattr(route.endpoint, MODEL)}
    names, schemas = _schemas([*(model for each in models.values() for model in each), Problem])
    for route in routes:
        for method in route.methods or ():
            answer = document["paths"][PREFIX + route.path_format][method.lower()]
            _describe(answer, [names[model] for model in models.get(route.endpoint, ())], str(route.status_code or 200), method)
    components = document.setdefault("components", {}).setdefault("schemas", {})
    for left in ("HTTPValidationError", "ValidationError"):  # errors are problems here
        components.pop(left, None)
    components |= schemas
    _explain(components)
    return document


def _explain(schemas: dict[str, Any]) -> None:
    """Give each field its meaning: its own words, else those of the model that it holds, else those of our table for its key."""
    meanings = {row["key"]: row["meaning"] for row in rows("ytterby.api", "tables/meanings")}
    for name, schema in schemas.items():
        for key, field in schema.get("properties", {}).items():
            if not field.get("description"):
                inside = _inside(field)
                said = schemas.get(inside, {}).get("description", "").split("\n")[0] or meanings.get(f"{name}.{key}") or meanings.get(key)
                field.update({"description": said} if said else {})


def _inside(field: Any) -> str:
    """Name of the model that a field holds, or whose rows it holds; empty for plain values."""
    if not isinstance(field, dict):
        return ""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    parts = (field.get("items"), field.get("additionalProperties"), *field.get("anyOf", ()))
    return next((found for part in parts if (found := _inside(part))), "")


def _models(given: type[ResultModel] | UnionType) -> tuple[type[ResultModel], ...]:
    """Models that an answer may have."""
    return get_args(given) or (given,)


def _schemas(models: list[type[ResultModel]]) -> tuple[dict[Any, str], dict[str, Any]]:
    """Name of each model, and the schemas of all, by name."""
    unique = list(dict.fromkeys(models))
    references, found = models_json_schema([(model, "serialization") for model in unique], ref_template=COMPONENT)
    names = {model: str(references[model, "serialization"]["$ref"]).rpartition("/")[2] for model in unique}
    return names, found["$defs"]


def _describe(answer: dict[str, Any], names: list[str], status: str, method: str) -> None:
    """Say what a route answers: its model, the files it may send instead, 304, and how it refuses."""
    responses = answer["responses"]
    said = responses.setdefault(status, {"description": "Successful Response"})
    said["description"] = (answer.get("description") or answer.get("summary") or "Answer").split("\n")[0]
    if names:
        models = [{"$ref": COMPONENT.format(model=name)} for name in names]
        said["content"] = {"application/json": {"schema": {"anyOf": models} if len(models) > 1 else models[0]}}
        if any(parameter["name"] == "format" for parameter in answer.get("parameters", ())):
            said["content"] |= {
                media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in TABLE_MEDIA.values()
            }
    if method == "GET":
        responses["304"] = {"description": "The content that If-None-Match names is still current"}
    problem = {MEDIA: {"schema": {"$ref": COMPONENT.format(model="Problem")}}}
    for code in (*REFUSED, *(OF_CHANGES if method != "GET" or "events" in answer["operationId"] else ())):
        responses[str(code)] = {"description": TITLES[code], "content": problem}
