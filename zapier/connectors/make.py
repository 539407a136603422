"""The Make blueprint: it polls a resource, and keeps the cursor in a data store."""

import json
from typing import Any

RESOURCE = "customers"


def files() -> dict[str, str]:
    """The files by their paths."""
    read = _module(1, "datastore:GetRecord", 1, {"key": RESOURCE, "returnWrapped": False}, "Where to go on")
    read["parameters"] = {"datastore": None}
    # An empty cursor asks for the last 24 hours.
    query = [
        {"name": "limit", "value": "100"},
        {"name": "cursor", "value": "{{ifempty(1.cursor; emptystring)}}"},
    ]
    poll = _module(
        2,
        "http:ActionSendData",
        3,
        {
            "url": f"https://crm.example.com/api/zapier/poll/{RESOURCE}",
            "method": "get",
            "headers": [{"name": "authtoken", "value": "PASTE THE TOKEN HERE"}],
            "qs": query,
            "bodyType": "",
            "parseResponse": True,
            "serializeUrl": False,
            "shareCookies": False,
            "rejectUnauthorized": True,
            "followRedirect": True,
            "useQuerystring": False,
            "gzip": True,
            "useMtls": False,
            "timeout": "60",
            "authUser": "",
            "authPass": "",
            "ca": "",
        },
        "Poll",
    )
    poll["parameters"] = {"handleErrors": True}
    records = _module(4, "builtin:BasicFeeder", 1, {"array": "{{reverse(2.data.data)}}"}, "Each record")
    keep = _module(
        5,
        "datastore:AddRecord",
        1,
        {"key": RESOURCE, "overwrite": True, "data": {"cursor": "{{2.data.meta.cursor}}"}},
        "Keep the cursor",
    )
    keep["parameters"] = {"datastore": None}
    # The routes are taken one after the other: the cursor moves once every record was dealt with.
    router = _module(3, "builtin:BasicRouter", 1, None, "Records first, then the cursor")
    router["routes"] = [{"flow": [records]}, {"flow": [keep]}]
    flow = [read, poll, router]
    for number, module in enumerate([*flow, records, keep]):
        module["metadata"]["designer"] |= {"x": 300 * number, "y": 0}
    keep["metadata"]["designer"] |= {"x": 900, "y": 300}
    blueprint = {
        "name": "Poll the CRM",
        "flow": flow,
        "metadata": {
            "version": 1,
            "instant": False,
            "scenario": {
                "roundtrips": 1,
                "maxErrors": 3,
                "autoCommit": True,
                "autoCommitTriggerLast": True,
                "sequential": True,
                "confidential": False,
                "dataloss": False,
                "dlq": False,
                "freshVariables": False,
            },
            "designer": {"orphans": []},
        },
    }
    return {"make/poll.blueprint.json": json.dumps(blueprint, indent=2) + "\n"}


def _module(number: int, kind: str, version: int, mapper: Any, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "module": kind,
        "version": version,
        "parameters": {},
        "mapper": mapper,
        "metadata": {"designer": {"name": name}},
    }
