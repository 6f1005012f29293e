"""Lock the times in which channels were cut off to their tenant."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0023_channel_outages")]

    operations = [TenantTable("channeloutage")]
