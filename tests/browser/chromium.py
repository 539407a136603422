"""Debian's Chromium, driven by Playwright, and a server of its own for it to look at."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).parents[2]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 90


def executable() -> str:
    """Where Chromium is; an empty text when it is not installed."""
    return shutil.which("chromium") or ""


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for the block."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield launched
        finally:
            launched.close()


@dataclass
class Served:
    """A server that runs, and the account that it printed."""

    port: int
    email: str
    password: str

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.port}/admin"

    def sign_in(self, page: Page) -> None:
        """Sign in by the form."""
        page.goto(f"{self.console}/sign-in")
        page.fill("#email", self.email)
        page.fill("#password", self.password)
        page.click("button.primary")
        page.wait_for_url(self.console)


@contextmanager
def served(folder: Path, *, demo: bool = True, **variables: str) -> Iterator[Served]:
    """Serve a database in this folder, by two workers, for the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = folder / "server.txt"
    ours = {"DATABASE_URL", "HOST", "PORT", "WORKERS", "THREADS"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "perfex_api.cli", "serve", "--port", str(port), "--workers", "2"]
    with output.open("wb") as told:
        process = subprocess.Popen(
            [*command, *(["--demo"] if demo else [])],
            cwd=folder,
            env=inherited | {"PYTHONPATH": str(REPOSITORY)} | variables,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, output)
        found = re.search(r"^  (\S+@\S+)  (\S+)$", output.read_text(), re.MULTILINE)
        yield Served(port, *(found.groups() if found else ("", "")))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(address: str, process: "subprocess.Popen[bytes]", output: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(URLError, ConnectionError), urlopen(address) as answer:
            assert answer.status == 200
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{output.read_text()}")
