"""The kernel: databases, rows, hooks, errors. Knows SQLAlchemy; knows no HTTP, no table, no resource."""
