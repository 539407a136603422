"""A real server, writers of both kinds, followers of all kinds: nothing is missed, nothing comes twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from databases import FreshUrl

from benchmarks.soak_polling import Plan, prepared, serving, soak

PLANS = {
    # SQLite has one writer at a time.
    "sqlite": Plan(120, api_writers=2, sql_writers=1, pollers=2, feeds=1, limit=5, open_for=0.02),
    "mysql": Plan(240, api_writers=2, sql_writers=2, pollers=3, feeds=2, limit=5, open_for=0.2),
}


@pytest.mark.contract("zapier.poll")
def test_everybody_who_follows_knows_everything_in_the_end(
    engine_name: str, fresh_url: FreshUrl, tmp_path: Path
) -> None:
    url = fresh_url(engine_name)
    token = prepared(url)
    with serving(url, tmp_path) as ports:
        result = soak(url, ports, token, PLANS[engine_name], ThreadPoolExecutor)
    assert result.failures() == []
    assert result.truth
    assert all(each.events for each in result.followers)
