"""No route tells one tenant anything of another: tried on every route that exists, found in the URL configuration.

A route that is added later is found by itself: it must refuse a stranger, and answer with nothing of the outsider's, or stand
in PUBLIC with the reason why anybody may call it.
"""

import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from assistant.models import Thread, Turn, VerifiedQuestion
from core.models import Conversation, User, UserPhone
from core.sessions import begin_session
from core.tenancy import scope, unscoped_directory
from tests.cast import OUTSIDER_MARK, PASSWORD, Cast
from web.api.assembly import api

PUBLIC = {
    "/api/v1/auth/token": "signing in",
    "/api/v1/auth/refresh": "staying signed in; the cookie is the proof",
    "/api/v1/auth/logout": "signing out",
    "/api/v1/openapi.json": "the API's description",
    "/api/v1/docs": "the API's description",
    "/health/": "states of services",
    "/health/live": "states of services",
    "/health/ready": "states of services",
    "/": "the empty page of the web app",
    "/sign-in": "the empty page of the web app",
    "/t/<str:thread_id>": "the empty page of the web app",
    "/c/<str:conversation_id>": "the empty page of the web app",
    "/api/v1/": "leads to the API's description",
    "/hooks/n8n/<str:channel_token>": "the gateway asks; address and instance key are the proof, and proven phones alone get an answer",
    "/hooks/evolution/<str:channel_token>": "the gateway's events; the address is the secret, and it is write-only",
    "/hooks/evolution/<str:channel_token>/<slug:event>": "the same, one address an event",
}


def find_foreign_id(cast: Cast, model: type[Any]) -> str:
    with scope(cast.other_tenant.id):
        return str(model._default_manager.values_list("id", flat=True).first())


# What stands in a path: the outsider's object that a stranger would try.
FOREIGN_IDS: dict[str, Callable[[Cast], str]] = {
    "conversation_id": lambda cast: find_foreign_id(cast, Conversation),
    "phone_id": lambda cast: find_foreign_id(cast, UserPhone),
    "thread_id": lambda cast: find_foreign_id(cast, Thread),
    "turn_id": lambda cast: find_foreign_id(cast, Turn),
    "verified_id": lambda cast: find_foreign_id(cast, VerifiedQuestion),
}
# What is sent with a call that takes a body; `$thread` is the outsider's thread.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("patch", "/api/v1/me"): {"language": "pt"},
    ("patch", "/api/v1/threads/{thread_id}"): {"title": "meu"},
    ("post", "/api/v1/me/phones"): {"phone": "5511966665555"},
    # The outsider's phone was verified by the outsider; here it is nobody's.
    ("post", "/api/v1/me/phones/verify"): {"phone": "5511966664444", "code": "000000"},
    ("put", "/api/v1/me/subscriptions"): {"items": [{"kind": "silent", "is_active": True}]},
    ("post", "/api/v1/conversations/{conversation_id}/correction"): {"satisfaction": 2, "comment": "não foi tão bom"},
    ("put", "/api/v1/turns/{turn_id}/feedback"): {"is_good": False, "reason": "number"},
    # No turn's id is a thread's: the outsider's must be as unknown as one that is nobody's.
    ("post", "/api/v1/verified-questions"): {"turn_id": "$thread"},
    ("post", "/api/v1/ask"): {"question": "como está a satisfação em novembro de 2026?", "thread_id": "$thread"},
    ("post", "/api/v1/ask/stream"): {"question": "como está a satisfação em novembro de 2026?", "thread_id": "$thread"},
}
# What stands in the address of a call that asks for figures: everything that both tenants have.
NOVEMBER = "start=2026-11-01&end=2026-11-30"
QUERIES = {
    "/api/v1/metrics": f"{NOVEMBER}&metric=conversations&metric=messages&group_by=contact",
    "/api/v1/themes": NOVEMBER,
    "/api/v1/summaries": NOVEMBER,
    "/api/v1/messages/search": f"{NOVEMBER}&q=pedido",
    "/api/v1/conversations": f"{NOVEMBER}&q=pedido",
    "/api/v1/catalogue": "contact=Mari",
}
# What a call that names no object of anybody's answers, where that is no success.
STATUSES = {("post", "/api/v1/me/phones/verify"): 422}


def find_operations() -> list[tuple[str, str]]:
    """Every operation of the API: method and path."""
    return sorted((method, path) for path, operations in api.get_openapi_schema()["paths"].items() for method in operations)


def find_routes(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """Every other route, and the module that answers it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from find_routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback.__module__


def call(client: Client, cast: Cast, method: str, path: str, *, foreign: bool) -> Any:
    """Call an operation with ids and body filled in: the outsider's, or such as belong to nobody."""
    template = path
    for name, find in FOREIGN_IDS.items():
        path = path.replace(f"{{{name}}}", find(cast) if foreign else str(uuid.UUID(int=0)))
    assert "{" not in path, f"{path}: say in FOREIGN_IDS what stands there"
    body = None
    if method in ("post", "patch", "put"):
        assert (method, template) in BODIES, f"{method} {template}: say in BODIES what is sent"
        filled = json.dumps(BODIES[method, template])
        body = filled.replace("$thread", FOREIGN_IDS["thread_id"](cast) if foreign else str(uuid.UUID(int=0)))
    path = f"{path}?{QUERIES.get(template, '')}"
    return client.generic(method.upper(), path, body or "", content_type="application/json")


def sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend="core.sign_in.EmailBackend")


