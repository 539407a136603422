"""Files that follow the transaction: what it wrote goes when it fails, what it removed goes when it holds."""

import os
import shutil
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

from perfex_api.core.db import Db


def write(db: Db, folder: Path, name: str, content: IO[bytes]) -> str:
    """Write a new file; it goes again if the transaction fails.

    Args:
        db: The transaction.
        folder: Where to; made when it is missing.
        name: What to call it; if there is such a file, a number is put behind the stem.
        content: Read from its start, for a transaction may be run again.

    Returns:
        The name it got.

    Raises:
        OSError: It cannot be written, or not whole; the rollback takes away what there is of it.
    """
    if not folder.exists():
        db.on_rollback.append(partial(_remove_empty, folder))
        folder.mkdir(parents=True, exist_ok=True)
    with _new(folder, name) as file:
        path = Path(file.name)
        db.on_rollback.append(partial(path.unlink, missing_ok=True))
        content.seek(0)
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())  # before the commit: a row that survives a power cut has its file
    return path.name


def remove(db: Db, file: Path) -> None:
    """Remove a file once the transaction holds; it may be missing."""
    db.after_commit.append(partial(file.unlink, missing_ok=True))


def remove_folder(db: Db, folder: Path) -> None:
    """Remove a folder, with all that is in it, once the transaction holds; it may be missing."""
    db.after_commit.append(partial(_remove_folder, folder))


def _new(folder: Path, name: str) -> IO[bytes]:
    """Create a file that nobody else has: the system decides, so two requests never share one."""
    stem, suffix = os.path.splitext(name)
    for number in count():
        try:
            return (folder / (f"{stem}-{number}{suffix}" if number else name)).open("xb")
        except FileExistsError:
            continue
    raise AssertionError("unreachable")


def _remove_folder(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
