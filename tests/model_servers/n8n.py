"""A stand-in for n8n: a webhook node with header authentication, and the workflow of deploy/n8n behind it.

Its errors are n8n's own, word for word: an unknown path, a wrong key, a workflow that fails, a webhook that answers before it has run.
"""

import json
from typing import Any

from tests.model_servers.minds import Mind, label
from tests.model_servers.server import ModelServer, Reply, Request

PATH = "/webhook/evosense"


class FakeN8n(ModelServer):
    """`shape` is how the workflow's last node gives its output: as an object, as a list of items, or as JSON in a string."""

    def __init__(self, *, secret: str = "", mind: Mind = label, shape: str = "object") -> None:
        super().__init__()
        self.secret = secret
        self.mind = mind
        self.shape = shape
        self.respond: Any = None  # what is responded whatever is asked

    @property
    def hook_url(self) -> str:
        return f"{self.url}{PATH}"

    def answer(self, request: Request) -> Reply:
        if request.path != PATH or request.method != "POST":
            message = f'The requested webhook "{request.method} {request.path.removeprefix("/webhook/")}" is not registered.'
            hint = "The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle"
            return Reply(status=404, body={"code": 404, "message": message, "hint": f"{hint} in the top-right of the editor."})
        if self.secret and request.headers.get("authorization") != f"Bearer {self.secret}":
            return Reply(status=403, raw=b"Authorization data is wrong!")
        if self.fault == "empty":
            return Reply(raw=b"")
        if self.respond is not None:
            return Reply(body=self.respond)
        return Reply(body=self._wrap(self._work(request.body)))

    def _work(self, body: dict[str, Any]) -> Any:
        if self.fault == "prose":
            return "Claro! Aqui está a análise que você pediu."
        if self.fault == "wrong_schema":
            return {"mood": "great", "results": "all of them"}
        data: Any = body["input"]
        if body["task"] == "chat":
            said = data["messages"]
            try:
                data = json.loads(said[-1]["text"])
            except ValueError:
                data = [message["text"] for message in said]
        output = self.mind(body["instructions"], data, body["schema"])
        if self.fault == "cut_off":
            return json.dumps(output)[:-4]
        return {"text": output} if isinstance(output, str) and body["schema"].get("required") == ["text"] else output

    def _wrap(self, output: Any) -> Any:
        if self.shape == "text" and not isinstance(output, str):
            output = "```json\n" + json.dumps(output, ensure_ascii=False) + "\n```"
        told = {"output": output, "usage": {"tokens": 150}}
        return [told] if self.shape == "list" else told