def read(response: Any) -> str:
    if not response.streaming:
        return str(response.content.decode())
    parts = async_to_sync(gather)(response.streaming_content) if response.is_async else response.streaming_content
    return b"".join(parts).decode()


async def gather(parts: AsyncIterator[bytes]) -> list[bytes]:
    return [part async for part in parts]


@pytest.mark.django_db(transaction=True)
def test_no_operation_of_the_api_crosses(tenancy_report: list[str]) -> None:
    from tests.cast import make_cast

    cast = make_cast()
    alice = Client(headers={"Authorization": f"Bearer {begin_session(cast.alice).access}", "X-Request-ID": "same-request-id"})
    tried = []
    for method, path in find_operations():
        if path in PUBLIC:
            continue
        stranger = call(Client(), cast, method, path, foreign=True)
        assert stranger.status_code == 401, f"{method} {path} answers a stranger with {stranger.status_code}"
        theirs = call(alice, cast, method, path, foreign=True)
        nobodys = call(alice, cast, method, path, foreign=False)
        body = read(theirs)
        assert OUTSIDER_MARK not in body, f"{method} {path} shows what is the outsider's"
        names_an_object = "{" in path or "$thread" in json.dumps(BODIES.get((method, path)))
        if names_an_object and not theirs.streaming:
            assert theirs.status_code == 404, f"{method} {path}: {theirs.status_code} {body[:200]}"
            assert body == read(nobodys), f"{method} {path}: 'not yours' differs from 'not there'"
        elif not theirs.streaming:
            expected = STATUSES.get((method, path), 200)
            assert theirs.status_code == expected, f"{method} {path}: {theirs.status_code} {body[:200]}"
        tried.append(f"{method.upper()} {path} {theirs.status_code}")
    with scope(cast.other_tenant.id):
        assert Thread.objects.get().title.endswith(OUTSIDER_MARK), "the outsider's thread was changed or is gone"
    tenancy_report.append(f"API operations tried as a stranger, with the outsider's ids, with nobody's: {len(tried)}")
    tenancy_report.extend(f"  {line}" for line in tried)


def test_every_route_is_the_apis_the_admins_or_explained(tenancy_report: list[str]) -> None:
    documented = {path for _, path in find_operations()}
    unexplained = []
    for path, module in find_routes():
        in_api = path.replace("<", "{").replace(">", "}") in documented
        if not (in_api or path in PUBLIC or path.startswith("/admin/")):
            unexplained.append(f"{path} ({module})")
    assert unexplained == []
    tenancy_report.append(f"routes open to anybody, with the reason: {json.dumps(PUBLIC)}")


def test_django_admin_shows_a_tenants_admin_their_own_rows_alone(cast: Cast, tenancy_report: list[str]) -> None:
    client = Client()
    sign_in(client, cast.alice)
    tried = []
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        with scope(cast.other_tenant.id):
            foreign = model._default_manager.first()
        assert foreign is not None, f"the look-alike tenant has no {model._meta.label}"
        listed = client.get(base)
        assert listed.status_code == 200, f"{base}: {listed.status_code}"
        assert OUTSIDER_MARK not in listed.content.decode(), f"{base} shows the outsider's"
        assert str(foreign.pk) not in listed.content.decode(), f"{base} shows the outsider's id"
        for page in ("change", "delete", "history"):
            response = client.get(f"{base}{foreign.pk}/{page}/", follow=True)
            assert OUTSIDER_MARK not in response.content.decode(), f"{base} {page} shows the outsider's"
            client.post(f"{base}{foreign.pk}/{page}/", {"post": "yes", "name": "forged"})
        with scope(cast.other_tenant.id):
            assert model._default_manager.filter(pk=foreign.pk).exists(), f"{base}: the outsider's row is gone"
        tried.append(model._meta.label)
    with scope(cast.other_tenant.id):
        assert User.objects.get().name == f"Charlie {OUTSIDER_MARK}"
    tenancy_report.append(f"admin pages tried (list, change, delete, history): {', '.join(tried)}")


def test_django_admin_is_closed_to_all_other_roles(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.bob)
    assert client.get("/admin/").status_code == 302


def test_one_who_runs_the_installation_sees_one_tenants_rows_at_a_time(cast: Cast) -> None:
    with unscoped_directory(reason="test"):
        root = User.objects.create_user("root@evosense.example", PASSWORD, name="Root")
    client = Client()
    sign_in(client, root)
    tenants = client.get("/admin/core/tenant/").content.decode()
    assert ("Casa Lua" in tenants, "Casa Sol" in tenants) == (True, True)
    assert client.get("/admin/core/channel/").status_code == 403
    chosen = client.get(f"/admin/core/tenant/{cast.tenant.id}/work-in", follow=True)
    assert chosen.status_code == 200
    runs = client.get("/admin/core/importrun/").content.decode()
    assert ("conversa" in runs, OUTSIDER_MARK in runs) == (True, False)
