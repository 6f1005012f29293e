"""A stand-in for n8n: a webhook node with header authentication, and the workflow of deploy/n8n behind it.

What it sends was sent by a real n8n first (tests/model_servers/recorded/n8n): its answers, and its errors byte for byte.
"""

import json
from pathlib import Path
from typing import Any

from tests.model_servers.minds import Mind, label
from tests.model_servers.server import ModelServer, Reply, Request

PATH = "/webhook/evosense"
RECORDED = Path(__file__).parent / "recorded" / "n8n" / "exchanges.json"


def read_exchanges() -> dict[str, dict[str, Any]]:
    """Name → what a real n8n sent: `status`, `headers` (those that tell something), `body` as text; and `task`, what it was asked."""
    exchanges: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text(encoding="utf-8"))["exchanges"]
    return exchanges


def make_recorded_reply(name: str) -> Reply:
    """A recorded response, to be sent again."""
    recorded = read_exchanges()[name]
    headers = dict(recorded["headers"])
    content_type = headers.pop("Content-Type", None)
    return Reply(status=recorded["status"], headers=headers, raw=recorded["body"].encode(), content_type=content_type)


class FakeN8n(ModelServer):
    """`shape` is how the workflow gives its output: the model's words as they are ("words", as the workflow that we ship does), in a
    Markdown fence, as an object, or as a list with one item."""

    def __init__(self, *, secret: str = "", mind: Mind = label, shape: str = "words") -> None:
        super().__init__()
        self.secret = secret
        self.mind = mind
        self.shape = shape
        self.respond: Any = None  # what is responded whatever is asked

    @property
    def hook_url(self) -> str:
        return f"{self.url}{PATH}"

    def answer(self, request: Request) -> Reply:
        if request.path == PATH and request.method != "POST":
            return make_recorded_reply("wrong_method")
        if request.path != PATH:
            reply = make_recorded_reply("not_published")
            asked = json.dumps(f"{request.method} {request.path.removeprefix('/webhook/')}").strip('"').encode()
            reply.raw = (reply.raw or b"").replace(b"POST evosense", asked)
            return reply
        if self.secret and request.headers.get("authorization") != f"Bearer {self.secret}":
            return make_recorded_reply("wrong_secret")
        if self.fault == "empty":
            return Reply(raw=b"")
        if self.respond is not None:
            return Reply(body=self.respond)
        return Reply(body=self._wrap(self._work(request.body)))

    def fail(self) -> Reply:
        return make_recorded_reply("model_fails")

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
        if self.shape in ("words", "fence") and not isinstance(output, str):
            output = json.dumps(output, ensure_ascii=False)
            output = f"```json\n{output}\n```" if self.shape == "fence" else output
        told = {"output": output, "usage": {"tokens": 150}}
        return [told] if self.shape == "list" else told
