"""A tenant of a bench's own with a live channel and a person who is signed in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.hook_tokens import make_hook_token
from core.models import Channel, GatewayConnection, Role, Tenant, User
from core.project.bench.tenant import throw_away_tenant
from core.sessions import begin_session
from core.tenancy import scope, unscoped_directory

INSTANCE = "bench"
OWNER_PHONE = "5511933221100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a bench needs of a tenant. `hook_path` is the path of the channel's webhook, `access` an access token of the API."""

    tenant: Tenant
    channel: Channel
    hook_path: str
    webhook_key: str
    access: str

    @property
    def headers(self) -> dict[str, str]:
        """What a client of the API signs in with."""
        return {"Authorization": f"Bearer {self.access}"}


@contextmanager
def open_shop(*, gateway_url: str, token: str, uses_socket: bool) -> Iterator[Shop]:
    """A shop whose channel is linked to a gateway; it is gone afterwards."""
    with throw_away_tenant() as tenant:
        with unscoped_directory(reason="a person for a bench"):
            viewer = User.objects.create_user(f"{tenant.slug}@bench.example", tenant=tenant, name="Bench", role=Role.MANAGER)
        nonce, webhook_key = secrets.token_hex(16), secrets.token_hex(32)
        with scope(tenant.id):
            channel = Channel.objects.create(name="Loja", kind=Channel.Kind.EVOLUTION)
            connection = GatewayConnection(
                channel=channel, base_url=gateway_url, instance=INSTANCE, hook_nonce=nonce, state="open", uses_socket=uses_socket
            )
            connection.token, connection.webhook_key = token, webhook_key
            connection.save()
        token_in_path = make_hook_token(tenant_id=tenant.id, channel_id=channel.id, nonce=nonce)
        yield Shop(
            tenant=tenant,
            channel=channel,
            hook_path=f"/hooks/evolution/{token_in_path}",
            webhook_key=webhook_key,
            access=begin_session(viewer).access,
        )
