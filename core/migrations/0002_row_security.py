"""Lock every table to its tenants."""

from django.db import migrations

from core.row_security import CURRENT_TENANT, DIRECTORY_OPEN, SIGN_IN_EMAIL, SIGN_IN_USER, TenantTable, force_row_security

# A table comes after those that it refers to.
TENANT_MODELS = [
    "agent",
    "channel",
    "theme",
    "contact",
    "contactidentity",
    "conversation",
    "message",
    "messageanalysis",
    "conversationanalysis",
    "textvector",
    "importrun",
    "refreshsession",
]

# The directory: tenants and users. A scope sees its own tenant and its users; the directory's door sees all of both; signing
# in sees the one user whose e-mail or id it names.
DIRECTORY = [
    *force_row_security("core_tenant"),
    f"CREATE POLICY tenant_isolation ON core_tenant USING (id = {CURRENT_TENANT}) WITH CHECK (id = {CURRENT_TENANT})",
    f"CREATE POLICY directory ON core_tenant USING ({DIRECTORY_OPEN}) WITH CHECK ({DIRECTORY_OPEN})",
    *force_row_security("core_user"),
    f"CREATE POLICY tenant_isolation ON core_user USING (tenant_id = {CURRENT_TENANT}) WITH CHECK (tenant_id = {CURRENT_TENANT})",
    f"CREATE POLICY directory ON core_user USING ({DIRECTORY_OPEN}) WITH CHECK ({DIRECTORY_OPEN})",
    f"CREATE POLICY sign_in ON core_user FOR SELECT USING (email = {SIGN_IN_EMAIL} OR id = {SIGN_IN_USER})",
]
REVERSE = [
    "DROP POLICY tenant_isolation ON core_tenant",
    "DROP POLICY directory ON core_tenant",
    "ALTER TABLE core_tenant DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY tenant_isolation ON core_user",
    "DROP POLICY directory ON core_user",
    "DROP POLICY sign_in ON core_user",
    "ALTER TABLE core_user DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(DIRECTORY, REVERSE), *(TenantTable(name) for name in TENANT_MODELS)]
