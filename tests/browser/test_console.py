"""The console as people see it: real Chromium, a real server with two workers, real HTTP beside it.

It needs the extra ``browser``, Chromium (``apt install chromium``) and axe-core, which looks for what shuts
people out: ``npm install axe-core``, and ``AXE_CORE`` naming its ``axe.min.js``. Without them it is skipped,
loudly; with ``CI`` set it fails.
"""

import json
import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

if find_spec("playwright"):
    from browser.chromium import Served, browser, executable, served
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = os.environ.get("AXE_CORE", "")
MISSING = "NO BROWSER: install the extra `browser`, chromium, and axe-core (AXE_CORE=…/axe.min.js)"
SERIOUS = {"serious", "critical"}
WORKERS = 2

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # Playwright's pipes


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A browser for all tests here."""
    if not (find_spec("playwright") and executable() and Path(AXE or "nowhere").is_file()):
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def server(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Served]":
    """The demo company, served."""
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def page(chromium: "Browser", server: "Served") -> "Iterator[Page]":
    """A page of an administrator who is signed in; whatever the browser complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    server.sign_in(opened)
    yield opened
    context.close()
    assert complaints == []


def call(server: "Served", token: str, path: str, **headers: str) -> int:
    """The status of a call of the API."""
    request = Request(f"http://127.0.0.1:{server.port}/api/{path}", headers={"authtoken": token} | headers)
    try:
        with urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        with refusal:
            return refusal.code


def mint(page: "Page", server: "Served", name: str) -> str:
    page.goto(f"{server.console}/tokens/new")
    page.fill("#f-name", name)
    page.get_by_label("customers: All").click()
    page.get_by_role("button", name="customers: Read-only").click()
    page.get_by_role("button", name="Mint the token").click()
    return page.input_value("#secret")


def see_in_log(page: "Page", server: "Served", name: str, calls: int) -> None:
    """Show the log of requests, with so many calls of a token that were made just now."""
    called = asked = time.monotonic()
    page.goto(f"{server.console}/requests")
    while page.locator("tbody tr", has_text=name).count() < calls:
        # A page that began to load three seconds after the calls has to show them.
        assert asked < called + 3, "the calls are not in the log within 3 seconds"
        asked = time.monotonic()
        page.reload()


def test_the_life_of_a_token(page: "Page", server: "Served") -> None:
    token = mint(page, server, "Browser")
    assert token in page.input_value("#curl")
    assert call(server, token, "customers", **{"X-Request-Id": "seen-200"}) == 200
    assert call(server, token, "invoices", **{"X-Request-Id": "seen-403"}) == 403

    see_in_log(page, server, "Browser", 2)
    page.fill("#f-status", "403")
    page.get_by_role("button", name="Show").click()
    page.locator("tbody th a").first.click()
    assert page.get_by_text("seen-403").is_visible()

    page.get_by_role("link", name="Browser").click()
    page.get_by_role("button", name="Take these away").click()  # search_get, which it has not used
    assert page.get_by_text("has lost 1 grants").is_visible()
    assert call(server, token, "customers/search/lamp") == 403

    page.get_by_role("link", name="Rotate").click()
    page.get_by_role("button", name="Mint the new token").click()
    successor = page.input_value("#secret")
    assert [call(server, each, "customers") for each in (token, successor)] == [200, 200]

    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke it").click()
    # Whichever worker answers.
    assert {call(server, successor, "customers") for _ in range(8 * WORKERS)} == {401}

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{server.console}/tokens")
    assert page.get_by_role("heading", name="Sign in").is_visible()


def test_every_page_is_accessible(page: "Page", server: "Served") -> None:
    mint(page, server, "Read aloud")
    findings = _findings(page)
    found = page.get_by_role("link", name="I have copied it").get_attribute("href") or ""
    mine = found.removeprefix("/admin")
    for path in ("", "?period=30d", "/tokens", "/tokens/new", "/requests", "/health", "/account"):
        page.goto(server.console + path)
        findings += _findings(page)
    for path in ("", "/edit", "/rotate", "/revoke"):
        page.goto(server.console + mine + path)
        findings += _findings(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    for path in ("", "/tokens", mine, f"{mine}/edit", "/requests"):
        page.goto(server.console + path)
        findings += _findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    assert findings == []


def _findings(page: "Page") -> list[Any]:
    """What axe-core finds serious on the page."""
    page.wait_for_load_state("networkidle")
    page.evaluate(Path(AXE).read_text("utf-8"))
    found = page.evaluate("axe.run()")
    return [
        (page.url, each["id"], [node["html"][:120] for node in each["nodes"]][:3])
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


def test_charts_are_drawn_and_their_tables_stay(page: "Page", server: "Served") -> None:
    assert page.locator(".uplot canvas").count() == 2
    assert not page.locator("#series").is_visible()
    page.get_by_text("As a table").click()
    assert page.locator("#series tbody tr").count() == 24


def test_pages_work_without_scripts(chromium: "Browser", server: "Served") -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    server.sign_in(page)
    assert page.locator("#series").is_visible()
    page.goto(f"{server.console}/tokens/new")
    page.fill("#f-name", "By hand")
    page.check("input[value='items:get']")
    page.get_by_role("button", name="Mint the token").click()
    assert call(server, page.input_value("#secret"), "items") == 200
    context.close()


def test_markup_in_records_does_nothing(page: "Page", server: "Served") -> None:
    token = mint(page, server, "<img src=x onerror=alert(1)>")
    company = json.dumps({"company": "<script>alert(2)</script>"}).encode()
    request = Request(f"http://127.0.0.1:{server.port}/api/customers", data=company, method="POST")
    request.add_header("authtoken", token)
    request.add_header("Content-Type", "application/json")
    request.add_header("User-Agent", "<script>alert(3)</script>")
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=30)
    refused.value.close()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for path in ("/tokens", "/requests", "/requests?path=<script>alert(4)</script>"):
        page.goto(server.console + path)
    see_in_log(page, server, "<img src=x", 1)
    page.locator("tbody th a").first.click()
    assert asked == []
