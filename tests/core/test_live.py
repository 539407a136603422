"""Queries fit databases that lack columns or have more of them."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from databases import FreshUrl, OpenEngine

from perfex_api.core.live import Extra, Live

metadata = sa.MetaData()
people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.Column("city", sa.String(20)),
    sa.Column("zip", sa.String(20)),
)
pets = sa.Table(
    "pets",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner", sa.Integer),
    sa.Column("name", sa.String(20)),
)
toys = sa.Table("toys", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("pet", sa.Integer))

EXACT = "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20), city VARCHAR(20), zip VARCHAR(20))"
OLDER = "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20), city VARCHAR(20))"
EXTENDED = """CREATE TABLE people (first INT, id INT PRIMARY KEY, name VARCHAR(20), `order` INT NOT NULL,
    `two words` INT DEFAULT 2, city VARCHAR(20), Zip VARCHAR(20), last INT)"""
PETS = "CREATE TABLE pets (id INT PRIMARY KEY, owner INT, name VARCHAR(20))"
TOYS = "CREATE TABLE toys (id INT PRIMARY KEY, pet INT)"


@pytest.fixture
def connection(engine_name: str, fresh_url: FreshUrl, open_engine: OpenEngine) -> Iterator[sa.Connection]:
    with open_engine(fresh_url(engine_name)).connect() as connection:
        yield connection


def read(connection: sa.Connection, *statements: str) -> Live:
    for statement in statements:
        connection.exec_driver_sql(statement)
    return Live.read(connection, metadata)


def columns(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> list[str]:
    """The keys of the answer: the query has to run."""
    return list(connection.execute(query).keys())


def test_a_database_as_known_needs_nothing(connection: sa.Connection) -> None:
    live = read(connection, EXACT, PETS, TOYS)
    query = sa.select(people)
    assert not live.differs
    assert live.fit(query) is query
    assert live.columns_for_insert(people, {"name": "x"}) == {"name": "x"}


def test_differences_are_found(connection: sa.Connection) -> None:
    live = read(connection, EXTENDED, "CREATE TABLE pets (id INT PRIMARY KEY, kind INT)")
    assert live.missing == {"pets": {"owner", "name"}}
    assert live.missing_tables == {"toys"}
    assert live.extra == {
        "people": [
            Extra("first", "", False),
            Extra("order", "name", True),
            Extra("two words", "order", False),
            Extra("last", "Zip", False),
        ],
        "pets": [Extra("kind", "id", False)],
    }
    assert live.differs


def test_presence_is_known_of_tables_columns_and_their_aliases(connection: sa.Connection) -> None:
    live = read(connection, OLDER, PETS)
    assert live.has(people)
    assert not live.has(toys)
    assert not live.has(toys.alias())
    assert live.has_column(people.c.city)
    assert not live.has_column(people.c.zip)
    assert not live.has_column(people.alias().c.zip)
    assert not live.has_column(toys.c.pet)


def test_missing_columns_are_left_out(connection: sa.Connection) -> None:
    live = read(connection, OLDER, PETS, TOYS)
    assert columns(connection, live.fit(sa.select(people))) == ["id", "name", "city"]
    computed = sa.select(people.c.id, sa.func.upper(people.c.zip).label("loud"), sa.literal(1).label("one"))
    assert columns(connection, live.fit(computed)) == ["id", "one"]
    assert live.columns_for_insert(people, {"name": "x", "zip": "y"}) == {"name": "x"}


def test_a_query_keeps_its_conditions(connection: sa.Connection) -> None:
    live = read(connection, OLDER, PETS, TOYS)
    connection.exec_driver_sql(
        "INSERT INTO people (id, name, city) VALUES (1, 'a', 'x'), (2, 'b', 'x'), (3, 'c', 'y')"
    )
    connection.exec_driver_sql("INSERT INTO pets VALUES (7, 1, 'p'), (8, 2, 'q'), (9, 3, 'r')")
    query = (
        sa.select(people.c.zip, pets.c.name)
        .join(pets, pets.c.owner == people.c.id)
        .where(people.c.city == "x")
        .order_by(people.c.id.desc())
        .limit(1)
    )
    assert [tuple(row) for row in connection.execute(live.fit(query))] == [("q",)]


def test_columns_that_were_added_stand_where_they_are(connection: sa.Connection) -> None:
    live = read(connection, EXTENDED, PETS, TOYS)
    expected = ["first", "id", "name", "order", "two words", "city", "zip", "last"]
    assert columns(connection, live.fit(sa.select(people))) == expected
    alias = people.alias("somebody")
    assert columns(connection, live.fit(sa.select(alias))) == expected
    hidden = [column if column.name != "name" else sa.null().label("name") for column in people.c]
    assert columns(connection, live.fit(sa.select(*hidden))) == expected
    connection.exec_driver_sql("INSERT INTO people (id, `order`) VALUES (1, 5)")
    assert connection.execute(live.fit(sa.select(people))).mappings().one()["two words"] == 2


def test_joined_tables_are_completed_when_a_namesake_replaces_a_column(connection: sa.Connection) -> None:
    live = read(connection, EXTENDED, PETS, TOYS)
    query = sa.select(people.c.id, pets.c.name, people.c.city, people.c.zip, pets.c.owner)
    joined = query.join_from(people, pets, pets.c.owner == people.c.id)
    assert columns(connection, live.fit(joined)) == [
        *("first", "id", "name", "order", "two words", "city", "zip", "last", "owner")
    ]


def test_a_choice_of_columns_stays_one(connection: sa.Connection) -> None:
    live = read(connection, EXTENDED, PETS, TOYS)
    for query in (sa.select(people.c.id, people.c.name), sa.select(sa.func.count()).select_from(people)):
        assert live.fit(query) is query
    # All the names are there, but most of them belong to others.
    others = [sa.literal(1).label(name) for name in ("name", "city", "zip")]
    assert columns(connection, live.fit(sa.select(people.c.id, *others))) == ["id", "name", "city", "zip"]


def test_a_query_of_which_nothing_is_left_stays_as_it_is(connection: sa.Connection) -> None:
    live = read(connection, OLDER, PETS)
    query = sa.select(toys)
    assert live.fit(query) is query
