"""Django admin's log names objects of tenants: whoever may not see the user may not see what the user did."""

from django.db import migrations

from core.row_security import force_row_security

VISIBLE = "EXISTS (SELECT 1 FROM core_user u WHERE u.id = user_id)"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_row_security"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [
        migrations.RunSQL(
            [
                *force_row_security("django_admin_log"),
                f"CREATE POLICY tenant_isolation ON django_admin_log USING ({VISIBLE}) WITH CHECK ({VISIBLE})",
            ],
            [
                "DROP POLICY tenant_isolation ON django_admin_log",
                "ALTER TABLE django_admin_log DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
            ],
        )
    ]
