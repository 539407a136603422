"""What all tokens did, and how the server is."""

from flask import Blueprint, render_template, request

from perfex_api.console import health, insight
from perfex_api.console.views import here
from perfex_api.core.db import Db
from perfex_api.http import request_totals
from perfex_api.http.pipeline import Machinery

#: How many rows of the log a page adds to the totals before it reads them.
CATCH_UP = 1_000


def route(console: Blueprint) -> None:
    """Add the pages."""
    console.add_url_rule("", "overview", overview)
    console.add_url_rule("/health", "health", show_health)


def period() -> str:
    """The period that the page is asked for."""
    wanted = request.args.get("period", "24h")
    return wanted if wanted in insight.PERIODS else "24h"


def caught_up(db: Db) -> None:
    """Bring the totals up to date, as far as a page has time for."""
    request_totals.add_up(db, CATCH_UP)


def overview() -> str:
    """Everybody's requests."""
    here.read(caught_up)
    usage = here.read(lambda db: insight.usage(db, period()))
    return render_template("overview.html", usage=usage, period=period(), periods=insight.PERIODS)


def show_health() -> str:
    """What ``doctor`` says, and who works."""
    found = health.find_out(Machinery.current().database, here.settings())
    return render_template("health.html", health=found)
