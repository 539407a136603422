"""The wire contract, as ``operations.json`` has it: every operation, and what all of them have in common."""

import json
from pathlib import Path
from typing import Any

_ALL = json.loads(Path(__file__).with_name("operations.json").read_text("utf-8"))

OPERATIONS: dict[str, dict[str, Any]] = {operation["id"]: operation for operation in _ALL["operations"]}
#: Feature to its capabilities: what a token may be granted.
PERMISSIONS: dict[str, list[str]] = _ALL["permissions"]
COMMON_ERRORS: list[dict[str, Any]] = _ALL["common_errors"]


def keys(operation: str) -> list[str]:
    """The keys of a row, in order."""
    found: list[str] = OPERATIONS[operation]["keys"]
    return found


def refusal(operation: str, when: str) -> tuple[int, Any]:
    """The status and body of the documented refusal whose description holds these words."""
    (found,) = (error for error in OPERATIONS[operation]["errors"] if when in error["when"])
    return found["status"], found["body"]
