"""The console's words: one file for each language, ``texts/en.json`` the one that is complete."""

import json
from functools import cache
from importlib.resources import files


@cache
def catalogue(language: str = "en") -> dict[str, str]:
    """All texts of a language by their names; what it lacks is in English.

    Raises:
        ValueError: There is no such language.
    """
    folder = files("perfex_api.console").joinpath("texts")
    known = sorted(each.name.removesuffix(".json") for each in folder.iterdir())
    if language not in known:
        raise ValueError(f"CONSOLE_LANGUAGE is {language!r}; there are: {', '.join(known)}.")
    texts: dict[str, str] = json.loads(folder.joinpath(f"{language}.json").read_text("utf-8"))
    return texts if language == "en" else catalogue() | texts


def text(language: str, name: str, /, **values: object) -> str:
    """One text, with its places filled in.

    Raises:
        KeyError: There is no such text.
    """
    return catalogue(language)[name].format(**values)
