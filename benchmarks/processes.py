"""Several processes for servers that are one thread each."""

import os


def fork(number: int) -> None:
    """Go on from here as so many processes."""
    for _ in range(number - 1):
        if os.fork() == 0:
            return
