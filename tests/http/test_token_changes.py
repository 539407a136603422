"""Tokens of ours after they were minted: changed, narrowed, rotated."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import stopped_clock
from conftest import Api, Transaction

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.errors import Conflict, NotFound
from perfex_api.http import token_changes, tokens
from perfex_api.http.tokens import Quota

READ = ("customers", "get")
WRITE = ("customers", "post")


def test_a_changed_token_may_do_what_it_is_told_now(
    mint: Callable[..., Api], transaction: Transaction
) -> None:
    api = mint(READ)
    with transaction() as db:
        token_changes.change(db, 1, "other", {("items", "get")})
    assert api.get("customers").status_code == 403
    assert api.get("items").get_json()["message"] == "No data were found"


def test_a_change_sets_every_property(mint: Callable[..., Api], transaction: Transaction) -> None:
    mint(READ, quota=Quota(5, 60), addresses=["192.0.2.7"])
    later = utcnow().replace(microsecond=0) + timedelta(days=1)
    with transaction() as db:
        token_changes.change(db, 1, "new", None, expires_at=later, staff_id=4)
        row = rows.get(db, t.api_tokens, 1)
        assert token_changes.grants_of(db, 1) == frozenset()
    assert (row["name"], row["all_grants"], row["expires_at"], row["staff_id"]) == ("new", 1, later, 4)
    assert (row["request_limit"], row["limit_seconds"], row["ip_allowlist"]) == (None, None, None)


def test_a_narrowed_token_keeps_what_it_uses(mint: Callable[..., Api], transaction: Transaction) -> None:
    api = mint(READ, WRITE)
    with transaction() as db:
        token_changes.narrow(db, 1, [WRITE])
    assert api.get("customers").status_code == 404
    assert api.post("customers", data={"company": "Acme"}).status_code == 403


def test_both_tokens_work_until_the_overlap_ends(
    mint: Callable[..., Api], transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    old = mint(READ, quota=Quota(50, 60), addresses=["127.0.0.1"])
    with transaction() as db:
        new = Api(old.client, token_changes.rotate(db, 1, timedelta(hours=1), "Ann"))
        successor = rows.get(db, t.api_tokens, 2)
        assert rows.get(db, t.api_tokens, 1)["replaced_by"] == 2
    assert [api.get("customers").status_code for api in (old, new)] == [404, 404]
    clock.advance(hours=1)
    assert old.get("customers").get_json()["message"] == "Token Time Expire."
    assert new.get("customers").status_code == 404
    assert new.get("items").status_code == 403
    kept = [
        successor[name] for name in ("name", "request_limit", "limit_seconds", "ip_allowlist", "created_by")
    ]
    assert kept == ["test", 50, 60, "127.0.0.1", "Ann"]


def test_a_token_does_not_outlive_its_expiry_by_rotation(
    mint: Callable[..., Api], transaction: Transaction
) -> None:
    soon = utcnow().replace(microsecond=0) + timedelta(minutes=1)
    mint(READ, expires_at=soon)
    with transaction() as db:
        token_changes.rotate(db, 1, timedelta(hours=1), "Ann")
        assert [rows.get(db, t.api_tokens, each)["expires_at"] for each in (1, 2)] == [soon, soon]


def test_what_is_over_is_not_changed(mint: Callable[..., Api], transaction: Transaction) -> None:
    mint(READ)
    mint(READ)
    with transaction() as db:
        token_changes.rotate(db, 1, timedelta(0), "Ann")
        with pytest.raises(Conflict, match="successor"):
            token_changes.rotate(db, 1, timedelta(0), "Ann")
        tokens.revoke(db, 2)
        for refused in (
            lambda: token_changes.rotate(db, 2, timedelta(0), "Ann"),
            lambda: token_changes.narrow(db, 2, [READ]),
            lambda: token_changes.change(db, 2, "x", None),
        ):
            with pytest.raises(Conflict, match="revoked"):
                refused()
        with pytest.raises(NotFound):
            token_changes.narrow(db, 99, [READ])
