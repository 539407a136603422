"""The feeds that Zapier, Make and n8n poll, and the one feed of all changes.

``feeds`` says what can be polled, ``asked`` reads what is asked for, ``poll`` makes a page, ``backlog`` finds
what the journal does not know, ``samples`` stand in for records; ``routes`` and ``changefeed`` hold the URLs,
``connectors`` what the platforms import.
"""

from zapier import changefeed as changefeed
from zapier.routes import api as api
