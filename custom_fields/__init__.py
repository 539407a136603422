"""Custom fields: read into every record, written with it, gone with it.

Resources know nothing of them: they tell the hooks which kind of records they read, wrote or deleted.
"""

from custom_fields import inject, store
from custom_fields.routes import api as api
from perfex_api.core.hooks import Hooks


def plug(hooks: Hooks) -> None:
    """Join in wherever records are read, written and deleted."""
    hooks.on_expected.append(inject.expected)
    hooks.on_ahead.append(inject.ahead)
    hooks.on_read.append(inject.read)
    hooks.on_written.append(store.written)
    hooks.on_deleted.append(store.deleted)
