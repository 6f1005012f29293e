"""The events of a turn: ordered, typed, stored. A screen is a pure fold of them; a replay gives the same screen.

`seq` counts up by one in a thread. A client that comes back sends the last `seq` it saw and gets the rest.
"""

from typing import Literal

from pydantic import BaseModel

from assistant.blocks import Answer, Block, Coverage, Understood

EventType = Literal["turn.started", "plan.understood", "block.added", "text.added", "turn.answered", "turn.failed"]


class ErrorDetail(BaseModel):
    code: str
    message: str
    field: str | None = None


class TurnStarted(BaseModel):
    question: str
    client_id: str | None = None
    thread_title: str
    is_edited: bool = False  # its plan was changed by hand


class PlanUnderstood(BaseModel):
    language: Literal["pt", "en", "es"]
    plan: dict[str, object]
    understood: list[Understood]


class BlockAdded(BaseModel):
    index: int
    block: Block
    coverage: Coverage


class TextAdded(BaseModel):
    """A further piece of the answer's text, to be put behind what came before.

    A model's words come as they pass the check; where a later one does not, they are dropped: the text of `turn.answered` counts.
    """

    text: str


class TurnAnswered(BaseModel):
    answer: Answer


class TurnFailed(BaseModel):
    error: ErrorDetail


EventData = TurnStarted | PlanUnderstood | BlockAdded | TextAdded | TurnAnswered | TurnFailed


class Event(BaseModel):
    type: EventType
    seq: int
    thread_id: str
    turn_id: str
    at: str
    data: EventData
