"""The servers that are compared, each with its production settings, over one database after another."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.database import Data, Server, wait_until, which

HERE = Path(__file__).parent
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Peer:
    """A running server.

    Attributes:
        name: What the table calls it.
        ports: By database.
        token: By database.
        pids: By database, the processes whose trees answer for it.
    """

    name: str
    ports: Mapping[str, int]
    token: Mapping[str, str]
    pids: Mapping[str, tuple[int, ...]]


@contextmanager
def ours(server: Server, data: Mapping[Data, str], folder: Path, driver: str = "mysqldb") -> Iterator[Peer]:
    """``perfex-api serve``, with its own defaults."""
    command = [sys.executable, "-m", "perfex_api.cli", "serve", "--port", "{port}"]
    with application(server, data, folder, "ours", command, driver) as peer:
        yield peer


@contextmanager
def application(
    server: Server,
    data: Mapping[Data, str],
    folder: Path,
    name: str,
    command: Sequence[str],
    driver: str = "mysqldb",
    **settings: str,
) -> Iterator[Peer]:
    """The application, served by a command, in which ``{port}`` stands for where it is to listen."""
    with ExitStack() as running:
        ports, pids = _free_ports(data), {}
        for each in data:
            own = {"DATABASE_URL": server.url(each, driver), "UPLOADS_FOLDER": str(folder)}
            filled = [word.replace("{port}", str(ports[each.name])) for word in command]
            log = folder / f"{name}-{each.name}.log"
            pids[each.name] = (_started(running, filled, log, os.environ | own | settings),)
        peer = Peer(name, ports, _by_name(data), pids)
        _wait_for_answers(peer)
        yield peer


@contextmanager
def floor(server: Server, data: Mapping[Data, str], folder: Path) -> Iterator[Peer]:
    """Bare WSGI under bjoern, a process for each core."""
    with _bare("floor", "benchmarks.floor", server, data, folder) as peer:
        yield peer


@contextmanager
def same_queries(server: Server, data: Mapping[Data, str], folder: Path) -> Iterator[Peer]:
    """As the floor, with the statements that our server sends."""
    with _bare("same queries", "benchmarks.same_queries", server, data, folder) as peer:
        yield peer


@contextmanager
def _bare(name: str, module: str, server: Server, data: Mapping[Data, str], folder: Path) -> Iterator[Peer]:
    with ExitStack() as running:
        ports, pids = _free_ports(data), {}
        for each, token in data.items():
            environ = os.environ | _told(server, each, token) | {"DATABASE_URL": server.url(each)}
            command = [sys.executable, "-m", module, str(ports[each.name]), str(cores())]
            pid = _started(running, command, folder / f"{module}-{each.name}.log", environ)
            running.callback(os.killpg, pid, signal.SIGTERM)  # it does not end those that it has forked
            pids[each.name] = (pid,)
        peer = Peer(name, ports, _by_name(data), pids)
        _wait_for_answers(peer)
        yield peer


@contextmanager
def php(server: Server, data: Mapping[Data, str], folder: Path) -> Iterator[Peer]:
    """Bare PHP: PHP-FPM behind nginx, both from Debian's packages, with the opcode cache."""
    fpm = next((str(found) for found in sorted(Path("/usr/sbin").glob("php-fpm*"))), None)
    nginx = which("nginx")
    if not fpm or not nginx:
        raise SystemExit("Install the packages nginx, php-fpm and php-mysql first; none of them need run.")
    ports = _free_ports(data)
    sites = "".join(_site(each, ports[each.name], _told(server, each, token)) for each, token in data.items())
    user = "user = root\ngroup = root" if os.geteuid() == 0 else ""
    pool = _written("php-fpm.conf", folder, user=user)
    config = _written("nginx.conf", folder, cores=str(cores()), sites=sites)
    with ExitStack() as running:
        opcache = ["-d", "opcache.enable=1", "-d", "opcache.validate_timestamps=0"]
        root = ["-R"] if os.geteuid() == 0 else []
        first = _started(
            running, [fpm, "-F", "-y", str(pool), *root, *opcache], folder / "fpm.log", os.environ
        )
        second = _started(running, [nginx, "-c", str(config)], folder / "nginx-start.log", os.environ)
        peer = Peer("php", ports, _by_name(data), {each.name: (first, second) for each in data})
        _wait_for_answers(peer)
        yield peer


def cores() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0))


def ask(
    peer: Peer, name: str, path: str, headers: Mapping[str, str] | None = None
) -> tuple[bytes, Mapping[str, str]]:
    """One request, as wrk will send it: the body and the headers of its answer, by names in small letters."""
    url = f"http://{HOST}:{peer.ports[name]}{path}"
    request = urllib.request.Request(url, headers={"authtoken": peer.token[name]})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read(), {name.lower(): value for name, value in response.headers.items()}


def _told(server: Server, data: Data, token: str) -> dict[str, str]:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return {"BENCH_DB": data.name, "BENCH_SOCKET": str(server.socket), "BENCH_TOKEN": digest}


def _site(data: Data, port: int, told: Mapping[str, str]) -> str:
    names = ("REQUEST_URI", "QUERY_STRING", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH")
    params = {name: f"${name.lower()}" for name in names} | dict(told)
    lines = "".join(f"fastcgi_param {name} {value};" for name, value in params.items())
    script = f"fastcgi_param SCRIPT_FILENAME {HERE / 'bare.php'};"
    return f"server {{ listen {HOST}:{port}; location / {{ {script}{lines} fastcgi_pass php; }} }}\n"


def _written(name: str, folder: Path, **values: str) -> Path:
    """A configuration file of ours, with these values in it."""
    text = (HERE / name).read_text()
    for key, value in (values | {"folder": str(folder)}).items():
        text = text.replace(f"{{{key}}}", value)
    (folder / name).write_text(text)
    return folder / name


def _started(running: ExitStack, command: list[str], log: Path, environ: Mapping[str, str]) -> int:
    output = running.enter_context(log.open("wb"))
    options: dict[str, Any] = {"stdout": output, "stderr": output, "env": environ, "cwd": HERE.parent}
    process = running.enter_context(subprocess.Popen(command, start_new_session=True, **options))
    running.callback(process.terminate)
    return process.pid


def _free_ports(data: Mapping[Data, str]) -> dict[str, int]:
    with ExitStack() as held:
        sockets = {each.name: held.enter_context(socket.socket()) for each in data}
        for each in sockets.values():
            each.bind((HOST, 0))
        return {name: each.getsockname()[1] for name, each in sockets.items()}


def _by_name(data: Mapping[Data, str]) -> dict[str, str]:
    return {each.name: token for each, token in data.items()}


def _wait_for_answers(peer: Peer) -> None:
    for name in peer.ports:
        wait_until(partial(_answers, peer, name), f"{peer.name} over {name}")


def _answers(peer: Peer, name: str) -> bool:
    try:
        ask(peer, name, "/api/customers/1")
    except urllib.error.HTTPError as error:
        if error.code == 502:  # nginx is there before PHP is
            return False
        raise SystemExit(f"{peer.name} over {name} answers {error.code}: {error.read()[:500]!r}") from None
    except OSError:
        return False
    return True
