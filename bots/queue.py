"""Starting our own tasks: after the open transaction is committed, and never in the way of the work that asks for it."""

import uuid
from functools import partial

from django.db import transaction

from ingestion.queueing import SOON, queue_once

TASK_SEND, TASK_HEAR = "bots.tasks.task_send", "bots.tasks.task_hear"
TASK_DELIVER, TASK_ASK = "bots.tasks.task_deliver", "bots.tasks.task_ask_scheduled"
TASK_BRIEF, TASK_WATCH = "bots.tasks.task_brief", "bots.tasks.task_watch"


def start_task(name: str, tenant_id: uuid.UUID | str, *, priority: int = SOON) -> None:
    """Start a task for a tenant once the open transaction is committed. A queue that is down costs seconds: beat finds the work."""
    transaction.on_commit(partial(queue_once, name, str(tenant_id), priority=priority))
