"""Uploaded files: on disk where the CRM's own screens look for them, with a row in the table of their kind.

    <uploads folder>/<folder of the kind>/<record id>/<file name>

Nothing of what a client says about a file is believed: its name is made safe, its type is told by its
extension, and that must be one that the CRM's options allow.
"""

import errno
import logging
import mimetypes
import os
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import files, rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, Invalid
from perfex_api.core.prepared import Asked, Prepared, many
from perfex_api.core.raw import WireRow

log = logging.getLogger("perfex_api")

Uploads = Sequence[FileStorage]

#: How many files come with one request where no option says less; PHP's own limit for the original.
MOST = 20
#: What the system says when there is no room left.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: So that a number still fits behind it, in a column of 191 characters.
LONGEST_STEM = 150


@dataclass(frozen=True)
class _Kind:
    """Where the attachments of a kind of records are.

    Attributes:
        folder: Its folder, below that of all uploads.
        table: Where their rows are.
        owner: The column that holds the record's id.
        extensions: The option that lists what is allowed.
        most: The option that says how many may come at once; empty: ``MOST``.
    """

    folder: str
    table: sa.Table = t.files
    owner: sa.Column[Any] = t.files.c.rel_id
    extensions: str = "allowed_files"
    most: str = ""

    def related(self, rel_type: str) -> tuple[sa.ColumnElement[bool], ...]:
        """What tells their rows from those of other kinds."""
        return (t.files.c.rel_type == rel_type,) if self.table is t.files else ()

    def own(self) -> tuple[sa.ColumnElement[bool], ...]:
        """What tells a ticket's own from those of its replies."""
        return (self.table.c.replyid.is_(None),) if "replyid" in self.table.c else ()


#: By what the shared tables call the records. In ``tblfiles`` that word stands in ``rel_type``.
KINDS = {
    "contract": _Kind("contracts"),
    "credit_note": _Kind("credit_notes"),
    "customer": _Kind("clients"),
    "estimate": _Kind("estimates"),
    "expense": _Kind("expenses"),
    "invoice": _Kind("invoices"),
    "lead": _Kind("leads"),
    "project": _Kind("projects", t.project_files, t.project_files.c.project_id),
    "proposal": _Kind("proposals"),
    "task": _Kind("tasks"),
    "ticket": _Kind(
        "ticket_attachments",
        t.ticket_attachments,
        t.ticket_attachments.c.ticketid,
        "ticket_attachments_file_extensions",
        "maximum_allowed_ticket_attachments",
    ),
}


def _of(owner: sa.Column[Any], *where: sa.ColumnElement[bool]) -> Prepared:
    mine = owner.in_([many("ids")]), *where
    return Prepared(sa.select(owner.table).where(*mine).order_by(owner.table.c.id))


OF_RECORDS = {
    rel_type: _of(kind.owner, *kind.related(rel_type), *kind.own()) for rel_type, kind in KINDS.items()
}
OF_REPLIES = _of(t.ticket_attachments.c.replyid)


def add(db: Db, rel_type: str, rel_id: int, uploads: Uploads, **columns: Any) -> None:
    """Attach files to a record; if the transaction fails they are gone from the disk, too.

    Args:
        db: The transaction.
        rel_type: What the shared tables call the record: a key of ``KINDS``.
        rel_id: The record.
        uploads: The files.
        columns: What else their rows say: ``replyid``, ``visible_to_customer``, ...

    Raises:
        Invalid: There are too many, one is empty, or one is of a type that is not allowed; none was written.
        ApiError: They cannot be stored: 507 when there is no room for them.
    """
    kind = KINDS[rel_type]
    _refuse(db, kind, uploads)
    for upload in uploads:
        try:
            name = files.write(db, _folder(db, kind, rel_id), _safe(upload.filename), upload.stream)
        except OSError as error:
            log.exception("could not store an upload")
            if error.errno in NO_ROOM:
                raise ApiError("There is no room for the files; nothing was changed.", status=507) from error
            raise ApiError("The files could not be stored; nothing was changed.", status=500) from error
        rows.insert(db, kind.table, _row(db, kind, rel_type, rel_id, upload, name) | columns)


