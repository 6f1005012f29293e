"""No task and no command touches another tenant: every one that exists is found, run for one tenant, and the other compared."""

from pathlib import Path
from typing import Any

import click
import pytest
from celery import current_app
from click.testing import CliRunner

from core.models import Channel, TenantModel
from core.project.cli import COMMANDS, main
from core.tenancy import scope
from tests.cast import OUTSIDER_MARK, Cast, make_cast
from tests.tenancy.test_tables import TENANT_MODELS

CHAT = "16/11/2026 09:15 - Mariana Alves: cadê meu pedido?\n16/11/2026 09:20 - Casa: *Ana Souza:* vou verificar\n"

# How each task is run for a tenant; a task that is not here fails the test.
TASK_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "assistant.tasks.task_check_verified": ("$tenant",),
    "assistant.tasks.task_check_verified_all": (),
    "bots.tasks.task_alerts": (),
    "bots.tasks.task_ask_scheduled": ("$tenant",),
    "bots.tasks.task_brief": ("$tenant",),
    "bots.tasks.task_briefings": (),
    "bots.tasks.task_deliver": ("$tenant",),
    "bots.tasks.task_hear": ("$tenant",),
    "bots.tasks.task_outward": (),
    "bots.tasks.task_purge_told": (),
    "bots.tasks.task_send": ("$tenant",),
    "bots.tasks.task_send_due": (),
    "bots.tasks.task_watch": ("$tenant",),
    "ingestion.evolution.tasks.task_read_back": ("$tenant", "$channel"),
    "ingestion.evolution.tasks.task_read_back_all": (),
    "ingestion.tasks.task_analyse": ("$tenant",),
    "ingestion.tasks.task_analyse_live": ("$tenant",),
    "ingestion.tasks.task_analyse_waiting": (),
    "ingestion.tasks.task_plan_rescoring": ("$tenant",),
    "ingestion.tasks.task_fill_vectors": ("$tenant",),
    "ingestion.tasks.task_fill_vectors_waiting": (),
    "ingestion.tasks.task_process_inbox": ("$tenant", "$channel"),
    "ingestion.tasks.task_process_waiting": (),
    "ingestion.tasks.task_purge_events": (),
    "ingestion.tasks.task_rescore": ("$tenant",),
    "ingestion.tasks.task_rescore_waiting": (),
    "ingestion.themes.tasks.task_choose_again": ("$tenant",),
    "ingestion.themes.tasks.task_find_themes": ("$tenant",),
    "ingestion.themes.tasks.task_find_themes_all": (),
}
# How each command is run for a tenant.
COMMAND_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "agreement": ("--tenant", "casa-lua"),
    "ask": ("como está a satisfação em novembro de 2026?", "--tenant", "casa-lua"),
    "rescore": ("--start", "--wait", "--tenant", "casa-lua"),
    "import": ("$chat", "--tenant", "casa-lua", "--channel", "Suporte", "--self", "Casa", "--no-wait"),
}
# Commands that are no tenant's.
TENANTLESS = {
    "analyse": "needs no database",
    "plan": "needs no database",
    "eval": "scores our own sets",
    "docs": "writes documentation",
    "mcp": "acts as an API key; its tools are tried in test_mcp.py",
    "migrate": "changes the schema, as the owner",
    "rotate-keys": "encrypts every tenant's secrets anew, each in that tenant's scope, and shows none",
    "demo": "runs the processes; creates the demo tenant alone",
    "up": "runs the processes",
    "bench": "works in a tenant that it makes and removes",
}


def photograph(tenant_id: Any) -> dict[str, list[dict[str, Any]]]:
    """Every row of a tenant, of every table."""
    with scope(tenant_id):
        return {model._meta.db_table: read_rows(model) for model in TENANT_MODELS}


def read_rows(model: type[TenantModel]) -> list[dict[str, Any]]:
    return [{name: str(value) for name, value in row.items()} for row in model._default_manager.order_by("id").values()]


def find_tasks() -> list[str]:
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if not name.startswith("celery."))


def find_tenant_commands() -> list[str]:
    """The commands that take --tenant."""
    context = click.Context(main)
    found = []
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        if any(parameter.name == "tenant" for parameter in command.params):
            found.append(name)
    return sorted(found)


def test_every_task_and_command_is_tried_or_explained() -> None:
    assert find_tasks() == sorted(TASK_ARGUMENTS)
    assert find_tenant_commands() == sorted(COMMAND_ARGUMENTS)
    assert sorted(COMMANDS) == sorted([*COMMAND_ARGUMENTS, *TENANTLESS])


@pytest.mark.django_db(transaction=True)
def test_no_task_touches_another_tenant(tenancy_report: list[str]) -> None:
    cast = make_cast()
    with scope(cast.tenant.id):
        channel_id = str(Channel.objects.get().id)
    before = photograph(cast.other_tenant.id)
    for name in find_tasks():
        given = {"$tenant": str(cast.tenant.id), "$channel": channel_id}
        filled = [given[argument] for argument in TASK_ARGUMENTS[name]]
        current_app.tasks[name].apply(args=filled, throw=True)
        assert photograph(cast.other_tenant.id) == before, f"{name} touched the other tenant"
    tenancy_report.append(f"tasks run for one tenant, every row of the other compared: {', '.join(TASK_ARGUMENTS)}")


@pytest.mark.django_db(transaction=True)
def test_no_command_touches_another_tenant(tmp_path: Path, tenancy_report: list[str]) -> None:
    cast: Cast = make_cast()
    chat = tmp_path / "Conversa do WhatsApp com Mariana Alves.txt"
    chat.write_text(CHAT, encoding="utf-8")
    before = photograph(cast.other_tenant.id)
    for name, arguments in COMMAND_ARGUMENTS.items():
        result = CliRunner().invoke(main, [name, *(argument.replace("$chat", str(chat)) for argument in arguments)])
        assert result.exit_code == 0, f"{name}: {result.output}"
        assert OUTSIDER_MARK not in result.output, f"{name} tells what is the outsider's"
        assert photograph(cast.other_tenant.id) == before, f"{name} touched the other tenant"
        forged = [argument.replace("$chat", str(chat)).replace("casa-lua", "casa-nenhuma") for argument in arguments]
        refused = CliRunner().invoke(main, [name, *forged])
        assert refused.exit_code != 0, f"{name} runs for a tenant that is not there"
    tenancy_report.append(f"commands run for one tenant, every row of the other compared: {', '.join(COMMAND_ARGUMENTS)}")
