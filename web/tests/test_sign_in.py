"""Signing in: one answer for every way to fail, a refresh token that no script reads and that works once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from ninja_jwt.tokens import AccessToken

from core.models import RefreshSession, User
from core.tenancy import scope, unscoped_directory
from tests.cast import PASSWORD, Cast
from web.api.auth import COOKIE
from web.tests.conftest import SignIn


def post_token(client: Client, *, email: str, password: str) -> tuple[int, dict[str, object]]:
    response = client.post("/api/v1/auth/token", {"email": email, "password": password}, content_type="application/json")
    return response.status_code, response.json()


def test_a_right_password_gives_an_access_token_and_a_cookie_that_no_script_reads(cast: Cast, client: Client) -> None:
    status, body = post_token(client, email="  Alice@CasaLua.example ", password=PASSWORD)
    assert (status, sorted(body), body["expires_in"]) == (200, ["access", "expires_in"], 900)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/api/v1/auth")
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {body['access']}"}).json()
    assert (me["name"], me["role"], me["tenant"]["slug"]) == ("Alice", "admin", "casa-lua")


WRONG = [
    ("a wrong password", "alice@casalua.example", "nada disso"),
    ("an unknown e-mail", "nobody@casalua.example", PASSWORD),
    ("an empty e-mail", "", PASSWORD),
    ("an empty password", "alice@casalua.example", ""),
]


@pytest.mark.parametrize(("email", "password"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_whatever_is_wrong_the_answer_is_the_same(cast: Cast, client: Client, email: str, password: str) -> None:
    assert post_token(client, email=email, password=password) == (
        401,
        {"error": {"code": "wrong_credentials", "message": "E-mail ou senha não conferem. Verifique os dois e tente de novo."}},
    )


def test_a_switched_off_person_cannot_sign_in_nor_use_a_token(cast: Cast, client: Client, signed_in: SignIn) -> None:
    alice = signed_in(cast.alice)
    assert alice.get("/api/v1/me").status_code == 200
    with scope(cast.tenant.id):
        User.objects.filter(name="Alice").update(is_active=False)
    assert alice.get("/api/v1/me").status_code == 401
    assert post_token(client, email="alice@casalua.example", password=PASSWORD)[0] == 401


def test_one_who_runs_the_installation_is_sent_to_the_administration(cast: Cast, client: Client) -> None:
    with unscoped_directory(reason="test"):
        User.objects.create_user("root@evosense.example", PASSWORD, name="Root")
    status, body = post_token(client, email="root@evosense.example", password=PASSWORD)
    assert (status, body["error"]["code"]) == (403, "no_tenant")  # type: ignore[index]


def test_after_ten_failures_the_door_is_locked_and_says_for_how_long(cast: Cast, client: Client) -> None:
    statuses = [post_token(client, email="alice@casalua.example", password="errada")[0] for _ in range(10)]
    assert statuses == [401] * 9 + [429]
    locked = client.post("/api/v1/auth/token", {"email": "alice@casalua.example", "password": PASSWORD}, content_type="application/json")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert post_token(client, email="bob@casalua.example", password=PASSWORD)[0] == 200


def test_a_refresh_rotates_the_cookie_and_a_used_one_ends_the_session(cast: Cast, client: Client) -> None:
    post_token(client, email="alice@casalua.example", password=PASSWORD)
    first = client.cookies[COOKIE].value
    assert client.post("/api/v1/auth/refresh").status_code == 200
    second = client.cookies[COOKIE].value
    assert second != first

    # Another tab, at the same moment, with the cookie from before: no harm.
    client.cookies[COOKIE] = first
    assert client.post("/api/v1/auth/refresh").status_code == 200
    assert client.cookies[COOKIE].value == first

    # The same cookie a minute later is somebody else's copy: the session ends for all.
    with scope(cast.tenant.id):
        RefreshSession.objects.filter(previous_token_id__gt="").update(rotated_at=timezone.now() - timedelta(minutes=1))
    assert client.post("/api/v1/auth/refresh").json()["error"]["code"] == "session_ended"
    client.cookies[COOKIE] = second
    assert client.post("/api/v1/auth/refresh").json()["error"]["code"] == "session_ended"


def test_signing_out_ends_the_session_and_removes_the_cookie(cast: Cast, client: Client) -> None:
    post_token(client, email="alice@casalua.example", password=PASSWORD)
    kept = client.cookies[COOKIE].value
    assert client.post("/api/v1/auth/logout").status_code == 204
    assert client.cookies[COOKIE].value == ""
    client.cookies[COOKIE] = kept
    assert client.post("/api/v1/auth/refresh").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic YWxpY2U6eA=="])
def test_without_a_token_nothing_is_told_in_the_callers_language(db: None, client: Client, header: str) -> None:
    response = client.get("/api/v1/me", headers={"Authorization": header, "Accept-Language": "en-US,en;q=0.9"})
    assert (response.status_code, response.json()) == (
        401,
        {"error": {"code": "not_signed_in", "message": "Sign in with your e-mail and password to continue."}},
    )


def test_a_token_for_another_tenant_than_the_persons_own_is_worth_nothing(cast: Cast, client: Client) -> None:
    def read_me(tenant_id: object) -> int:
        token = AccessToken()
        token["user_id"], token["tenant_id"] = str(cast.bob.id), str(tenant_id)
        return client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code

    assert (read_me(cast.tenant.id), read_me(cast.other_tenant.id)) == (200, 401)


def test_the_language_is_the_persons_own(cast: Cast, signed_in: SignIn) -> None:
    alice = signed_in(cast.alice)
    assert alice.patch("/api/v1/me", {"language": "es"}, content_type="application/json").json()["language"] == "es"
    missing = alice.get("/api/v1/conversations/nothing")
    assert missing.json()["error"]["message"].startswith("No encontramos lo que pediste.")
    assert alice.patch("/api/v1/me", {"language": "fr"}, content_type="application/json").status_code == 422
