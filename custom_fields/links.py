"""Links: the one type whose values are HTML, which the CRM's screens show as it is.

What comes in is therefore taken apart and put together again: an anchor with an address and a text, and
nothing else.
"""

import re
from html import escape
from html.parser import HTMLParser

SCHEMES = {"http", "https", "ftp", "mailto", "tel"}
ATTRIBUTES = ("href", "target", "title", "rel")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE | re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def anchor(text: str) -> str:
    """Make the anchor that is stored.

    Args:
        text: An anchor, whose address may be missing or relative, or a whole address alone.

    Raises:
        ValueError: It is neither, or leads to a script.
    """
    if not text.startswith("<"):
        if _scheme(text) not in SCHEMES:
            raise ValueError("no address")
        return f'<a href="{escape(text)}" target="_blank">{escape(text, quote=False)}</a>'
    parser = _Anchor()
    parser.feed(text)
    parser.close()
    if parser.steps != ["start", "end"]:
        raise ValueError("no anchor")
    if _scheme(parser.attributes.get("href", "")) not in SCHEMES | {""}:
        raise ValueError("no address")
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in parser.attributes.items())
    return f"<a{attributes}>{escape(parser.text, quote=False)}</a>"


def _scheme(address: str) -> str:
    """The scheme of an address, empty for a relative one.

    Browsers skip control characters inside an address, so one that has any could be another than it seems.
    """
    if CONTROL.search(address):
        raise ValueError("control characters")
    found = SCHEME.match(address.strip())
    return found[1].lower() if found else ""


class _Anchor(HTMLParser):
    """Reads one anchor and the text in it; anything else ends as a step too many."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []
        self.attributes: dict[str, str] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = {name: value or "" for name, value in attrs}
        known = tag == "a" and self.attributes.keys() <= set(ATTRIBUTES)
        self.steps.append("start" if known else "another element")

    def handle_endtag(self, tag: str) -> None:
        self.steps.append("end" if tag == "a" else "another element")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.steps != ["start"]:
            self.steps.append("text outside")

    def handle_comment(self, data: str) -> None:
        self.steps.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.steps.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.steps.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.steps.append("instruction")
