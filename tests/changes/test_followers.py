"""While others write, everybody who reads on by what the last page told misses nothing."""

from concurrent.futures import ThreadPoolExecutor

from benchmarks import soak_journal


def test_followers_know_the_final_state_of_every_record(crm_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        followed = soak_journal.soak(crm_url, pool, writers=3, changes_=60)
    truth = soak_journal.final(crm_url)
    assert len(truth) > 20
    for name, seen in followed:
        assert soak_journal.missed(seen, truth) == 0, name
        assert seen.repeated == 0 or name == "poll, whole seconds"
