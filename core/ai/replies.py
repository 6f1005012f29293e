"""What comes back from a model, read as what was asked for or refused: JSON of a schema, and nothing that was guessed."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar

from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.ai.roles import Emotion, ProviderError, Sentiment, Tone

Model = TypeVar("Model", bound=BaseModel)


class MessageReply(BaseModel):
    """What a model says of one message. `id` is the number under which it was shown."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: int
    sentiment: Sentiment
    score: float = Field(ge=-1.0, le=1.0)
    emotion: Emotion
    tone: Tone

    @model_validator(mode="after")
    def _agree(self) -> "MessageReply":
        """A score on the other side of its own label is no conclusion."""
        if (self.sentiment == "positive" and self.score < 0) or (self.sentiment == "negative" and self.score > 0):
            raise ValueError("the score contradicts the sentiment")
        return self


class MessagesReply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    results: list[MessageReply]


class ConversationReply(BaseModel):
    """What a model says of one conversation. `theme` is a name of those that were shown, or null."""

    model_config = ConfigDict(extra="forbid", strict=True)

    satisfaction: float = Field(ge=1.0, le=5.0)
    theme: str | None
    resolved: bool


class TextReply(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    text: str = Field(min_length=1)


def read_messages_reply(output: object, *, count: int) -> list[MessageReply]:
    """The replies for messages 1 … `count`, in that order, each exactly once. Raises ProviderError ("schema")."""
    reply = _read(MessagesReply, output)
    by_id = {one.id: one for one in reply.results}
    if len(by_id) != len(reply.results) or set(by_id) != set(range(1, count + 1)):
        raise ProviderError("The reply does not hold each message once.", reason="schema")
    return [by_id[number] for number in range(1, count + 1)]


def read_conversation_reply(output: object, *, themes: tuple[str, ...]) -> ConversationReply:
    """The reply for a conversation whose themes were these. Raises ProviderError ("schema")."""
    reply = _read(ConversationReply, output)
    if reply.theme is not None and reply.theme not in themes:
        raise ProviderError("The reply names a theme that does not exist.", reason="schema")
    return reply


def read_text_reply(output: object) -> str:
    """The words of a reply that is `{text}`. Raises ProviderError ("schema")."""
    return _read(TextReply, output).text


def read_json(text: str, schema: Mapping[str, Any] | None = None) -> Any:
    """JSON text, checked against a schema where one is given. Raises ProviderError ("garbage" or "schema")."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ProviderError("The reply is not JSON.", reason="garbage") from None
    if schema is not None:
        check_schema(value, schema)
    return value


def check_schema(value: object, schema: Mapping[str, Any]) -> None:
    """Raises ProviderError ("schema") where the value does not fit. The value itself is in no message."""
    try:
        error = next(iter(_get_validator(json.dumps(schema, sort_keys=True)).iter_errors(value)), None)
    except RecursionError:
        raise ProviderError("The reply is nested too deeply.", reason="schema") from None
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path if isinstance(part, int)) or "its top"
        raise ProviderError(f"The reply does not fit its schema at {place}: {error.validator}.", reason="schema")


@lru_cache(maxsize=64)
def _get_validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


Task = Literal["analyse_messages", "analyse_conversation", "chat", "test"]


def _read(model: type[Model], output: object) -> Model:
    try:
        # From JSON, so that 1 is a float where one is asked for and "1" is none.
        return model.model_validate_json(json.dumps(output))
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        kinds = sorted({str(each["type"]) for each in error.errors()})[:3] if isinstance(error, ValidationError) else [type(error).__name__]
        raise ProviderError(f"The reply is not what was asked for: {', '.join(kinds)}.", reason="schema") from None
