"""Lines of sales documents: every form in which clients send them, and what is written and read."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from counting import queries
from make import (
    make_custom_field,
    make_custom_field_value,
    make_estimate,
    make_expense,
    make_invoice,
    make_line,
    make_row,
    make_task,
)
from marshmallow import ValidationError

from perfex_api import line_items
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid
from perfex_api.core.php import unserialize
from perfex_api.line_items import Sent, WithLines
from perfex_api.totals import Line, Tax

CGST, SGST = Tax("CGST", Decimal("9.00")), Tax("SGST", Decimal("9.00"))
PLAIN = {"qty": Decimal("1"), "rate": Decimal("0"), "long_description": "", "unit": "", "taxes": ()}


def read(**body: Any) -> dict[str, Any]:
    """A create's body."""
    found: dict[str, Any] = WithLines().load(body)
    return found


def read_changes(**body: Any) -> Sent:
    """An update's body."""
    return Sent.take(WithLines(partial=True).load(body))


def stored(db: Db, rel_type: str, rel_id: int) -> list[dict[str, Any]]:
    mine = t.itemable.c.rel_type == rel_type, t.itemable.c.rel_id == rel_id
    return rows.fetch(db, sa.select(t.itemable).where(*mine).order_by(t.itemable.c.item_order))


def taxes(db: Db, line_id: int) -> list[tuple[str, str]]:
    mine = sa.select(t.item_tax).where(t.item_tax.c.itemid == line_id).order_by(t.item_tax.c.id)
    return [(row["taxname"], str(row["taxrate"])) for row in rows.fetch(db, mine)]


def activity(db: Db, rel_id: int) -> list[tuple[str, Any]]:
    mine = sa.select(t.sales_activity).where(t.sales_activity.c.rel_id == rel_id)
    found = rows.fetch(db, mine.order_by(t.sales_activity.c.id))
    return [(row["description"], unserialize(row["additional_data"])) for row in found]


