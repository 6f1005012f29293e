"""The door into a tenant: what a scope sets, what it takes back, and what happens when a block inside it fails."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from core.models import Channel
from core.tenancy import find_current_tenant_id, scope, scoped_task
from tests.cast import Cast, make_cast


def read_setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('evosense.tenant_id', true), '')")
        [setting] = cursor.fetchone()
        return str(setting)


def test_a_scope_ends_with_its_block(cast: Cast) -> None:
    with scope(cast.tenant.id):
        assert (read_setting(), find_current_tenant_id()) == (str(cast.tenant.id), cast.tenant.id)
        with scope(str(cast.tenant.id)):
            assert read_setting() == str(cast.tenant.id)
        assert read_setting() == str(cast.tenant.id)
    assert (read_setting(), find_current_tenant_id()) == ("", None)


def test_a_scope_ends_with_an_error_too_and_takes_back_what_was_written(cast: Cast) -> None:
    def fail_inside() -> None:
        with scope(cast.tenant.id):
            Channel.objects.create(name="Nova")
            raise KeyError

    with pytest.raises(KeyError):
        fail_inside()
    assert (read_setting(), find_current_tenant_id()) == ("", None)
    with scope(cast.tenant.id):
        assert not Channel.objects.filter(name="Nova").exists()


def test_a_failed_statement_inside_is_the_error_that_is_seen(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="division by zero"), scope(cast.tenant.id), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert read_setting() == ""


def test_an_inner_failure_leaves_the_outer_scope_open(cast: Cast) -> None:
    with scope(cast.tenant.id):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert read_setting() == str(cast.tenant.id)


def test_a_task_runs_in_the_scope_of_the_tenant_it_is_given(cast: Cast) -> None:
    @scoped_task
    def count(suffix: str) -> str:
        return f"{find_current_tenant_id()}{suffix}"

    assert count(str(cast.tenant.id), "!") == f"{cast.tenant.id}!"
    with pytest.raises(ValueError, match="badly formed"):
        count("not a tenant", "!")


def test_ids_are_version_7_and_grow_with_time() -> None:
    from core.models.ids import new_id

    ids = [new_id() for _ in range(3)]
    assert [(one.version, one.variant) for one in ids] == [(7, uuid.RFC_4122)] * 3
    assert sorted(one.int >> 80 for one in ids) == [one.int >> 80 for one in ids]


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_commit_opens_a_scope_of_its_own() -> None:
    """The transaction is over by then, and with it the setting that lets rows be seen."""
    cast = make_cast()
    seen: list[int] = []

    def look() -> None:
        assert find_current_tenant_id() is None
        with scope(cast.tenant.id):
            seen.append(Channel.objects.count())

    with scope(cast.tenant.id):
        transaction.on_commit(look)
    assert seen == [1]
