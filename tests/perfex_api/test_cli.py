"""The command line, called in this process; ``test_serve.py`` has the one command that runs for long."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from conftest import Api
from databases import FreshUrl
from flask import Flask
from make import make_row

from perfex_api import tables as t
from perfex_api.cli import main
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database
from perfex_api.http import tokens

TOKEN = re.compile(r"pfx_[\w-]{43}\n")


class Shell:
    """``shell("token", "list")`` runs a command over the database of a URL."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, **variables: str) -> Result:
        with self._monkeypatch.context() as patch:
            for name, value in {"DATABASE_URL": self.url, **variables}.items():
                patch.setenv(name, value)
            return CliRunner().invoke(main, words, prog_name="perfex-api")


@pytest.fixture
def shell(crm_url: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands over a prepared database, on each engine in turn."""
    return Shell(crm_url, monkeypatch)


@pytest.fixture
def empty(fresh_url: FreshUrl, engine_name: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands over an empty database, on each engine in turn."""
    return Shell(fresh_url(engine_name), monkeypatch)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands over a file that is not there."""
    return Shell(f"sqlite:///{tmp_path / 'mistyped.sqlite3'}", monkeypatch)


def refused(result: Result, sentence: str, code: int = 1) -> bool:
    """Whether a command failed, saying so in one line, and nothing else on stdout."""
    last = result.stderr.splitlines()[-1]
    lines = result.stderr.count("\n") if code == 1 else 1
    return (result.exit_code, result.stdout, lines) == (code, "", 1) and sentence in last


def test_init_creates_then_finds_ready(empty: Shell) -> None:
    first, second = empty("init"), empty("init")
    assert first.stdout.startswith("Created the CRM's schema in ")
    assert second.stdout.endswith("is ready.\n")
    assert (first.exit_code, second.exit_code) == (0, 0)


def test_doctor_is_content_with_a_prepared_database(shell: Shell) -> None:
    result = shell("doctor")
    assert result.exit_code == 0
    assert result.stdout.startswith("Database: ")
    assert result.stdout.endswith("Everything is fine.\n")


def test_doctor_fails_when_something_is_missing(shell: Shell, crm_engine: sa.Engine) -> None:
    with crm_engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {t.api_replays.name}")
    result = shell("doctor")
    assert result.exit_code == 1
    assert f"Problem: {t.api_replays.name} missing: run `perfex-api init`." in result.stdout


def test_doctor_changes_nothing(nowhere: Shell, tmp_path: Path) -> None:
    assert refused(nowhere("doctor"), "run `perfex-api init` first")
    assert list(tmp_path.iterdir()) == []


def test_a_token_stands_alone_on_stdout_and_works(shell: Shell, app: Flask) -> None:
    result = shell("token", "create", "--name", "Zapier", "--grant", "customers:get", "--grant", "items:get")
    assert result.exit_code == 0
    assert TOKEN.fullmatch(result.stdout)
    assert result.stderr == ""
    api = Api(app.test_client(), result.stdout.strip())
    assert api.get("customers").get_json()["message"] == "No data were found"
    assert api.get("contacts").status_code == 403
    assert "X-RateLimit-Limit" not in api.get("items").headers


def test_every_option_of_a_token_is_kept(shell: Shell, database: Database) -> None:
    with database.transaction() as db:
        staff = make_row(db, t.staff, email="ada@example.com")
    minted = shell(
        *("token", "create", "--name", " Report ", "--all", "--expires", "2999-12-31", "--staff", str(staff)),
        *("--limit", "100/60", "--allow-ip", "192.0.2.0/24", "--allow-ip", "::1"),
    )
    with database.transaction() as db:
        caller = tokens.find(db, minted.stdout.strip())
    assert caller is not None
    assert (caller.name, caller.staff_id, caller.grants) == ("Report", staff, None)
    assert str(caller.expires_at) == "2999-12-31 23:59:59"
    assert caller.quotas == (tokens.Quota(100, 60),)
    assert caller.addresses == ("192.0.2.0/24", "::1")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--all", "--grant", "customers:get"], "either --all, or --grant"),
        ([], "either --all, or --grant"),
        (["--grant", "planets:get"], "there are: customers, contacts, leads"),
        (["--grant", "customers:fly"], "there are: get, search_get, post, put, delete"),
        (["--all", "--expires", "tomorrow"], "no ISO date"),
        (["--all", "--expires", "2020-01-01"], "is past"),
        (["--all", "--limit", "100"], "no limit"),
        (["--all", "--limit", "0/60"], "no limit"),
        (["--all", "--allow-ip", "300.0.0.1"], "no address or network"),
        (["--all", "--staff", "7"], "no active staff member 7"),
        (["--all", "--name", " "], "1 to 100 characters"),
    ],
)
def test_a_wrong_option_mints_nothing(sqlite_shell: Shell, words: list[str], sentence: str) -> None:
    assert refused(sqlite_shell("token", "create", "--name", "X", *words), sentence, code=2)
    assert len(sqlite_shell("token", "list").stdout.splitlines()) == 1


@pytest.fixture
def sqlite_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands over a prepared SQLite database: for what no engine sees."""
    shell = Shell(f"sqlite:///{tmp_path / 'crm.sqlite3'}", monkeypatch)
    shell("init")
    return shell


def test_times_with_a_zone_are_kept_in_utc(sqlite_shell: Shell) -> None:
    sqlite_shell("token", "create", "--name", "X", "--all", "--expires", "2999-01-01T01:30:00+02:00")
    assert "2998-12-31 23:30" in sqlite_shell("token", "list").stdout


def test_tokens_are_listed_without_themselves_and_revoked(shell: Shell, database: Database) -> None:
    words = ("token", "create", "--name")
    first = shell(*words, "First", "--all").stdout.strip()
    second = shell(*words, "Second", "--grant", "invoices:send,get", "--grant", "thirdparty:tblx:read")
    with database.transaction() as db:
        rows.update(db, t.api_tokens, 2, {"expires_at": utcnow() - timedelta(days=1)})
    assert shell("token", "revoke", "1").stdout == "Token 1 (First) is revoked.\n"
    head, *lines = shell("token", "list").stdout.splitlines()
    assert head.split() == ["id", "name", "token", "grants", "expires", "last", "used", "status"]
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert "invoices:get,send thirdparty:tblx:read" in lines[0]
    assert lines[0].endswith("expired")
    assert lines[1].split() == ["1", "First", f"{first[:12]}...", "all", "never", "never", "revoked"]
    assert first not in "".join(lines)
    assert second.stdout.strip() not in "".join(lines)
    with database.transaction() as db:
        assert tokens.find(db, first) is None


def test_a_token_that_is_not_there_cannot_be_revoked(shell: Shell) -> None:
    assert refused(shell("token", "revoke", "7"), "There is no token with this id.")


def test_tokens_need_a_prepared_database(empty: Shell, nowhere: Shell, tmp_path: Path) -> None:
    assert refused(empty("token", "list"), "run `perfex-api init` first")
    assert refused(nowhere("token", "create", "--name", "X", "--all"), "run `perfex-api init` first")
    assert not (tmp_path / "mistyped.sqlite3").exists()


def test_demo_fills_once(empty: Shell) -> None:
    first, second = empty("demo"), empty("demo")
    assert "with the demo company.\n" in first.stdout
    assert re.search(r"^  ines@kestrel-dahl\.example  \S{20}$", first.stdout, re.MULTILINE)
    assert refused(second, "There are customers already")


def test_openapi_prints_the_document_without_a_database(nowhere: Shell, api: Api) -> None:
    printed = nowhere("openapi")
    assert printed.stderr == ""
    assert json.loads(printed.stdout) == api.get("openapi.json").get_json()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql+pymysql://root:geheim@127.0.0.1:1/crm",
            "mysql+pymysql://root:***@127.0.0.1:1/crm cannot be used",
        ),
        (
            "mysql+pymysql://root@127.0.0.1:1/crm?password=geheim",
            "mysql+pymysql://root@127.0.0.1:1/crm cannot",
        ),
        ("mysql+pymysql://root:ge@heim@127.0.0.1/crm", "an @ in the password is written %40"),
        ("mysql+pymysql://root:geheim@127.0.0.1:geheim/crm", "DATABASE_URL cannot be read"),
        ("mysql+nosuch://root:geheim@127.0.0.1/crm", "the driver of mysql+nosuch:// is not installed"),
        ("mysql+pymysql://root:geheim@127.0.0.1", "names no database"),
        ("postgresql://root:geheim@127.0.0.1/crm", "not postgresql://"),
        ("geheim", "DATABASE_URL cannot be read"),
        ("sqlite://", "names no database"),
    ],
)
@pytest.mark.parametrize("command", [["init"], ["doctor"], ["token", "list"]])
def test_trouble_with_the_database_is_one_line_without_secrets(
    nowhere: Shell, url: str, sentence: str, command: list[str]
) -> None:
    result = nowhere(*command, DATABASE_URL=url)
    assert refused(result, sentence)
    assert not re.search("geheim|heim", result.output)


