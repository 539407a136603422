"""The kinds of records that have custom fields, and the names that clients have for them.

Definitions and values both say in ``fieldto`` whose they are, with the same word but for one case: the lines
of sales documents and the items of the catalogue share their definitions, and only the values are told apart.
"""

LINES = "items"
CATALOGUE = "items_pr"

#: What the definitions say.
DEFINED = frozenset(
    {
        "company",
        "contacts",
        "contracts",
        "credit_note",
        "customers",
        "estimate",
        "expenses",
        "invoice",
        "leads",
        LINES,
        "projects",
        "proposal",
        "staff",
        "tasks",
        "tickets",
    }
)

#: Other names: those of the resources, singular and plural, and the guide's "Note".
ALIASES = {
    "client": "customers",
    "clients": "customers",
    "contact": "contacts",
    "contract": "contracts",
    "credit_notes": "credit_note",
    "customer": "customers",
    "estimates": "estimate",
    "expense": "expenses",
    "invoices": "invoice",
    "item": LINES,
    "lead": "leads",
    "note": "credit_note",
    "project": "projects",
    "proposals": "proposal",
    "staffs": "staff",
    "task": "tasks",
    "ticket": "tickets",
}


def named(name: str) -> str:
    """The kind that a client means, whatever the case of its letters; an empty text when there is none."""
    word = name.strip().lower()
    kind = ALIASES.get(word, word)
    return kind if definitions_of(kind) else ""


def definitions_of(kind: str) -> str:
    """What the definitions of a kind's fields say in ``fieldto``; an empty text for kinds that have none."""
    if kind == CATALOGUE:
        return LINES
    return kind if kind in DEFINED else ""
