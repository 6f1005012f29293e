"""What has to be done to a database before the processes start, in a process of its own: `python -m core.project.prepare`.

The supervisor stays small and quick that way: it never imports Django.
"""

import argparse
import sys

from core.project.boot import boot_django


def main() -> int:
    """Check, or migrate and fill with the demo tenant. Returns the exit code; what is wrong goes to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing: may the application run on this database?")
    parser.add_argument("--admin", action="store_true", help="create the demo's admin where it is missing")
    parser.add_argument("--demo", action="store_true", help="create the demo tenant where it is missing")
    arguments = parser.parse_args()
    boot_django()
    from core.project.database import DatabaseError, check_application_role, migrate

    try:
        if arguments.check:
            check_application_role()
            return 0
        applied = migrate(tell=lambda name: print(f"    {name}", flush=True))
        print(f"    {len(applied)} migrations applied" if applied else "    the database is at this version", flush=True)
        check_application_role()
        if arguments.admin or arguments.demo:
            from core.project.demo.accounts import ensure_admin

            ensure_admin()
            # The demo's only worker has not started yet: a lock is what a killed one left, and would hold the analysis up.
            release_locks_of_killed_workers()
        if arguments.demo:
            from core.project.demo.create import create_demo

            create_demo(tell=lambda text: print(f"    {text}", flush=True))
    except DatabaseError as error:
        print(f"    {error}", flush=True)
        return 1
    return 0


def release_locks_of_killed_workers() -> None:
    """Let the next worker begin at once. Only where it is certain that no worker runs."""
    from core.models import Tenant
    from core.tenancy import unscoped_directory
    from ingestion.tasks import release_locks

    with unscoped_directory(reason="release the locks of workers that were killed"):
        release_locks(list(Tenant.objects.values_list("id", flat=True)))


if __name__ == "__main__":
    sys.exit(main())
