"""Secrets are encrypted anew under the newest key, and what no key opens is named and left as it is."""

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from django.conf import LazySettings

from core.models import GatewayConnection
from core.project.cli import main
from core.tenancy import scope
from tests.cast import make_cast

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.mark.django_db(transaction=True)
def test_after_rotating_the_old_key_is_needed_no_more(settings: LazySettings) -> None:
    settings.ENCRYPTION_KEYS = OLD
    cast = make_cast()
    settings.ENCRYPTION_KEYS = f"{NEW},{OLD}"
    result = CliRunner().invoke(main, ["rotate-keys"])
    assert (result.exit_code, result.output) == (0, "6 secrets encrypted anew.\n")
    settings.ENCRYPTION_KEYS = NEW
    tokens = []
    for tenant in (cast.tenant, cast.other_tenant):
        with scope(tenant.id):
            tokens.append(GatewayConnection.objects.get().token.split()[0])
    assert tokens == ["instance-token", "instance-token"]


@pytest.mark.django_db(transaction=True)
def test_what_no_key_opens_is_named_and_kept(settings: LazySettings) -> None:
    settings.ENCRYPTION_KEYS = OLD
    cast = make_cast()
    with scope(cast.tenant.id):
        before = GatewayConnection.objects.get().token_encrypted
    settings.ENCRYPTION_KEYS = NEW
    result = CliRunner().invoke(main, ["rotate-keys"])
    assert result.exit_code == 1
    assert "0 secrets encrypted anew." in result.output
    assert "casa-lua: token of" in result.output
    assert "instance-token" not in result.output
    with scope(cast.tenant.id):
        assert GatewayConnection.objects.get().token_encrypted == before
