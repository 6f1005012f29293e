"""No row of one tenant is seen, changed or pointed at from another: tried on every table that exists, found in the catalogue.

A table that is added later is found by itself. It must be a tenant's, locked like all others, or stand in GLOBAL_TABLES with
the reason why it belongs to nobody.
"""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from core.models import Tenant, TenantModel, User
from core.models.ids import new_id
from core.row_security import find_tenant_links
from core.tenancy import CrossTenantError, NoTenantError, scope, sign_in_scope, unscoped_directory
from tests.cast import Cast

GLOBAL_TABLES = {
    "django_migrations": "which migrations ran",
    "django_content_type": "the names of models, for Django admin",
    "auth_permission": "the names of Django's permissions; nobody is given one",
    "auth_group": "Django's groups, which are not used",
    "auth_group_permissions": "Django's groups, which are not used",
}
# Locked by policies of their own: see the migrations.
DIRECTORY_TABLES = {"core_tenant", "core_user", "django_admin_log"}
TENANT_MODELS = sorted((model for model in apps.get_models() if issubclass(model, TenantModel)), key=lambda model: model._meta.db_table)


def find_tables() -> dict[str, dict[str, bool]]:
    """Every table of the database: is row-level security on, is it forced, does the application's role own it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity, relowner = current_user::regrole, "
            "has_table_privilege(c.oid, 'TRUNCATE') FROM pg_class c "
            "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        return {
            name: {"on": on, "forced": forced, "owned": owned, "truncate": truncate}
            for name, on, forced, owned, truncate in cursor.fetchall()
        }


def check_tables_are_locked() -> list[str]:
    """The tables that are locked. Raises AssertionError, naming the table, where one is not."""
    locked = []
    for name, state in find_tables().items():
        assert not state["owned"], f"{name} belongs to the application's role, which could switch its policies off"
        assert not state["truncate"], f"{name} may be truncated, which no policy stops"
        if name in GLOBAL_TABLES:
            continue
        assert state["on"] and state["forced"], f"row-level security of {name} is not on and forced"
        locked.append(name)
    return sorted(locked)


def check_nothing_crosses(cast: Cast) -> list[str]:
    """From Casa Lua's scope, read, change, delete, forge and point at Casa Sol's rows in every tenant table.

    Returns a line a table. Raises AssertionError where anything gets across.
    """
    told = []
    for model in TENANT_MODELS:
        table = model._meta.db_table
        with scope(cast.other_tenant.id):
            theirs = list(model._default_manager.values_list("id", flat=True))
        assert theirs, f"the look-alike tenant has no row in {table}: add one to tests/cast.py"
        with scope(cast.tenant.id):
            tenants = set(model._default_manager.values_list("tenant_id", flat=True))
            assert tenants == {cast.tenant.id}, f"{table}: rows of {tenants} seen"
            assert model._default_manager.filter(id__in=theirs).count() == 0, f"{table}: a foreign row is seen by its id"
            assert model._default_manager.filter(id__in=theirs).update(id=models.F("id")) == 0, f"{table}: a foreign row is changed"
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY(%s)', [theirs])
                assert cursor.rowcount == 0, f"{table}: a foreign row is deleted"
        refuse_forged_row(cast, model)
        links = [refuse_foreign_link(cast, model, field) for field in find_tenant_links(model, apps)]
        with transaction.atomic():
            assert model._default_manager.count() == 0, f"{table}: rows are seen without a scope"
        told.append(f"{table}: {len(theirs)} foreign row(s) hidden from read, update, delete, insert; links held: {links or 'none'}")
    return told


def refuse_forged_row(cast: Cast, model: type[TenantModel]) -> None:
    """A row that is written for the other tenant, or handed to it, must be refused by the policy and by nothing else."""
    with scope(cast.tenant.id):
        row = model._default_manager.first()
        assert row is not None
        forged = model._default_manager.get(id=row.id)
        forged.id, forged.tenant_id = new_id(), cast.other_tenant.id
        for way, write in {
            "handed": lambda: model._default_manager.filter(id=row.id).update(tenant_id=cast.other_tenant.id),
            "written": lambda: forged.save(force_insert=True),
        }.items():
            try:
                with transaction.atomic():
                    write()
            except DatabaseError as error:
                assert "row-level security" in str(error), error
            else:
                raise AssertionError(f"{model._meta.db_table}: a row is {way} to another tenant")


def refuse_foreign_link(cast: Cast, model: type[TenantModel], field: "models.ForeignKey[models.Model, models.Model]") -> str:
    """A row that points at the other tenant's row must be refused."""
    target = field.remote_field.model
    with scope(cast.other_tenant.id):
        foreign = target._default_manager.first()
        assert foreign is not None, f"{target._meta.db_table} has no row in the look-alike tenant"
    with scope(cast.tenant.id):
        row = model._default_manager.first()
        assert row is not None
        try:
            with transaction.atomic():
                model._default_manager.filter(id=row.pk).update(**{field.attname: foreign.pk})
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            assert "violates foreign key constraint" in str(error), error
        else:
            raise AssertionError(f"{model._meta.db_table}.{field.attname} accepts another tenant's {target._meta.db_table}")
    return field.name


