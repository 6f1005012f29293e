"""Which roles the application refuses to run as, and what a second migration does."""

import psycopg
import pytest
from django.db import connections

from core.project.database import DatabaseError, check_application_role, find_unapplied, migrate


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
class TestMigrate:
    def test_a_migrated_database_is_left_as_it_is(self) -> None:
        told: list[str] = []
        assert migrate(tell=told.append) == []
        assert told == []

    def test_what_the_database_lacks_is_named_and_applied(self, owner_connection: psycopg.Connection) -> None:
        owner_connection.execute("DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0012%'")
        assert find_unapplied("default") == ["auth.0012_alter_user_first_name_max_length"]
        with pytest.raises(DatabaseError) as raised:
            check_application_role()
        assert str(raised.value) == (
            "The database lacks 1 migrations (auth.0012_alter_user_first_name_max_length …). Run `evosense migrate` first."
        )
        assert migrate(tell=lambda _name: None) == ["auth.0012_alter_user_first_name_max_length"]
        check_application_role()

    def test_migrations_run_as_the_owner_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for key in ("USER", "PASSWORD"):
            monkeypatch.setitem(connections["owner"].settings_dict, key, connections["default"].settings_dict[key])
        connections["owner"].close()
        with pytest.raises(DatabaseError) as raised:
            migrate(tell=lambda _name: None)
        assert str(raised.value) == "DATABASE_OWNER_URL names a role that does not own this database. Migrations run as its owner."


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_role_that_owns_tables_is_refused(monkeypatch: pytest.MonkeyPatch, owner_connection: psycopg.Connection) -> None:
    (count,) = owner_connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() or (0,)
    default = connections["default"]
    for key in ("USER", "PASSWORD"):
        monkeypatch.setitem(default.settings_dict, key, connections["owner"].settings_dict[key])
    default.close()
    with pytest.raises(DatabaseError) as raised:
        check_application_role()
    default.close()
    assert str(raised.value) == (
        f"The role evosense_owner of DATABASE_URL owns {count} tables, so tenants would not be kept apart. "
        "Use a role with neither SUPERUSER nor BYPASSRLS that owns nothing; docs/operations.md has the statements."
    )
