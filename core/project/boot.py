"""Bring Django up inside a command or a process of its own."""

import os
from collections.abc import Callable

import click

from core.project import embedded


def tell_wait(text: str) -> None:
    """What a command waits for, on standard error: its output may be read by a program."""
    click.echo(f"{text} …", err=True)


def boot_django() -> None:
    """Set up Django and our Celery application. Embedded services must be running, or others be configured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
    import django

    django.setup()
    from core.project import celery as _celery  # noqa: F401  (tasks are sent by our Celery application)


def boot_with_services(*, log_level: str | None = None, on_wait: Callable[[str], None] | None = tell_wait) -> None:
    """The same on the configured database, else on the embedded services, started where they do not run.

    `log_level` holds where LOG_LEVEL does not say otherwise. Raises click.ClickException with what keeps the services from starting.
    """
    try:
        if not os.environ.get("DATABASE_URL"):
            os.environ.update(embedded.environment(on_wait=on_wait))
    except embedded.ServiceError as error:
        raise click.ClickException(str(error)) from error
    if log_level is not None:
        os.environ.setdefault("LOG_LEVEL", log_level)
    boot_django()
