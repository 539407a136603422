"""Uploaded files: where they lie, what they are called, what is refused, and when they go."""

import errno
import shutil
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from contract.stored import counts
from counting import queries
from make import make_contact, make_contract, make_department, make_row, make_ticket, set_option
from werkzeug.datastructures import FileStorage

from perfex_api import attachments, cascades
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import ApiError, Invalid


def upload(name: str = "offer.pdf", content: bytes = b"content") -> FileStorage:
    return FileStorage(BytesIO(content), name, "file", "text/html")


def stored(uploads: Path) -> list[str]:
    """Every file and folder that is there, relative to the uploads folder."""
    return sorted(str(path.relative_to(uploads)) for path in uploads.rglob("*") if path.is_file())


def row(db: Db, table: sa.Table) -> dict[str, Any]:
    (found,) = rows.fetch(db, sa.select(table))
    return found


@pytest.mark.parametrize(
    ("rel_type", "folder"),
    [
        ("contract", "contracts"),
        ("credit_note", "credit_notes"),
        ("customer", "clients"),
        ("estimate", "estimates"),
        ("expense", "expenses"),
        ("invoice", "invoices"),
        ("lead", "leads"),
        ("proposal", "proposals"),
        ("task", "tasks"),
    ],
)
def test_files_of_most_records_have_a_row_in_files(
    transaction: Transaction, uploads: Path, rel_type: str, folder: str
) -> None:
    with transaction() as db:
        attachments.add(db, rel_type, 7, [upload()])
        found = row(db, t.files)
    assert stored(uploads) == [f"{folder}/7/offer.pdf"]
    assert (uploads / folder / "7/offer.pdf").read_bytes() == b"content"
    assert (found["rel_type"], found["rel_id"], found["file_name"]) == (rel_type, 7, "offer.pdf")
    assert (found["filetype"], found["staffid"], found["contact_id"]) == ("application/pdf", 0, 0)
    assert (found["visible_to_customer"], found["task_comment_id"]) == (0, 0)
    assert len(found["attachment_key"]) == 32
    assert found["external"] is None
    assert found["dateadded"] is not None


def test_files_of_projects_keep_the_name_they_came_with(transaction: Transaction, uploads: Path) -> None:
    with transaction() as db:
        attachments.add(db, "project", 7, [upload('Größe "2.1" <b>.pdf')], visible_to_customer=1)
        found = row(db, t.project_files)
    assert stored(uploads) == ["projects/7/Groe_2_1_b.pdf"]
    assert (found["project_id"], found["file_name"]) == (7, "Groe_2_1_b.pdf")
    assert found["original_file_name"] == found["subject"] == "Größe 2.1 b.pdf"
    assert found["visible_to_customer"] == 1


