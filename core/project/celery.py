"""The Celery application. Tasks are thin doors: they take ids and open the tenant's scope."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")

app = Celery("evosense")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ingestion"])
