"""The phones of the signed-in person, each proven by a code, and what they want to be told there unasked."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import StrictBool, StrictInt

from bots import subscriptions, verify
from bots.channels import find_channel
from bots.n8n import make_address
from core.errors import VisibleError
from core.models import GatewayConnection, Role, User, UserPhone
from core.tenancy import scope
from web.api.door import SignedIn, TenantRouter, get_viewer

router = TenantRouter(tags=["WhatsApp"])
# A refused code counts as an attempt, so these open scopes of their own that no error takes back.
proofs = Router(tags=["WhatsApp"], auth=SignedIn())


class PhoneOut(Schema):
    """`code_state` says how far the code to a phone that is not verified yet got: waiting, sending, sent, delivered, read, failed, …"""

    id: str
    phone: str
    verified_at: datetime | None
    code_expires_at: datetime | None
    code_state: str | None


class PhonesOut(Schema):
    """`write_to` is the number that answers questions, as digits; null where no channel of the company does."""

    items: list[PhoneOut]
    write_to: str | None


class N8nAddress(Schema):
    channel: str
    address: str


class N8nOut(Schema):
    items: list[N8nAddress]


class PhoneIn(Schema):
    phone: str = Field(min_length=1, max_length=40)


class CodeIn(Schema):
    phone: str = Field(min_length=1, max_length=40)
    code: str = Field(min_length=1, max_length=20)


class SubscriptionBody(Schema):
    """Hours are those of the company's time zone; nothing unasked is sent from `quiet_from` until `quiet_until`."""

    kind: str
    is_active: StrictBool
    hour: StrictInt = Field(8, ge=0, le=23)
    quiet_from: StrictInt = Field(21, ge=0, le=23)
    quiet_until: StrictInt = Field(7, ge=0, le=23)


class SubscriptionsBody(Schema):
    items: list[SubscriptionBody] = Field(max_length=8)


@proofs.get("/me/phones", response=PhonesOut)
def list_phones(request: HttpRequest) -> PhonesOut:
    """Your phones, and the number that you may ask on WhatsApp."""
    viewer = get_viewer(request)
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        connection = find_channel(viewer)
        phones = [show_phone(row) for row in verify.find_phones(viewer)]
    return PhonesOut(items=phones, write_to=(connection.channel.phone or None) if connection else None)


@proofs.post("/me/phones", response=PhoneOut)
def add_phone(request: HttpRequest, body: PhoneIn) -> PhoneOut:
    """Have a code of six digits sent to a phone on WhatsApp. It holds for ten minutes."""
    viewer = get_viewer(request)
    return show_scoped(viewer, verify.request_code(viewer, body.phone))


@proofs.post("/me/phones/verify", response=PhoneOut)
def verify_phone(request: HttpRequest, body: CodeIn) -> PhoneOut:
    """Enter the code: from then on the phone may ask on WhatsApp in your name."""
    viewer = get_viewer(request)
    return show_scoped(viewer, verify.verify_phone(viewer, body.phone, body.code))


@router.delete("/me/phones/{phone_id}", response={204: None})
def remove_phone(request: HttpRequest, phone_id: str) -> Status[None]:
    """Forget a phone of yours: it gets no answers any more."""
    verify.remove_phone(get_viewer(request), phone_id)
    return Status(204, None)


@router.get("/me/subscriptions", response=SubscriptionsBody)
def list_subscriptions(request: HttpRequest) -> SubscriptionsBody:
    """What you are told on WhatsApp without asking."""
    return show_subscriptions(get_viewer(request))


@router.put("/me/subscriptions", response=SubscriptionsBody)
def set_subscriptions(request: HttpRequest, body: SubscriptionsBody) -> SubscriptionsBody:
    """Set what you are told without asking; kinds that are left out stay as they are."""
    viewer = get_viewer(request)
    subscriptions.set_wishes(viewer, [subscriptions.Wish(**item.dict()) for item in body.items])
    return show_subscriptions(viewer)


@router.get("/channels/n8n", response=N8nOut)
def list_n8n_addresses(request: HttpRequest) -> N8nOut:
    """For administrators: where the n8n integration of each channel's Evolution instance is pointed to. The addresses are secrets."""
    viewer = get_viewer(request)
    if viewer.role != Role.ADMIN:
        raise VisibleError("not_allowed")
    origin = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    connections = GatewayConnection.objects.select_related("channel").filter(channel__is_active=True).order_by("channel__name")
    return N8nOut(items=[N8nAddress(channel=one.channel.name, address=make_address(one, origin=origin)) for one in connections])


def show_subscriptions(viewer: User) -> SubscriptionsBody:
    wishes = subscriptions.find_wishes(viewer)
    return SubscriptionsBody(
        items=[
            SubscriptionBody(
                kind=wish.kind, is_active=wish.is_active, hour=wish.hour, quiet_from=wish.quiet_from, quiet_until=wish.quiet_until
            )
            for wish in wishes
        ]
    )


def show_scoped(viewer: User, row: UserPhone) -> PhoneOut:
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        return show_phone(row)


def show_phone(row: UserPhone) -> PhoneOut:
    is_pending = row.verified_at is None
    return PhoneOut(
        id=str(row.id),
        phone=row.phone,
        verified_at=row.verified_at,
        code_expires_at=row.code_expires_at if is_pending else None,
        code_state=verify.find_code_state(row) if is_pending else None,
    )
