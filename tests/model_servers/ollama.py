"""A server that `ollama.Client`, ChatOllama and OllamaEmbeddings take for Ollama: chat, embed, tags, version, show."""

import hashlib
import json
from typing import Any

import numpy as np

from tests.model_servers.minds import Mind, label
from tests.model_servers.server import ModelServer, Reply, Request

VERSION = "0.12.3"
AT = "2026-11-16T12:00:00.000000Z"
NATIVE_DIMENSIONS = 1024
PIECE = 7  # characters of a streamed piece


class FakeOllama(ModelServer):
    """Models that exist answer; others get Ollama's own 404. `mind` decides what the chat model says."""

    def __init__(self, *, models: tuple[str, ...] = ("qwen3:4b", "qwen3-embedding:0.6b"), mind: Mind = label) -> None:
        super().__init__()
        self.models = models
        self.mind = mind
        self.embedding_dimensions: int | None = None  # what it gives whatever it is asked for

    def answer(self, request: Request) -> Reply:
        body = request.body or {}
        if request.path == "/api/version":
            return Reply(body={"version": VERSION})
        if request.path == "/api/tags":
            return Reply(body={"models": [self._describe(name) for name in self.models]})
        if body.get("model") not in self.models:
            return Reply(status=404, body={"error": f'model "{body.get("model")}" not found, try pulling it first'})
        if request.path == "/api/show":
            return Reply(
                body={"modelfile": "", "parameters": "", "template": "", "details": {"family": "qwen3"}, "capabilities": ["completion"]}
            )
        if request.path == "/api/chat":
            return self._chat(body)
        if request.path == "/api/embed":
            return self._embed(body)
        return Reply(status=404, raw=b"404 page not found")

    def _chat(self, body: dict[str, Any]) -> Reply:
        text = self._speak(body)
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
        if self.fault == "cut_off":
            pieces = pieces[: max(1, len(pieces) // 2)]
        counts = {"total_duration": 5_000_000, "load_duration": 1_000_000, "prompt_eval_count": 120, "prompt_eval_duration": 1_000_000}
        counts |= {"eval_count": 30, "eval_duration": 2_000_000}
        head = {"model": body["model"], "created_at": AT}
        reason = "length" if self.fault == "cut_off" else "stop"
        if body.get("stream", True) is False:
            message = {"role": "assistant", "content": "".join(pieces)}
            return Reply(body={**head, "message": message, "done": True, "done_reason": reason, **counts})
        lines = [{**head, "message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces]
        last = {**head, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": reason, **counts}
        return Reply(lines=[*lines, last])

    def _speak(self, body: dict[str, Any]) -> str:
        if self.fault == "prose":
            return "Claro! Aqui está a análise que você pediu."
        if self.fault == "wrong_schema":
            return '{"mood": "great", "results": "all of them"}'
        if self.fault == "empty":
            return ""
        said = [message for message in body["messages"] if message["role"] != "system"]
        instructions = "\n".join(message["content"] for message in body["messages"] if message["role"] == "system")
        try:
            data = json.loads(said[-1]["content"])
        except ValueError:
            data = [message["content"] for message in said]
        schema = body.get("format") if isinstance(body.get("format"), dict) else None
        output = self.mind(instructions, data, schema)
        if isinstance(output, str):
            return output
        return json.dumps(output, ensure_ascii=False) if schema is not None else str(output.get("text", output))

    def _embed(self, body: dict[str, Any]) -> Reply:
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        dimensions = self.embedding_dimensions or body.get("dimensions") or NATIVE_DIMENSIONS
        vectors: list[list[float]] = [embed(text, dimensions) for text in texts]
        if self.fault == "wrong_schema":
            vectors = [vector[: 5 + place] for place, vector in enumerate(vectors)] or [[]]
        if self.fault == "empty":
            vectors = []
        counts = {"total_duration": 1_000_000, "load_duration": 100_000, "prompt_eval_count": len(texts) * 9}
        return Reply(body={"model": body["model"], "embeddings": vectors, **counts})

    def _describe(self, name: str) -> dict[str, Any]:
        details = {"parent_model": "", "format": "gguf", "family": "qwen3", "families": ["qwen3"], "parameter_size": "4B"}
        digest = hashlib.sha256(name.encode()).hexdigest()
        details |= {"quantization_level": "Q4_K_M"}
        return {"name": name, "model": name, "modified_at": AT, "size": 2_600_000_000, "digest": digest, "details": details}


def embed(text: str, dimensions: int) -> list[float]:
    """A vector that is a text's own; texts that share words lie near each other."""
    total = np.zeros(dimensions)
    for word in text.lower().split():
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        total += np.random.default_rng(seed).standard_normal(dimensions)
    length = float(np.linalg.norm(total)) or 1.0
    return [float(value) for value in total / length]