def test_the_application_role_can_bypass_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,), "the application's role must be a member of no other"


def test_every_table_is_locked_or_explained(db: None, tenancy_report: list[str]) -> None:
    locked = check_tables_are_locked()
    tenant_tables = [model._meta.db_table for model in TENANT_MODELS]
    assert locked == sorted([*tenant_tables, *DIRECTORY_TABLES])
    tenancy_report.append(f"tables found: {len(locked)} locked ({', '.join(locked)}), {len(GLOBAL_TABLES)} of nobody")


def test_every_model_has_a_locked_table(db: None) -> None:
    unlocked = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed
        and not issubclass(model, TenantModel)
        and model._meta.db_table not in GLOBAL_TABLES | dict.fromkeys(DIRECTORY_TABLES, "")
        and model._meta.app_label != "axes"  # counts in the cache; its tables are never made
    }
    assert unlocked == set()


def test_nothing_crosses_from_one_tenant_to_another(cast: Cast, tenancy_report: list[str]) -> None:
    tenancy_report.extend(check_nothing_crosses(cast))


def test_the_directory_shows_a_tenant_only_itself(cast: Cast) -> None:
    with scope(cast.tenant.id):
        assert [tenant.slug for tenant in Tenant.objects.all()] == ["casa-lua"]
        assert [user.name for user in User.objects.all()] == ["Alice", "Bob"]
        with pytest.raises(DatabaseError), transaction.atomic():
            User.objects.filter(name="Bob").update(tenant=cast.other_tenant)
        with pytest.raises(DatabaseError), transaction.atomic():
            User.objects.filter(name="Bob").update(tenant=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            Tenant.objects.create(name="Forged", slug="forged")
    assert Tenant.objects.count() == 0
    assert User.objects.count() == 0
    with unscoped_directory(reason="test"):
        assert Tenant.objects.count() == 2
        assert User.objects.count() == 3
        assert all(model._default_manager.count() == 0 for model in TENANT_MODELS), "the directory's door shows conversations"


def test_signing_in_shows_one_person_and_changes_nobody(cast: Cast) -> None:
    with sign_in_scope(email="charlie@casasol.example"):
        assert [user.email for user in User.objects.all()] == ["charlie@casasol.example"]
        assert User.objects.update(name="forged") == 0
        assert Tenant.objects.count() == 0
    with sign_in_scope(user_id=cast.bob.id):
        assert [user.name for user in User.objects.all()] == ["Bob"]
    with sign_in_scope(email=""):
        assert User.objects.count() == 0


def test_a_scope_fails_closed(cast: Cast) -> None:
    from core.models import Channel

    with pytest.raises(NoTenantError):
        Channel.objects.create(name="Nowhere")
    with scope(cast.tenant.id), pytest.raises(CrossTenantError), scope(cast.other_tenant.id):
        pass
    with scope(uuid.uuid4()):
        assert Channel.objects.count() == 0


@pytest.fixture
def broken_policy(owner_connection: psycopg.Connection, request: pytest.FixtureRequest) -> Iterator[None]:
    """A change that somebody makes to the schema by hand, and its mending."""
    change, mending = request.param
    owner_connection.execute(change)
    try:
        yield
    finally:
        owner_connection.execute(mending)


FORCED = "ALTER TABLE core_message FORCE ROW LEVEL SECURITY"
POLICY = "tenant_id = (SELECT nullif(current_setting('evosense.tenant_id', true), '')::uuid)"
LINK = "FOREIGN KEY (tenant_id, conversation_id) REFERENCES core_conversation (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"
BREAKS = [
    ("ALTER TABLE core_message NO FORCE ROW LEVEL SECURITY", FORCED),
    ("ALTER TABLE core_message DISABLE ROW LEVEL SECURITY", "ALTER TABLE core_message ENABLE ROW LEVEL SECURITY"),
    (
        "ALTER POLICY tenant_isolation ON core_message USING (true)",
        f"ALTER POLICY tenant_isolation ON core_message USING ({POLICY})",
    ),
    (
        "ALTER POLICY tenant_isolation ON core_theme WITH CHECK (true)",
        f"ALTER POLICY tenant_isolation ON core_theme WITH CHECK ({POLICY})",
    ),
    (
        "ALTER TABLE core_message DROP CONSTRAINT core_message_conversation_id_tenant_fk",
        f"ALTER TABLE core_message ADD CONSTRAINT core_message_conversation_id_tenant_fk {LINK}",
    ),
    ("GRANT TRUNCATE ON core_message TO evosense_app", "REVOKE TRUNCATE ON core_message FROM evosense_app"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken_policy", BREAKS, ids=[change for change, _ in BREAKS], indirect=True)
def test_breaking_a_lock_by_hand_is_noticed(broken_policy: None) -> None:
    from tests.cast import make_cast

    with pytest.raises(AssertionError):  # noqa: PT012  (either check may be the one that notices)
        check_tables_are_locked()
        check_nothing_crosses(make_cast())
