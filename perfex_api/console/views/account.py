"""The administrator's own page: where they are signed in, and how to end that."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug import Response

from perfex_api.console import accounts, sessions
from perfex_api.console.views import here


def route(console: Blueprint) -> None:
    """Add the pages."""
    console.add_url_rule("/account", "account", show)
    console.add_url_rule("/account/sign-out", "sign_out_everywhere", sign_out_everywhere, methods=["POST"])


def show() -> str:
    """Every session."""
    mine, session_id = here.account().staff_id, here.session_id()
    found = here.read(lambda db: sessions.listed(db, mine, session_id, here.idle()))
    return render_template("account.html", sessions=found, idle=here.settings().console_idle_minutes)


def sign_out_everywhere() -> Response:
    """End every session, this one too."""
    mine = here.account().staff_id
    here.write(lambda db: accounts.sign_out_everywhere(db, mine))
    session.clear()
    flash(here.say("flash.signed_out_everywhere"))
    return redirect(url_for("console.sign_in"))
