"""A workflow of n8n as an analyser."""

from typing import Any

from core.ai.model_analyser import ModelAnalyser
from core.ai.n8n.webhook import Webhook
from core.ai.providers import Meter, ProviderConfig
from core.ai.replies import Task


class N8nAnalyser(ModelAnalyser):
    """A workflow that labels. Its version is what the tenant says it is: the model's name in its setting."""

    name = "n8n"

    def __init__(self, config: ProviderConfig, *, meter: Meter) -> None:
        super().__init__(config.model)
        self._webhook = Webhook(config, meter=meter)

    def ask(self, task: Task, instructions: str, payload: dict[str, Any], schema: dict[str, Any]) -> object:
        """What the workflow gave; it fits the schema. Raises ProviderError."""
        return self._webhook.call(task, instructions=instructions, data=payload, schema=schema)
