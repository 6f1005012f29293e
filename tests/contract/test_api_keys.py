"""API keys: what one may do, for how long, how often, who makes it, and that it stands nowhere but with its carrier."""

import logging
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assistant.models import AuditEntry
from core.api_keys import KEY, find_key, make_key, revoke_key
from core.models import ApiKey, Role, Scope, User
from core.tenancy import scope, unscoped_directory
from tests.cast import Cast
from tests.contract.conftest import KeyClient, make_raw_key
from web.mcp.caller import set_key
from web.mcp.tools import AskArguments, run_ask


def get(client: Client, path: str) -> tuple[int, Any]:
    response = client.get(f"/api/v1{path}")
    return response.status_code, response.json()


def test_a_key_acts_as_its_owner(cast: Cast, with_key: KeyClient) -> None:
    status, me = get(with_key(cast.alice, Scope.READ), "/me")
    assert (status, me["name"], me["role"], me["tenant"]["slug"]) == (200, "Alice", "admin", "casa-lua")


TRIED = ("/me", "/threads", "/suggestions", "/status", "/themes", "/messages/search", "/conversations", "/me/phones", "/channels/n8n")


# What each scope opens; every other operation needs `admin`. Alice, the owner, may do all of it.
@pytest.mark.parametrize(
    ("key_scope", "opens"),
    [
        (Scope.ASK, {"/me", "/threads", "/suggestions"}),
        (Scope.READ, {"/me", "/status", "/themes"}),
        (Scope.MESSAGES, {"/me", "/messages/search", "/conversations"}),
        (Scope.ADMIN, set(TRIED)),
    ],
)
def test_a_scope_opens_what_it_says(cast: Cast, with_key: KeyClient, key_scope: Scope, opens: set[str]) -> None:
    client = with_key(cast.alice, key_scope)
    tried = {path: get(client, path) for path in TRIED}
    assert {path for path, (status, _) in tried.items() if status == 200} == opens
    refused = {(status, body["error"]["code"]) for path, (status, body) in tried.items() if path not in opens}
    assert refused <= {(403, "key_lacks_scope")}


def test_a_scope_gives_nothing_that_the_owner_may_not_do(cast: Cast, with_key: KeyClient) -> None:
    status, body = get(with_key(cast.bob, Scope.ADMIN), "/threads")
    assert (status, body["error"]["code"]) == (403, "not_allowed")


