"""Write the connectors: ``python -m zapier.connectors``."""

from pathlib import Path

from zapier.connectors import files

FOLDER = Path(__file__).parents[2] / "docs" / "connectors"

for name, text in files().items():
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
