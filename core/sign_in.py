"""Who signs in: by e-mail and password, before their tenant is known, through the narrow sign-in scope."""

import uuid
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest

from core.models import User
from core.tenancy import sign_in_scope


class EmailBackend(BaseBackend):
    """Sign in by e-mail and password. An unknown e-mail takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        if not username or password is None:
            return None
        email = username.strip().lower()
        with sign_in_scope(email=email):
            user = User.objects.filter(email=email).first()
        if user is None:
            User().set_password(password)
            return None
        # Not `user.check_password`, which would save a newer hash outside of any scope.
        return user if check_password(password, user.password) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return find_user(user_id)


def find_user(user_id: uuid.UUID | str) -> User | None:
    """The user with this id who may sign in, whatever the tenant; for tokens and sessions that we signed ourselves."""
    with sign_in_scope(user_id=user_id):
        return User.objects.filter(id=user_id, is_active=True).first()
