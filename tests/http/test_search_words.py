"""Searching: every letter of a word is itself, case and accents do not count, the same on every engine."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from conftest import Api, Transaction
from make import make_contact, make_customer

NOTHING = {"status": False, "message": "No data were found"}


@pytest.fixture
def companies(transaction: Transaction) -> Callable[..., None]:
    """Add customers of these names."""

    def add(*names: str, **columns: Any) -> None:
        with transaction() as db:
            for name in names:
                make_customer(db, company=name, **columns)

    return add


def found(api: Api, query: str, resource: str) -> str:
    """The names of the customers that a query keeps."""
    answer = api.get(f"{resource}?{query}")
    assert answer.status_code == 200
    return "".join(row["company"] for row in answer.json)


WORDS = [
    "100%",
    "a_b",
    "o'Neil",
    'say "hi"',
    "back\\slash",
    "\\%",
    "/",
    "a/b",
    "//",
    "%_",
    "\\",
    "'; DROP TABLE tblclients; --",
    "{{7*7}}",
    "(a|b)*",
    ".*",
    "[a-z]",
    "^$",
    "😀",
    "漢字",
    "\t",
    "#tag",
    "a+b",
    "50€",
]


@pytest.mark.parametrize("word", WORDS)
def test_every_letter_of_a_search_word_is_itself(api: Api, companies: Callable[..., None], word: str) -> None:
    companies(f"<{word}>", "x100x", "aXb", "something else", "ae (b) *")
    if not word.strip():
        assert api.get(f"customers/search?q={quote(word)}").status_code == 400
        return
    assert found(api, f"q={quote(word)}", "customers/search") == f"<{word}>"
    if word.rstrip("/") == word:
        assert found(api, "", f"customers/search/{quote(word, safe='')}") == f"<{word}>"


@pytest.mark.parametrize("word", ["MÜLLER", "muller", "Müll", "müller & söhne", "SOHNE", "ller & S"])
def test_case_and_accents_do_not_count(api: Api, companies: Callable[..., None], word: str) -> None:
    companies("Müller & Söhne", "Miller")
    assert found(api, f"q={quote(word)}", "customers/search") == "Müller & Söhne"


@pytest.mark.parametrize("query", ["q=acme", "query=acme", "q=%20acme%20", "q=&query=acme"])
def test_a_word_may_stand_in_the_query(api: Api, companies: Callable[..., None], query: str) -> None:
    companies("Acme", "other")
    assert found(api, query, "customers/search") == "Acme"


def test_a_word_in_the_path_comes_first(api: Api, companies: Callable[..., None]) -> None:
    companies("Acme", "other")
    assert found(api, "q=other", "customers/search/acme") == "Acme"


@pytest.mark.parametrize("resource", ["customers", "contacts", "items"])
@pytest.mark.parametrize("path", ["search", "search/", "search?q=", "search?query=%20", "search/%20"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_a_word_there_is_no_search(api: Api, resource: str, path: str) -> None:
    answer = api.get(f"{resource}/{path}")
    message = (
        f"Search term is required. Use /api/{resource}/search/{{term}} or /api/{resource}/search?q={{term}}"
    )
    assert (answer.status_code, answer.json) == (400, {"status": False, "message": message})


def test_a_word_that_nothing_holds_is_404(api: Api, companies: Callable[..., None]) -> None:
    companies("Acme")
    answer = api.get("customers/search/nothing")
    assert (answer.status_code, answer.json) == (404, NOTHING)


def test_a_very_long_word_is_found_nowhere(api: Api, companies: Callable[..., None]) -> None:
    companies("Acme")
    for word in ("a" * 100_000, "%" * 20_000, "ä_" * 20_000):
        assert api.get(f"customers/search?q={quote(word)}").status_code == 404


def test_words_are_found_in_the_contacts_of_a_customer(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        make_contact(db, userid=make_customer(db, company="Acme"), email="ann_1%@example.com")
        make_contact(db, userid=make_customer(db, company="Other"), email="annX1Y@example.com")
    assert found(api, "q=ann_1%25", "customers/search") == "Acme"