def of(db: Db, rel_type: str, rel_ids: Collection[int]) -> dict[int, list[WireRow]]:
    """The attachments of records, as clients see them, by record id; one query for all.

    Those of a ticket are its own, not those of its replies.
    """
    return _grouped(db, OF_RECORDS[rel_type], KINDS[rel_type].owner.name, rel_ids)


def expected(rel_type: str, *rel_ids: int) -> Asked:
    """What ``of`` asks about these records."""
    return OF_RECORDS[rel_type], {"ids": [*rel_ids]}


def of_replies(db: Db, reply_ids: Collection[int]) -> dict[int, list[WireRow]]:
    """The attachments of ticket replies, as clients see them, by reply id."""
    return _grouped(db, OF_REPLIES, "replyid", reply_ids)


def clear(db: Db, rel_type: str, rel_ids: Collection[int]) -> None:
    """Remove all attachments of records that go, and once the transaction holds, their folders."""
    kind = KINDS[rel_type]
    rows.delete(db, kind.table, kind.owner.in_(rel_ids), *kind.related(rel_type))
    for rel_id in rel_ids:
        files.remove_folder(db, _folder(db, kind, rel_id))


def clear_of_contacts(db: Db, contact_ids: Collection[int]) -> None:
    """Remove the files that contacts have attached to whatever record."""
    for table in (t.files, t.project_files):
        for row in rows.fetch(db, sa.select(table).where(table.c.contact_id.in_(contact_ids))):
            kind = KINDS.get(row.get("rel_type", "project"))
            name = row["file_name"]
            if kind and Path(name).name == name != "..":  # nobody else has made our names safe
                files.remove(db, _folder(db, kind, row[kind.owner.name]) / name)
        rows.delete(db, table, table.c.contact_id.in_(contact_ids))


def _refuse(db: Db, kind: _Kind, uploads: Uploads) -> None:
    most = _number(options.get(db, kind.most)) if kind.most else MOST
    if len(uploads) > most:
        raise Invalid({"file": f"The File field cannot hold more than {most} files."})
    allowed = [word.strip().lower() for word in options.get(db, kind.extensions).split(",") if word.strip()]
    for upload in uploads:
        name = _safe(upload.filename)
        if os.path.splitext(name)[1] not in allowed:
            raise Invalid({"file": f"The file {name} is not of an allowed type: {', '.join(allowed)}."})
        if upload.stream.seek(0, os.SEEK_END) == 0:
            raise Invalid({"file": f"The file {name} is empty."})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _safe(sent: str | None) -> str:
    """A name without folders and without letters that mean something to a system or a web server.

    Only one dot stays: some servers run ``x.php.jpg``.
    """
    stem, extension = os.path.splitext(PureWindowsPath(sent or "").name)
    stem = secure_filename(stem).replace(".", "_")[:LONGEST_STEM]
    return f"{stem or 'file'}.{secure_filename(extension).lower()}".rstrip(".")


def _folder(db: Db, kind: _Kind, rel_id: int) -> Path:
    return db.site.uploads / kind.folder / str(rel_id)


def _row(db: Db, kind: _Kind, rel_type: str, rel_id: int, upload: FileStorage, name: str) -> dict[str, Any]:
    """What is known of a file, as far as the kind's table has columns for it."""
    original = re.sub(r'[<>"]', "", PureWindowsPath(upload.filename or "").name)  # screens show it as it is
    known = {
        "rel_type": rel_type,
        kind.owner.name: rel_id,
        "file_name": name,
        "original_file_name": original,
        "subject": original[:191],
        # The column is shorter than the longest types; the original's server cuts them off.
        "filetype": (mimetypes.guess_type(name)[0] or "application/octet-stream")[:40],
        "attachment_key": secrets.token_hex(16),
        "staffid": db.staff_id,
        "dateadded": options.now(db),
    }
    return {column: value for column, value in known.items() if column in kind.table.c}


def _grouped(db: Db, query: Prepared, owner: str, ids: Collection[int]) -> dict[int, list[WireRow]]:
    found: dict[int, list[WireRow]] = {}
    for row in rows.wire(db, query, ids=[*ids]) if ids else ():
        found.setdefault(int(row[owner] or 0), []).append(row)
    return found
