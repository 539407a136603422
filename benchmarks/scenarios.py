"""What is measured."""

from dataclasses import dataclass

from benchmarks.database import FIELDS, LARGE, PLAIN, WRITES, Data

FORM = (
    "company=Bench+{n}+Ltd&vat=123&phonenumber=%2B30210&city=Athens&zip=10000&address=1+Road"
    "&website=https%3A%2F%2Fe.test"
)


@dataclass(frozen=True)
class Scenario:
    """One kind of request.

    Attributes:
        about: What the table calls it.
        data: The database that is asked.
        path: What is asked for; see ``requests.lua``.
        connections: How many at once.
        most: The largest number in the path.
        body: A form to post.
        seconds: The least time that a run takes.
        unchanged: Whether the client has the answer already (``If-None-Match``), which only we are asked.
        alone: Whether only we are asked.
        promised: Whether it is also asked of the server that sends our queries and does nothing else.
    """

    about: str
    data: Data
    path: str
    connections: int = 1
    most: int = 1
    body: str = ""
    seconds: float = 0
    unchanged: bool = False
    alone: bool = False
    promised: bool = False

    def asks(self, peer: str) -> str:
        """The path for a server; empty: it is not asked."""
        if peer == "same queries":
            return self.path if self.promised else ""
        return "" if self.alone and peer != "ours" else self.path


SCENARIOS = {
    "one": Scenario("get one of 100,000", LARGE, "/api/customers/{id}", 16, 100_000, promised=True),
    "create": Scenario("create, durable", WRITES, "/api/customers", 16, body=FORM, promised=True),
    "list": Scenario("list 10,000 rows, by name", PLAIN, "/api/customers", seconds=4),
    "list_by_id": Scenario("list 10,000 rows, by id", PLAIN, "/api/customers?sort=userid", seconds=4),
    "list_fields": Scenario(
        "list 10,000 rows with 3 custom fields each", FIELDS, "/api/customers", seconds=4, alone=True
    ),
    "unchanged": Scenario(
        "list 10,000 rows, If-None-Match", PLAIN, "/api/customers", unchanged=True, alone=True
    ),
    "page": Scenario(
        "page of 25 of 100,000, random depth, with total",
        LARGE,
        "/api/customers?page={page}&per_page=25",
        most=4_000,
        seconds=4,
    ),
    "lists": Scenario("list 10,000 rows, 16 connections", PLAIN, "/api/customers", 16, seconds=10),
    "unchanged_at_once": Scenario(
        "list 10,000 rows, If-None-Match, 16 connections",
        PLAIN,
        "/api/customers",
        16,
        unchanged=True,
        alone=True,
    ),
    "invoice": Scenario("get one of 100,000 invoices", LARGE, "/api/invoices/{id}", 16, 100_000, alone=True),
}
