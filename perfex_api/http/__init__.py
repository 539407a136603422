"""The CRM dialect: how a request is read and an answer is written."""

from perfex_api.http.blueprint import CrmBlueprint as CrmBlueprint
from perfex_api.http.fields import CrmBody as CrmBody
