"""Lock threads, turns and events to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("assistant", "0001_initial"), ("core", "0002_row_security")]

    operations = [TenantTable("thread"), TenantTable("turn"), TenantTable("turnevent")]
