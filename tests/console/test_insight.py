"""What pages show of the past: figures, the log, health, metrics."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Api, Transaction
from console.desk import Desk
from flask import Flask

from perfex_api import tables as t
from perfex_api.console import insight, log_search, texts
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database
from perfex_api.http import request_totals
from perfex_api.http.request_log import EXTENSION
from perfex_api.http.request_totals import BOUNDS, WITHIN

CONSOLE = Path(texts.__file__).parent
Log = Callable[..., None]


@pytest.fixture
def log(transaction: Transaction) -> Log:
    """Write rows into the request log: ``log(status=404)``."""

    def write(**columns: Any) -> None:
        row = {"at": utcnow(), "request_id": "r", "method": "GET", "path": "/api/items/7", "status": 200}
        row |= {"token_kind": "own", "token_id": 1, "duration_us": 4_000, "granted": "items:get"}
        with transaction() as db:
            rows.insert(db, t.api_request_log, row | columns)

    return write


@pytest.mark.parametrize("period", insight.PERIODS)
def test_a_period_has_a_point_for_each_step(period: str, log: Log, database: Database) -> None:
    length, step = insight.PERIODS[period]
    for age in (timedelta(0), length / 2, length * 2):
        log(at=utcnow() - age, status=404)
    database.run(request_totals.add_up)
    usage = database.run(lambda db: insight.usage(db, period))
    assert len(usage.points) == length / (insight.HOUR if step == "hour" else insight.DAY)
    assert (usage.total.calls, usage.total.errors, usage.statuses) == (2, 2, [(404, 2)])
    assert sum(point.calls for point in usage.points) == 2
    assert [each["name"] for each in usage.endpoints] == ["GET /api/items/{id}"]


def test_percentiles_come_from_the_steps() -> None:
    steps = [0] * len(WITHIN)
    steps[BOUNDS.index(10)], steps[BOUNDS.index(100)] = 95, 5
    assert insight.percentile(steps, 0.95) == 10
    assert insight.percentile(steps, 0.5) == pytest.approx(8.6, abs=0.1)
    assert insight.percentile(steps, 1) == 100
    assert insight.percentile([0] * len(WITHIN), 0.5) is None


def test_figures_are_there_as_tables(desk: Desk, log: Log) -> None:
    log()
    log(status=500, duration_us=900_000)
    page = desk.page()
    assert "GET /api/items/{id}" in page
    assert '<table id="series">' in page
    assert "50.0 %" in page


def test_a_call_is_in_the_log_with_its_body(
    make_app: Callable[..., Flask], administrator: int, mint: Callable[..., Api]
) -> None:
    app = make_app(request_log=True)
    api = Api(app.test_client(), mint().token)
    sent = {"firstname": "Ann", "password": "hush"}
    api.post("contacts", data=sent, headers={"X-Request-Id": "mine-1"})
    app.extensions[EXTENSION].flush()
    desk = Desk(app.test_client())
    desk.sign_in()
    assert "/api/contacts" in desk.page("/requests?request_id=mine-1")
    page = desk.page("/requests/1")
    assert "&#34;password&#34;: &#34;[removed]&#34;" in page
    assert "hush" not in page
    assert "contacts:post" in page
    assert "/admin" not in [row for row in desk.page("/requests").split("<code>") if "/admin" in row[:10]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {1, 2, 3}),
        ("token=own:1", {1}),
        ("token=legacy:1", {2}),
        ("token=none", {3}),
        ("path=leads", {2}),
        ("path=LEADS%25", set()),
        ("status=404", {2}),
        ("status=4xx", {2, 3}),
        ("status=5xx", set()),
        ("since=2026-01-02T00:00", {2, 3}),
        ("until=2026-01-02T00:00", {1}),
        ("since=2026-01-02T00:00&until=2026-01-02T23:00&status=4", {2}),
        ("request_id=three", {3}),
        ("request_id=three&status=200", set()),
    ],
)
def test_the_log_is_filtered(query: str, found: set[int], desk: Desk, log: Log) -> None:
    day = utcnow().replace(year=2026, month=1, day=1, hour=12)
    log(at=day, request_id="one")
    log(at=day + insight.DAY, status=404, path="/api/leads", token_kind="legacy", request_id="two")
    log(at=day + insight.DAY * 2, status=401, token_kind=None, token_id=None, request_id="three")
    page = desk.page(f"/requests?{query}")
    assert {number for number in (1, 2, 3) if f'href="/admin/requests/{number}"' in page} == found


@pytest.mark.parametrize("query", ["status=9", "status=abc", "since=x", "token=own:x", "token=%27;"])
def test_a_filter_that_means_nothing_is_told(query: str, desk: Desk) -> None:
    assert desk.get(f"/requests?{query}").status_code == 422


def test_pages_of_the_log_hold_every_row_once(log: Log, database: Database) -> None:
    for _ in range(120):
        log()
    seen: list[int] = []
    before: int | None = None
    while True:
        page = database.run(lambda db, before=before: log_search.search(db, log_search.Filter(), before))
        seen += [row["id"] for row in page.rows]
        before = page.older
        if before is None:
            break
    assert seen == list(range(120, 0, -1))


def test_a_search_that_takes_too_long_is_continued(
    log: Log, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "BUDGET", 0)
    monkeypatch.setattr(log_search, "SLICE", 2)
    log(path="/api/leads")
    for _ in range(5):
        log()
    wanted, before, turns = log_search.Filter(path="leads"), None, 0
    found: list[int] = []
    while turns == 0 or before is not None:
        page = database.run(lambda db, before=before: log_search.search(db, wanted, before))
        assert page.complete is (page.older is None)
        found += [row["id"] for row in page.rows]
        before, turns = page.older, turns + 1
    assert (found, turns) == ([1], 3)


def test_health_says_what_doctor_says(desk: Desk) -> None:
    page = desk.page("/health")
    assert "Everything is fine" in page
    assert "perfex-api" in page


def test_healthz_tells_no_more_than_whether(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_healthz_tells_of_a_database_that_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfex_api.console.health.answers", lambda database: False)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "unavailable"})


def test_metrics_are_there_where_they_are_wanted(
    app: Flask, make_app: Callable[..., Flask], log: Log
) -> None:
    assert app.test_client().get("/metrics").status_code == 404
    log()
    log(status=404, duration_us=30_000)
    answer = make_app(metrics=True).test_client().get("/metrics")
    told = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/plain")
    assert 'perfex_api_requests_total{status="404"} 1.0' in told
    assert 'perfex_api_request_seconds_bucket{le="0.005"} 1.0' in told
    assert 'perfex_api_request_seconds_bucket{le="+Inf"} 2.0' in told
    assert "perfex_api_request_seconds_sum 0.034" in told


def test_every_text_is_used_and_every_used_text_exists() -> None:
    known = json.loads((CONSOLE / "texts" / "en.json").read_text("utf-8"))
    used = "\n".join(
        each.read_text("utf-8") for pattern in ("**/*.html", "**/*.py") for each in CONSOLE.glob(pattern)
    )
    made = ("nav.", "period.", "state.", "field.", "capability.", "overlap.", "error.", "error_page.")
    for name in known:
        assert f'"{name}"' in used or f"'{name}'" in used or name.startswith(made), name
    for quote in "\"'":
        for part in used.split(f"say({quote}")[1:]:
            name = part.partition(quote)[0]
            assert name in known or name in made, name


def test_an_unknown_language_is_told_at_the_start(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(ValueError, match="CONSOLE_LANGUAGE is 'xx'; there are: en"):
        make_app(console_language="xx")
