"""Keeping an eye on customers' messages that are written for a model: noted as they are analysed, for the tenant's administrators."""

from collections.abc import Iterable

import structlog

from core.ai.injection import talks_to_model
from core.models import InjectionAttempt, Message

log = structlog.get_logger(__name__)


def note_attempts(messages: Iterable[Message]) -> int:
    """Note those of the open scope's messages that give orders to a model, each once. Returns how many were found."""
    found = [InjectionAttempt(message=message) for message in messages if talks_to_model(message.text)]
    if found:
        InjectionAttempt.objects.bulk_create(found, ignore_conflicts=True)
        log.info("injection.noted", messages=len(found))
    return len(found)
