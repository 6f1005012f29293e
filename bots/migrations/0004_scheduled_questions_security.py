"""Lock scheduled questions to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("bots", "0003_scheduled_questions"), ("core", "0016_webhooks_security")]

    operations = [TenantTable("scheduledquestion")]
