"""The WSGI entry point: ``wsgi:app`` for any production server."""

from perfex_api.app import create_app

app = create_app()
