"""Verbs that turn a plain function into one operation of the CRM's API.

A rule gets the open transaction first, then the parsed body if its verb has one, then the parts of the URL.
It refuses by raising an ``ApiError``. It stays a plain function: jobs, the command line, tests and other
rules call it without HTTP.

What happens at import time: a verb writes down an ``Operation``, which ``openapi`` describes when it is asked
to, and gives its URLs to Flask. What happens on a request: ``pipeline.run`` takes the operation through every
step, in one order, for all of them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint

from perfex_api.core.prepared import Prepared
from perfex_api.http import answers, pipeline
from perfex_api.http.exchange import of_flask
from perfex_api.http.fields import CrmBody
from perfex_api.http.pipeline import Grants, Nested, Operation, Resource

Rule = TypeVar("Rule", bound=Callable[..., Any])
EMPTY = "Data Not Acceptable OR Not Provided"


class CrmBlueprint(Blueprint):
    """A resource of the API.

    * ``rows`` and ``search``: the rule returns a query; the verb filters, sorts, pages and runs it;
    * ``row``: the rule returns the row, which may hold nested rows, or None;
    * ``create``, ``update``, ``remove``: the rule returns the id of the record it touched;
    * ``action``: the rule returns the whole answer;
    * ``errand``: something outside of the database is done first; the rule returns the whole answer.

    Args:
        name: The resource, as URLs and permissions call it.
        kind: What custom fields and other shared tables call its records; empty: they do not know it.
        key: The key of a row under which its id stands; empty: the primary key of the list's own table.
        invalid: The status with which values that fail validation are refused.
        shows: The columns of its rows, for the documentation.
        numbers: Keys whose values are JSON numbers, where the guide's samples show them so.
        flag: The key that the guide prints instead of ``status``; both are answered.
        feature: Whose permissions its operations need, and whose ids they have, when it is part of another
            resource: replies belong to ``tickets``.
        grants: Other grants that let a token in, any of them, by the HTTP method and the parts of the URL.
        unreadable: What is said, with status 400, of a body that cannot be read; empty: why it cannot be.
    """

    def __init__(
        self,
        name: str,
        *,
        kind: str = "",
        key: str = "id",
        invalid: int = 404,
        shows: Sequence[sa.ColumnElement[Any]] = (),
        numbers: Sequence[str] = (),
        flag: str = "",
        feature: str = "",
        grants: Grants | None = None,
        unreadable: str = "",
    ) -> None:
        super().__init__(name, __name__, url_prefix="/api")
        self.resource = Resource(name, kind, key, invalid, tuple(numbers), flag, grants)
        self.shows = tuple(shows)
        self.feature = feature or name
        self.unreadable = (unreadable, 400) if unreadable else None
        self.operations: list[Operation] = []

    def rows(
        self,
        *urls: str,
        per_page: int = 0,
        nested: Mapping[str, Nested] | None = None,
        asks: pipeline.Asks | None = None,
        feature: str | None = None,
        operation: str = "",
        may_be_empty: bool = False,
    ) -> Callable[[Rule], Rule]:
        """GET a list; ``per_page`` is the page size of a list that is always enveloped.

        ``nested`` are lists that each row carries, each loaded once for a whole page; ``asks`` tells their
        queries, which are sent in one message. Nothing found is 404, unless the list ``may_be_empty``.
        """
        answer = answers.ListAnswer(per_page, missing=None if may_be_empty else "")
        return self._verb(
            "GET", urls, "get", answer, nested=nested, asks=asks, feature=feature, operation=operation
        )

    def search(
        self,
        url: str,
        *,
        per_page: int = 0,
        nested: Mapping[str, Nested] | None = None,
        asks: pipeline.Asks | None = None,
        missing: str = "",
    ) -> Callable[[Rule], Rule]:
        """GET the rows that match a word: ``url/{word}``, ``url?q=`` or ``url?query=``.

        ``missing`` is what the contract says when nothing matches, where that is not its usual sentence.
        """
        answer, urls = answers.SearchAnswer(per_page, missing), (f"{url}/<path:word>", url)
        return self._verb("GET", urls, "search_get", answer, nested=nested, asks=asks, defaults={"word": ""})

    def row(
        self,
        *urls: str,
        nested: Mapping[str, Nested] | None = None,
        feature: str | None = None,
        operation: str = "",
        in_list_unless: str = "",
        one: Prepared | None = None,
        beside: pipeline.Beside | None = None,
    ) -> Callable[[Rule], Rule]:
        """GET one row; a ``feature`` of "" asks for no permission, only for a token.

        ``one`` is the query with which the rule begins, and ``beside`` tells those that follow: they are sent
        ahead, in one message. The parameters of the first are the parts of the URL.
        ``in_list_unless`` names the setting that answers the row itself instead of a list of one.
        """
        answer = answers.RowAnswer(in_list_unless)
        return self._verb(
            "GET",
            urls,
            "get",
            answer,
            nested=nested,
            feature=feature,
            operation=operation,
            one=one,
            beside=beside,
        )

    def create(
        self,
        *urls: str,
        schema: type[CrmBody],
        ok: str,
        id_as: str = "",
        status: int = 200,
        files: bool = False,
        operation: str = "",
    ) -> Callable[[Rule], Rule]:
        """POST a new record; its id is answered as ``record_id``, and under the guide's own key ``id_as``.

        With ``files`` the rule takes the uploads that came along, as a keyword argument of that name.
        """
        answer = answers.CreateAnswer(ok, id_as, status)
        return self._verb("POST", urls, "post", answer, schema=schema(), files=files, operation=operation)

    def update(
        self,
        *urls: str,
        schema: type[CrmBody],
        ok: str,
        empty: str = EMPTY,
        empty_status: int = 406,
        unusable: str = "",
        invalid: int = 0,
        guide_prints_false: bool = False,
        files: bool = False,
        operation: str = "",
    ) -> Callable[[Rule], Rule]:
        """PUT or PATCH what a record shall change; an absent key leaves its column alone.

        ``empty`` is said of a body without anything in it, or that cannot be read; ``unusable`` of one that
        names no known field, where that is another sentence. ``invalid`` is the status of values that fail
        validation, where it is not the resource's own; ``guide_prints_false``, that the guide's success says
        ``"status": false``, which one setting serves.
        With ``files`` the rule takes uploads as well; a body of uploads alone is not empty.
        """
        answer = answers.UpdateAnswer(ok, empty, unusable or empty, empty_status, guide_prints_false)
        return self._verb(
            "PUT",
            urls,
            "put",
            answer,
            schema=schema(partial=True),
            invalid=invalid,
            unreadable=(empty, empty_status),
            files=files,
            operation=operation,
        )

    def remove(
        self, *urls: str, ok: str, query: Sequence[str] = (), operation: str = ""
    ) -> Callable[[Rule], Rule]:
        """DELETE a record; the rule tells the hooks what went, since a cascade knows best.

        The rule takes the parameters of the URL that ``query`` names, as keyword arguments.
        """
        answer = answers.RemoveAnswer(ok)
        return self._verb("DELETE", urls, "delete", answer, query=query, operation=operation)

    def action(
        self,
        method: str,
        *urls: str,
        capability: str,
        feature: str | None = None,
        query: Sequence[str] = (),
        operation: str = "",
    ) -> Callable[[Rule], Rule]:
        """Anything else: the rule returns the whole answer; ``query`` as in ``remove``."""
        answer = answers.ActionAnswer()
        return self._verb(method, urls, capability, answer, feature=feature, query=query, operation=operation)

    def errand(
        self,
        method: str,
        *urls: str,
        capability: str,
        schema: type[CrmBody],
        first: Callable[..., Callable[[], Any]],
        invalid: int = 422,
        operation: str = "",
    ) -> Callable[[Rule], Rule]:
        """Something that is done outside of the database, such as a mail that is sent, and then written down.

        ``first`` is called as the rule of an update is, with the body and the parts of the URL, in a
        transaction of its own. It returns a function, which is called when that transaction holds, outside
        of any, and never twice. The rule gets the result of it in the place of the body, in a transaction of
        its own again, and returns the whole answer with its status; one that says 500 is kept for no replay.
        """
        answer = answers.ErrandAnswer()
        return self._verb(
            method,
            urls,
            capability,
            answer,
            schema=schema(),
            invalid=invalid,
            operation=operation,
            errand=first,
        )

    def _verb(
        self,
        method: str,
        urls: Sequence[str],
        capability: str,
        answer: pipeline.Answer,
        *,
        schema: CrmBody | None = None,
        invalid: int = 0,
        unreadable: tuple[str, int] | None = None,
        feature: str | None = None,
        operation: str = "",
        defaults: dict[str, Any] | None = None,
        files: bool = False,
        query: Sequence[str] = (),
        nested: Mapping[str, Nested] | None = None,
        asks: pipeline.Asks | None = None,
        errand: Callable[..., Callable[[], Any]] | None = None,
        one: Prepared | None = None,
        beside: pipeline.Beside | None = None,
    ) -> Callable[[Rule], Rule]:
        def register(rule: Rule) -> Rule:
            made = Operation(
                id=operation or f"{self.feature}.{_act(rule)}",
                method=method,
                urls=tuple(f"/api{url}" for url in urls),
                feature=self.feature if feature is None else feature,
                capability=capability,
                resource=self.resource,
                rule=rule,
                answer=answer,
                schema=schema,
                invalid=invalid or self.resource.invalid,
                files=files,
                query=tuple(query),
                unreadable=self.unreadable or unreadable,
                nested=nested or {},
                asks=asks,
                together=isinstance(answer, answers.ListAnswer | answers.RowAnswer),
                errand=errand,
                one=one,
                beside=beside,
            )
            self.operations.append(made)
            nothing = dict.fromkeys(_parts(urls[0])) | (defaults or {})

            def view(**path: Any) -> Any:
                return pipeline.run(of_flask(), made, path)

            methods = ["PUT", "PATCH"] if method == "PUT" else [method]
            endpoint = made.id.replace(".", "_")
            for number, url in enumerate(urls):
                absent = {name: value for name, value in nothing.items() if name not in _parts(url)}
                name = f"{endpoint}_{number}" if number else endpoint
                self.add_url_rule(url, name, view, methods=methods, defaults=absent)
            return rule

        return register


def _act(rule: Callable[..., Any]) -> str:
    """``change_customer`` is the contract's ``update``."""
    verb = rule.__name__.partition("_")[0]
    return {"add": "create", "read": "get", "change": "update"}.get(verb, verb)


def _parts(url: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", url)
