"""The database's history, for Alembic: two branches, one version table (``{prefix}api_schema``).

``crm`` creates the CRM's tables where there is no Perfex; a database that Perfex made is only stamped.
``own`` creates this server's tables everywhere. ``perfex_api.schema`` runs both; there is no ``alembic.ini``.

A released migration is never edited, and imports nothing that changes later: no models, only column types and
``declare``.
"""

from pathlib import Path


def known() -> set[str]:
    """The ids of all migrations, which are the names of their files."""
    return {path.stem for path in Path(__file__).with_name("versions").glob("[a-z]*.py")}


def heads() -> set[str]:
    """The ids of the newest migration of each branch; ``own_01_tables`` is the first of its branch."""
    newest = {name.partition("_")[0]: name for name in sorted(known())}
    return set(newest.values())
