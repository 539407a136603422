"""The request log: looked through, and one request in detail."""

from typing import Any

from flask import Blueprint, render_template, request

from perfex_api import tables as t
from perfex_api.console import forms, keys, log_search
from perfex_api.console.views import here
from perfex_api.core import rows
from perfex_api.core.db import Db

FIELDS = ("token", "path", "status", "since", "until", "request_id")


def route(console: Blueprint) -> None:
    """Add the pages."""
    console.add_url_rule("/requests", "log", search)
    console.add_url_rule("/requests/<id:row_id>", "logged", show)


def search() -> Any:
    """A page of the log."""
    errors: dict[str, str] = {}
    wanted = forms.read_filter(request.args, errors)
    before = request.args.get("before", "")
    begin = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None

    def work(db: Db) -> tuple[log_search.Page, dict[str, str], list[keys.Key]]:
        page = log_search.search(db, wanted, begin) if not errors else log_search.Page([], None)
        shown = [_key(row) for row in page.rows if row["token_id"]]
        choice = keys.listed(db) + keys.listed(db, ended=True)
        return page, keys.names(db, shown), choice

    page, names, choice = here.read(work)
    filters = {each: request.args.get(each, "") for each in FIELDS if request.args.get(each)}
    found = render_template(
        "log.html",
        found=page,
        names=names,
        choice=choice,
        filters=filters,
        errors=errors,
        key=_key,
        begin=begin,
    )
    return (found, 422) if errors else found


def show(row_id: int | None) -> str:
    """One request."""

    def work(db: Db) -> tuple[rows.Row, str | None]:
        row = rows.get(db, t.api_request_log, row_id)
        return row, keys.names(db, [_key(row)]).get(_key(row))

    row, name = here.read(work)
    return render_template("logged.html", row=row, name=name, kind=row["token_kind"])


def _key(row: rows.Row) -> str:
    return f"{row['token_kind']}:{row['token_id']}"
