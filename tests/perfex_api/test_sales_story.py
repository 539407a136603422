"""The life of invoices over real HTTP: one customer's story, and two hundred at once."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException

import consistency
import pytest
from contract import stored
from make import (
    make_credit,
    make_credit_note,
    make_custom_field,
    make_customer,
    make_estimate,
    make_payment_mode,
)
from over_http import Client, served

from perfex_api import tables as t
from perfex_api.app import create_app
from perfex_api.settings import Settings

contract = pytest.mark.contract

#: Worked out by hand. Three lines: 3 x 199.99 = 599.97, 2.5 x 80.00 = 200.00, 1 x 49.95; together 849.92.
#: VAT of 19 % on the first two is 151.9943, City of 1 % on the first 5.9997. A tenth off before tax, 84.992,
#: leaves 136.79487 and 5.39973 of them, 142.1946. 849.92 - 84.992 + 142.1946 - 0.12 = 907.0026.
LINES = (
    "newitems[0][description]=Camera&newitems[0][long_description]=24+MP&newitems[0][qty]=3"
    "&newitems[0][rate]=199.99&newitems[0][order]=1&newitems[0][unit]=pc"
    "&newitems[0][taxname][]=VAT|19.00&newitems[0][taxname][]=City|1.00"
    "&newitems[0][custom_fields][items][{colour}]=red"
    "&newitems[1][description]=Repair&newitems[1][qty]=2.5&newitems[1][rate]=80&newitems[1][order]=2"
    "&newitems[1][unit]=h&newitems[1][taxname]=VAT|19.00"
    "&newitems[2][description]=Deposit&newitems[2][qty]=1&newitems[2][rate]=49.95&newitems[2][order]=3"
)
FORM = (
    "clientid=1&number=7&date=2026-03-05&duedate=2099-04-04&currency=1&billing_street=High+Street+1"
    "&discount_type=before_tax&discount_percent=10&adjustment=-0.12&allowed_payment_modes[0]=1&tags=first,big"
    "&custom_fields[invoice][{reference}]=PO-9&"
) + LINES
FIGURES = {"subtotal": "849.92", "discount_total": "84.99", "total_tax": "142.19", "total": "907.00"}


def numbered(prefix, number):
    """The columns of a number, as the CRM's screens write them."""
    return {
        "prefix": prefix,
        "number": number,
        "number_format": 1,
        "formatted_number": f"{prefix}{number:06}",
    }


@contract("invoices.create", "invoices.get", "payments.create", "payments.delete", "invoices.delete")
def test_an_invoice_is_written_paid_credited_and_deleted(app, mint, make, transaction):
    colour, reference = make(make_custom_field, "items"), make(make_custom_field, "invoice")
    cash = make(make_payment_mode, name="Cash")

    def shows(status, left):
        """What a client sees, and that the tables agree with each other."""
        _, found = client("GET", "invoices/1")
        assert (found["status"], found["total_left_to_pay"]) == (status, left)
        with transaction() as db:
            consistency.check(db)
        return found

    with served(app) as port, closing(Client(port, mint().token)) as client:
        assert client("POST", "customers", {"company": "Acme"})[1]["record_id"] == 1
        answer = client("POST", "invoices", FORM.format(colour=colour, reference=reference))
        assert answer == (200, {"status": True, "message": "Invoice Added Successfully", "record_id": 1})
        found = shows("1", "907.00")
        assert {name: found[name] for name in FIGURES} == FIGURES
        assert (found["formatted_number"], found["discount_percent"], found["adjustment"]) == (
            "INV-000007",
            "10.00",
            "-0.12",
        )
        assert [(line["qty"], line["rate"], line["taxname"]) for line in found["items"]] == [
            ("3.00", "199.99", ["VAT", "City"]),
            ("2.50", "80.00", ["VAT"]),
            ("1.00", "49.95", []),
        ]
        assert found["customfields"][0]["value"] == "PO-9"
        assert [line["customfields"][0]["value"] for line in found["items"]] == ["red", "", ""]

        paid = {"invoiceid": 1, "amount": "400.00", "paymentmode": cash, "note": "half"}
        assert client("POST", "payments", paid)[1]["paymentmode"] is True
        shows("3", "507.00")
        assert client("POST", "payments", paid | {"amount": "507"})[0] == 200
        assert [payment["name"] for payment in shows("2", "0.00")["payments"]] == ["Cash", "Cash"]
        assert client("DELETE", "payments/2")[0] == 200
        shows("3", "507.00")

        # The CRM's own screens apply a credit; the next write here sees it.
        note = make(make_credit_note, clientid=1, total=600, adjustment=600, **numbered("CN-", 1))
        make(make_credit, 1, note, amount="507.00")
        assert client("PUT", "invoices/1", {"clientnote": "Thank you"})[0] == 200
        shows("2", "0.00")

        # One more lens makes 907.00 + 100.00 less a tenth.
        assert client("PUT", "invoices/1", newitems=[{"description": "Lens", "rate": "100"}])[0] == 200
        found = shows("3", "90.00")
        assert (found["subtotal"], found["total"], found["clientnote"]) == ("949.92", "997.00", "Thank you")
        assert client("PUT", "invoices/1", removed_items=[int(found["items"][3]["id"])])[0] == 200
        shows("2", "0.00")

        estimate = make(make_estimate, clientid=1, invoiceid=1, hash="e" * 32, **numbered("EST-", 5))
        assert client("DELETE", "invoices/1") == (
            200,
            {"status": True, "message": "Invoice Deleted Successfully"},
        )
        assert client("GET", "invoices/1")[0] == client("GET", "payments")[0] == 404
        assert stored.row(transaction, t.estimates, estimate)["invoiceid"] is None
        assert stored.row(transaction, t.creditnotes, note)["status"] == 1
        with transaction() as db:
            consistency.check(db)


