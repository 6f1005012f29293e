"""What keeps a failing or dear provider from being asked: a circuit breaker and a daily budget of each, in the cache.

After FAILURES_TO_REST failures in a row a provider rests; then one call tries it, and each further failure doubles the rest. Where the
cache is out of reach nobody can say what was spent, so nothing is: the embedded provider answers.
"""

import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from core.ai.providers import ProviderConfig
from core.ai.roles import FailureReason, ProviderError

log = structlog.get_logger(__name__)

FAILURES_TO_REST = 3
FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 30, 900
_KEPT_SECONDS = 7 * 86_400
_DAY_SECONDS = 2 * 86_400  # a day's count outlives its day


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a provider is doing. Instants are Unix seconds; 0 is never."""

    failures: int = 0  # in a row
    rests_until: float = 0.0
    reason: FailureReason | None = None  # of the last failure
    failed_at: float = 0.0
    answered_at: float = 0.0

    @property
    def is_resting(self) -> bool:
        return self.rests_until > time.time()


@dataclass(frozen=True, slots=True)
class Spent:
    """What a provider was used today (UTC)."""

    calls: int
    tokens: int


class Guard:
    """One tenant's provider: whether it may be asked, and what came of it. It is the provider's meter as well."""

    def __init__(self, tenant_id: uuid.UUID | str, config: ProviderConfig) -> None:
        self._config = config
        self._key = f"provider:{tenant_id}:{config.id}"

    def check(self) -> None:
        """Raises ProviderError where the provider rests, or has used up its budget."""
        try:
            self._check()
        except (RedisError, OSError):
            raise ProviderError("The cache is out of reach, so that no budget can be kept.", reason="budget") from None

    def _check(self) -> None:
        health = self.get_health()
        if health.is_resting:
            raise ProviderError("The provider rests after failures.", reason="resting")
        spent = self.get_spent()
        if self._config.daily_calls and spent.calls >= self._config.daily_calls:
            raise ProviderError("The day's calls are used up.", reason="budget")
        if self._config.daily_tokens and spent.tokens >= self._config.daily_tokens:
            raise ProviderError("The day's tokens are used up.", reason="budget")
        # Its rest is over: one tries, the others do without until it is known what came of that.
        if health.failures >= FAILURES_TO_REST and not cache.add(f"{self._key}:trial", 1, timeout=int(self._config.timeout_seconds) + 5):
            raise ProviderError("The provider is being tried by another call.", reason="resting")

    def begin_call(self) -> None:
        """Count a call. Raises ProviderError ("budget") where none is left."""
        try:
            calls = self._add("calls", 1)
        except (RedisError, OSError):
            raise ProviderError("The cache is out of reach, so that no budget can be kept.", reason="budget") from None
        if self._config.daily_calls and calls > self._config.daily_calls:
            raise ProviderError("The day's calls are used up.", reason="budget")

    def count_tokens(self, tokens: int) -> None:
        """Count tokens; a call that was begun is not broken off for them."""
        try:
            self._add("tokens", tokens)
        except (RedisError, OSError) as error:
            log.warning("provider.tokens_not_counted", provider_id=self._config.id, tokens=tokens, error=type(error).__name__)

    def note_answer(self) -> None:
        """It answered as it should: what was before is forgiven."""
        self._store(Health(answered_at=time.time()))

    def note_failure(self, reason: FailureReason) -> None:
        """It did not. A budget that is used up is no failure of its."""
        if reason in ("budget", "resting"):
            return
        try:
            before = self.get_health()
        except (RedisError, OSError):
            return
        failures, now = before.failures + 1, time.time()
        rest = (
            min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** min(10, failures - FAILURES_TO_REST)) if failures >= FAILURES_TO_REST else 0
        )
        rests_until = now + rest if rest else 0.0
        self._store(Health(failures=failures, rests_until=rests_until, reason=reason, failed_at=now, answered_at=before.answered_at))

    def get_health(self) -> Health:
        """How it is doing. Raises RedisError or OSError where the cache is out of reach."""
        kept = cache.get(f"{self._key}:health")
        return Health(**kept) if isinstance(kept, dict) else Health()

    def get_spent(self) -> Spent:
        """What was used today. Raises RedisError or OSError where the cache is out of reach."""
        found = cache.get_many([self._name("calls"), self._name("tokens")])
        return Spent(int(found.get(self._name("calls"), 0)), int(found.get(self._name("tokens"), 0)))

    def _store(self, health: Health) -> None:
        try:
            cache.set(f"{self._key}:health", asdict(health), timeout=_KEPT_SECONDS)
            cache.delete(f"{self._key}:trial")
        except (RedisError, OSError) as error:
            log.warning("provider.health_not_kept", provider_id=self._config.id, error=type(error).__name__)

    def _add(self, what: str, amount: int) -> int:
        name = self._name(what)
        cache.add(name, 0, timeout=_DAY_SECONDS)
        return int(cache.incr(name, amount))

    def _name(self, what: str) -> str:
        return f"{self._key}:{what}:{datetime.now(UTC):%Y%m%d}"
