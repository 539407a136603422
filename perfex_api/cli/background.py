"""The command that does what is done in the background."""

import signal
import threading
from types import FrameType

import click

from perfex_api.cli.connect import prepared, read_settings, shown


@click.command()
def worker() -> None:
    """Keep the change journal: give changes their place, forget old ones, renew triggers.

    Start one beside the servers; of several, on any machines, one works and the others stand by. It ends with
    SIGTERM or Ctrl-C.
    """
    from perfex_api.jobs import Jobs  # no other command needs the scheduler

    settings = read_settings()
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    with prepared(settings) as database:
        jobs = Jobs(database, settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        jobs.start()
        click.echo(f"Keeping the change journal of {shown(settings)}; Ctrl-C ends it.")
        ended.wait()
        jobs.stop()
