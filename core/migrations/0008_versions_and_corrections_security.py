"""Lock re-scorings and corrections to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0007_versions_and_corrections")]

    operations = [TenantTable("correction"), TenantTable("rescoring")]
