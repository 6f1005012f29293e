"""Bringing a database to this version, and finding out whether the application may run on it. Needs Django to be set up."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

# Any number, the same for everybody who migrates: two at once take turns.
MIGRATION_LOCK = 20_241_118


class DatabaseError(RuntimeError):
    """The database can't be used as it is. The message is for the person at the terminal."""


def find_unapplied(alias: str) -> list[str]:
    """The migrations that this version has and the database has not, as `app.name`."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(*, tell: Callable[[str], None]) -> list[str]:
    """Apply what is missing as the role that owns the tables; returns what was applied. Raises DatabaseError."""
    owner = connections["owner"]
    try:
        with owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            cursor.execute("SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()")
            (is_owner,) = cursor.fetchone()
            if not is_owner:
                raise DatabaseError("DATABASE_OWNER_URL names a role that does not own this database. Migrations run as its owner.")
        unapplied = find_unapplied("owner")
        for name in unapplied:
            tell(name)
        if unapplied:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
    except OperationalError as error:
        raise DatabaseError(f"The database can't be reached as its owner: {error}") from error
    finally:
        # The lock goes with the connection.
        owner.close()
    return unapplied


def check_application_role() -> None:
    """Raise DatabaseError unless the application's role is one that row-level security binds, on a migrated database."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            name, is_superuser, bypasses = cursor.fetchone()
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relowner = %s::regrole",
                [name],
            )
            (owned,) = cursor.fetchone()
    except OperationalError as error:
        raise DatabaseError(f"The database of DATABASE_URL can't be reached: {error}") from error
    if is_superuser or bypasses or owned:
        reason = "is a superuser" if is_superuser else "bypasses row-level security" if bypasses else f"owns {owned} tables"
        raise DatabaseError(
            f"The role {name} of DATABASE_URL {reason}, so tenants would not be kept apart. "
            "Use a role with neither SUPERUSER nor BYPASSRLS that owns nothing; docs/operations.md has the statements."
        )
    unapplied = find_unapplied("default")
    if unapplied:
        raise DatabaseError(f"The database lacks {len(unapplied)} migrations ({', '.join(unapplied[:3])} …). Run `evosense migrate` first.")
