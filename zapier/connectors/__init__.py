"""Ready-made connectors: an n8n workflow, a Make blueprint, a Zapier app, made of what can be polled.

``python -m zapier.connectors`` writes them to ``docs/connectors``; a test compares.
"""

from zapier.connectors import make, n8n, zapier_app


def files() -> dict[str, str]:
    """The text of every file, by its path below ``docs/connectors``."""
    return n8n.files() | make.files() | zapier_app.files()
