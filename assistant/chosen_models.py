"""The models that a tenant chose to understand questions and to phrase answers, and who it was in the end that did.

Neither is ever needed: where none is chosen, or none does it as it should in its time, the built-in planner and our own words stand.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings

from assistant.blocks import Understood
from assistant.compose.by_model import phrase_by_model
from assistant.compose.composed import Composed
from assistant.compose.voice import Voice
from assistant.evidence import Evidence
from assistant.plan import EMPTY_INTENTS, Plan
from assistant.planner import Catalog, Language, PastTurn, Planned
from assistant.planner.by_model import is_for_model, merge_plans, plan_by_model
from core.ai.chain import Outcome, Skipped, run_chain
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, make_chat_model
from core.ai.roles import ChatModel
from core.ai.tenants import find_configs, make_cache
from core.privacy import find_spans

log = structlog.get_logger(__name__)

EMBEDDED = "embedded"


@dataclass(slots=True)
class _TurnMeter:
    """A provider's own meter, with what this turn takes counted beside it."""

    guard: Guard
    models: "ChosenModels"

    def begin_call(self) -> None:
        self.guard.begin_call()

    def count_tokens(self, tokens: int) -> None:
        self.models.tokens += tokens
        self.guard.count_tokens(tokens)


@dataclass(slots=True)
class ChosenModels:
    """A tenant's models for one turn. Made inside its scope, used outside of any: nothing waits for a model in a transaction."""

    tenant_id: uuid.UUID
    planners: Sequence[ProviderConfig] = ()
    phrasers: Sequence[ProviderConfig] = ()
    planned_by: str = EMBEDDED
    phrased_by: str = EMBEDDED
    skipped: list[Skipped] = field(default_factory=list)
    tokens: int = 0  # that all of them read and wrote for this turn

    @property
    def provider(self) -> str:
        """Who planned and who phrased, and who was asked in vain: "ollama", "embedded+ollama (n8n: timeout)"."""
        who = self.planned_by if self.planned_by == self.phrased_by else f"{self.planned_by}+{self.phrased_by}"
        told = dict.fromkeys(f"{one.provider}: {one.reason}" for one in self.skipped)
        return f"{who} ({', '.join(told)})" if told else who

    def plan(
        self,
        builtin: Planned,
        question: str,
        *,
        history: Sequence[PastTurn],
        catalog: Catalog,
        clock: datetime,
        verified: Sequence[PastTurn] = (),
    ) -> Planned:
        """What the question means, by the first model that says so in a plan that holds; else as the built-in planner read it."""
        if not self.planners or not is_for_model(builtin):
            return builtin
        if any(find_spans(asked) for asked in (question, *(turn.question for turn in history))):
            return builtin  # who somebody asks for by a number: masked it would mean nothing, and bare it stays here

        def work(config: ProviderConfig, guard: Guard) -> Plan:
            model = self._make(config, guard)
            language: Language = builtin.language
            shown = [turn for turn in verified if not find_spans(turn.question)]
            return plan_by_model(question, model=model, history=history, catalog=catalog, clock=clock, language=language, verified=shown)

        outcome: Outcome[Plan] = run_chain(self.tenant_id, self.planners, work, role="planner", seconds=settings.ANSWER_MODEL_SECONDS)
        self.skipped += outcome.skipped
        if outcome.value is None:
            return builtin
        merged = merge_plans(builtin, outcome.value)
        # How far the two agree is worth knowing of every question; what it asked is not in the log.
        log.info("plan.compared", provider=outcome.provider, agrees=outcome.value == builtin.plan, is_used=merged is not None)
        if merged is None:
            return builtin
        self.planned_by = outcome.provider or EMBEDDED
        return merged

    def phrase(
        self,
        composed: Composed,
        evidence: Evidence,
        *,
        voice: Voice,
        understood: Sequence[Understood],
        tell: Callable[[str], None],
        passes: tuple[type[Exception], ...],
    ) -> list[str]:
        """The answer's sentences: a model's where all of them are in the evidence, else ours.

        `tell` hears the first model's sentences as they pass; what it raises of the types `passes` goes on to the caller.
        """
        if not self.phrasers or not composed.sentences or voice.plan.intent in EMPTY_INTENTS or evidence.known is not None:
            return composed.sentences
        if evidence.waiting:
            return composed.sentences  # that it is not the whole answer has to be said first, and in no other words
        is_told = False

        def hear(sentence: str) -> None:
            nonlocal is_told
            is_told = True
            tell(sentence)

        def work(config: ProviderConfig, guard: Guard) -> list[str]:
            # What a first one said before it failed was heard already: a second one is heard when all of it is known to hold.
            heard = hear if not is_told else lambda _sentence: None
            return phrase_by_model(composed, evidence, voice=voice, understood=understood, model=self._make(config, guard), tell=heard)

        outcome = run_chain(self.tenant_id, self.phrasers, work, role="phraser", seconds=settings.ANSWER_MODEL_SECONDS, passes=passes)
        self.skipped += outcome.skipped
        if outcome.value is None:
            return composed.sentences
        self.phrased_by = outcome.provider or EMBEDDED
        return outcome.value

    def _make(self, config: ProviderConfig, guard: Guard) -> ChatModel:
        return make_chat_model(config, meter=_TurnMeter(guard, self), cache=make_cache(self.tenant_id, config))


def find_models(tenant_id: uuid.UUID) -> ChosenModels:
    """The models of the open scope's tenant."""
    return ChosenModels(tenant_id=tenant_id, planners=find_configs("plans"), phrasers=find_configs("phrases"))
