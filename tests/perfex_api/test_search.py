"""Searching means the same on every engine: parts of words, whatever their case, and no letter is special."""

import pytest
import sqlalchemy as sa
from make import make_custom_field_value, make_customer

from perfex_api import search
from perfex_api import tables as t

NAME = t.clients.c.company


@pytest.fixture
def hits(db):
    """Which of these companies a word finds."""

    def find(word, *companies):
        db.execute(t.clients.delete())
        for company in companies:
            make_customer(db, company=company)
        found = sa.select(NAME).where(search.contains(NAME, word)).order_by(t.clients.c.userid)
        return list(db.execute(found).scalars())

    return find


def test_a_part_of_a_word_is_enough(hits):
    assert hits("cm", "Acme", "cm", "xcm", "cmx", "c m", "") == ["Acme", "cm", "xcm", "cmx"]


def test_case_and_accents_do_not_matter(hits):
    both = ["Müller ÄG", "MULLER AG"]
    assert hits("müller äg", *both) == hits("MULLER AG", *both) == both


@pytest.mark.parametrize(
    "letter", ["%", "_", "\\", "/", "'", '"', "[", "*", "?", ".", "^", "$", "(", "😀", "\n", "~", "#"]
)
def test_every_letter_is_itself(hits, letter):
    assert hits(letter, f"a{letter}b", "ab", "axb") == [f"a{letter}b"]
    assert hits(f"a{letter}b", f"a{letter}b", "axb", "ab", "axxb") == [f"a{letter}b"]


def test_letters_of_a_pattern_may_stand_together(hits):
    assert hits("%_\\/", "100%_\\/x", "100%") == ["100%_\\/x"]


def test_a_word_may_be_longer_than_every_text(hits):
    assert hits("x" * 5_000, "x", "Acme") == []


def test_a_null_is_not_found(hits):
    assert hits("null", None, "nullify") == ["nullify"]


def test_a_word_may_stand_in_any_of_several_columns(db):
    first = make_customer(db, company="Acme", vat="1")
    second = make_customer(db, company="Other", vat="acme-2")
    make_customer(db, company="None", vat=None)
    found = sa.select(t.clients.c.userid).where(search.anywhere("ACME", NAME, t.clients.c.vat))
    assert sorted(db.execute(found).scalars()) == [first, second]


def test_custom_field_values_of_the_kind_are_searched(db):
    one, other, third = make_customer(db), make_customer(db), make_customer(db)
    make_custom_field_value(db, "customers", one, 1, "A blue whale")
    make_custom_field_value(db, "contacts", other, 1, "A blue whale")
    make_custom_field_value(db, "customers", third, 1, "A grey one")
    found = sa.select(t.clients.c.userid).where(
        search.in_custom_fields("BLUE", "customers", t.clients.c.userid)
    )
    assert list(db.execute(found).scalars()) == [one]
