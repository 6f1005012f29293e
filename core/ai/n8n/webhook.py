"""One call of a workflow's webhook: a task with its data out, `{output}` back. docs/providers.md is the contract in words."""

import json
import uuid
from functools import lru_cache
from typing import Any

import httpx

from core.ai.deadline import DeadlineTransport, deadline, reading_http_errors
from core.ai.providers import Meter, ProviderConfig
from core.ai.replies import Task, check_schema, read_json
from core.ai.roles import ProviderError

CONTRACT_VERSION = 1


class Webhook:
    """A workflow that answers. Safe to use from several threads."""

    def __init__(self, config: ProviderConfig, *, meter: Meter) -> None:
        self._config = config
        self._meter = meter

    def call(
        self, task: Task, *, instructions: str, data: dict[str, Any], schema: dict[str, Any], timeout_seconds: float | None = None
    ) -> Any:
        """The workflow's output, checked against the schema. Raises ProviderError."""
        body = {
            "version": CONTRACT_VERSION,
            "id": str(uuid.uuid4()),
            "task": task,
            "model": self._config.model,
            "instructions": instructions,
            "input": data,
            "schema": schema,
        }
        self._meter.begin_call()
        headers = {"Authorization": f"Bearer {self._config.secret}"} if self._config.secret else {}
        with reading_http_errors("n8n"), deadline(timeout_seconds or self._config.timeout_seconds):
            response = _get_client(self._config.allows_private).post(
                self._config.base_url, json=body, headers=headers, timeout=timeout_seconds or self._config.timeout_seconds
            )
        if response.status_code != httpx.codes.OK:
            raise ProviderError(f"n8n replied with status {response.status_code}.", reason="status")
        output, tokens = read_response(response.content)
        self._meter.count_tokens(tokens)
        check_schema(output, schema)
        return output


def read_response(content: bytes) -> tuple[Any, int]:
    """The output of a response, and the tokens that it says it took (0 where it says nothing). Raises ProviderError.

    n8n wraps what its nodes give in several ways; all that hold the same are read: `{output}`, a list with one such item, and an
    output that is JSON in a string, as language model nodes write it.
    """
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError):
        raise ProviderError("n8n's reply is not JSON.", reason="garbage") from None
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if not isinstance(raw, dict) or "output" not in raw:
        # "Workflow was started" is one of these: the webhook's node answers before the workflow has run.
        raise ProviderError("n8n's reply holds no output.", reason="schema")
    output = raw["output"]
    if isinstance(output, str):
        output = read_json(_strip_fence(output))
    usage = raw.get("usage")
    tokens = usage.get("tokens") if isinstance(usage, dict) else 0
    return output, tokens if isinstance(tokens, int) and not isinstance(tokens, bool) and tokens > 0 else 0


def _strip_fence(text: str) -> str:
    """JSON out of the Markdown fence that many models put around it."""
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        return text[3:-3].removeprefix("json").strip()
    return text


@lru_cache(maxsize=2)
def _get_client(allows_private: bool) -> httpx.Client:  # noqa: FBT001 a cache takes places alone
    return httpx.Client(transport=DeadlineTransport(allows_private=allows_private), trust_env=False, follow_redirects=False)
