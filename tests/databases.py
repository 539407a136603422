"""Databases for tests, as fixtures: empty ones, initialised ones, on SQLite and on MySQL.

MySQL tests run on the server of ``TEST_MYSQL_URL``, else on a private one started from an installed
``mariadbd`` in a temporary folder: one for each xdist worker, talked to by ``TEST_MYSQL_DRIVER`` (pymysql or
mysqldb). When neither can be had they are skipped, loudly; with ``CI`` set they fail.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from mysql_databases import MySQLTemplate, create_database, drop_database, initialise_database

from perfex_api.core.db import make_engine

ENGINES = ("sqlite", "mysql")
#: Servers are not on everybody's PATH.
which = partial(shutil.which, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
NO_SERVER = "no MySQL server: set TEST_MYSQL_URL, or install mariadbd"

FreshUrl = Callable[[str], str]
OpenEngine = Callable[[str], sa.Engine]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that half of the tests did not run."""
    skipped = [each for each in terminalreporter.stats.get("skipped", []) if NO_SERVER in str(each.longrepr)]
    if skipped:
        line = f"{len(skipped)} TESTS DID NOT RUN ON MYSQL: {NO_SERVER}"
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[str]:
    """The URL of a MySQL server whose account may do everything, without a database."""
    if url := os.environ.get("TEST_MYSQL_URL"):
        yield sa.make_url(url).set(database="").render_as_string(hide_password=False)
    elif (mariadbd := which("mariadbd")) and (install := which("mariadb-install-db")):
        with _private_server(mariadbd, install) as url:
            yield url
    elif os.environ.get("CI"):
        pytest.fail(NO_SERVER)
    else:
        pytest.skip(NO_SERVER)


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshUrl]:
    """A function from an engine's name to the URL of a new, empty database, which is dropped afterwards."""
    made: list[str] = []

    def make(engine_name: str) -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{tmp_path / uuid4().hex}.sqlite3"
        made.append(create_database(request.getfixturevalue("mysql_server")))
        return made[-1]

    yield make
    for url in made:
        drop_database(url)


@pytest.fixture
def mysql_url(fresh_url: FreshUrl) -> str:
    """The URL of a new, empty MySQL database."""
    return fresh_url("mysql")


@pytest.fixture
def open_engine() -> Iterator[OpenEngine]:
    """A function that makes an engine, as the program does, which is disposed of afterwards."""
    opened: list[sa.Engine] = []

    def open_(url: str) -> sa.Engine:
        opened.append(make_engine(url))
        return opened[-1]

    yield open_
    for engine in opened:
        engine.dispose()


@pytest.fixture
def crm_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the CRM's schema, its install rows and triggers, on either engine."""
    if engine_name == "sqlite":
        copy = tmp_path / "crm.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), copy)
        return f"sqlite:///{copy}"
    template: MySQLTemplate = request.getfixturevalue("mysql_template")
    return template.restored()


@pytest.fixture
def crm_engine(crm_url: str, open_engine: OpenEngine) -> sa.Engine:
    """An engine on ``crm_url``."""
    return open_engine(crm_url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "crm.sqlite3"
    initialise_database(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def mysql_template(mysql_server: str) -> Iterator[MySQLTemplate]:
    """An initialised MySQL database to restore from."""
    template = MySQLTemplate(mysql_server)
    yield template
    template.close()


@contextmanager
def _private_server(mariadbd: str, install: str) -> Iterator[str]:
    # Not pytest's folder: the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="pa-") as folder:
        data, socket, log = f"{folder}/data", f"{folder}/socket", Path(folder, "log")
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                f"--tmpdir={folder}",  # two of them at once would trip over each other's temporary tables
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *user,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        command = [
            mariadbd,
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={socket}",
            f"--pid-file={folder}/pid",
            f"--tmpdir={folder}",  # in a common one, a starting server removes the files of a running one
            "--skip-networking",
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-method=nosync",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=32M",
            "--lock-wait-timeout=60",  # the server's own is a day
            "--skip-sync-frm",  # a database has more than a hundred triggers
            *user,
        ]
        with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
            try:
                driver = os.environ.get("TEST_MYSQL_DRIVER", "pymysql")
                _wait_for(Path(socket), server, log)
                # PyMySQL reads the machine's certificates again for each connection that might be encrypted.
                plain = "&ssl_disabled=true" if driver == "pymysql" else ""
                yield f"mysql+{driver}://root@localhost/?unix_socket={socket}{plain}"
            finally:
                server.terminate()


def _wait_for(socket: Path, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + 30
    while not socket.exists():
        if server.poll() is not None or time.monotonic() > give_up:
            pytest.fail(f"mariadbd did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)
