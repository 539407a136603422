"""What may import what; a module that breaks a rule fails with the rule's words."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("perfex_api", "custom_fields", "zapier", "changes", "migrations")

#: Functions that several resources share: plain rules of the database, without HTTP. What reads a part of a
#: body for several resources, as ``line_items``, counts as a resource.
SHARED = {
    "activity",
    "actor",
    "attachments",
    "cascades",
    "lead_activity",
    "mail",
    "money",
    "notifications",
    "numbering",
    "options",
    "paper",
    "passwords",
    "project_activity",
    "references",
    "sales_activity",
    "search",
    "tags",
    "text",
    "totals",
}
#: What puts the program together, or prepares its database.
COMPOSITION = {"app", "cli", "console", "demo", "install", "jobs", "schema"}
KERNEL = {"core", "http", "tables", "settings"}


def layer(module: str) -> str:
    """The layer that a module belongs to."""
    package, _, rest = module.partition(".")
    part = rest.partition(".")[0]
    if package != "perfex_api":
        return package
    if part in KERNEL or not part:
        return part or "perfex_api"
    if part in SHARED:
        return "shared"
    return "composition" if part in COMPOSITION else "resource"


#: By layer: the layers that it may import, besides itself.
MAY_IMPORT = {
    "perfex_api": set(),
    "core": set(),
    "tables": {"core"},
    "settings": set(),
    "http": {"core", "tables", "settings"},
    "shared": {"core", "tables"},
    "resource": {"core", "http", "tables", "shared"},
    "changes": {"core", "tables"},
    "custom_fields": {"core", "http", "tables", "changes"},
    "zapier": {"core", "http", "tables", "shared", "changes"},
    "migrations": {"core", "tables"},
    "composition": {
        *("core", "http", "tables", "settings", "shared", "resource"),
        *("changes", "custom_fields", "zapier", "migrations", "perfex_api"),
    },
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the program, by its dotted name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())


@cache
def imports(module: str) -> frozenset[tuple[str, int]]:
    """The modules that a module imports, ours by their full names, and the lines that say so."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(name.name, node.lineno) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}:{node.lineno}: imports are absolute"
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                found.add((inner if inner in MODULES else str(node.module), node.lineno))
    return frozenset(found)


def ours(module: str) -> list[tuple[str, int]]:
    """The modules of ours that a module imports."""
    return sorted((name, line) for name, line in imports(module) if name.partition(".")[0] in PACKAGES)


def foreign(module: str, *frameworks: str) -> list[tuple[str, int]]:
    """What a module imports of these frameworks."""
    return sorted((name, line) for name, line in imports(module) if name.partition(".")[0] in frameworks)


def place(module: str, line: int) -> str:
    """Where the offending line is."""
    return f"{MODULES[module].relative_to(ROOT)}:{line}"


def test_a_module_imports_only_what_its_layer_may():
    broken = [
        f"{place(module, line)}: {layer(module)} may not import {layer(name)} ({name}), "
        f"only {', '.join(sorted(MAY_IMPORT[layer(module)])) or 'itself'}"
        for module in MODULES
        for name, line in ours(module)
        if layer(name) not in MAY_IMPORT[layer(module)] | {layer(module)}
    ]
    assert not broken, "\n".join(broken)


def test_of_the_kernel_tables_import_the_types_alone():
    broken = [
        f"{place(module, line)}: tables may import perfex_api.core.types, not {name}"
        for module in MODULES
        if layer(module) == "tables"
        for name, line in ours(module)
        if layer(name) == "core" and name != "perfex_api.core.types"
    ]
    assert not broken, "\n".join(broken)


def test_rules_know_nothing_of_flask():
    broken = [
        f"{place(module, line)}: rules speak to clients through perfex_api.http, not {name}"
        for module in MODULES
        if layer(module) in ("resource", "shared")
        for name, line in foreign(module, "flask", "flask_smorest")
    ]
    assert not broken, "\n".join(broken)


def test_below_http_nothing_knows_of_http():
    broken = [
        f"{place(module, line)}: {layer(module)} may not import {name}"
        for module in MODULES
        if layer(module) in ("core", "tables", "changes")
        for name, line in foreign(module, "flask", "flask_smorest", "marshmallow", "werkzeug")
    ]
    assert not broken, "\n".join(broken)


def test_modules_are_named_for_what_they_do():
    vague = {"utils", "util", "helpers", "helper", "misc", "base", "manager", "tools"}
    broken = [
        f"{place(module, 1)}: a name that says nothing"
        for module in MODULES
        if vague & set(module.split("."))
    ]
    assert not broken, "\n".join(broken)


def test_no_circle_of_imports():
    """A package counts as one, so that its modules may share their work; imports for types do not count."""
    graph: dict[str, set[str]] = {}
    for module in MODULES:
        graph.setdefault(_unit(module), set())
        graph[_unit(module)] |= {_unit(name) for name in _run(module)} - {_unit(module)}
    circle = _circle(graph)
    assert not circle, " imports ".join(circle)


def _unit(module: str) -> str:
    """The resource, the shared function or the layer that a module is part of."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "perfex_api" else parts[0]


def _run(module: str) -> set[str]:
    """The imports that are run, not those under ``TYPE_CHECKING``."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    hidden = (node for node in ast.walk(tree) if isinstance(node, ast.If) and _is_for_types(node))
    lines = {inner.lineno for node in hidden for inner in ast.walk(node) if isinstance(inner, ast.stmt)}
    return {name for name, line in ours(module) if line not in lines}


def _is_for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _circle(graph: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for inner in sorted(graph.get(node, ())):
            if found := walk(inner, [*path, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := walk(node, []))), [])
