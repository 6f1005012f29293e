"""Lock proposed themes, and how the search for them stands, to their tenants."""

from django.db import migrations

from core.row_security import TenantTable


class Migration(migrations.Migration):
    dependencies = [("core", "0019_theme_proposals")]

    operations = [TenantTable("themeproposal"), TenantTable("themesearch")]
