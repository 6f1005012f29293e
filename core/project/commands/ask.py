"""`evosense ask`: one question to one tenant's data, answered as the API answers it."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import click

from core.ai.analysers import EMBEDDED, PROVIDERS
from core.ai.providers import Kind
from core.project.boot import boot_with_services
from core.project.commands.import_ import get_tenant
from core.project.models import make_environment_config

if TYPE_CHECKING:
    from assistant.chosen_models import ChosenModels
    from assistant.compose.numbers import Language
    from core.models import Tenant, User


@click.command("ask")
@click.argument("question")
@click.option("--tenant", required=True, metavar="SLUG", help="The tenant's short name.")
@click.option("--as-of", metavar="ISO", help="Answer as if it were this moment, such as 2026-11-20T15:30; now by default.")
@click.option("--language", type=click.Choice(["pt", "en", "es"]), help="Language of the answer; the question's by default.")
@click.option("--thread", metavar="ID", help="Go on in this thread, so that the question may follow up an earlier one.")
@click.option("--user", metavar="EMAIL", help="Ask as this person; by default as the tenant's first manager, else its first admin.")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Who plans and phrases, for this run; by default whom the tenant chose.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as the API gives it.")
def command(
    *,
    question: str,
    tenant: str,
    as_of: str | None,
    language: "Language | None",
    thread: str | None,
    user: str | None,
    provider: str | None,
    as_json: bool,
) -> None:
    """Ask one question and print its answer.

    THIS ACTS AS A PERSON: the tenant's first manager, else its first admin, or --user. It needs no password, sees what that
    person sees, and the thread stays in that person's list. Whoever may run this command may read every tenant's answers.
    """
    # A person reads this: the log tells only of what went wrong, unless they asked for more.
    boot_with_services(log_level="WARNING")
    from assistant import answer
    from assistant.compose.plain import write_answer
    from core.errors import VisibleError

    found = get_tenant(tenant)
    viewer = get_asker(found, email=user)
    clock = read_clock(as_of, time_zone=found.time_zone)
    try:
        choose = make_choice(provider)
        answered = answer.run(viewer, thread_id=thread, question=question, clock=clock, language=language, choose_models=choose)
    except VisibleError as error:
        raise click.ClickException(error.say(language or viewer.language)) from error
    click.echo(answered.model_dump_json() if as_json else write_answer(answered))


def make_choice(provider: str | None) -> "Callable[[uuid.UUID], ChosenModels]":
    """The models of a run by its --provider: the tenant's own, none, or the one that the environment names."""
    from assistant.chosen_models import ChosenModels, find_models

    if provider is None:
        return find_models
    configs = [] if provider == EMBEDDED else [make_environment_config(cast(Kind, provider))]
    return lambda tenant_id: ChosenModels(tenant_id=tenant_id, planners=configs, phrasers=configs)


def get_asker(tenant: "Tenant", *, email: str | None) -> "User":
    """Who asks. Raises ClickException, which says how to mend it, where the tenant has no such person."""
    from core.models import Role, User
    from core.tenancy import scope

    with scope(tenant.id):
        people = User.objects.filter(tenant=tenant, is_active=True)
        if email is not None:
            person = people.filter(email=email.strip().lower()).first()
            if person is None:
                raise click.ClickException(f"{tenant.slug} has nobody who signs in as {email!r}. Leave --user out to ask as its manager.")
            return person
        for role in (Role.MANAGER, Role.ADMIN):
            person = people.filter(role=role).order_by("created_at", "id").first()
            if person is not None:
                return person
    raise click.ClickException(f"{tenant.slug} has neither a manager nor an admin. Make one in the administration, at /admin/.")


def read_clock(as_of: str | None, *, time_zone: str) -> datetime:
    """The moment to answer at; one without an offset is in the tenant's time zone."""
    zone = ZoneInfo(time_zone)
    if as_of is None:
        return datetime.now(zone)
    try:
        clock = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise click.ClickException(f"--as-of {as_of!r} is no moment. Write it like 2026-11-20T15:30.") from error
    return clock if clock.tzinfo is not None else clock.replace(tzinfo=zone)
