"""Lock model providers and vector sets to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0009_model_providers")]

    operations = [TenantTable("providersetting"), TenantTable("vectorset")]
