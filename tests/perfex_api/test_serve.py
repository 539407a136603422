"""``perfex-api serve`` as a process of its own: started, asked, stopped, killed."""

import re
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from databases import FreshUrl, OpenEngine
from server_process import PATIENCE, Server, free_port, is_running, run

from perfex_api import tables as t


def test_the_first_minutes_of_a_stranger(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start("--demo").wait()
    (token,) = re.findall(r"^  (pfx_[\w-]{43})$", server.said, re.MULTILINE)
    assert f'curl -H "authtoken: {token}" http://127.0.0.1:{server.port}/api/customers' in server.said
    status, customers = server.ask("customers", token)
    assert (status, customers[0]["company"]) == (200, "Aldermoor Interiors")
    assert (tmp_path / "perfex.sqlite3").exists()
    assert server.stop() == 0

    again = start("--demo").wait()
    assert "perfex-api token create --name NAME --all" in again.said
    assert "pfx_" not in again.said
    assert again.ask("customers", token) == (status, customers)
    assert again.stop(signal.SIGINT) == 0
    assert "Traceback" not in server.said + again.said
    assert "WARNING" not in server.said + again.said


def test_two_servers_start_on_one_empty_file(start: Callable[..., Server], tmp_path: Path) -> None:
    servers = [start("--demo"), start("--demo")]
    for server in servers:
        server.wait()
    minted = [
        token for server in servers for token in re.findall(r"^  (pfx_\S+)$", server.said, re.MULTILINE)
    ]
    assert len(minted) == 1
    answers = [server.ask("customers", minted[0]) for server in servers]
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert [server.stop() for server in servers] == [0, 0]


def test_a_taken_port_is_one_line(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start().wait()
    second = run(tmp_path, "serve", "--port", str(server.port))
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == f"Error: Cannot listen on 127.0.0.1:{server.port}: Address already in use.\n"


def test_wrong_settings_end_it_before_it_serves(tmp_path: Path) -> None:
    port = {"PORT": str(free_port())}
    for variables, sentence in (
        ({"RATE_LIMIT_STORAGE": "nowhere://"}, "RATE_LIMIT_STORAGE cannot be used"),
        ({"IP_ALLOWLIST": "300.0.0.1"}, "'300.0.0.1' does not appear to be an IPv4 or IPv6 network"),
        (
            {"DATABASE_READ_URL": "mysql+pymysql://root:geheim@127.0.0.1:1/crm"},
            "root:***@127.0.0.1:1/crm cannot",
        ),
        ({"DATABASE_URL": "mysql+pymysql://root:geheim@127.0.0.1:1/crm"}, "root:***@127.0.0.1:1/crm cannot"),
        ({"HOST": "no.such.host.invalid"}, "Cannot listen on no.such.host.invalid"),
    ):
        result = run(tmp_path, "serve", **port | variables)
        assert result.returncode == 1
        assert sentence in result.stderr
        assert result.stderr.count("\n") == 1
        assert "geheim" not in result.stderr


def test_what_is_being_answered_is_finished_and_logged(
    start: Callable[..., Server], tmp_path: Path, open_engine: OpenEngine
) -> None:
    server = start("--demo", "--workers", "2").wait()
    (token,) = re.findall(r"^  (pfx_\S+)$", server.said, re.MULTILINE)
    server.ask("items/1", token)
    assert server.stop() == 0  # within the second in which the log is written
    engine = open_engine(f"sqlite:///{tmp_path / 'perfex.sqlite3'}")
    with engine.connect().execution_options(reading=True) as connection:
        logged = connection.scalars(sa.select(t.api_request_log.c.path)).all()
    assert "/api/items/1" in logged


def test_who_waits_for_changes_is_answered_when_the_server_stops(start: Callable[..., Server]) -> None:
    server = start("--demo", "--workers", "1").wait()
    (token,) = re.findall(r"^  (pfx_\S+)$", server.said, re.MULTILINE)
    cursor = server.ask("changes?cursor=now", token)[1]["meta"]["cursor"]
    stops = threading.Event()

    def wait() -> Any:
        while True:  # who finds no place is answered at once, and asks again
            answer = server.ask(f"changes?wait=25&cursor={cursor}", token)
            if stops.is_set():
                return answer[1]["data"]

    with ThreadPoolExecutor(2) as pool:
        waits = [pool.submit(wait) for _ in range(2)]
        # Two of four threads wait, and the others answer: at once, when asked to wait as well.
        waited, give_up = 1.0, time.monotonic() + PATIENCE
        try:
            while waited >= 1 and time.monotonic() < give_up:
                began = time.monotonic()
                assert server.ask(f"changes?wait=1&cursor={cursor}", token)[0] == 200
                waited = time.monotonic() - began
        finally:
            stops.set()
        assert waited < 1
        began = time.monotonic()
        assert server.stop() == 0
        assert [each.result() for each in waits] == [[], []]
        assert time.monotonic() - began < 20


def test_workers_end_with_their_parent(start: Callable[..., Server]) -> None:
    server = start("--workers", "2").wait()
    workers = server.workers
    assert len(workers) == 2
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    give_up = time.monotonic() + PATIENCE
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_a_server_killed_while_it_writes_leaves_no_half_records(
    start: Callable[..., Server],
    fresh_url: FreshUrl,
    engine_name: str,
    tmp_path: Path,
    open_engine: OpenEngine,
) -> None:
    url = fresh_url(engine_name)
    server = start("--demo", "--workers", "1", DATABASE_URL=url).wait()
    (token,) = re.findall(r"^  (pfx_\S+)$", server.said, re.MULTILINE)
    answered: list[int] = []

    def write(writer: int) -> None:
        with suppress(OSError, ValueError, HTTPException):  # the end of the server, perhaps amid an answer
            for number in range(10_000):
                body = {"company": f"Written {writer}-{number}", "groups_in": [1, 2, 3]}
                status, payload = server.ask("customers", token, body)
                assert status == 200, payload
                answered.append(payload["record_id"])

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for each in writers:
        each.start()
    while len(answered) < 40 and all(each.is_alive() for each in writers):
        time.sleep(0.01)
    server.kill()
    for each in writers:
        each.join(PATIENCE)

    with open_engine(url).connect().execution_options(reading=True) as connection:
        client, group, log = t.clients.c, t.customer_groups.c, t.activity_log.c
        written = connection.scalars(sa.select(client.userid).where(client.company.like("Written %"))).all()
        groups = sa.select(group.customer_id, sa.func.count()).group_by(group.customer_id)
        in_groups = {
            customer: number for customer, number in connection.execute(groups) if customer in written
        }
        noted = sa.select(sa.func.count()).where(log.description.like("New Client Created [Written %"))
        assert set(answered) <= set(written)
        assert in_groups == dict.fromkeys(written, 3)
        assert connection.scalar(noted) == len(written)
    assert start("--workers", "1", DATABASE_URL=url).wait().stop() == 0