def test_files_of_tickets_lie_with_those_of_their_replies(transaction: Transaction, uploads: Path) -> None:
    with transaction() as db:
        attachments.add(db, "ticket", 7, [upload("question.pdf")])
        attachments.add(db, "ticket", 7, [upload("answer.pdf")], replyid=3)
        of_ticket, of_replies = attachments.of(db, "ticket", [7]), attachments.of_replies(db, [3])
    assert stored(uploads) == ["ticket_attachments/7/answer.pdf", "ticket_attachments/7/question.pdf"]
    assert [each["file_name"] for each in of_ticket[7]] == ["question.pdf"]
    assert [each["file_name"] for each in of_replies[3]] == ["answer.pdf"]
    assert list(of_replies[3][0]) == ["id", "ticketid", "replyid", "file_name", "filetype", "dateadded"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../offer.pdf", "offer.pdf"),
        ("/etc/offer.pdf", "offer.pdf"),
        (r"C:\Users\Ann\offer.pdf", "offer.pdf"),
        ("my offer 2.1.PDF", "my_offer_2_1.pdf"),
        ("shell.php.jpg", "shell_php.jpg"),
        ("Größe.pdf", "Groe.pdf"),
        ("文件.pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names_are_made_safe(transaction: Transaction, uploads: Path, sent: str, name: str) -> None:
    with transaction() as db:
        attachments.add(db, "lead", 7, [upload(sent)])
        assert row(db, t.files)["file_name"] == name
    assert stored(uploads) == [f"leads/7/{name}"]


def test_equal_names_are_told_apart(transaction: Transaction, uploads: Path) -> None:
    with transaction() as db:
        attachments.add(db, "lead", 7, [upload(content=b"first"), upload(content=b"second")])
        found = attachments.of(db, "lead", [7])[7]
    assert [each["file_name"] for each in found] == ["offer.pdf", "offer-1.pdf"]
    assert (uploads / "leads/7/offer-1.pdf").read_bytes() == b"second"


def test_types_longer_than_their_column_are_cut_off_as_the_original_server_does(
    transaction: Transaction,
) -> None:
    with transaction() as db:
        attachments.add(db, "lead", 7, [upload("offer.docx")])
        assert row(db, t.files)["filetype"] == "application/vnd.openxmlformats-officedoc"


@pytest.mark.parametrize(
    "name", ["x.php", "../../x.php", "x.pdf.php", "x.phtml", ".htaccess", ".pdf", "pdf", "x.", "", "x.pdf/y"]
)
def test_other_types_are_refused(db: Db, uploads: Path, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        attachments.add(db, "lead", 7, [upload("fine.pdf"), upload(name)])
    assert "is not of an allowed type: .png, .jpg, .jpeg, .pdf," in refusal.value.errors["file"]
    assert not uploads.exists()


def test_the_options_say_what_is_allowed(db: Db) -> None:
    set_option(db, "allowed_files", " .TXT , .svg")
    attachments.add(db, "lead", 7, [upload("notes.txt"), upload("logo.SVG")])
    with pytest.raises(Invalid):
        attachments.add(db, "lead", 7, [upload("offer.pdf")])
    with pytest.raises(Invalid, match="invalid"):
        attachments.add(db, "ticket", 7, [upload("notes.txt")])
    attachments.add(db, "ticket", 7, [upload("offer.rar")])


def test_where_no_option_allows_anything_nothing_is_allowed(db: Db) -> None:
    set_option(db, "allowed_files", "")
    with pytest.raises(Invalid):
        attachments.add(db, "lead", 7, [upload("x")])
    set_option(db, "maximum_allowed_ticket_attachments", "")
    with pytest.raises(Invalid):
        attachments.add(db, "ticket", 7, [upload()])


def test_empty_files_are_refused(db: Db, uploads: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        attachments.add(db, "lead", 7, [upload("fine.pdf"), upload("empty.pdf", b"")])
    assert refusal.value.errors == {"file": "The file empty.pdf is empty."}
    assert not uploads.exists()


@pytest.mark.parametrize(("rel_type", "most"), [("lead", 20), ("project", 20), ("ticket", 4)])
def test_too_many_files_are_refused(db: Db, uploads: Path, rel_type: str, most: int) -> None:
    with pytest.raises(Invalid) as refusal:
        attachments.add(db, rel_type, 7, [upload() for _ in range(50)])
    assert refusal.value.errors == {"file": f"The File field cannot hold more than {most} files."}
    assert not uploads.exists()
    attachments.add(db, rel_type, 7, [upload() for _ in range(most)])


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        (errno.ENOSPC, 507, "There is no room for the files; nothing was changed."),
        (errno.EDQUOT, 507, "There is no room for the files; nothing was changed."),
        (errno.EIO, 500, "The files could not be stored; nothing was changed."),
    ],
)
def test_a_disk_that_fails_leaves_neither_file_nor_row(
    transaction: Transaction,
    uploads: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    status: int,
    sentence: str,
) -> None:
    written: list[bytes] = []

    def failing(source: IO[bytes], target: IO[bytes]) -> None:
        written.append(source.read(3))
        target.write(written[-1])
        if len(written) == 2:
            raise OSError(number, "out of order")

    monkeypatch.setattr(shutil, "copyfileobj", failing)
    with pytest.raises(ApiError) as refusal, transaction() as db:
        attachments.add(db, "lead", 7, [upload(), upload()])
    assert (refusal.value.status, refusal.value.message) == (status, sentence)
    assert stored(uploads) == []
    assert not (uploads / "leads/7").exists()
    with transaction() as db:
        assert not rows.exists(db, t.files.c.id > 0)


def test_a_folder_that_cannot_be_made_is_told(transaction: Transaction, uploads: Path) -> None:
    uploads.write_text("a file stands where the folder should be")
    with pytest.raises(ApiError, match="could not be stored"), transaction() as db:
        attachments.add(db, "lead", 7, [upload()])


def test_files_go_with_their_record_once_the_transaction_holds(
    transaction: Transaction, uploads: Path
) -> None:
    with transaction() as db:
        attachments.add(db, "lead", 7, [upload()])
        attachments.add(db, "lead", 8, [upload()])
        attachments.add(db, "contract", 7, [upload()])
    with suppress(ZeroDivisionError), transaction() as db:
        attachments.clear(db, "lead", [7])
        raise ZeroDivisionError
    assert len(stored(uploads)) == 3
    with transaction() as db:
        attachments.clear(db, "lead", [7])
    assert stored(uploads) == ["contracts/7/offer.pdf", "leads/8/offer.pdf"]
    assert not (uploads / "leads/7").exists()
    with transaction() as db:
        assert [*attachments.of(db, "lead", [7, 8])] == [8]


CASCADES: dict[str, Callable[[Db, list[int]], None]] = {
    "contract": cascades.contracts,
    "customer": cascades.customers,
    "expense": cascades.expenses,
    "project": cascades.projects,
    "proposal": cascades.proposals,
    "task": cascades.tasks,
    "ticket": cascades.tickets,
}


@pytest.mark.parametrize("rel_type", CASCADES)
def test_every_cascade_takes_the_files_along(transaction: Transaction, uploads: Path, rel_type: str) -> None:
    with transaction() as db:
        attachments.add(db, rel_type, 7, [upload()])
        attachments.add(db, rel_type, 8, [upload()])
    with transaction() as db:
        CASCADES[rel_type](db, [7])
        assert [*attachments.of(db, rel_type, [7, 8])] == [8]
    assert [path.split("/")[1] for path in stored(uploads)] == ["8"]


def test_a_customer_takes_the_files_of_its_contracts_and_tickets_along(
    transaction: Transaction, uploads: Path
) -> None:
    with transaction() as db:
        contact = make_contact(db)
        userid = rows.get(db, t.contacts, contact)["userid"]
        attachments.add(db, "contract", make_contract(db, client=userid), [upload()])
        attachments.add(db, "ticket", make_ticket(db, userid=userid), [upload()])
        attachments.add(db, "contract", make_contract(db), [upload()])
    assert len(stored(uploads)) == 3
    with transaction() as db:
        cascades.customers(db, [userid])
    assert len(stored(uploads)) == 1


#: What rows may say that others have written.
ODD_FILES = [("customer", "../../../x"), ("customer", ".."), ("customer", ""), ("newsfeed_post", "x.pdf")]


def test_a_contact_takes_along_what_it_attached_elsewhere(transaction: Transaction, uploads: Path) -> None:
    with transaction() as db:
        contact = make_contact(db)
        attachments.add(db, "customer", 7, [upload("by_contact.pdf")], contact_id=contact)
        attachments.add(db, "customer", 7, [upload("by_staff.pdf")])
        attachments.add(db, "project", 9, [upload("by_contact.pdf")], contact_id=contact)
        for rel_type, name in ODD_FILES:
            make_row(db, t.files, rel_type=rel_type, rel_id=7, file_name=name, contact_id=contact)
    with transaction() as db:
        cascades.contacts(db, [contact])
        assert row(db, t.files)["file_name"] == "by_staff.pdf"
        assert not rows.exists(db, t.project_files.c.id > 0)
    assert stored(uploads) == ["clients/7/by_staff.pdf"]


def test_the_files_of_a_page_are_one_query(db: Db) -> None:
    for lead in range(1, 31):
        attachments.add(db, "lead", lead, [upload()])
    with queries(db.connection) as sent:
        assert len(attachments.of(db, "lead", range(1, 31))) == 30
    assert len(sent) == 1


# -- over HTTP ---------------------------------------------------------------------------------------


@pytest.fixture
def bodies(make: Callable[..., int]) -> dict[str, dict[str, Any]]:
    """What each resource that takes files needs for a new record."""
    make(make_contact)
    make(make_department)
    make(make_ticket)
    return {
        "leads": {"name": "Ann", "source": "1", "status": "1", "assigned": "0"},
        "tickets": {"subject": "Help", "department": "1", "contactid": "1"},
        "tickets/reply/1": {"message": "Thanks"},
        "contracts": {"subject": "Support", "datestart": "2026-01-31", "client": "1"},
    }


@pytest.mark.parametrize("path", ["leads", "tickets", "tickets/reply/1", "contracts"])
def test_a_full_disk_is_told_and_the_same_request_may_succeed_later(
    api: Api,
    transaction: Transaction,
    bodies: dict[str, dict[str, Any]],
    uploads: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    def full_disk(source: IO[bytes], target: IO[bytes]) -> None:
        target.write(source.read(3))
        raise OSError(errno.ENOSPC, "No space left on device")

    def post() -> Any:
        data = bodies[path] | {"file": (BytesIO(b"content"), "offer.pdf")}
        return api.post(path, data=data, headers={"Idempotency-Key": "once"})

    before = counts(transaction)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", full_disk)
        response = post()
    assert response.status_code == 507
    assert response.json == {
        "status": False,
        "message": "There is no room for the files; nothing was changed.",
    }
    assert counts(transaction) == before
    assert stored(uploads) == []
    assert post().status_code == 200
    assert len(stored(uploads)) == 1


@pytest.mark.parametrize("path", ["leads", "tickets", "contracts"])
def test_a_change_leaves_the_files_of_record_1(
    api: Api, bodies: dict[str, dict[str, Any]], uploads: Path, path: str
) -> None:
    api.post(path, data=bodies[path] | {"file": (BytesIO(b"content"), "offer.pdf")})
    other = api.post(path, data=bodies[path]).json["record_id"]
    before = stored(uploads)
    assert api.put(f"{path}/{other}", data=bodies[path]).status_code == 200
    assert stored(uploads) == before != []


@pytest.mark.parametrize("path", ["leads", "contracts"])
def test_a_change_may_hold_files_alone(api: Api, bodies: dict[str, dict[str, Any]], path: str) -> None:
    api.post(path, data=bodies[path])
    response = api.put(f"{path}/1", data={"file": (BytesIO(b"content"), "offer.pdf")})
    assert response.status_code == 200
    assert [each["file_name"] for each in api.get(f"{path}/1").json["attachments"]] == ["offer.pdf"]


def test_a_transaction_that_is_run_again_attaches_each_file_once(database: Database, uploads: Path) -> None:
    sent = upload()
    attempts = []

    def work(db: Db) -> None:
        attempts.append(attachments.add(db, "lead", 7, [sent]))
        if len(attempts) == 1:
            raise sa.exc.OperationalError("", {}, Exception(1213, "Deadlock found"))

    database.run(work)
    assert stored(uploads) == ["leads/7/offer.pdf"]
    assert (uploads / "leads/7/offer.pdf").read_bytes() == b"content"
    with database.transaction() as db:
        assert len(attachments.of(db, "lead", [7])[7]) == 1
