"""How the parent of the workers ends them."""

from typing import Any, cast

from perfex_api.cli.supervision import Server


class Worker:
    """Has ended, but this becomes known only when it is looked at for the third time."""

    idx = 0

    def __init__(self) -> None:
        self.looks = 0
        self.done: list[str] = []

    def is_alive(self) -> bool:
        self.looks += 1
        return self.looks < 3

    def join(self, timeout: float | None = None) -> None:
        pass

    def terminate(self) -> None:
        self.done.append("terminated")

    def kill(self) -> None:
        self.done.append("killed")


def test_a_worker_that_has_ended_is_not_taken_for_one_that_refuses() -> None:
    server, worker = Server.__new__(Server), Worker()
    server.wrks = cast(Any, [worker])
    server._stop_workers()
    assert set(worker.done) == {"terminated"}
    assert not server.wrks
