"""One process holds a lease at a time, for as long as it gives signs of life."""

import pytest
import sqlalchemy as sa

from perfex_api.schema.lease import Lease, LeaseLost


def test_a_lease_has_one_holder(crm_engine: sa.Engine) -> None:
    mine, other = Lease("work", 60), Lease("work", 60)
    assert mine.take(crm_engine)
    assert not other.take(crm_engine)
    assert not Lease("work", 60).take(crm_engine)
    assert Lease("other work", 60).take(crm_engine)
    with crm_engine.begin() as connection:
        mine.renew(connection, note="half")
        mine.release(connection)
    assert other.take(crm_engine)
    with crm_engine.begin() as connection:
        assert other.note(connection) == "half"


def test_a_silent_holder_loses_its_lease(crm_engine: sa.Engine) -> None:
    silent, other = Lease("work", -1), Lease("work", 60)
    assert silent.take(crm_engine)
    assert other.take(crm_engine)
    with crm_engine.begin() as connection, pytest.raises(LeaseLost):
        silent.renew(connection)
