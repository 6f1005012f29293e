"""Lock talks, subscriptions and alerts to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("bots", "0001_initial"), ("core", "0005_live_road_security"), ("assistant", "0002_row_security")]

    operations = [TenantTable("bottalk"), TenantTable("subscription"), TenantTable("alert")]