class TestForms:
    """What clients send."""

    def test_a_line_says_everything(self) -> None:
        line = {
            "description": "Camera",
            "long_description": "12 MP",
            "qty": "2",
            "rate": "1200",
            "unit": 1,
            "order": "3",
            "taxname": ["CGST|9.00"],
            "custom_fields": {"items": {"5": "red"}},
        }
        (found,) = read(newitems=[line])["newitems"]
        assert found == {
            "description": "Camera",
            "long_description": "12 MP",
            "qty": Decimal("2.00"),
            "rate": Decimal("1200.00"),
            "unit": "1",
            "item_order": 3,
            "taxes": (CGST,),
            "custom_fields": {"items": {"5": "red"}},
        }

    @pytest.mark.parametrize("blank", [{}, {"qty": "", "rate": "", "order": "", "taxname": "", "unit": ""}])
    def test_a_line_needs_no_more_than_a_description(self, blank: dict[str, str]) -> None:
        (found,) = read(newitems=[{"description": "Camera"} | blank])["newitems"]
        assert found == PLAIN | {"description": "Camera"}

    @pytest.mark.parametrize(
        "form",
        [
            [{"description": "a"}, {"description": "b"}],
            {"0": {"description": "a"}, "1": {"description": "b"}},
            {"5": {"description": "b"}, "3": {"description": "a"}},
            {"description": ["a", "b"]},
            '[{"description": "a"}, {"description": "b"}]',
            '{"1": {"description": "a"}, "2": {"description": "b"}}',
            ['{"description": "a"}', '{"description": "b"}'],
        ],
        ids=["list", "map", "map in another order", "map of lists", "JSON", "JSON map", "list of JSON"],
    )
    def test_lines_come_in_many_forms(self, form: Any) -> None:
        found = read(newitems=form)["newitems"]
        assert [line["description"] for line in found] == ["a", "b"]

    def test_one_line_needs_no_list(self) -> None:
        assert len(read(newitems={"description": "a", "taxname": ["CGST|9.00"]})["newitems"]) == 1

    def test_a_map_of_lists_may_be_ragged(self) -> None:
        found = read(newitems={"description": ["a", "b"], "qty": ["2"], "rate": "5"})["newitems"]
        assert [(line["qty"], line["rate"]) for line in found] == [(2, 5), (1, 0)]

    @pytest.mark.parametrize("nothing", ["", [], {}, "[]"])
    def test_no_lines_are_no_lines(self, nothing: Any) -> None:
        assert read(newitems=nothing)["newitems"] == []

    @pytest.mark.parametrize(
        ("taxname", "found"),
        [
            ("", ()),
            ([], ()),
            ([""], ()),
            ("CGST|9.00", (CGST,)),
            (["CGST|9.00", "SGST|9.00"], (CGST, SGST)),
            ("CGST|9.00,SGST|9.00", (CGST, SGST)),
            ("CGST|9.00, SGST|9", (CGST, SGST)),
            ('["CGST|9.00", "SGST|9.00"]', (CGST, SGST)),
            ({"0": "CGST|9.00", "1": "SGST|9.00"}, (CGST, SGST)),
            ({"name": "CGST", "rate": 9}, (CGST,)),
            ([{"name": "CGST", "rate": "9.00"}, {"taxname": "SGST", "taxrate": 9}], (CGST, SGST)),
            (["CGST|9.00", "CGST|9.00", "CGST|9"], (CGST,)),
            ("VAT, reduced|7", (Tax("VAT, reduced", Decimal("7.00")),)),
            ("VAT, reduced|7,CGST|9", (Tax("VAT, reduced", Decimal("7.00")), CGST)),
            ("A|B|9", (Tax("A|B", Decimal("9.00")),)),
            ("IRPF|-15", (Tax("IRPF", Decimal("-15.00")),)),
            ("NY|8.875", (Tax("NY", Decimal("8.88")),)),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("name", ["taxname", "taxes"])
    def test_taxes_come_in_many_forms(self, name: str, taxname: Any, found: tuple[Tax, ...]) -> None:
        (line,) = read(newitems=[{"description": "a", name: taxname}])["newitems"]
        assert line["taxes"] == found

    @pytest.mark.parametrize(
        "taxname", ["VAT", "VAT|", "|9", "VAT|9,5", "VAT|NaN", [{"name": "VAT"}], ["VAT", 9], {"rate": 9}]
    )
    def test_a_tax_is_a_name_and_a_rate(self, taxname: Any) -> None:
        with pytest.raises(ValidationError) as refusal:
            read(newitems=[{"description": "a", "taxname": taxname}])
        sentence = "The Tax field must be a name and a rate, e.g. VAT|20.00."
        assert refusal.value.messages == {"newitems": {0: {"taxname": [sentence]}}}

    def test_the_name_of_a_tax_has_its_limit(self) -> None:
        with pytest.raises(ValidationError, match="100 characters"):
            read(newitems=[{"description": "a", "taxname": f"{'x' * 101}|9"}])

    def test_every_wrong_line_is_told(self) -> None:
        with pytest.raises(ValidationError) as refusal:
            read(newitems=[{"qty": "many"}, {"description": "fine"}, {"description": "a", "rate": "x"}])
        assert refusal.value.messages == {
            "newitems": {
                0: {
                    "description": ["The Description field is required."],
                    "qty": ["The Quantity field must contain a decimal number."],
                },
                2: {"rate": ["The Rate field must contain a decimal number."]},
            }
        }

    @pytest.mark.parametrize("form", ["Camera", 5, ["Camera"], [["a"]], "[1]"])
    def test_lines_that_are_none_are_refused(self, form: Any) -> None:
        with pytest.raises(ValidationError, match="The Items field must be a list of lines"):
            read(newitems=form)

    def test_a_create_takes_items_as_new_lines_whatever_their_ids(self) -> None:
        body = read(items=[{"itemid": "7", "description": "a"}])
        assert Sent.take(body).new == [PLAIN | {"description": "a"}]
        assert body == {}

    def test_an_update_changes_items_with_an_id_and_adds_the_others(self) -> None:
        sent = read_changes(items=[{"itemid": "7", "qty": "3"}, {"itemid": "", "description": "b"}])
        assert sent.changed == [{"itemid": 7, "qty": Decimal("3.00")}]
        assert sent.new == [PLAIN | {"description": "b"}]

    def test_an_update_takes_newitems_as_new_lines_whatever_their_ids(self) -> None:
        sent = read_changes(newitems=[{"itemid": "7", "description": "a"}])
        assert (sent.new, sent.changed) == ([PLAIN | {"description": "a"}], [])
        with pytest.raises(ValidationError):
            read_changes(newitems=[{"itemid": "7"}])

    def test_an_update_takes_lines_as_they_were_read(self) -> None:
        """``GET /api/invoices/:id`` shows ``id``, and names and rates of taxes as two lists."""
        line = {"id": "7", "rel_id": "1", "taxname": ["CGST", "SGST"], "taxrate": ["9.00", "9.00"]}
        assert read_changes(items=[line]).changed == [{"itemid": 7, "taxes": (CGST, SGST)}]

    @pytest.mark.parametrize("form", ["7,8", ["7", "8"], [7, 8], "[7, 8]", {"0": "7", "1": "8"}])
    def test_removed_lines_come_in_many_forms(self, form: Any) -> None:
        assert read_changes(removed_items=form).removed == [7, 8]


class TestWriting:
    """What a document's lines become."""

    def test_lines_stand_in_the_order_in_which_they_come(self, db: Db) -> None:
        body = read(newitems=[{"description": "a"}, {"description": "b", "order": 9}, {"description": "c"}])
        line_items.add(db, "estimate", 5, body["newitems"])
        found = stored(db, "estimate", 5)
        assert [(line["description"], line["item_order"]) for line in found] == [("a", 1), ("c", 3), ("b", 9)]

    def test_a_line_is_neither_optional_nor_left_out(self, db: Db) -> None:
        line_items.add(db, "invoice", 5, read(newitems=[{"description": "a"}])["newitems"])
        (line,) = stored(db, "invoice", 5)
        assert (line["is_optional"], line["is_selected"]) == (0, 1)

    def test_each_tax_of_a_line_is_a_row(self, db: Db) -> None:
        lines = read(newitems=[{"description": "a", "taxname": "CGST|9,SGST|9"}, {"description": "b"}])
        line_items.add(db, "invoice", 5, lines["newitems"])
        one, other = stored(db, "invoice", 5)
        assert taxes(db, one["id"]) == [("CGST", "9.00"), ("SGST", "9.00")]
        assert taxes(db, other["id"]) == []
        owners = {(row["rel_type"], row["rel_id"]) for row in rows.fetch(db, sa.select(t.item_tax))}
        assert owners == {("invoice", 5)}

    def test_line_breaks_are_stored_as_the_screens_store_them(self, db: Db) -> None:
        line_items.add(
            db, "invoice", 5, read(newitems=[{"description": "a", "long_description": "x\ny"}])["newitems"]
        )
        (line,) = stored(db, "invoice", 5)
        assert line["long_description"] == "x<br />\ny"

    def test_custom_fields_of_a_line_come_with_it(self, db: Db) -> None:
        field = make_custom_field(db, "items")
        told: list[tuple[Any, ...]] = []
        db.hooks.on_written.append(lambda db, *event: told.append(event))
        line = {"description": "a", "custom_fields": {"items": {str(field): "red"}}}
        line_items.add(db, "invoice", 5, read(newitems=[line, {"description": "b"}])["newitems"])
        one, other = stored(db, "invoice", 5)
        assert told == [
            ("items", one["id"], {"items": {str(field): "red"}}, True),
            ("items", other["id"], None, True),
        ]

    def test_a_line_costs_one_statement_and_all_their_taxes_one(self, db: Db) -> None:
        body = read(newitems=[{"description": f"{n}", "taxname": "CGST|9,SGST|9"} for n in range(50)])
        with queries(db.connection) as first:
            line_items.add(db, "invoice", 4, body["newitems"][:1])
        with queries(db.connection) as sent:
            line_items.add(db, "invoice", 5, body["newitems"])
        assert len(first) <= 3
        assert len(sent) == 51


class TestChanging:
    """What an update does to the lines that are there."""

    @pytest.fixture
    def invoice(self, db: Db) -> int:
        return make_invoice(db)

    @pytest.fixture
    def line(self, db: Db, invoice: int) -> int:
        """A line of two things at 10.00 each, with a tax."""
        text = {"description": "Camera", "long_description": "12 MP", "unit": "pc", "item_order": 4}
        return make_line(db, "invoice", invoice, qty="2.00", rate="10.00", taxes=[("CGST", "9.00")], **text)

    def change(self, db: Db, invoice: int, **body: Any) -> None:
        line_items.change(db, "invoice", invoice, read_changes(**body))

    def test_what_is_not_sent_stays(self, db: Db, invoice: int, line: int) -> None:
        (before,) = stored(db, "invoice", invoice)
        self.change(db, invoice, items=[{"itemid": line, "qty": "3"}])
        (after,) = stored(db, "invoice", invoice)
        assert after == before | {"qty": Decimal("3.00")}
        assert taxes(db, line) == [("CGST", "9.00")]

    def test_taxes_that_are_sent_are_the_lines_only_ones(self, db: Db, invoice: int, line: int) -> None:
        self.change(db, invoice, items=[{"itemid": line, "taxname": ["SGST|9.00"]}])
        assert taxes(db, line) == [("SGST", "9.00")]

    def test_no_taxes_sent_as_such_are_none(self, db: Db, invoice: int, line: int) -> None:
        self.change(db, invoice, items=[{"itemid": line, "taxname": ""}])
        assert taxes(db, line) == []

    def test_a_new_line_comes_after_the_last(self, db: Db, invoice: int, line: int) -> None:
        self.change(db, invoice, newitems=[{"description": "Tripod"}], items=[{"description": "Bag"}])
        found = [(each["description"], each["item_order"]) for each in stored(db, "invoice", invoice)]
        assert found == [("Camera", 4), ("Tripod", 5), ("Bag", 6)]

    def test_a_removed_line_goes_with_its_taxes_and_values(self, db: Db, invoice: int, line: int) -> None:
        other = make_line(db, "invoice", invoice, taxes=[("SGST", "9.00")])
        gone: list[tuple[str, list[int]]] = []
        db.hooks.on_deleted.append(lambda db, kind, ids: gone.append((kind, list(ids))))
        self.change(db, invoice, removed_items=[line])
        assert [each["id"] for each in stored(db, "invoice", invoice)] == [other]
        assert taxes(db, line) == []
        assert taxes(db, other) == [("SGST", "9.00")]
        assert gone == [("items", [line])]

    def test_a_line_of_another_document_cannot_be_removed(self, db: Db, invoice: int) -> None:
        others = [make_line(db, "invoice", make_invoice(db)), make_line(db, "estimate", make_estimate(db))]
        self.change(db, invoice, removed_items=others)
        assert all(rows.find(db, t.itemable, other) for other in others)

    def test_a_line_of_another_document_cannot_be_changed(self, db: Db, invoice: int) -> None:
        other = make_line(db, "invoice", make_invoice(db))
        with pytest.raises(Invalid) as refusal:
            self.change(db, invoice, items=[{"itemid": other, "qty": "3"}])
        assert refusal.value.errors == {
            "items[]": f"The Items field names a line that is not there: {other}."
        }

    def test_a_line_that_is_changed_and_removed_is_removed(self, db: Db, invoice: int, line: int) -> None:
        with pytest.raises(Invalid):
            self.change(db, invoice, items=[{"itemid": line + 1, "qty": "3"}], removed_items=[line])
        self.change(db, invoice, items=[{"itemid": line, "qty": "3"}], removed_items=[line])
        assert stored(db, "invoice", invoice) == []

    def test_a_removed_line_frees_what_it_billed(self, db: Db, invoice: int, line: int) -> None:
        task = make_task(db, billed=1, invoice_id=invoice)
        expense = make_expense(db, invoiceid=invoice)
        for rel_type, rel_id in (("task", task), ("expense", expense)):
            make_row(db, t.related_items, rel_type=rel_type, rel_id=rel_id, item_id=line)
        kept = make_task(db, billed=1, invoice_id=invoice)
        self.change(db, invoice, removed_items=[line])
        found = rows.get(db, t.tasks, task)
        assert (found["billed"], found["invoice_id"]) == (0, 0)
        assert rows.get(db, t.expenses, expense)["invoiceid"] is None
        assert rows.get(db, t.tasks, kept)["billed"] == 1
        assert rows.fetch(db, sa.select(t.related_items)) == []

    def test_the_screens_tell_every_change(self, db: Db, invoice: int, line: int) -> None:
        gone = make_line(db, "invoice", invoice, description="Lens")
        changes = {
            "qty": "3",
            "rate": "11",
            "description": "Kamera",
            "long_description": "24 MP",
            "unit": "x",
        }
        added = [{"description": "Bag"}]
        self.change(db, invoice, items=[{"itemid": line} | changes], removed_items=[gone], newitems=added)
        assert activity(db, invoice) == [
            ("invoice_estimate_activity_removed_item", ["Lens"]),
            ("invoice_estimate_activity_updated_item_rate", ["10.00", "11.00"]),
            ("invoice_estimate_activity_updated_qty_item", ["Camera", "2.00", "3.00"]),
            ("invoice_estimate_activity_updated_item_short_description", ["Camera", "Kamera"]),
            ("invoice_estimate_activity_updated_item_long_description", ["12 MP", "24 MP"]),
            ("invoice_estimate_activity_added_item", ["Bag"]),
        ]

    def test_a_line_that_is_sent_as_it_is_has_not_changed(self, db: Db, invoice: int, line: int) -> None:
        same = {"qty": "2", "rate": "10.00", "description": "Camera", "long_description": "12 MP"}
        self.change(db, invoice, items=[{"itemid": line, "taxname": "CGST|9"} | same])
        assert activity(db, invoice) == []

    def test_the_screens_tell_nothing_of_proposals_and_credit_notes(self, db: Db) -> None:
        line_items.change(db, "credit_note", 5, read_changes(newitems=[{"description": "Bag"}]))
        assert len(stored(db, "credit_note", 5)) == 1
        assert activity(db, 5) == []


class TestReading:
    """What clients and sums get."""

    def test_a_line_of_an_invoice_tells_its_taxes(self, db: Db) -> None:
        line = make_line(db, "invoice", 5, taxes=[("CGST", "9.00"), ("SGST", "9.00")], description="Camera")
        bare = make_line(db, "invoice", 5, item_order=2)
        one, other = line_items.of(db, "invoice", [5])[5]
        keys = [column.name for column in t.itemable.c]
        assert list(one)[: len(keys) + 2] == [*keys, "taxname", "taxrate"]
        assert (one["id"], one["rate"], one["description"]) == (str(line), "10.00", "Camera")
        assert (one["taxname"], one["taxrate"]) == (["CGST", "SGST"], ["9.00", "9.00"])
        assert (other["id"], other["taxname"], other["taxrate"]) == (str(bare), [], [])

    @pytest.mark.parametrize("rel_type", ["estimate", "proposal", "credit_note"])
    def test_a_line_of_another_document_does_not(self, db: Db, rel_type: str) -> None:
        make_line(db, rel_type, 5, taxes=[("CGST", "9.00")])
        (line,) = line_items.of(db, rel_type, [5])[5]
        assert "taxname" not in line

    def test_lines_of_many_documents_cost_as_many_queries_as_those_of_one(self, db: Db) -> None:
        field = make_custom_field(db, "items")
        for document in range(1, 31):
            line = make_line(db, "invoice", document, taxes=[("CGST", "9.00")])
            make_line(db, "estimate", document)
            make_custom_field_value(db, "items", line, field, f"value {document}")
        with queries(db.connection) as for_one:
            line_items.of(db, "invoice", [7])
        db.memo.clear()
        with queries(db.connection) as for_many:
            found = line_items.of(db, "invoice", range(1, 32))
        assert len(for_many) == len(for_one) <= 4
        assert [len(lines) for lines in found.values()] == [1] * 30 + [0]

    def test_sums_count_every_tax_once_and_leave_out_what_nobody_selected(self, db: Db) -> None:
        make_line(db, "estimate", 5, qty="2", rate="3", taxes=[("CGST", "9.00"), ("CGST", "9.00")])
        make_line(db, "estimate", 5, is_optional=1, is_selected=0, rate="99")
        make_line(db, "estimate", 5, is_optional=1, is_selected=1, rate="7", item_order=2)
        make_line(db, "invoice", 5, rate="99")
        found = line_items.amounts(db, "estimate", [5, 6])
        assert found == {
            5: [Line(Decimal("2.00"), Decimal("3.00"), (CGST,)), Line(Decimal("1.00"), Decimal("7.00"))],
            6: [],
        }

    def test_nothing_is_asked_for_no_documents(self, db: Db) -> None:
        with queries(db.connection) as sent:
            assert line_items.of(db, "invoice", []) == {}
            assert line_items.amounts(db, "invoice", []) == {}
        assert sent == []
