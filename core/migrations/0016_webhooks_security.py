"""Lock webhooks, what happened and its deliveries to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0015_webhooks")]

    operations = [TenantTable("webhookendpoint"), TenantTable("domainevent"), TenantTable("webhookdelivery")]
