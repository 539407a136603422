"""The figures of ``/metrics``; whoever has none need not import Prometheus's client."""

from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from werkzeug import Response

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.http import request_totals
from perfex_api.http.request_totals import ALL, BOUNDS, WITHIN


class Metrics:
    """The view of ``/metrics``.

    Args:
        database: Where the totals are.
    """

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Totals(database))

    def __call__(self) -> Response:
        return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)


class Totals(Collector):
    """The request log's totals as metrics; they are those of all workers and servers on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Nothing: the names follow from ``collect``, which needs no call before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the totals."""
        self._database.run(request_totals.add_up)
        statuses, durations, unsealed = self._database.run(_read, write=False)
        calls = CounterMetricFamily("perfex_api_requests", "Answered calls.", labels=["status"])
        for row in statuses:
            calls.add_metric([row["value"]], row["calls"])
        yield calls
        times = HistogramMetricFamily("perfex_api_request_seconds", "How long answers took.")
        if durations:
            (row,) = durations
            times.add_metric([], _buckets(row), row["duration_us"] / 1e6)
        yield times
        yield GaugeMetricFamily("perfex_api_unsealed_changes", "Changes not in the journal yet.", unsealed)


def _read(db: Db) -> tuple[list[rows.Row], list[rows.Row], int]:
    total = t.api_request_totals
    ever = sa.select(total).where(total.c.step == "ever", total.c.token_key == ALL)
    statuses = rows.fetch(db, ever.where(total.c.topic == "status").order_by(total.c.value))
    durations = rows.fetch(db, ever.where(total.c.topic == "all"))
    unsealed = db.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox))
    return statuses, durations, int(unsealed or 0)


def _buckets(row: rows.Row) -> list[tuple[str, float]]:
    found, sum_ = [], 0
    for name, bound in zip(WITHIN, [*(str(each / 1_000) for each in BOUNDS), "+Inf"], strict=True):
        sum_ += row[name]
        found.append((bound, float(sum_)))
    return found
