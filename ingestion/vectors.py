"""Filling the vector set of the embedder that a tenant chose, beside the embedded one, and switching searches over when it is complete.

The embedded model's vectors are made with each analysis and always complete; a chosen model's are made from the masked texts, a page
at a time, as long as one is missing. What is missing is found by looking, so a worker that dies costs its page and nothing else.
"""

import time
import uuid
from dataclasses import dataclass

import structlog
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core import live
from core.ai.chain import run_chain
from core.ai.embedded.messages import hash_masked
from core.ai.providers import make_model_embedder
from core.ai.roles import pad_vector
from core.ai.tenants import find_configs
from core.models import MessageAnalysis, TextVector, VectorSet
from core.privacy import mask
from core.tenancy import scope

log = structlog.get_logger(__name__)

PAGE = 64  # texts embedded in one call
STEP_SECONDS = 20.0
CALL_SECONDS = 60.0  # for one page, to its end
State = VectorSet.State


@dataclass(frozen=True, slots=True)
class Missing:
    """A text without a vector in a set: its hash, and the masked text."""

    text_hash: str
    text: str


def fill_vectors(tenant_id: uuid.UUID | str, *, seconds: float = STEP_SECONDS) -> bool:
    """Fill the tenant's chosen set for so many seconds. Returns whether more is left that can be done now."""
    with scope(tenant_id):
        configs = find_configs("embeds")
        if not configs:
            retire_sets()
            return False
        model = make_model_embedder(configs[0]).model
        chosen = open_set(model)
    ends_at, after = time.monotonic() + seconds, ""
    while time.monotonic() < ends_at:
        with scope(tenant_id):
            page, after = find_missing(model, after=after)
            if not page:
                complete_set(chosen)
                return False
        texts = [one.text for one in page]
        outcome = run_chain(
            tenant_id,
            configs[:1],
            lambda config, guard, texts=texts: make_model_embedder(config, meter=guard).embed_passages(texts),  # type: ignore[misc]
            role="embedder",
            seconds=CALL_SECONDS,
        )
        with scope(tenant_id):
            if outcome.value is None:
                # Tried again in the next minute, or when its rest or the day of its budget is over.
                VectorSet.objects.filter(id=chosen.id).update(problem=outcome.skipped[0].reason)
                return False
            rows = [
                TextVector(model=model, text_hash=one.text_hash, vector=pad_vector(vector))
                for one, vector in zip(page, outcome.value, strict=True)
            ]
            TextVector.objects.bulk_create(rows, ignore_conflicts=True)
            tell_progress(chosen, len(rows))
    return True


def needs_filling() -> bool:
    """Whether the open scope has an embedder whose set lacks a text, or a set whose embedder is gone."""
    configs = find_configs("embeds")
    if not configs:
        return VectorSet.objects.filter(is_used=True).exists()
    model = make_model_embedder(configs[0]).model
    return not VectorSet.objects.filter(model=model, state=State.COMPLETE).exists() or bool(find_missing(model)[0])


def open_set(model: str) -> VectorSet:
    """The open scope's set of a model, made where there is none, its size counted. Others are filled no more, and stay."""
    VectorSet.objects.filter(state=State.FILLING).exclude(model=model).update(state=State.STOPPED)
    made, _ = VectorSet.objects.get_or_create(model=model)
    if made.state == State.STOPPED:
        made.state = State.FILLING
    if made.state == State.FILLING:
        made.total = count_texts()
        made.done = TextVector.objects.filter(model=model).count()
        made.save(update_fields=["state", "total", "done"])
    return made


def complete_set(chosen: VectorSet) -> None:
    """Nothing is missing: searches use this set from now on."""
    changed = VectorSet.objects.filter(id=chosen.id, is_used=False).exists()
    VectorSet.objects.filter(is_used=True).exclude(id=chosen.id).update(is_used=False)
    completed_at = chosen.completed_at or timezone.now()
    total = count_texts()
    VectorSet.objects.filter(id=chosen.id).update(
        state=State.COMPLETE, is_used=True, problem="", total=total, done=total, completed_at=completed_at
    )
    if changed:
        log.info("vectors.switched", model=chosen.model, texts=total)
        live.publish("vectors.switched", {"texts": total})


def retire_sets() -> None:
    """No embedder is chosen any more: searches use the embedded model's vectors."""
    if VectorSet.objects.filter(is_used=True).update(is_used=False):
        log.info("vectors.switched", model="embedded")
    VectorSet.objects.filter(state=State.FILLING).update(state=State.STOPPED)


def tell_progress(chosen: VectorSet, made: int) -> None:
    """So many texts more."""
    chosen.done += made
    VectorSet.objects.filter(id=chosen.id).update(done=chosen.done, total=max(chosen.total, chosen.done), problem="")
    live.publish("vectors.filled", {"done": chosen.done, "total": max(chosen.total, chosen.done)})


def find_missing(model: str, *, after: str = "") -> tuple[list[Missing], str]:
    """The next texts of the open scope, by hash behind `after`, that have no vector of this model; and the hash of the last one looked at.

    A message that was edited since its analysis is passed over: its new text comes with its next analysis.
    """
    found: list[Missing] = []
    while len(found) < PAGE:
        rows = list(_select_missing(model, after=after)[:PAGE])
        for text_hash, text in rows:
            after = text_hash
            masked = mask(text).text
            if hash_masked(masked) == text_hash:
                found.append(Missing(text_hash, masked))
                if len(found) == PAGE:
                    break
        if len(rows) < PAGE:
            break
    return found, after


def _select_missing(model: str, *, after: str) -> "QuerySet[MessageAnalysis, tuple[str, str]]":
    made = TextVector.objects.filter(model=model, text_hash=OuterRef("text_hash"))
    rows = MessageAnalysis.objects.filter(is_current=True, text_hash__gt=after).filter(~Exists(made))
    return rows.order_by("text_hash").distinct("text_hash").values_list("text_hash", "message__text")


def count_texts() -> int:
    """How many different texts of customers the open scope has."""
    return MessageAnalysis.objects.filter(is_current=True).order_by().values("text_hash").distinct().count()
