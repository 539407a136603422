"""The tokens: a list, a page for each, and the forms that make, change and end them."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from perfex_api import options
from perfex_api.console import accounts, forms, insight, keys, originals
from perfex_api.console.forms import TokenForm, Wrong
from perfex_api.console.keys import Key
from perfex_api.console.views import here
from perfex_api.console.views.overview import caught_up, period
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict

PAGE = 50
#: By name: how long the old token goes on working.
OVERLAPS = {
    "none": timedelta(0),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


def route(console: Blueprint) -> None:
    """Add the pages."""
    one = "/tokens/<kind>/<id:token_id>"
    console.add_url_rule("/tokens", "tokens", listed)
    console.add_url_rule("/tokens/new", "new_token", new)
    console.add_url_rule("/tokens/new", "mint_token", mint, methods=["POST"])
    console.add_url_rule(one, "token", show)
    console.add_url_rule(f"{one}/edit", "edit_token", edit)
    console.add_url_rule(f"{one}/edit", "change_token", change, methods=["POST"])
    console.add_url_rule(f"{one}/rotate", "rotate_token", ask_rotate)
    console.add_url_rule(f"{one}/rotate", "rotating_token", rotate, methods=["POST"])
    console.add_url_rule(f"{one}/revoke", "revoke_token", ask_revoke)
    console.add_url_rule(f"{one}/revoke", "revoking_token", revoke, methods=["POST"])
    console.add_url_rule(f"{one}/narrow", "narrow_token", narrow, methods=["POST"])


def listed() -> str:
    """A page of the tokens."""
    word, ended = request.args.get("q", "").strip()[:100], request.args.get("state") == "ended"
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 5 else 1

    def work(db: Db) -> tuple[list[Key], int, dict[str, Any], dict[int, str]]:
        found = keys.listed(db, word, ended=ended)
        shown = found[max(0, page - 1) * PAGE : page * PAGE]
        return (
            shown,
            len(found),
            insight.recent_calls(db, [each.key for each in shown]),
            accounts.staff_names(db),
        )

    shown, total, calls, staff = here.read(work)
    return render_template(
        "tokens.html",
        tokens=shown,
        total=total,
        calls=calls,
        staff=staff,
        word=word,
        ended=ended,
        number=page,
        more=total > page * PAGE,
    )


def new() -> str:
    """The form of a new token."""
    form = MultiDict({"once": secrets.token_urlsafe(12)})
    return _form(None, form, {}, frozenset())


def mint() -> Any:
    """Make it, and show it this once."""
    form = request.form
    once = form.get("once", "")
    if once and once == session.get("minted"):
        flash(here.say("flash.minted_already"))
        return redirect(url_for("console.tokens"))

    def work(db: Db) -> tuple[int, str]:
        read = _read(db, form, None)
        return keys.create(db, here.account().name, **vars(read))

    try:
        token_id, token = here.write(work)
    except Wrong as wrong:
        return _form(None, form, wrong.errors, forms.read_grants(form, {}) or frozenset()), 422
    session["minted"] = once
    return _shown_once(here.read(lambda db: keys.get(db, "own", token_id)), token)


def show(kind: str, token_id: int | None) -> str:
    """What a token is, did, and did not need."""
    here.read(caught_up)

    def work(db: Db) -> dict[str, Any]:
        key = keys.get(db, kind, token_id)
        unused = [] if key.everything else insight.unused(db, key.key, sorted(key.grants))
        return {
            "token": key,
            "usage": insight.usage(db, period(), key.key),
            "unused": unused,
            "staff": accounts.staff_names(db).get(key.staff_id or 0),
        }

    return render_template("token.html", period=period(), periods=insight.PERIODS, **here.read(work))


def edit(kind: str, token_id: int | None) -> str:
    """The form, filled in."""
    key = _live(kind, token_id)
    form: MultiDict[str, Any] = MultiDict(
        {
            "name": key.name,
            "user": key.user,
            "staff_id": key.staff_id or "",
            "everything": "1" if key.everything else "",
            "expires_at": key.expires_at.strftime("%Y-%m-%dT%H:%M") if key.expires_at else "",
            "request_limit": key.quota.amount if key.quota else "",
            "limit_seconds": key.quota.seconds if key.quota else "",
            "addresses": "\n".join(key.addresses),
        }
    )
    if kind == "legacy":
        quotas = ("quota_active", "request_limit", "time_window", "burst_limit")
        form.update({each: str(key.row.get(each, "")) for each in quotas})
    return _form(key, form, {}, key.grants)


def change(kind: str, token_id: int | None) -> Any:
    """Change it."""
    form, before = request.form, _live(kind, token_id)

    def work(db: Db) -> str:
        if kind == "own":
            read = _read(db, form, before)
            keys.change(db, here.account().name, before, **vars(read))
            return read.name
        columns, granted = forms.read_original(
            form,
            now=options.now(db),
            before=before,
            permissions=originals.has_permissions(db),
            quotas=originals.has_quotas(db),
        )
        originals.change(db, before.id, columns, granted)
        keys.note(db, here.account().name, keys.UPDATED, before.id, columns["name"])
        return str(columns["name"])

    try:
        name = here.write(work)
    except Wrong as wrong:
        return _form(before, form, wrong.errors, forms.read_grants(form, {}) or frozenset()), 422
    flash(here.say("flash.changed", name=name))
    return _to(before)


def ask_rotate(kind: str, token_id: int | None) -> str:
    """Ask for the overlap."""
    return render_template("rotate.html", token=_live(kind, token_id), overlaps=OVERLAPS)


def rotate(kind: str, token_id: int | None) -> Any:
    """Mint the successor, and show it this once."""
    key = _live(kind, token_id)
    overlap = OVERLAPS.get(request.form.get("overlap", ""))
    if overlap is None:
        abort(400)
    new_id, token = here.write(lambda db: keys.rotate(db, here.account().name, key, overlap))
    return _shown_once(here.read(lambda db: keys.get(db, "own", new_id)), token, old=key)


def ask_revoke(kind: str, token_id: int | None) -> str:
    """Ask once more."""
    return render_template("revoke.html", token=_live(kind, token_id))


def revoke(kind: str, token_id: int | None) -> Response:
    """End it at once."""
    key = _live(kind, token_id)
    here.write(lambda db: keys.revoke(db, here.account().name, key))
    flash(here.say("flash.revoked", name=key.name))
    return redirect(url_for("console.tokens"))


def narrow(kind: str, token_id: int | None) -> Response:
    """Take away what it has not used for 30 days; of these, what the page has shown."""
    key = _live(kind, token_id)
    shown = set(request.form.getlist("unused"))

    def work(db: Db) -> int:
        unused = [each for each in insight.unused(db, key.key, key.grants) if ":".join(each) in shown]
        if key.everything or not unused or len(unused) == len(key.grants):
            raise Conflict
        keys.narrow(db, here.account().name, key, unused)
        return len(unused)

    flash(here.say("flash.narrowed", name=key.name, number=here.write(work)))
    return _to(key)


def _live(kind: str, token_id: int | None) -> Key:
    key = here.read(lambda db: keys.get(db, kind, token_id))
    if key.state == "revoked":
        raise Conflict
    return key


def _read(db: Db, form: MultiDict[str, str], before: Key | None) -> TokenForm:
    return forms.read_token(form, now=utcnow(), before=before, staff=accounts.staff_names(db))


def _form(
    key: Key | None, form: MultiDict[str, Any], errors: dict[str, str], granted: frozenset[tuple[str, str]]
) -> str:
    def work(db: Db) -> dict[str, Any]:
        return {
            "staff": accounts.staff_names(db),
            "has_permissions": originals.has_permissions(db),
            "has_quotas": originals.has_quotas(db),
            "offered": {
                *here.settings().thirdparty_tables,
                *_words(options.get(db, "api_thirdparty_allowed_tables")),
            },
        }

    known = here.read(work)
    return render_template(
        "token_form.html",
        token=key,
        form=form,
        errors=errors,
        grid=forms.grid(granted),
        columns=forms.COLUMNS,
        reading=forms.READING,
        tables=forms.tables(granted, known.pop("offered")),
        **known,
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _shown_once(key: Key, token: str, old: Key | None = None) -> str:
    feature = next((f for f, c in sorted(key.grants) if c == "get" and ":" not in f), "customers")
    address = f"{request.host_url.rstrip('/')}{request.script_root}/api/{feature}"
    curl = f'curl -H "authtoken: {token}" {address}'
    return render_template("minted.html", token=key, secret=token, curl=curl, old=old)


def _to(key: Key) -> Response:
    return redirect(url_for("console.token", kind=key.kind, token_id=key.id))
