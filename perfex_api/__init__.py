"""A Perfex-compatible CRM API over a Perfex MySQL schema, or by itself on SQLite."""
