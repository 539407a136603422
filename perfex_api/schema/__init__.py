"""The schema of the connected database: ``initialise`` makes it ready, ``examine`` says what it lacks."""

from perfex_api.schema.doctor import Report as Report
from perfex_api.schema.doctor import examine as examine
from perfex_api.schema.start import SchemaError as SchemaError
from perfex_api.schema.start import initialise as initialise
