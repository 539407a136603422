"""Signing in and out."""

import re
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from werkzeug import Response

from perfex_api.console import accounts, sessions
from perfex_api.console.views import here
from perfex_api.core.errors import TooMany
from perfex_api.http.limits import Limits

#: Where one may be sent after signing in: the console's own pages.
OWN_PAGE = re.compile(r"/admin(/[\w:-]+)*(\?[\w=&%./:+-]*)?", re.ASCII)


def route(console: Blueprint) -> None:
    """Add the pages."""
    console.add_url_rule("/sign-in", "sign_in", show)
    console.add_url_rule("/sign-in", "signing_in", sign_in, methods=["POST"])
    console.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


def show() -> Any:
    """The form; who is signed in is sent on."""
    if g.account:
        return redirect(_next())
    return render_template("sign_in.html", email="", error="")


def sign_in() -> Any:
    """Begin a session, under an id that nobody knew before."""
    limits: Limits = current_app.extensions["perfex_api_limits"]
    email, address = request.form.get("email", "").strip()[:100], request.remote_addr or ""
    try:
        for whose in (address, email.casefold()):
            limits.refuse_guessers(whose, "sign-in")
    except TooMany as refusal:
        page = render_template("sign_in.html", email=email, error="sign_in.throttled")
        return page, 429, refusal.headers
    who = here.read(lambda db: accounts.check(db, email, request.form.get("password", "")))
    if who is None:
        for whose in {address, email.casefold()}:
            limits.count_wrong_token(whose, "sign-in")
        return render_template("sign_in.html", email=email, error="sign_in.wrong"), 401
    if who.second_factor:
        return render_template("sign_in.html", email=email, error="sign_in.second_factor"), 403
    agent = request.user_agent.string[:255].encode("utf-8", "replace").decode()
    session.clear()
    session["id"] = here.read(lambda db: _begun(db, who.staff_id, address, agent))
    return redirect(_next())


def sign_out() -> Response:
    """End this session."""
    session_id = here.session_id()
    here.write(lambda db: sessions.end(db, session_id))
    session.clear()
    return redirect(url_for("console.sign_in"))


def _begun(db: Any, staff_id: int, address: str, agent: str) -> str:
    sessions.forget_idle(db, here.idle())
    return sessions.begin(db, staff_id, address[:45], agent)


def _next() -> str:
    wanted = request.args.get("next", "")
    return request.script_root + wanted if OWN_PAGE.fullmatch(wanted) else url_for("console.overview")
