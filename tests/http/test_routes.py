"""The applications of a process have their URLs from one another, and are independent all the same."""

from collections.abc import Callable

from flask import Flask

from perfex_api.settings import Settings


def test_what_one_application_adds_the_next_one_does_not_have(make_app: Callable[..., Flask]) -> None:
    first, second = make_app(console=False), make_app(console=False)
    first.add_url_rule("/api/customers/<id:customer>/first", "first", lambda customer: f"first {customer}")
    second.add_url_rule(
        "/api/customers/<id:customer>/second", "second", lambda customer: f"second {customer}"
    )
    asked = {
        (name, path): app.test_client().get(f"/api/customers/7/{path}").text
        for name, app in (("first", first), ("second", second))
        for path in ("first", "second")
    }
    assert asked["first", "first"] == "first 7"
    assert asked["second", "second"] == "second 7"
    assert "status" in asked["first", "second"]
    assert "status" in asked["second", "first"]
    assert "first" not in make_app(console=False).view_functions


def test_the_console_and_the_figures_are_there_for_whom_they_are_switched_on(
    make_app: Callable[..., Flask],
) -> None:
    def paths(app: Flask) -> set[str]:
        return {rule.rule for rule in app.url_map.iter_rules()}

    bare, whole = make_app(console=False), make_app(metrics=True)
    assert {"/admin", "/metrics"} <= paths(whole)
    assert not {"/admin", "/metrics"} & paths(bare)


def test_each_application_answers_by_its_own_settings(make_app: Callable[..., Flask]) -> None:
    codes = [
        make_app(auth_error_status=status).test_client().get("/api/customers").status_code
        for status in (401, 404, 401)
    ]
    assert codes == [401, 404, 401]
    assert isinstance(make_app().config["SETTINGS"], Settings)
