"""Pictures of every page of the console, wide and narrow, light and dark.

    python -m tests.browser.screenshots FOLDER

They show the demo company with an invented past.
"""

import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.core.hooks import Hooks
from perfex_api.http import token_changes, tokens
from perfex_api.http.tokens import Quota
from tests.browser import history
from tests.browser.chromium import browser, served

SIZES = {"wide": (1280, 860), "phone": (390, 844)}
PAGES = {
    "overview": "?period=7d",
    "tokens": "/tokens",
    "token": "/tokens/own/2?period=30d",
    "token-legacy": "/tokens/legacy/1",
    "token-form": "/tokens/own/2/edit",
    "token-form-legacy": "/tokens/legacy/1/edit",
    "rotate": "/tokens/own/2/rotate",
    "revoke": "/tokens/own/2/revoke",
    "requests": "/requests",
    "health": "/health",
    "account": "/account",
    "missing": "/nothing",
}


def take(folder: Path) -> None:
    """Take all of them.

    Args:
        folder: Where the pictures go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place, served(Path(place)) as server:
        _fill(f"sqlite:///{place}/perfex.sqlite3")
        with browser() as chromium:
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    context = chromium.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    page = context.new_page()

                    def picture(name: str, page=page, size=size, scheme=scheme) -> None:
                        page.wait_for_load_state("networkidle")
                        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)

                    page.goto(f"{server.console}/sign-in")
                    picture("sign-in")
                    server.sign_in(page)
                    for name, path in PAGES.items():
                        page.goto(server.console + path)
                        picture(name)
                    page.goto(f"{server.console}/requests?path=/api/leads")
                    page.click("tbody th a")
                    picture("request")
                    page.goto(f"{server.console}/tokens/new")
                    picture("token-form-new")
                    page.fill("#f-name", f"Delivery notes {size} {scheme}")
                    page.check("input[value='customers:get']")
                    page.click(".actions.end button")
                    picture("minted")
                    context.close()
    print(f"{len(list(folder.glob('*.png')))} pictures are in {folder}.")


def _fill(url: str) -> None:
    database = Database(url, t.crm, Hooks())
    database.run(_mint)
    history.fill(database, calls=30_000, days=60, tokens=5)
    database.dispose()


def _mint(db: Db) -> None:
    soon = utcnow().replace(microsecond=0) + timedelta(days=200)
    reading = {("customers", "get"), ("customers", "search_get"), ("invoices", "get"), ("items", "get")}
    tokens.mint(db, "Zapier: new leads", reading | {("leads", "post"), ("staffs", "delete")}, staff_id=1)
    limit = Quota(120, 60)
    tokens.mint(db, "n8n, order import", reading, expires_at=soon, quota=limit, created_by="Ines Dahl")
    tokens.mint(db, "Price list on the website", {("items", "get")}, addresses=["192.0.2.0/24"])
    tokens.mint(db, "Warehouse scanner", reading, created_by="command line")
    token_changes.rotate(db, 5, timedelta(days=7), "Ines Dahl")
    tokens.mint(db, "Trial", {("customers", "get")})
    tokens.revoke(db, 7)
    theirs = {"user": "make", "name": "Make scenario", "token": "eyJ0eXAiOiJKV1QifQ.demo.k3Jx9Q"}
    legacy = rows.insert(db, t.user_api, theirs | {"permission_enable": 1})
    for capability in ("get", "post", "put"):
        permission = {"feature": "leads", "capability": capability}
        rows.insert(db, t.user_api_permissions, {"api_id": legacy} | permission)


if __name__ == "__main__":
    take(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
