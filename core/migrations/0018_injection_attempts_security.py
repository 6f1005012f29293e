"""Lock the messages that were written for a model to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0017_injection_attempts")]

    operations = [TenantTable("injectionattempt")]
