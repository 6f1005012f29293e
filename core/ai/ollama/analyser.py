"""Ollama as an analyser: labels by JSON schema, Qwen by default."""

from typing import Any

from core.ai.model_analyser import ModelAnalyser
from core.ai.ollama.chat import OllamaChat
from core.ai.providers import Meter, ProviderConfig
from core.ai.replies import Task, read_json
from core.ai.roles import ChatMessage
from core.ai.showing import write_payload


class OllamaAnalyser(ModelAnalyser):
    """A chat model that labels."""

    name = "ollama"

    def __init__(self, config: ProviderConfig, *, meter: Meter, cache: Any = None) -> None:
        super().__init__(config.model)
        self._chat = OllamaChat(config, meter=meter, cache=cache)

    def ask(self, task: Task, instructions: str, payload: dict[str, Any], schema: dict[str, Any]) -> object:
        """What the model replied; it fits the schema. Raises ProviderError."""
        asked = (ChatMessage(role="system", text=instructions), ChatMessage(role="user", text=write_payload(payload)))
        return read_json(self._chat.complete(asked, schema=schema))
