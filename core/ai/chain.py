"""The chain: a tenant's providers asked one after the other until one answers as it should. The embedded one is last and always does.

A provider that rests, is too dear, fails, is too slow or answers rubbish is skipped, and told: a line in the log, `skipped` of the
outcome, and its health in the cache, which the page of providers shows. The whole chain has one deadline, of which each provider gets
its share, so that one which hangs leaves time for the next. What one provider began no other one ends: work is redone, never mixed.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog

from core.ai.deadline import deadline
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, make_model_analyser
from core.ai.roles import (
    ConversationAnalysis,
    ConversationInput,
    FailureReason,
    MessageAnalysis,
    MessageInput,
    ProviderError,
    Vector,
    VectorAnalyser,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

# A batch of analyses from its first call to its last, in seconds. The worker that waits for it does nothing else meanwhile.
ANALYSIS_SECONDS = 90.0
# Conversations that a model is given at once: what it can be asked in that time.
MODEL_BATCH = 6
LEAST_SECONDS = 0.2  # with less than this left nobody is asked


@dataclass(frozen=True, slots=True)
class Skipped:
    """A provider that did not answer, and why in a word."""

    provider: str
    reason: FailureReason


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of asking. `provider` is the kind that answered; None with a `value` of None where none of the chain did."""

    value: T | None
    provider: str | None
    skipped: tuple[Skipped, ...] = ()


def run_chain(
    tenant_id: uuid.UUID | str,
    configs: Sequence[ProviderConfig],
    work: Callable[[ProviderConfig, Guard], T],
    *,
    role: str,
    seconds: float,
    passes: tuple[type[Exception], ...] = (),
) -> Outcome[T]:
    """Have the first provider that can do the whole of `work` do it, within so many seconds in all. Raises nothing but `passes`."""
    ends_at = time.monotonic() + seconds
    skipped: list[Skipped] = []
    for place, config in enumerate(configs):
        guard = Guard(tenant_id, config)
        share = (ends_at - time.monotonic()) / (len(configs) - place)
        try:
            if share < LEAST_SECONDS:
                raise ProviderError("No time is left.", reason="timeout")
            guard.check()
            with deadline(share):
                value = work(config, guard)
        except passes:
            raise
        except Exception as error:
            # Whatever it was, there is somebody who can do it. Never the error's words: a fault of ours may hold a customer's.
            reason: FailureReason = error.reason if isinstance(error, ProviderError) else "failed"
            guard.note_failure(reason)
            skipped.append(Skipped(config.kind, reason))
            log.warning(
                "provider.skipped", role=role, provider=config.kind, provider_id=config.id, reason=reason, error=type(error).__name__
            )
            continue
        guard.note_answer()
        return Outcome(value, config.kind, tuple(skipped))
    return Outcome(None, None, tuple(skipped))


class ChainAnalyser:
    """A tenant's analysers in their order, with the embedded one behind them, in the place of one analyser.

    It goes by the name and version of the first; each analysis carries those of whoever drew it. `skipped` tells of the last batch.
    """

    def __init__(
        self,
        tenant_id: uuid.UUID | str,
        configs: Sequence[ProviderConfig],
        *,
        embedded: VectorAnalyser,
        make_cache: Callable[[uuid.UUID | str, ProviderConfig], Any] = lambda _tenant_id, _config: None,
        seconds: float = ANALYSIS_SECONDS,
    ) -> None:
        self._tenant_id = tenant_id
        self._configs = tuple(configs)
        self._embedded = embedded
        self._make_cache = make_cache
        self._seconds = seconds
        first = self.make_first()
        self.name, self.version = first.name, first.version
        self.vector_model, self.dimensions = embedded.vector_model, embedded.dimensions
        self.batch_size = MODEL_BATCH
        self.skipped: tuple[Skipped, ...] = ()

    def make_first(self) -> VectorAnalyser:
        """The first provider alone, without what stands behind it: for a re-scoring, which is of one version."""
        return self._make(self._configs[0], Guard(self._tenant_id, self._configs[0]))

    def _make(self, config: ProviderConfig, guard: Guard) -> VectorAnalyser:
        return make_model_analyser(config, meter=guard, cache=self._make_cache(self._tenant_id, config))

    def analyse_batch(
        self,
        messages: Sequence[MessageInput],
        conversations: Sequence[ConversationInput],
        *,
        known_vectors: Mapping[str, Vector] | None = None,
    ) -> tuple[list[MessageAnalysis], list[ConversationAnalysis]]:
        """Analyse messages and the conversations that they are of: all by one provider, whichever it is."""

        def work(config: ProviderConfig, guard: Guard) -> tuple[list[MessageAnalysis], list[ConversationAnalysis]]:
            return _analyse(self._make(config, guard), messages, conversations, known_vectors)

        outcome = run_chain(self._tenant_id, self._configs, work, role="analyser", seconds=self._seconds)
        self.skipped = outcome.skipped
        return outcome.value if outcome.value is not None else _analyse(self._embedded, messages, conversations, known_vectors)

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        """Analyse customer messages, all by one provider."""
        return self.analyse_batch(messages, (), known_vectors=known_vectors)[0]

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        """Analyse whole conversations, all by one provider."""
        return self.analyse_batch((), conversations, known_vectors=known_vectors)[1]

    def hash_text(self, text: str) -> str:
        """The hash under which a text's vector is kept: the same whoever analyses."""
        return self._embedded.hash_text(text)


def analyse_batch(
    analyser: VectorAnalyser,
    messages: Sequence[MessageInput],
    conversations: Sequence[ConversationInput],
    *,
    known_vectors: Mapping[str, Vector],
) -> tuple[list[MessageAnalysis], list[ConversationAnalysis]]:
    """Analyse messages and then their conversations by one analyser; of a chain, all by the same of its providers."""
    if isinstance(analyser, ChainAnalyser):
        return analyser.analyse_batch(messages, conversations, known_vectors=known_vectors)
    return _analyse(analyser, messages, conversations, known_vectors)


def _analyse(
    analyser: VectorAnalyser,
    messages: Sequence[MessageInput],
    conversations: Sequence[ConversationInput],
    known_vectors: Mapping[str, Vector] | None,
) -> tuple[list[MessageAnalysis], list[ConversationAnalysis]]:
    known = dict(known_vectors or {})
    found = analyser.analyse_messages(messages, known_vectors=known) if messages else []
    known |= {one.text_hash: one.vector for one in found}
    judged = analyser.analyse_conversations(conversations, known_vectors=known) if conversations else []
    return found, judged
