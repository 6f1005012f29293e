"""Runs the workflow of deploy/n8n node by node, its JavaScript in a real Node, so that what we ship is what we test without an n8n.

Only what that workflow uses is understood; a node of another kind fails the test that brings it in.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx

CHECKOUT = Path(__file__).parents[2]
WORKFLOW = CHECKOUT / "deploy" / "n8n" / "evosense.json"
NODE = CHECKOUT / ".venv" / "bin" / "node"
_EXPRESSION = "={{ JSON.stringify($json) }}"
_RUNNER = """
const items = JSON.parse(process.argv[1]);
const $input = { first: () => items[0], all: () => items };
(async () => { %s })().then((output) => console.log(JSON.stringify(output)));
"""


def load_workflow() -> dict[str, Any]:
    workflow: dict[str, Any] = json.loads(WORKFLOW.read_text(encoding="utf-8"))
    return workflow


def run_workflow(body: dict[str, Any], *, ollama_url: str) -> Any:
    """What the workflow responds to a request with this body. `ollama_url` stands for the address in its HTTP node."""
    workflow = load_workflow()
    nodes = {node["name"]: node for node in workflow["nodes"]}
    name = next(node["name"] for node in workflow["nodes"] if node["type"] == "n8n-nodes-base.webhook")
    item: Any = {"headers": {}, "params": {}, "query": {}, "body": body, "webhookUrl": "", "executionMode": "production"}
    while True:
        following = workflow["connections"].get(name, {}).get("main", [[]])[0]
        if not following:
            return item
        name = following[0]["node"]
        item = _run_node(nodes[name], item, ollama_url)


def _run_node(node: dict[str, Any], item: Any, ollama_url: str) -> Any:
    parameters, kind = node["parameters"], node["type"].removeprefix("n8n-nodes-base.")
    if kind == "code":
        script = _RUNNER % parameters["jsCode"]
        done = subprocess.run(
            [str(NODE), "-e", script, json.dumps([{"json": item}])], capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(done.stdout)[0]["json"]
    if kind == "httpRequest":
        assert parameters["jsonBody"] == _EXPRESSION
        path = httpx.URL(parameters["url"]).path
        reply = httpx.request(parameters["method"], f"{ollama_url}{path}", json=item, timeout=parameters["options"]["timeout"] / 1000)
        reply.raise_for_status()
        return reply.json()
    assert (kind, parameters["respondWith"], parameters["responseBody"]) == ("respondToWebhook", "json", _EXPRESSION)
    return item
