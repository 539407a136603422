"""The ready-made connectors are what the program would write now, and do what they should."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from zapier import connectors
from zapier.feeds import FEEDS

FOLDER = Path(__file__).parents[2] / "docs" / "connectors"
FILES = connectors.files()
NODE = shutil.which("node")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_current(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == FILES[name], "run: python -m zapier.connectors"


def test_there_are_no_others() -> None:
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert there - {"README.md"} == set(FILES)


def test_the_n8n_workflow_is_one_chain() -> None:
    workflow = json.loads(FILES["n8n/poll.json"])
    names = [node["name"] for node in workflow["nodes"]]
    assert len(set(names)) == len(names)
    following = names[0]
    for name in names[:-1]:
        assert following == name
        ((connection,),) = workflow["connections"][name]["main"]
        following = connection["node"]
    assert following == names[-1]
    assert not workflow["active"]


def test_the_make_blueprint_reads_the_cursor_polls_and_keeps_it_last() -> None:
    flow = json.loads(FILES["make/poll.blueprint.json"])["flow"]
    assert [module["module"] for module in flow] == [
        "datastore:GetRecord",
        "http:ActionSendData",
        "builtin:BasicRouter",
    ]
    routes = [[module["module"] for module in route["flow"]] for route in flow[2]["routes"]]
    assert routes == [["builtin:BasicFeeder"], ["datastore:AddRecord"]]


def test_the_zapier_app_has_a_trigger_for_each_resource() -> None:
    resources = json.loads(FILES["zapier/resources.json"])
    assert [each["key"] for each in resources] == list(FEEDS)


def _run(script: str) -> Any:
    """What a script for node.js prints as JSON."""
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(NODE is None, reason="no node.js")
def test_the_zapier_app_walks_through_all_pages() -> None:
    app, url = FOLDER / "zapier", "https://crm.example.com/api/zapier/poll/leads"
    assert _run(f"""
        const app = require({json.dumps(str(app))});
        const asked = [];
        const pages = [
          {{ data: [{{ id: '2' }}, {{ id: '1' }}], meta: {{ has_more: true, cursor: '17' }} }},
          {{ data: [{{ id: '3' }}], meta: {{ has_more: false, cursor: '18' }} }},
        ];
        const answer = async (request) => {{ asked.push(request); return {{ data: pages.shift() }}; }};
        const z = {{ request: answer }};
        const bundle = {{ authData: {{ server: 'https://crm.example.com', token: 'x' }}, meta: {{}} }};
        app.triggers.leads.operation.perform(z, bundle).then((found) => {{
          console.log(JSON.stringify([found, asked]));
        }});
    """) == [
        [{"id": "3"}, {"id": "2"}, {"id": "1"}],
        [
            {"url": url, "params": {"limit": 500}},
            {"url": url, "params": {"limit": 500, "cursor": "17"}},
        ],
    ]


@pytest.mark.skipif(NODE is None, reason="no node.js")
def test_the_n8n_workflow_keeps_its_cursor() -> None:
    """Its two pieces of code, with what n8n gives them."""
    code = {
        node["name"]: node["parameters"]["jsCode"]
        for node in json.loads(FILES["n8n/poll.json"])["nodes"]
        if node["type"].endswith(".code")
    }
    read, keep = code["Where to go on"], code["New and updated records"]
    assert _run(f"""
        const kept = {{}};
        const given = (json) => ({{ first: () => ({{ json }}) }});
        const $getWorkflowStaticData = () => kept;
        const run = (code, input, node) => new Function('$input', '$', '$getWorkflowStaticData', code)(
          given(input), () => given(node), $getWorkflowStaticData);
        const settings = {{ server: 'https://crm.example.com', resource: 'leads' }};
        const first = run({json.dumps(read)}, settings)[0].json;
        const page = {{ data: [{{ id: '2' }}, {{ id: '1' }}], meta: {{ cursor: '17' }} }};
        const records = run({json.dumps(keep)}, page, first).map((each) => each.json.id);
        const second = run({json.dumps(read)}, settings)[0].json;
        console.log(JSON.stringify([first.url, records, second.url]));
    """) == [
        "https://crm.example.com/api/zapier/poll/leads?limit=100",
        ["1", "2"],
        "https://crm.example.com/api/zapier/poll/leads?limit=100&cursor=17",
    ]
