"""Whole lists in the order of an index.

MySQL sorts the rows of a whole table although an index has them in order, since that reads less from a
disk. But rows as wide as a customer do not fit into the memory for sorting, and none is answered before all
are read: from memory, the index takes half the time and gives its first row at once.
"""

from typing import Any

import sqlalchemy as sa

from perfex_api.core.db import Db

#: The execution option in which a rule names the index that has its rows in order.
INDEX = "index_in_order"
UNKNOWN = 1176  # to the server: an index of this name


def along_index(db: Db, query: sa.Select[Any]) -> sa.Select[Any]:
    """A query of all rows that reads them along the index its rule named, if this database has it.

    Args:
        db: The transaction.
        query: Of one table, in the order in which its rule left it.
    """
    name = query.get_execution_options().get(INDEX)
    if not name or db.is_sqlite:
        return query
    (table,) = query.get_final_froms()
    index = db.connection.dialect.identifier_preparer.quote_identifier(name)
    hinted: sa.Select[Any] = query.with_hint(table, f"FORCE INDEX FOR ORDER BY ({index})")
    known = (table, name)
    if known not in db.live.compiled:
        db.live.compiled[known] = _is_possible(db, hinted)
    return hinted if db.live.compiled[known] else query


def _is_possible(db: Db, query: sa.Select[Any]) -> bool:
    try:
        db.execute(query.limit(0)).close()
    except sa.exc.DBAPIError as error:
        if error.orig and error.orig.args[0] == UNKNOWN:
            return False
        raise
    return True
