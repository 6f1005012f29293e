"""A workflow of n8n as a chat model. It answers as a whole: a stream of it is one piece."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.ai.n8n.webhook import Webhook
from core.ai.providers import Meter, ProviderConfig
from core.ai.replies import read_text_reply
from core.ai.roles import ChatMessage

TEXT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1}},
}


class N8nChat:
    """A workflow that talks. The first system message is its instructions, the others are its data."""

    name = "n8n"

    def __init__(self, config: ProviderConfig, *, meter: Meter) -> None:
        self.model = config.model
        self._webhook = Webhook(config, meter=meter)

    def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, Any] | None = None, timeout_seconds: float | None = None
    ) -> str:
        """The whole answer; JSON text that fits `schema` where one is given. Raises ProviderError."""
        instructions = "\n\n".join(message.text for message in messages if message.role == "system")
        said = [{"role": message.role, "text": message.text} for message in messages if message.role != "system"]
        output = self._webhook.call(
            "chat",
            instructions=instructions,
            data={"messages": said},
            schema=dict(schema) if schema is not None else TEXT_SCHEMA,
            timeout_seconds=timeout_seconds,
        )
        return json.dumps(output, ensure_ascii=False) if schema is not None else read_text_reply(output)

    def stream(self, messages: Sequence[ChatMessage], *, timeout_seconds: float | None = None) -> Iterator[str]:
        """The answer, in one piece. Raises ProviderError."""
        yield self.complete(messages, timeout_seconds=timeout_seconds)
