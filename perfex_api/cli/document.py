"""The command that prints the OpenAPI document."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import orjson

from perfex_api.app import create_app
from perfex_api.cli.connect import read_settings
from perfex_api.http.pipeline import Machinery


@click.command()
def openapi() -> None:
    """Print the OpenAPI document that /api/openapi.json answers.

    No database is needed.
    """
    with TemporaryDirectory() as folder:
        nowhere = f"sqlite:///{Path(folder, 'empty.sqlite3')}"
        app = create_app(read_settings(database_url=nowhere, database_read_url="", request_log=False))
        document = app.test_client().get("/api/openapi.json").get_json()
        machinery: Machinery = app.extensions["perfex_api"]
        machinery.database.dispose()
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))