def test_a_key_ends_by_revocation_expiry_or_with_its_owner(cast: Cast) -> None:
    with scope(cast.tenant.id):
        keys = {name: make_key(owner=cast.bob, name=name, scopes=[Scope.READ]) for name in ("revoked", "expired", "valid")}
        revoke_key(keys["revoked"][0])
        ApiKey.objects.filter(id=keys["expired"][0].id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [name for name, (_, raw) in keys.items() if find_key(raw)] == ["valid"]
    with scope(cast.tenant.id):
        User.objects.filter(id=cast.bob.id).update(is_active=False)
    assert [name for name, (_, raw) in keys.items() if find_key(raw)] == []


def test_what_is_no_key_of_ours_opens_nothing(cast: Cast) -> None:
    ours, theirs = make_raw_key(cast.alice, Scope.READ), make_raw_key(cast.charlie, Scope.READ)
    # The ids of one key with the secret of another; one letter changed; cut; nothing at all.
    forged = [
        ours[:56] + theirs[56:],
        ours[:-1] + ("A" if ours[-1] != "A" else "B"),
        ours[:-4],
        "evs_",
        "evs_\x00",
        "evs_aaaaaaaa_" + "A" * 76,
    ]
    for raw in forged:
        response = Client(headers={"Authorization": f"Bearer {raw}"}).get("/api/v1/me")
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer"), raw
    assert find_key(ours) is not None


def test_a_key_has_a_rate_and_says_when_to_come_back(cast: Cast, with_key: KeyClient) -> None:
    minute = None
    while minute != (minute := timezone.now().replace(second=0, microsecond=0)):  # a new minute began meanwhile: another key within it
        client = with_key(cast.alice, Scope.READ, calls_per_minute=3)
        answers = [client.get("/api/v1/ping") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["error"]["code"] == "too_many"


def test_the_last_use_is_written_down_once_in_a_while(cast: Cast, with_key: KeyClient) -> None:
    client = with_key(cast.bob, Scope.READ)

    def read_last_use() -> Any:
        with scope(cast.tenant.id):
            return ApiKey.objects.get(owner=cast.bob).last_used_at

    client.get("/api/v1/ping")
    first = read_last_use()
    client.get("/api/v1/ping")
    assert read_last_use() == first
    with scope(cast.tenant.id):
        ApiKey.objects.filter(owner=cast.bob).update(last_used_at=first - ApiKey.USE_PRECISION)
    client.get("/api/v1/ping")
    assert read_last_use() > first


def test_a_key_is_made_in_the_administration_and_shown_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice, backend="core.sign_in.EmailBackend")
    form: dict[str, Any] = {"name": "painel da loja", "owner": str(cast.bob.id), "scopes": ["read", "messages"], "calls_per_minute": "120"}
    form |= {"expires_at_0": "2099-12-31", "expires_at_1": "18:00:00"}  # in São Paulo
    page = client.post("/admin/core/apikey/add/", form)
    assert (page.status_code, page["Cache-Control"].split(",")[0]) == (200, "no-store")
    [raw] = KEY.findall(page.content.decode())
    found = find_key(raw)
    assert found is not None
    assert (found.owner, found.scopes, found.calls_per_minute) == (cast.bob, ["read", "messages"], 120)
    assert found.expires_at == datetime(2099, 12, 31, 21, tzinfo=UTC)
    # It is in no cookie, on no later page, and in no column.
    assert raw not in str(client.cookies) + client.get("/admin/core/apikey/").content.decode()
    assert raw not in client.get(f"/admin/core/apikey/{found.id}/change/").content.decode()
    with scope(cast.tenant.id):
        assert raw not in str(ApiKey.objects.filter(id=found.id).values())
    client.post("/admin/core/apikey/", {"action": "revoke", "_selected_action": [str(found.id)]})
    assert find_key(raw) is None


def test_nobody_makes_a_key_for_another_tenants_person_or_as_who_runs_the_installation(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice, backend="core.sign_in.EmailBackend")
    form = {"name": "x", "owner": str(cast.charlie.id), "scopes": ["read"], "calls_per_minute": "60"}
    assert "errorlist" in client.post("/admin/core/apikey/add/", form).content.decode()
    with unscoped_directory(reason="test"):
        root = User.objects.create_user("root@evosense.example", name="Root", role=Role.ADMIN)
    client.force_login(root, backend="core.sign_in.EmailBackend")
    client.get(f"/admin/core/tenant/{cast.tenant.id}/work-in", follow=True)
    assert client.get("/admin/core/apikey/").status_code == 200
    assert client.get("/admin/core/apikey/add/").status_code == 403
    with scope(cast.tenant.id):
        assert ApiKey.objects.count() == 1  # the cast's own


def test_a_key_reaches_no_log(cast: Cast, with_key: KeyClient) -> None:
    from core.project.logs import configure_logs

    stream = StringIO()
    formatter = configure_logs("INFO")["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]))
    logging.getLogger().addHandler(handler)
    try:
        raw = make_raw_key(cast.alice, Scope.READ)
        Client(headers={"Authorization": f"Bearer {raw}"}).get(f"/api/v1/status?x={raw}")
        logging.getLogger("some.library").warning("sent %s", {"headers": [f"Bearer {raw}"]})
    finally:
        logging.getLogger().removeHandler(handler)
    assert raw not in stream.getvalue()
    assert f'"api_key": "{raw[:12]}"' in stream.getvalue()
    assert raw[:12] + "_[hidden]" in stream.getvalue()


def test_a_question_is_audited_with_the_key_it_came_by(cast: Cast, with_key: KeyClient) -> None:
    client = with_key(cast.alice, Scope.ASK)
    assert client.post("/api/v1/ask", {"question": "quantas conversas tivemos ontem?"}, content_type="application/json").status_code == 200
    with scope(cast.tenant.id):
        key = ApiKey.objects.get(name="teste")

    def call_tool() -> None:
        set_key(key)
        run_ask(cast.alice, AskArguments(question="e anteontem?"))

    copy_context().run(call_tool)
    with scope(cast.tenant.id):
        ApiKey.objects.filter(id=key.id).delete()
        named = AuditEntry.objects.filter(question__in=("quantas conversas tivemos ontem?", "e anteontem?"))
        assert [one.api_key for one in named] == [f"teste ({key.prefix}…)"] * 2
