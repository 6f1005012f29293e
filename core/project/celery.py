"""The Celery application. Tasks are thin doors: they take ids and open the tenant's scope."""

import os
import signal

from celery import Celery
from celery.signals import worker_init, worker_process_init

from core.project.embedded.children import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")

app = Celery("evosense")
# In every thread: a thread that knows no application would queue its tasks nowhere.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ingestion", "ingestion.evolution", "ingestion.themes", "assistant", "bots"])


_worker_id: int | None = None


@worker_init.connect
def remember_the_worker(**_: object) -> None:
    """The worker, before it starts the processes that do tasks: they know whom to follow though it be killed the instant after."""
    global _worker_id
    _worker_id = os.getpid()


@worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """A process that does tasks ends at once when the worker that started it is killed: nobody would hear of its work."""
    follow_parent(signal.SIGKILL, parent_id=_worker_id)
