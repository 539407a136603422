"""The routes of ours that the contract lacks: short, and each with its reason."""

#: (method, path as routes have it) and why it exists.
OWN_ADDITIONS = {
    ("GET", "/api/common/{}"): "any other look-up is told to be no valid one",
    ("POST", "/api/tickets/reply"): "tells that the ticket's id is missing",
    ("OPTIONS", "/api/thirdparty"): "a known path without a method of its own, which is 405 there",
    ("GET", "/api/thirdparty/customtable"): "tells that the table's name is missing",
    ("POST", "/api/thirdparty/customtable"): "the same",
    ("PUT", "/api/thirdparty/customtable"): "tells that table and id are missing",
    ("DELETE", "/api/thirdparty/customtable"): "the same",
    ("DELETE", "/api/delete/thirdparty/customtable/{}/{}"): "the spelling that every resource has",
    ("GET", "/api/changes"): "the feed of all changes",
    ("GET", "/api/zapier/{}"): "tells that the resource's name is missing",
    ("GET", "/api/zapier/resources/{}"): "the dispatcher's spelling of a method that needs no resource",
    ("GET", "/api/connectors"): "the old name of the routes under /api/zapier",
    ("GET", "/api/connectors/{}"): "the same",
    ("GET", "/api/connectors/resources"): "the same",
    ("GET", "/api/connectors/resources/{}"): "the same",
    ("GET", "/api/connectors/poll/{}"): "the same",
    ("GET", "/api/connectors/test/{}"): "the same",
    ("GET", "/api/connectors/{}/{}"): "the same",
    ("GET", "/api/docs"): "the interactive documentation",
    ("GET", "/api/docs/{}"): "its files, which we serve ourselves",
}

#: Methods that may be added to a path that the contract has, and why.
ADDED_METHODS = {
    "PATCH": ("PUT", "another name for the partial update that PUT is here"),
    "HEAD": ("GET", "the headers of a GET"),
    "OPTIONS": ("", "tells the methods of a path"),
}

#: Without the id that they need, these answer that it is missing, as the contract says of each.
ID_MISSING = ("PUT", "DELETE")

#: Resources of the contract, and single operations, that are not built yet; a test holds that nothing of them
#: is routed.
NOT_BUILT = {
    "batch",
    "knowledge_base",
    "mcp",
    "webhooks",
}

#: Operations without a route of their own: custom field values come and go with their record.
VIRTUAL = {
    "custom_fields.add",
    "custom_fields.delete",
    "custom_fields.embedded_get",
    "custom_fields.embedded_search",
    "custom_fields.update",
}
