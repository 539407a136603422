"""The resources of the API, as the life story needs to know them: all that the contract can create."""

from contract.resources import people, sales, work
from contract.resources.resource import Resource as Resource

RESOURCES = (*people.RESOURCES, *work.RESOURCES, *sales.RESOURCES)
