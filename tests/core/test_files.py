"""Files follow the transaction: written ones go when it fails, removed ones when it holds."""

import errno
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from perfex_api.core import files
from perfex_api.core.db import Database, Db, Site
from perfex_api.core.hooks import Hooks


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('db') / 'x'}", sa.MetaData(), Hooks())
    yield database
    database.dispose()


@contextmanager
def failing(database: Database) -> Iterator[Db]:
    """A transaction that fails when the block is done."""
    with suppress(ZeroDivisionError), database.transaction() as db:
        yield db
        raise ZeroDivisionError


def test_a_written_file_stays_when_the_transaction_holds(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        name = files.write(db, tmp_path / "leads" / "7", "offer.pdf", BytesIO(b"content"))
    assert name == "offer.pdf"
    assert (tmp_path / "leads/7/offer.pdf").read_bytes() == b"content"


def test_a_written_file_and_its_folder_go_when_the_transaction_fails(
    database: Database, tmp_path: Path
) -> None:
    with failing(database) as db:
        files.write(db, tmp_path / "7", "offer.pdf", BytesIO(b"content"))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_transaction_leaves_the_files_of_others(database: Database, tmp_path: Path) -> None:
    (tmp_path / "offer.pdf").write_bytes(b"theirs")
    with failing(database) as db:
        assert files.write(db, tmp_path, "offer.pdf", BytesIO(b"ours")) == "offer-1.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["offer.pdf"]
    assert (tmp_path / "offer.pdf").read_bytes() == b"theirs"


def test_names_that_are_taken_get_numbers(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        names = [files.write(db, tmp_path, "offer.pdf", BytesIO(b"x")) for _ in range(3)]
    assert names == ["offer.pdf", "offer-1.pdf", "offer-2.pdf"]


def test_a_transaction_that_is_run_again_writes_the_whole_content_again(
    database: Database, tmp_path: Path
) -> None:
    content = BytesIO(b"content")
    for _ in range(2):
        with failing(database) as db:
            files.write(db, tmp_path, "offer.pdf", content)
            assert (tmp_path / "offer.pdf").read_bytes() == b"content"


def test_half_a_file_is_no_file(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(source: IO[bytes], target: IO[bytes]) -> None:
        target.write(source.read(3))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full_disk)
    with pytest.raises(OSError, match="No space left"), database.transaction() as db:
        files.write(db, tmp_path / "7", "offer.pdf", BytesIO(b"content"))
    assert list(tmp_path.iterdir()) == []


def test_files_and_folders_are_removed_when_the_transaction_holds(database: Database, tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/offer.pdf").touch()
    (tmp_path / "single.pdf").touch()
    with database.transaction() as db:
        for name in ("7", "missing"):
            files.remove_folder(db, tmp_path / name)
        for name in ("single.pdf", "missing.pdf"):
            files.remove(db, tmp_path / name)
        assert (tmp_path / "single.pdf").exists()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_removed_when_the_transaction_fails(database: Database, tmp_path: Path) -> None:
    (tmp_path / "offer.pdf").touch()
    with failing(database) as db:
        files.remove(db, tmp_path / "offer.pdf")
    assert (tmp_path / "offer.pdf").exists()


def test_a_link_is_removed_and_not_what_it_points_to(database: Database, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    with database.transaction() as db:
        files.remove_folder(db, tmp_path / "link")
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_what_fails_after_the_commit_is_logged_and_the_rest_is_done(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    done = []
    with caplog.at_level(logging.ERROR, "perfex_api"), database.transaction() as db:
        db.after_commit += [lambda: 1 / 0, lambda: done.append("the rest")]
    assert done == ["the rest"]
    assert "could not finish" in caplog.text


def test_pages_of_the_crm_have_an_address_when_the_crm_has_one() -> None:
    assert Site().page("forms/l/abc") is None
    assert Site(url="https://crm.example.com").page("forms/l/abc") == "https://crm.example.com/forms/l/abc"
    assert Site(url="https://example.com/crm/").page("a") == "https://example.com/crm/a"
