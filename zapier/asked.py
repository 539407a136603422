"""What a poll asks for: from when on, how many, which changes; and how a moment is written in an answer.

A moment is a *stamp*, microseconds of unix time, wherever it is no text.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from changes.journal import SECOND
from perfex_api.core.errors import InvalidQuery

#: New or updated records, as the guide promises.
CHANGES = ("created", "updated")
EVENTS = {"": CHANGES, "created": ("created",), "updated": ("updated",), "deleted": ("deleted",)}

_NUMBER = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?", re.ASCII)
_CURSOR = re.compile(r"r?[0-9]{1,18}", re.ASCII)
#: What is later can only have been meant as milliseconds.
_LATEST = 100_000_000_000
#: The decimals of a moment.
_DIGITS = 6


class Asked:
    """The parameters of a URL, each read when it is asked for; what cannot be read is noted.

    Args:
        parameters: The texts, by name; one that is empty was not sent.
    """

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        self.errors: dict[str, str] = {}

    def since(self) -> int | None:
        """The moment that ``since`` names, in unix seconds; None when it is not sent.

        With fewer than six decimals it may have been rounded on its way, as PHP does when it prints a number:
        then it means the earliest moment that could have been.
        """
        text = self._parameters["since"]
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        if not match or int(match[1]) > _LATEST:
            self.errors["since"] = "Since must be unix seconds, e.g. 1705312200"
            return None
        decimals, exact = match[2] or "", Decimal(text) * SECOND
        if decimals and len(decimals) < _DIGITS:
            exact -= Decimal(SECOND).scaleb(-len(decimals)) / 2
        return max(0, int(exact.to_integral_value(ROUND_HALF_UP)))

    def cursor(self) -> tuple[int, bool] | None:
        """The place that ``cursor`` names, and whether the journal has to know all that came after it."""
        text = self._parameters["cursor"]
        if not text:
            return None
        if not _CURSOR.fullmatch(text):
            self.errors["cursor"] = "Cursor must be the cursor of an earlier answer"
            return None
        return int(text.removeprefix("r")), not text.startswith("r")

    def whole(self, name: str, default: int, most: int, least: int = 1) -> int:
        """A whole number; a greater one than ``most`` means that."""
        text = self._parameters[name]
        if not text:
            return default
        if not re.fullmatch("[0-9]{1,18}", text, re.ASCII) or int(text) < least:
            self.errors[name] = f"{name.capitalize()} must be a whole number from {least} to {most}"
            return default
        return min(int(text), most)

    def actions(self) -> tuple[str, ...]:
        """Which changes ``event`` names."""
        found = EVENTS.get(self._parameters["event"])
        if found is None:
            self.errors["event"] = "Event must be created, updated or deleted"
        return found or CHANGES

    def words(self, name: str) -> list[str]:
        """Words, separated by commas."""
        return [word.strip() for word in self._parameters[name].split(",") if word.strip()]

    def check(self) -> None:
        """End with what could not be read.

        Raises:
            InvalidQuery: Something could not.
        """
        if self.errors:
            raise InvalidQuery("Invalid parameter", self.errors)


def seconds(stamp: int) -> int | float:
    """A stamp in unix seconds: whole where it is, else with decimals, which a JSON number holds exactly."""
    return stamp // SECOND if stamp % SECOND == 0 else stamp / SECOND
