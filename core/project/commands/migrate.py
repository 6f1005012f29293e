"""`evosense migrate`: bring the database to this version, as the role that owns it."""

import os

import click

from core.project import embedded


@click.command("migrate")
def command() -> None:
    """Apply the migrations that the database lacks. Configured by DATABASE_OWNER_URL; embedded services where that is not set."""
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
        raise click.ClickException("DATABASE_OWNER_URL is not set: migrations run as the role that owns the database of DATABASE_URL.")
    try:
        if not os.environ.get("DATABASE_OWNER_URL"):
            os.environ.update(embedded.environment(on_wait=click.echo))
    except embedded.ServiceError as error:
        raise click.ClickException(str(error)) from error

    from core.project.boot import boot_django

    boot_django()
    from core.project.database import DatabaseError, migrate

    try:
        applied = migrate(tell=lambda name: click.echo(f"  {name}"))
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(applied)} migrations applied." if applied else "The database is at this version already.")
