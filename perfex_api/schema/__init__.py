"""The schema of the connected database: ``initialise`` makes it ready, ``examine`` says what it lacks.

``capture_changes`` adds the triggers that note what any program changes.
"""

from perfex_api.schema.capturing import capture_changes as capture_changes
from perfex_api.schema.doctor import Report as Report
from perfex_api.schema.doctor import examine as examine
from perfex_api.schema.start import SchemaError as SchemaError
from perfex_api.schema.start import initialise as initialise
