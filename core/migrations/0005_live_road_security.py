"""Lock what the live road added to its tenants."""

from django.db import migrations

from core.row_security import TenantTable

TENANT_MODELS = [
    "gatewayconnection",
    "channelday",
    "rawevent",
    "pendingchange",
    "userphone",
    "supervisormessage",
    "outgoingmessage",
    "contactmerge",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0004_live_road")]

    operations = [TenantTable(name) for name in TENANT_MODELS]
