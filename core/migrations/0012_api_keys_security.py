"""Lock API keys to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0011_api_keys")]

    operations = [TenantTable("apikey")]
