"""How well and how fast the nearest texts are found for tenants that own little and much of all vectors, against comparing each one.

Beside it, what langchain-postgres does for the same searches (core/project/bench/rival.py).
"""

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from core.ai.embedded.embedder import MODEL
from core.ai.roles import pad_vector
from core.compute import Selection
from core.models import Channel, Contact, Conversation, Message, MessageAnalysis, Role, Tenant, User
from core.periods import Period
from core.project.bench.pairs import Pair, Tell, describe, describe_multiple, time_call
from core.project.bench.report import Bar, Figure, Report
from core.project.bench.rival import find_by_langchain, langchain_table
from core.project.bench.tenant import throw_away_tenant
from core.project.bench.vectors import Mixture, drop_indexes, make_hashes, make_indexes, store_vectors
from core.search.nearest import SearchVector, find_near
from core.tenancy import scope

SHARES = (0.001, 0.01, 0.3)
OTHERS = 20  # tenants that own the rest
SEARCHES, NEAREST = 40, 10
RECALL = Bar(limit=0.95)
BATCH = 5000
# The distance is computed before it is ordered by, so that no index steps in.
EXACT = (
    "WITH compared AS MATERIALIZED (SELECT text_hash, vector <=> %s::halfvec AS distance FROM core_textvector"
    " WHERE tenant_id = %s AND model = %s) SELECT text_hash FROM compared ORDER BY distance LIMIT %s"
)
NOTES = (
    f"Recall: how many of the {NEAREST} nearest are among those found, the mean of {SEARCHES} searches. A search of ours reads the",
    "messages and their conditions as well; langchain-postgres's statement reads the vectors' table alone, without its Python.",
)

Find = Callable[[SearchVector], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A tenant of the bench, who searches it, and which part of all vectors it owns."""

    tenant: Tenant
    viewer: User
    share: float


def measure_search(*, vectors: int, tell: Tell, searches: int = SEARCHES) -> Report:
    """Recall of the first NEAREST and time, for a tenant of each share."""
    mixture = Mixture(texts=vectors)
    figures: list[Figure] = []
    with ExitStack() as stack:
        drop_indexes()
        owners = [_make_owner(stack, share=share, vectors=vectors, mixture=mixture) for share in SHARES]
        rest = vectors - sum(max(1, round(vectors * share)) for share in SHARES)
        for number in range(OTHERS):
            other = stack.enter_context(throw_away_tenant())
            store_vectors(other.id, make_hashes(rest // OTHERS, name=f"other {number}"), mixture)
        tell(f"building the index over {vectors:,} vectors")
        seconds = time_call(make_indexes)
        figures.append(describe(f"building the index of {vectors:,} vectors", [seconds], unit="s"))
        drawn = [SearchVector(model=MODEL, values=tuple(map(float, pad_vector(one)))) for one in mixture.draw(searches)]
        tell("building the same for langchain-postgres")
        stack.enter_context(langchain_table())
        for owner in owners:
            figures += measure_owner(owner, drawn)
            tell(f"searched the tenant that owns {owner.share:.1%}")
    return Report(name="search", title="searches over all vectors", figures=tuple(figures), notes=NOTES)


def _make_owner(stack: ExitStack, *, share: float, vectors: int, mixture: Mixture) -> Owner:
    tenant = stack.enter_context(throw_away_tenant())
    hashes = make_hashes(max(NEAREST, round(vectors * share)), name=f"owner {share}")
    store_vectors(tenant.id, hashes, mixture)
    store_messages(tenant, hashes)
    return Owner(tenant=tenant, viewer=User(tenant=tenant, name="Bench", role=Role.MANAGER, is_active=True), share=share)


def store_messages(tenant: Tenant, hashes: Sequence[str]) -> None:
    """A customer's message for each text, in one conversation a batch."""
    now = timezone.now()
    with scope(tenant.id):
        channel, contact = Channel.objects.create(name="Bench"), Contact.objects.create(name="Bench")
    for start in range(0, len(hashes), BATCH):
        with scope(tenant.id):
            conversation = Conversation.objects.create(
                channel=channel, contact=contact, chat_key=str(start), started_at=now, last_message_at=now, message_count=BATCH
            )
            messages = [
                Message(
                    channel=channel, conversation=conversation, contact=contact, provider_id=text_hash, chat_key=str(start),
                    author="customer", text="oi", sent_at=now,
                )
                for text_hash in hashes[start : start + BATCH]
            ]  # fmt: skip
            Message.objects.bulk_create(messages, batch_size=1000)
            MessageAnalysis.objects.bulk_create(
                [
                    MessageAnalysis(
                        message=message, analyser="bench", analyser_version="1", analysed_at=now, text_hash=message.provider_id,
                        sentiment="neutral", sentiment_score=0.0, emotion="neutral", tone="neutral",
                    )
                    for message in messages
                ],
                batch_size=1000,
            )  # fmt: skip


def measure_owner(owner: Owner, searches: Sequence[SearchVector]) -> list[Figure]:
    """What one tenant's searches find and take, by us, by comparing each vector, and by langchain-postgres's statement."""
    today = timezone.now().date()
    selection = Selection(period=Period(today - timedelta(days=2), today + timedelta(days=2)), clock=timezone.now())

    def find_ours(search: SearchVector) -> list[str]:
        with scope(owner.tenant.id):
            found = find_near(owner.viewer, selection, search, kind="messages", limit=NEAREST)
            hashes = dict(Message.objects.filter(id__in=[one.id for one in found]).values_list("id", "provider_id"))
        return list(hashes.values())

    def find_exactly(search: SearchVector) -> list[str]:
        with scope(owner.tenant.id), connection.cursor() as cursor:
            cursor.execute(EXACT, [search.to_sql(), owner.tenant.id, MODEL, NEAREST])
            return [text_hash for (text_hash,) in cursor.fetchall()]

    name = f"owner of {owner.share:.1%}"
    exact = [_time(find_exactly, search) for search in searches]
    ours = [_time(find_ours, search) for search in searches]
    figures = [
        describe(f"{name}: recall", [statistics.mean(_compute_recalls(ours, exact))], unit="×", bar=RECALL),
        describe(f"{name}: a search", [1000 * seconds for seconds, _ in ours], unit="ms"),
        describe(f"{name}: comparing each", [1000 * seconds for seconds, _ in exact], unit="ms"),
    ]
    theirs = [_time(lambda one: find_by_langchain(one, tenant_id=owner.tenant.id, limit=NEAREST), search) for search in searches]
    pairs = [Pair(subject=mine, reference=other) for (mine, _), (other, _) in zip(ours, theirs, strict=True)]
    return [
        *figures,
        describe(f"{name}: langchain-postgres, recall", [statistics.mean(_compute_recalls(theirs, exact))], unit="×"),
        describe(f"{name}: langchain-postgres, a search", [1000 * seconds for seconds, _ in theirs], unit="ms"),
        describe_multiple(f"{name}: ours / langchain-postgres", pairs),
    ]


Timed = tuple[float, Sequence[str]]


def _time(find: Find, search: SearchVector) -> Timed:
    found: list[Sequence[str]] = []
    return time_call(lambda: found.append(find(search))), found[0]


def _compute_recalls(found: Sequence[Timed], exact: Sequence[Timed]) -> list[float]:
    return [len(set(some) & set(all_)) / len(all_) for (_, some), (_, all_) in zip(found, exact, strict=True)]
