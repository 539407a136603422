"""A demo company: Kestrel & Dahl, who sell lamps and wiring, all of it invented.

It makes published examples run unchanged (customer 1, invoice 1, lead 1, task 1 and ticket 1 exist) and shows
what integrations meet: tax, discounts, part payments, overdue invoices, custom fields of every type, names
with accents. Its dates are told from today.
"""

from perfex_api import numbering
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.demo import catalogue, fields, offers, office, people, sales, support, work
from perfex_api.demo.documents import Shop
from perfex_api.demo.ground import Ground


class DemoRefused(Exception):
    """The database is somebody's: the demo company stays out."""


def fill(db: Db) -> None:
    """Add the demo company to a database that has no customers.

    Args:
        db: The transaction: all of the company, or nothing of it.

    Raises:
        DemoRefused: There are customers.
    """
    # Of several servers that start at once, one fills; the others wait here, and see its customers.
    numbering.lock(db, numbering.INVOICES)
    if rows.exists(db, t.clients.c.userid > 0):
        raise DemoRefused("There are customers already, so the demo company stays out.")
    ground = Ground(db)
    shop = Shop(ground, people.fill(ground), catalogue.fill(ground))
    invoices = sales.fill(shop)
    offers.fill(shop, invoices)
    office.fill(shop, work.fill(shop))
    support.fill(shop)
    fields.fill(shop, invoices)
