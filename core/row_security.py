"""Row-level security as a migration operation: what makes a table a tenant's, written once for all of them.

`TenantTable("message")` in a migration, right after the model is created,
- makes (tenant_id, id) the primary key, so that rows are keyed by tenant first and can be distributed by tenant;
- replaces each foreign key to another tenant table by one over (tenant_id, …): PostgreSQL checks foreign keys without
  looking at policies, so a plain one would accept another tenant's row;
- enables and forces row-level security with one policy: the row's tenant is the tenant of the open scope.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import ForeignKey, Model, OneToOneField

# The setting is read in a sub-select so that PostgreSQL reads it once a statement, not once a row.
CURRENT_TENANT = "(SELECT nullif(current_setting('evosense.tenant_id', true), '')::uuid)"
DIRECTORY_OPEN = "(SELECT current_setting('evosense.directory', true)) = 'on'"
SIGN_IN_EMAIL = "(SELECT nullif(current_setting('evosense.sign_in_email', true), ''))"
SIGN_IN_USER = "(SELECT nullif(current_setting('evosense.sign_in_user_id', true), '')::uuid)"


def force_row_security(table: str) -> list[str]:
    """The statements that switch row-level security on for a table, its owner included."""
    return [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY', f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY']


class TenantTable(Operation):
    """Lock a table to its tenants. Reversible."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models' state stays as it is: this is about the database alone."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        statements = [
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (tenant_id, id)',
            *(self._link(table, field) for field in find_tenant_links(model, to_state.apps)),
            *force_row_security(table),
            f'CREATE POLICY tenant_isolation ON "{table}" USING (tenant_id = {CURRENT_TENANT}) WITH CHECK (tenant_id = {CURRENT_TENANT})',
        ]
        for statement in statements:
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        schema_editor.execute(f'DROP POLICY tenant_isolation ON "{table}"')
        schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        for field in find_tenant_links(model, from_state.apps):
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_{field.column}_tenant_fk"')
        schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"')
        schema_editor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (id)')

    def describe(self) -> str:
        return f"Lock {self.model_name} to its tenants"

    @staticmethod
    def _link(table: str, field: "ForeignKey[Model, Model]") -> str:
        target = field.remote_field.model._meta.db_table
        name = f"{table}_{field.column}_tenant_fk"
        columns = f'(tenant_id, "{field.column}") REFERENCES "{target}" (tenant_id, id)'
        return f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY {columns} DEFERRABLE INITIALLY DEFERRED'


def find_tenant_links(model: type[Model], apps: Apps) -> "list[ForeignKey[Model, Model]]":
    """The foreign keys of a model that lead to another table with a tenant."""
    links = []
    for field in model._meta.local_fields:
        if isinstance(field, (ForeignKey, OneToOneField)) and field.name != "tenant":
            target = field.remote_field.model
            if any(column.name == "tenant" for column in target._meta.local_fields):
                links.append(field)
    return links
