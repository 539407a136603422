"""What the documents say is what the program does."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from conftest import Api, Transaction

from perfex_api import demo
from perfex_api.cli import main
from perfex_api.http.grants import CAPABILITIES
from perfex_api.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
KINDS = {bool: "on/off", int: "number", str: "text", tuple: "list"}

README = (ROOT / "README.md").read_text()
COMMANDS = (ROOT / "docs" / "command-line.md").read_text()


def rows(document: Path) -> list[list[str]]:
    """The cells of all tables of a document."""
    lines = [line for line in document.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_setting_is_explained_as_in_the_code() -> None:
    explained = {
        cells[0].strip("`"): cells[1:]
        for cells in rows(ROOT / "docs" / "settings.md")
        if re.fullmatch("`[A-Z_]+`", cells[0])
    }
    assert explained == {
        each.name.upper(): [KINDS[type(each.default)], written(each.default), each.metadata["about"]]
        for each in fields(Settings)
    }


def written(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`{default}`" if default not in ("", ()) else ""


def test_links_to_settings_name_settings_that_there_are() -> None:
    known = {each.name.upper() for each in fields(Settings)}
    for document in DOCUMENTS:
        for name in re.findall(r"`([A-Z_]+)(?:=[^`]*)?`\]\([^)]*settings\.md", document.read_text()):
            assert name in known, (document.name, name)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, by its name."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)
    else:
        yield " ".join(path), command


def test_every_command_is_explained_and_no_other() -> None:
    headings = re.findall(r"^## `perfex-api (.+)`$", COMMANDS, re.MULTILINE)
    assert sorted(headings) == sorted(name for name, _ in commands(main))


def test_every_option_is_explained_as_by_the_command_itself() -> None:
    for name, command in commands(main):
        section = COMMANDS.partition(f"## `perfex-api {name}`\n")[2].partition("\n## ")[0]
        summary = (command.help or "").partition("\n\n")[0].replace("\n", " ")
        assert f"\n{summary}\n" in section, name
        options = [each for each in command.params if isinstance(each, click.Option)]
        table = [line for line in section.splitlines() if line.startswith("| `--")]
        assert table == [option_row(each) for each in options], name
    for each in main.params:
        assert isinstance(each, click.Option)
        assert option_row(each) in COMMANDS


def option_row(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar}"
    return f"| `{option.opts[0]}{value}` | {option.help} |"


def test_every_command_in_an_example_exists() -> None:
    known = {name.partition(" ")[0]: name for name, _ in commands(main)}
    for document in DOCUMENTS:
        for word in re.findall(
            r"(?:^|\$ |bin/|&& |\(|=\S+ )perfex-api ([a-z]+)", _code(document), re.MULTILINE
        ):
            assert word in known, (document.name, word)


def _code(document: Path) -> str:
    """What stands in code, in a line or in a block of its own."""
    text = document.read_text()
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join(blocks + re.findall("`([^`\n]+)`", text))


def test_every_grant_there_is_stands_in_the_documents() -> None:
    granted: dict[str, tuple[str, ...]] = {}
    for cells in rows(ROOT / "docs" / "authentication.md"):
        if len(cells) == 2 and cells[0].startswith("`"):
            features, capabilities = (re.findall(r"`(\w+)`", cell) for cell in cells)
            granted |= dict.fromkeys(features, tuple(capabilities))
    assert granted == CAPABILITIES


def test_the_two_commands_of_the_readme_are_what_they_say() -> None:
    run, test = re.findall(r"^(pip install .+ && .+)$", README, re.MULTILINE)
    assert run == "pip install . && perfex-api serve --demo"
    assert test == "pip install -e '.[test]' && pytest"
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    extras = setup["options.extras_require"]
    for extra in re.findall(r"\.\[([\w,]+)\]", "".join(map(_code, DOCUMENTS))):
        assert set(extra.split(",")) <= set(extras), extra
    assert "perfex-api = perfex_api.cli:main" in setup["options.entry_points"]["console_scripts"]


def test_the_readme_shows_a_real_answer(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        demo.fill(db)
    (example,) = re.findall(r"^\$ (curl .+)\n(.+)$", README, re.MULTILINE)
    command, shown = example
    *_, header, url = shlex.split(command)
    assert header == "authtoken: pfx_…"
    address = urlsplit(url)
    answer = api.get(f"{address.path.removeprefix('/api/')}?{address.query}")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).strip() == shown
    assert json.loads(shown)["meta"]["per_page"] == len(json.loads(shown)["data"])


def test_the_demo_line_of_the_readme_is_where_the_server_listens() -> None:
    assert f"http://{Settings().host}:{Settings().port}/api/customers" in README
    assert Settings().database_url == "sqlite:///perfex.sqlite3"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        address = urlsplit(target)
        if address.scheme:
            continue
        file = (document.parent / address.path).resolve() if address.path else document
        assert file.exists(), target
        if address.fragment:
            assert address.fragment in anchors(file), target


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_code_refers_to_sections_that_there_are() -> None:
    text = (ROOT / "docs" / "compatibility.md").read_text()
    sections = set(re.findall(r"^## (\d+)\. ", text, re.MULTILINE))
    for folder in ("perfex_api", "custom_fields"):
        for module in ROOT.joinpath(folder).rglob("*.py"):
            for numbers in re.findall(r"compatibility\.md,\s+sections? ([\d, and]+)", module.read_text()):
                assert set(re.findall(r"\d+", numbers)) <= sections, module


def test_the_version_is_in_the_changelog() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## {re.escape(setup['metadata']['version'])}\b", changes, re.MULTILINE)
