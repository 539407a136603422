"""The OpenAPI document, made of the declarations that route and validate.

It is built when it is first asked for, and what builds it is imported then: neither the start of the program
nor a request has anything to do with it.
"""

import inspect
from collections.abc import Sequence
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api, Blueprint

from perfex_api.http import urls
from perfex_api.http.blueprint import CrmBlueprint
from perfex_api.http.documentation import TITLE
from perfex_api.http.pipeline import Operation

VERSION = "3.1.0"  # of the interface: what the vendor's own document says
BODIES = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
TEXT = {"type": "string", "nullable": True}
NUMBER = {"type": "integer", "nullable": True}
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
SCHEMES = {
    "authtoken": {"type": "apiKey", "in": "header", "name": "authtoken"},
    "bearer": {"type": "http", "scheme": "bearer"},
}

REFUSAL = {
    "type": "object",
    "properties": {
        "status": {"type": "boolean", "enum": [False]},
        "message": {"type": "string"},
        "error": {},
        "errors": {"type": "object"},
    },
    # One has nothing but an error: GET /api/zapier/{method}/{resource}.
    "anyOf": [{"required": ["status"]}, {"required": ["error"]}],
}

Json = dict[str, Any]


def describe(resources: Sequence[CrmBlueprint]) -> Json:
    """Build the document.

    flask-smorest writes it while it registers blueprints; it does so in an application of its own.

    Args:
        resources: Every resource of the API.
    """
    app = Flask("openapi", static_folder=None)
    app.config |= {"API_TITLE": TITLE, "API_VERSION": VERSION, "OPENAPI_VERSION": "3.0.3"}
    urls.install(app)
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    api = Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    for resource in resources:
        api.register_blueprint(_described(resource))
    spec: Json = api.spec.to_dict()
    components = spec.setdefault("components", {})
    components.pop("responses", None)  # flask-smorest's own error shapes: nobody answers them
    components["securitySchemes"] = SCHEMES
    components.setdefault("schemas", {})["Refusal"] = REFUSAL
    for path in spec["paths"].values():
        for method in path.keys() & {"get", "post", "put", "patch", "delete"}:
            path[method]["responses"].pop("default", None)
        if "patch" in path:
            path["patch"]["operationId"] += ".patch"
    return spec


def _described(resource: CrmBlueprint) -> Blueprint:
    """The operations of a resource, each at the first of its URLs alone."""
    about = resource.name.replace("_", " ").capitalize()
    blueprint = Blueprint(resource.name, __name__, description=about)
    row = _row_schema(resource)
    for operation in resource.operations:

        def view() -> None:
            """Stands for the operation; nobody calls it."""

        view.__doc__ = inspect.getdoc(operation.rule)
        methods = ["PUT", "PATCH"] if operation.method == "PUT" else [operation.method]
        documented = blueprint.doc(**_manual(operation, row))(view)
        blueprint.add_url_rule(operation.urls[0], operation.id.replace(".", "_"), documented, methods=methods)
    return blueprint


def _row_schema(resource: CrmBlueprint) -> Json:
    """What a row looks like: every column a text or null, but for the few that are numbers."""
    properties: Json = {str(column.key): TEXT for column in resource.shows if column.key}
    properties |= dict.fromkeys(resource.resource.numbers, NUMBER)
    if resource.resource.kind:
        pair = {"type": "object", "properties": {"label": {"type": "string"}, "value": {"type": "string"}}}
        properties["customfields"] = {"type": "array", "items": pair}
    return {"type": "object", "properties": properties}


def _manual(operation: Operation, row: Json) -> Json:
    """What is said of an operation beside its docstring."""
    manual: Json = {
        "operationId": operation.id,
        "responses": _responses(operation, row),
        "security": [{name: []} for name in SCHEMES],
    }
    if parameters := _parameters(operation):
        manual["parameters"] = parameters
    if operation.schema is not None:
        content: Json = {kind: {"schema": operation.schema} for kind in BODIES}
        if operation.files:
            uploads = {"type": "object", "properties": {"file": FILES}}
            content[BODIES[0]] = {"schema": {"allOf": [operation.schema, uploads]}}
        manual["requestBody"] = {"required": operation.errand is None, "content": content}
    if len(operation.urls) > 1:
        manual["description"] = "Also: " + ", ".join(f"`{url}`" for url in operation.urls[1:])
    return manual


def _responses(operation: Operation, row: Json) -> Json:
    many = {"type": "array", "items": row}
    page = {"type": "object", "properties": {"data": many, "meta": {"type": "object"}}}
    done = {
        "type": "object",
        "properties": {"status": {"type": "boolean"}, "message": {"type": "string"}},
        "required": ["status", "message"],
    }
    shape = {
        "ListAnswer": {"oneOf": [many, page]},
        "SearchAnswer": {"oneOf": [many, page]},
        "RowAnswer": {"oneOf": [many, row]} if getattr(operation.answer, "in_list_unless", "") else row,
        "ActionAnswer": {},
    }
    success = shape.get(type(operation.answer).__name__, done)
    refusals = {
        "400": "The request cannot be read.",
        "401": "No token, an unknown or an expired one.",
        "403": "The token lacks the permission, or the address is not allowed.",
        "404": "There is no such record, or nothing was found.",
        "429": "A quota is used up.",
        "500": "The server failed; nothing was changed.",
    }
    if "cursor" in operation.query:
        refusals["410"] = "The cursor is older than what is kept."
    if operation.method == "GET":
        refusals["422"] = "A date bound or a filter cannot be read."
    else:
        refusals["409"] = "Another record stands in the way."
        refusals["413"] = "The body is too large."
        refusals["422"] = "A value does not fit its column."
    if operation.method == "PUT":
        refusals["406"] = "The body is empty or cannot be read."
    described = {
        code: _json(text, {"$ref": "#/components/schemas/Refusal"}) for code, text in refusals.items()
    }
    status = str(getattr(operation.answer, "status", 200))
    return {status: _json("Success", success)} | dict(sorted(described.items()))


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameters(operation: Operation) -> list[Json]:
    own = [{"in": "query", "name": name, "schema": {"type": "string"}} for name in operation.query]
    if type(operation.answer).__name__ not in ("ListAnswer", "SearchAnswer"):
        return own
    names = {
        "page": ("integer", "Page number, from 1; answers `{data, meta}`."),
        "per_page": ("integer", "Rows on a page, 1 to 100."),
        "sort": ("string", "Columns, separated by commas; `-` before a name: descending."),
        "fields": ("string", "Columns to answer, separated by commas; the id stays."),
        "created_after": ("string", "ISO date or date-time, inclusive."),
        "created_before": ("string", "ISO date or date-time, inclusive."),
    }
    return own + [
        {"in": "query", "name": name, "description": about, "schema": {"type": kind}}
        for name, (kind, about) in names.items()
    ]


def _schema_name(schema: Any) -> str:
    """A schema that is used whole and in part stands in the document under two names."""
    name = type(schema).__name__ if not isinstance(schema, type) else schema.__name__
    return f"{name}Update" if getattr(schema, "partial", False) else name
