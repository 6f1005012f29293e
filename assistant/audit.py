"""The audit of turns: what was asked, what it meant, what it read and cost. Kept apart from threads, which their owners may delete.

Everything here runs inside the tenant's open scope. An entry is made when its turn begins and closed when it ends, in the same
transaction as the turn's own state, so that neither is there without the other.
"""

import uuid
from typing import Any

from assistant.models import AuditEntry, Turn
from assistant.planner import Planned
from assistant.usage import Usage
from core.models import ApiKey, User

LONGEST_PROVIDER = 200


def open_entry(viewer: User, turn: Turn, *, api_key: ApiKey | None = None) -> None:
    """A turn began, by a person or by a key of theirs."""
    AuditEntry.objects.create(**_describe(viewer, turn), api_key=str(api_key) if api_key is not None else "")


def close_entry(turn_id: uuid.UUID, *, status: str, error: str = "", **found: Any) -> None:
    """A turn ended. `found` are further fields of the entry; a turn of before the audit has none."""
    AuditEntry.objects.filter(turn_id=turn_id).update(status=status, error=error, **found)


def describe_work(planned: Planned | None, *, usage: Usage, provider: str, is_verified: bool, took_ms: int) -> dict[str, Any]:
    """The fields of an entry that say how its turn was answered, as far as it got."""
    plan = planned.plan if planned else None
    return {
        "plan": plan.to_dict() if plan else None,
        "intent": plan.intent if plan else "",
        "refusal": (planned.refusal if planned else None) or "",
        "is_verified": is_verified,
        "provider": provider[:LONGEST_PROVIDER],
        "model_tokens": usage.model_tokens,
        "statements": usage.statements,
        "rows_read": usage.rows_read,
        "conversations": usage.conversations,
        "took_ms": took_ms,
    }


def get_entry(viewer: User, turn: Turn) -> AuditEntry:
    """The entry of a turn of the viewer's; made now for one of before the audit."""
    found = AuditEntry.objects.filter(turn_id=turn.id).first()
    if found is not None:
        return found
    plan = turn.plan or {}
    return AuditEntry.objects.create(
        **_describe(viewer, turn), status=turn.status, plan=turn.plan, intent=plan.get("intent", ""), provider=turn.provider,
        took_ms=turn.took_ms,
    )  # fmt: skip


def _describe(viewer: User, turn: Turn) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "thread_id": turn.thread_id,
        "user": viewer,
        "user_name": viewer.name,
        "question": turn.question,
        "language": turn.language,
        "asked_at": turn.asked_at,
        "as_of": turn.as_of,
        "is_edited": turn.is_edited,
    }
