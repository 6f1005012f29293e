"""The signed-in person and what they may ask about."""

from typing import Literal

from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest
from ninja import Schema

from core.access import get_tenant
from core.models import Conversation, Scope, User
from web.api.door import SignedIn, TenantRouter, get_viewer

router = TenantRouter(tags=["account"])


class TenantOut(Schema):
    name: str
    slug: str
    time_zone: str
    language: str


class Me(Schema):
    id: str
    name: str
    email: str
    role: str
    language: str
    tenant: TenantOut


class MeChange(Schema):
    language: Literal["pt", "en", "es"]


class Status(Schema):
    """What there is to ask about. Days are ISO dates in the tenant's time zone; null while there is nothing."""

    conversations: int
    analysed: int
    pending: int
    first_on: str | None
    last_on: str | None


class Nothing(Schema):
    """An empty object."""


@router.get("/ping", response=Nothing, auth=SignedIn(key_scope=None))
def ping(request: HttpRequest) -> Nothing:
    """Nothing but the way here: answered to whoever is signed in. Clients keep a connection and a sign-in warm with it."""
    return Nothing()


@router.get("/me", response=Me, auth=SignedIn(key_scope=None))
def me(request: HttpRequest) -> Me:
    """Who is signed in."""
    return show_me(get_viewer(request))


@router.patch("/me", response=Me)
def change_me(request: HttpRequest, change: MeChange) -> Me:
    """Change the language in which EvoSense speaks to you."""
    viewer = get_viewer(request)
    viewer.language = change.language
    User.objects.filter(id=viewer.id).update(language=change.language)
    return show_me(viewer)


@router.get("/status", response=Status, auth=SignedIn(key_scope=Scope.READ))
def status(request: HttpRequest) -> Status:
    """How many conversations there are and how many of them are analysed."""
    tenant = get_tenant(get_viewer(request))
    found = Conversation.objects.aggregate(
        conversations=Count("id", distinct=True),
        analysed=Count("id", filter=Q(analyses__is_current=True), distinct=True),
        first=Min("started_at"),
        last=Max("started_at"),
    )
    days = {name: found[name].astimezone(tenant.zone).date().isoformat() if found[name] else None for name in ("first", "last")}
    return Status(
        conversations=found["conversations"],
        analysed=found["analysed"],
        pending=found["conversations"] - found["analysed"],
        first_on=days["first"],
        last_on=days["last"],
    )


def show_me(viewer: User) -> Me:
    tenant = get_tenant(viewer)
    return Me(
        id=str(viewer.id),
        name=viewer.name,
        email=viewer.email,
        role=viewer.role,
        language=viewer.language,
        tenant=TenantOut(name=tenant.name, slug=tenant.slug, time_zone=tenant.time_zone, language=tenant.language),
    )
