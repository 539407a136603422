"""``perfex-api`` by a clock that a test sets: ``python -m tests.server_with_a_clock serve``.

What the clock shows is in the file ``clock-N`` of the folder that it runs in; N is in ``SERVER``.
"""

import os
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from perfex_api.cli import main
from perfex_api.core import clock


def file(folder: Path, server: int | str) -> Path:
    """Where the time of a server is, in microseconds of unix time."""
    return folder / f"clock-{server}"


def show(folder: Path, server: int, stamp: int) -> None:
    """Set the clock of a server, which never sees half of a number."""
    new = folder / f"clock-{server}.new"
    new.write_text(str(stamp))
    new.replace(file(folder, server))


class Told(datetime):
    """What the clock shows is now."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Told":
        shown = int(file(Path(), os.environ["SERVER"]).read_text())
        return (cls(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=shown)).astimezone(tz)


# The processes that serve begin with this module too, under another name.
if __name__ in ("__main__", "__mp_main__"):
    clock.datetime = Told  # type: ignore[misc]

if __name__ == "__main__":
    main(prog_name="perfex-api")
