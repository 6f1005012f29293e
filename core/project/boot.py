"""Bring Django up inside a command or a process of its own."""

import os


def boot_django() -> None:
    """Set up Django and our Celery application. Embedded services must be running, or others be configured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
    import django

    django.setup()
    from core.project import celery as _celery  # noqa: F401  (tasks are sent by our Celery application)
