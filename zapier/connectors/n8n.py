"""The n8n workflow: every minute it polls a resource; n8n keeps the cursor with the workflow."""

import json
from itertools import pairwise
from typing import Any

#: Goes on where the last page ended; the first time it asks for the last 24 hours.
READ_CURSOR = """\
const kept = $getWorkflowStaticData('global');
const { server, resource } = $input.first().json;
const place = kept[resource] ? `&cursor=${encodeURIComponent(kept[resource])}` : '';
return [{ json: { resource, url: `${server}/api/zapier/poll/${resource}?limit=100${place}` } }];
"""
#: One item for each record, the oldest first. n8n keeps the cursor once the run has ended.
KEEP_CURSOR = """\
const { data, meta } = $input.first().json;
const { resource } = $('Where to go on').first().json;
$getWorkflowStaticData('global')[resource] = meta.cursor;
return data.reverse().map((record) => ({ json: record }));
"""


def files() -> dict[str, str]:
    """The files by their paths."""
    nodes = [
        _node("Every minute", "scheduleTrigger", 1.2, {"rule": {"interval": [{"field": "minutes"}]}}),
        _node(
            "Settings",
            "set",
            3.4,
            {
                "assignments": {
                    "assignments": [
                        _text("server", "https://crm.example.com"),
                        _text("resource", "customers"),
                    ]
                },
                "options": {},
            },
        ),
        _node("Where to go on", "code", 2, {"jsCode": READ_CURSOR}),
        _node(
            "Poll",
            "httpRequest",
            4.2,
            {
                "url": "={{ $json.url }}",
                "authentication": "genericCredentialType",
                "genericAuthType": "httpHeaderAuth",
                "options": {},
            },
        ),
        _node("New and updated records", "code", 2, {"jsCode": KEEP_CURSOR}),
    ]
    for number, node in enumerate(nodes):
        node["position"] = [220 * number, 0]
    names = [node["name"] for node in nodes]
    workflow = {
        "name": "Poll the CRM",
        "nodes": nodes,
        "connections": {
            name: {"main": [[{"node": following, "type": "main", "index": 0}]]}
            for name, following in pairwise(names)
        },
        "active": False,
        "settings": {"executionOrder": "v1"},
        "pinData": {},
    }
    return {"n8n/poll.json": json.dumps(workflow, indent=2) + "\n"}


def _node(name: str, kind: str, version: float, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": version,
        "position": [0, 0],
        "parameters": parameters,
    }


def _text(name: str, value: str) -> dict[str, str]:
    return {"id": name, "name": name, "value": value, "type": "string"}
