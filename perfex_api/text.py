"""Text as the CRM's screens store it."""

import re


def with_breaks(text: str) -> str:
    """Put ``<br />`` before each line break, once: what was read here and is sent back stays as it is."""
    return re.sub(r"(?:<br />)?(\r\n|\n\r|\n|\r)", r"<br />\1", text)