# -- many at once ------------------------------------------------------------------------------------


def body(number):
    """An invoice of two lines that says which of all it is, and leaves its number to the counter."""
    lines = [
        {"description": f"{number} {part}", "qty": 1, "rate": number, "taxname": "VAT|19"} for part in "ab"
    ]
    return {
        "clientid": 1,
        "date": "2026-03-05",
        "currency": 1,
        "billing_street": f"{number}",
        "allowed_payment_modes": [1],
        "newitems": lines,
    }


@contract("invoices.create")
def test_two_hundred_invoices_at_once_get_two_hundred_numbers(app, mint, make, transaction):
    make(make_customer)
    token = mint().token

    def add_some(port, numbers):
        with closing(Client(port, token)) as client:
            return [client("POST", "invoices", **body(number)) for number in numbers]

    with served(app) as port, ThreadPoolExecutor(16) as threads:
        shares = [range(first, 201, 16) for first in range(1, 17)]
        answers = [answer for share in threads.map(add_some, [port] * 16, shares) for answer in share]

    assert Counter(status for status, _ in answers) == {200: 200}
    assert sorted(told["record_id"] for _, told in answers) == list(range(1, 201))
    assert stored.values(transaction, t.invoices.c.number) == list(range(1, 201))
    assert stored.values(transaction, t.options.c.value, t.options.c.name == "next_invoice_number") == ["201"]
    written = Counter(stored.values(transaction, t.itemable.c.description))
    assert written == {f"{number} {part}": 1 for number in range(1, 201) for part in "ab"}
    owners = {row["id"]: row["billing_street"] for row in stored.found(transaction, t.invoices)}
    for line in stored.found(transaction, t.itemable):
        assert line["description"].split()[0] == owners[line["rel_id"]]
    with transaction() as db:
        consistency.check(db)


@contract("invoices.create")
def test_one_number_wanted_by_many_is_given_once(app, mint, make, transaction):
    make(make_customer)
    token = mint().token

    def add_one(port):
        with closing(Client(port, token)) as client:
            return client("POST", "invoices", **body(1), number=7)

    with served(app) as port, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(add_one, [port] * 8))
    assert Counter(status for status, _ in answers) == {200: 1, 409: 7}
    assert len(stored.found(transaction, t.invoices)) == 1


@contract("payments.create")
def test_payments_at_once_make_the_right_status(app, mint, make, transaction):
    make(make_customer)
    token = mint().token

    def pay(port):
        with closing(Client(port, token)) as client:
            return client("POST", "payments", invoiceid=1, amount="29.75", paymentmode="1")

    with served(app) as port, closing(Client(port, token)) as client, ThreadPoolExecutor(8) as threads:
        client("POST", "invoices", **body(100))  # 200.00 and 38.00 of tax: eight times 29.75
        answers = list(threads.map(pay, [port] * 8))
        _, found = client("GET", "invoices/1")
    assert {status for status, _ in answers} == {200}
    assert (found["total"], found["status"], found["total_left_to_pay"]) == ("238.00", "2", "0.00")
    with transaction() as db:
        consistency.check(db)


def serve_until_killed(url, ports):
    """A worker of its own; the test kills it."""
    app = create_app(Settings.read({}, database_url=url, request_log=False))
    with served(app) as port:
        ports.put(port)
        time.sleep(60)


@contract("invoices.create")
def test_a_worker_that_is_killed_leaves_no_invoice_without_its_lines(crm_url, mint, make, transaction):
    make(make_customer)
    token = mint().token
    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    worker = context.Process(target=serve_until_killed, args=(crm_url, ports), daemon=True)
    worker.start()
    port = ports.get(timeout=60)

    def add_until_it_dies(first):
        told = 0
        with closing(Client(port, token)) as client:
            try:
                for number in range(first, 10_000, 4):
                    told += client("POST", "invoices", **body(number))[0] == 200
            except (OSError, ValueError, HTTPException):  # the end of the server, perhaps amid an answer
                return told
        raise AssertionError("the worker was not killed")

    with ThreadPoolExecutor(4) as threads:
        adding = [threads.submit(add_until_it_dies, first) for first in range(1, 5)]
        while worker.is_alive() and stored.counts(transaction)[t.invoices.name] < 10:
            time.sleep(0.02)
        os.kill(worker.pid, signal.SIGKILL)
        told = sum(each.result() for each in adding)
    worker.join()
    ports.close()

    written = stored.found(transaction, t.invoices)
    assert told <= len(written) <= told + 4
    lines = Counter(stored.values(transaction, t.itemable.c.rel_id))
    assert lines == {invoice["id"]: 2 for invoice in written}
    assert stored.values(transaction, t.invoices.c.number) == list(range(1, len(written) + 1))
    with transaction() as db:
        consistency.check(db)