def test_a_wrong_setting_is_named(nowhere: Shell) -> None:
    assert refused(nowhere("init", WORKERS="many"), "WORKERS is 'many'; it must be a whole number.")
    assert refused(nowhere("serve", PORT="80000"), "PORT is 80000; it must be 1 to 65535.")
    assert refused(nowhere("serve", THREADS="0"), "THREADS is 0; it must be 1 to 1000.")


def test_the_unexpected_is_one_line_too(nowhere: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("perfex_api.cli.database.initialise", fail)
    assert refused(nowhere("init"), "RuntimeError: first line (perfex-api --traceback shows where)")
    assert isinstance(nowhere("--traceback", "init").exception, RuntimeError)


def test_every_command_explains_itself() -> None:
    def walk(command: Any) -> None:
        assert command.help, command.name
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert option.help, (command.name, option.name)
        for inner in getattr(command, "commands", {}).values():
            walk(inner)

    walk(main)


def test_init_makes_the_triggers_and_doctor_misses_them(empty: Shell) -> None:
    assert " triggers, which note what any program changes.\n" in empty("init").stdout
    assert "Note" not in empty("doctor").stdout
    assert empty("capture", "remove").stdout.startswith("Removed ")
    assert "run `perfex-api capture install`" in empty("doctor").stdout
    assert empty("doctor").exit_code == 0


def test_capture_is_installed_shown_and_removed(shell: Shell, crm_engine: sa.Engine) -> None:
    assert shell("capture", "install").stdout == "All triggers are there.\n"
    with crm_engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tblapi_leads_au")
    lacking = shell("capture", "status")
    assert lacking.exit_code == 1
    assert "1 are missing: tblapi_leads_au.\n" in lacking.stdout
    assert "1 triggers are missing and 0 outdated" in shell("doctor").stdout
    assert shell("capture", "install").stdout == "Made 1 triggers.\n"
    shown = shell("capture", "status")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Triggers on 66 tables note what any program changes.\n")
    assert shell("capture", "remove").stdout == "Removed 198 triggers.\n"
    assert shell("capture", "status").stdout.startswith("There are no triggers. Only this server's own ")


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has no accounts
def test_an_account_that_may_make_no_triggers_is_told_so(empty: Shell, engine_name: str) -> None:
    administrator = sa.create_engine(empty.url)
    limited = sa.make_url(empty.url).set(username="limited")
    with administrator.begin() as connection:
        connection.exec_driver_sql("CREATE OR REPLACE USER limited@localhost")
        privileges = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES"
        connection.exec_driver_sql(f"GRANT {privileges} ON `{limited.database}`.* TO limited@localhost")
    empty.url = limited.render_as_string(hide_password=False)
    init = empty("init")
    assert init.exit_code == 0
    assert "No triggers could be made: TRIGGER command denied to user 'limited'@'localhost'" in init.stdout
    assert refused(empty("capture", "install"), "No triggers could be made: TRIGGER command denied")
    assert empty("capture", "status").stdout.startswith("There are no triggers.")
    assert "lacks the TRIGGER privilege" in empty("doctor").stdout
    with administrator.begin() as connection:
        connection.exec_driver_sql("DROP USER limited@localhost")
    administrator.dispose()


def test_init_prints_an_account_for_the_console_once(empty: Shell) -> None:
    first, second = empty("init"), empty("init")
    assert re.search(r"^  admin@example\.com  \S{20}$", first.stdout, re.MULTILINE)
    assert "admin@example.com" not in second.stdout


def test_an_administrator_gets_a_new_password(shell: Shell) -> None:
    first, second = shell("administrator", "ines@example.com"), shell("administrator", "ines@example.com")
    assert re.fullmatch(r"\S{20}\n", first.stdout)
    assert re.fullmatch(r"\S{20}\n", second.stdout)
    assert first.stdout != second.stdout
    assert "must be an e-mail address" in shell("administrator", "ines").output
