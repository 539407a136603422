"""The database's history, for Alembic: two branches, one version table (``{prefix}api_schema``).

``crm`` creates the CRM's tables where there is no Perfex; a database that Perfex made is only stamped.
``own`` creates this server's tables everywhere. ``perfex_api.schema`` runs both; there is no ``alembic.ini``.

A released migration is never edited, and imports nothing that changes later: no models, only column types and
``declare``.
"""
