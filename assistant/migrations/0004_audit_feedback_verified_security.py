"""Lock the audit, feedback and verified questions to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("assistant", "0003_audit_feedback_verified"), ("core", "0002_row_security")]

    operations = [TenantTable("auditentry"), TenantTable("feedback"), TenantTable("verifiedquestion")]
