"""A private MariaDB with production's durability, and the databases that the servers answer from."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from changes import seal
from perfex_api import tables as t
from perfex_api.core.db import Database, make_engine
from perfex_api.core.hooks import Hooks
from perfex_api.http import tokens
from perfex_api.http.grants import READ_SEARCH_AND_WRITE
from perfex_api.schema import capture_changes, initialise
from perfex_api.settings import Settings

#: Debian keeps servers out of people's PATH.
which = partial(shutil.which, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


@dataclass(frozen=True)
class Data:
    """What a database holds: customers, whether these have custom fields, invoices of three lines each."""

    name: str
    rows: int
    fields: bool = True
    invoices: int = 0


PLAIN = Data("plain", 10_000, fields=False)
FIELDS = Data("fields", 10_000)
LARGE = Data("large", 100_000, invoices=100_000)
#: Customers are added here, so that the others stay as they are.
WRITES = Data("writes", 10_000)


@dataclass(frozen=True)
class Server:
    """A running MariaDB.

    Attributes:
        socket: Where it listens.
        pid: Its process.
    """

    socket: Path
    pid: int

    def url(self, data: Data, driver: str = "mysqldb") -> str:
        """The address of a database, as the setting ``DATABASE_URL`` takes it."""
        return f"mysql+{driver}://root@localhost/{data.name}?unix_socket={self.socket}"

    def create(self, data: Data) -> str:
        """Make an empty database, and say where it is."""
        engine = make_engine(f"mysql+mysqldb://root@localhost/?unix_socket={self.socket}")
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {data.name} CHARACTER SET utf8mb4")
        engine.dispose()
        return self.url(data)

    def fill(self, data: Data) -> str:
        """Make a database as ``init`` and the worker leave it, full, with a token that has a rate limit."""
        engine = make_engine(self.create(data))
        initialise(engine, Settings())
        script = Path(__file__).with_name("data.sql").read_text("utf-8")
        for name, value in (("rows", data.rows), ("fields", data.fields), ("invoices", data.invoices or 1)):
            script = script.replace(f"{{{name}}}", str(int(value)))
        with engine.begin() as connection:
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.exec_driver_sql(statement.replace("%", "%%"))
        capture_changes(engine)
        engine.dispose()
        return self._token(data)

    def _token(self, data: Data) -> str:
        database = Database(self.url(data), t.crm, Hooks())
        features = ("customers", "invoices")
        grants = [(feature, capability) for feature in features for capability in READ_SEARCH_AND_WRITE]
        quota = tokens.Quota(1_000_000_000, 3600)
        token = database.run(lambda db: tokens.mint(db, "benchmark", grants, quota=quota))
        seal(database)
        database.dispose()
        return token


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A MariaDB for the block, in a folder of its own; every commit is on the disk before it is answered."""
    mariadbd, install = which("mariadbd"), which("mariadb-install-db")
    if not mariadbd or not install:
        raise SystemExit("Install the package mariadb-server first; it need not run.")
    user = ["--user=root"] if os.geteuid() == 0 else []
    data, socket = folder / "data", folder / "socket"
    where = [f"--datadir={data}", f"--tmpdir={folder}", *user]
    subprocess.run(
        [install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *where],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    command = [
        *(mariadbd, "--no-defaults", f"--socket={socket}", f"--pid-file={folder}/pid"),
        *("--skip-networking", "--skip-log-bin", "--innodb-buffer-pool-size=512M"),
        *("--innodb-flush-log-at-trx-commit=1", "--max-connections=400", *where),
    ]
    with (folder / "mariadb.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as run:
        try:
            wait_until(socket.exists, "MariaDB")
            yield Server(socket, run.pid)
        finally:
            run.terminate()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait for something to come up.

    Raises:
        SystemExit: It did not.
    """
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise SystemExit(f"{what} did not start.")
        time.sleep(0.02)


def engine_version(url: str) -> str:
    """What the database server calls itself."""
    engine = make_engine(url)
    with engine.connect() as connection:
        version = str(connection.scalar(sa.text("SELECT VERSION()")))
    engine.dispose()
    return version
