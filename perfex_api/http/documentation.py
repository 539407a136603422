"""Serves the OpenAPI document, and its interactive pages, whose files are our own."""

from collections.abc import Sequence
from functools import cache

import orjson
from flask import Blueprint
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug import Response

from perfex_api.http.blueprint import CrmBlueprint
from perfex_api.http.wire import respond

TITLE = "Perfex-compatible CRM API"


def blueprints(resources: Sequence[CrmBlueprint]) -> list[Blueprint]:
    """The routes of the document and of its pages.

    It asks for no token: the contract's ``openapi.document``.

    Args:
        resources: Every resource of the API.
    """

    @cache
    def spec() -> orjson.Fragment:
        # What builds it takes long to import, and most processes are never asked.
        from perfex_api.http import openapi

        return orjson.Fragment(orjson.dumps(openapi.describe(resources)))

    def document() -> Response:
        return respond(spec())

    documents = Blueprint("openapi", __name__, url_prefix="/api")
    documents.add_url_rule("/openapi", "document", document)
    documents.add_url_rule("/openapi.json", "document_json", document)
    options = {"app_name": TITLE, "tryItOutEnabled": True}
    return [documents, get_swaggerui_blueprint("/api/docs", "../openapi.json", config=options)]
