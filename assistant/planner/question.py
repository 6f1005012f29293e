"""What goes into the planner and what comes out of it."""

from dataclasses import dataclass
from typing import Literal

from assistant.plan import Plan
from assistant.planner.guard import Refusal
from assistant.planner.lexicon import Language
from assistant.planner.reading import Doubt, LeftOut

Missing = Literal["subject", "name", "day"]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier question of the same thread and the plan that it was answered by."""

    question: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a question means, with what is needed to say so.

    `refusal` is set where `plan.intent` is refuse; `topic` (a metric's name, a dimension, "abilities") where it is help;
    `missing` and `doubt` where it is clarify: no subject at all, a name that is unknown or could be several, a day that
    there is not or not yet.
    `guesses` are names that were taken although they were spelled otherwise; `left_out` are conditions that the plan does not hold.
    """

    plan: Plan
    language: Language
    is_follow_up: bool = False
    refusal: Refusal | None = None
    topic: str | None = None
    missing: Missing | None = None
    doubt: Doubt | None = None
    guesses: tuple[Doubt, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
