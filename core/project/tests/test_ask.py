"""`evosense ask` from the outside: an answer to read, the same as JSON, and errors that say how to mend them."""

import json

import pytest
from click.testing import CliRunner, Result

from core.models import Role, Tenant, User
from core.project.cli import main
from core.tenancy import unscoped_directory
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "como está a satisfação em novembro de 2026?"
AS_OF = ("--as-of", "2026-11-20T15:30")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ask", *arguments])


def test_an_answer_to_read() -> None:
    make_cast()
    result = run(QUESTION, "--tenant", "casa-lua", *AS_OF)
    assert result.exit_code == 0, result.output
    parts = result.stdout.replace("\u00a0", " ").split("\n\n")
    assert parts[0] == "Período: Este mês, até hoje (01/11 a 20/11) · Medida: Satisfação"
    assert parts[1] == "Este mês, até hoje, a satisfação está em 2,0 (só 1 conversa)."
    assert parts[2] == "Satisfação · este mês, até hoje (01/11 a 20/11)\n  Satisfação  2,0"
    assert parts[3] == "  “até agora nada” — Mariana Alves"
    assert parts[4] == "! Com menos de 5 conversas, uma só muda muito o resultado."
    assert parts[5].startswith("> ")
    assert parts[6].startswith("1 de 1 conversa analisada · ")


def test_an_answer_as_json_and_its_follow_up() -> None:
    make_cast()
    first = json.loads(run(QUESTION, "--tenant", "casa-lua", "--json", *AS_OF).stdout)
    assert first["plan"]["period"] == {"start": "2026-11-01", "end": "2026-11-20"}
    assert first["as_of"] == "2026-11-20T15:30:00-03:00"
    assert first["blocks"][0]["figures"][0]["value"] == 2.0
    second = json.loads(run("e por canal?", "--tenant", "casa-lua", "--json", "--thread", first["thread_id"], *AS_OF).stdout)
    assert (second["thread_id"], second["plan"]["group_by"]) == (first["thread_id"], "channel")
    third = json.loads(run(QUESTION, "--tenant", "casa-lua", "--json", "--language", "en", *AS_OF).stdout)
    assert third["language"] == "en"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tenant", "casa-nenhuma"), "There is no tenant 'casa-nenhuma'. There are: casa-lua, casa-sol."),
        (("--tenant", "casa-lua", "--as-of", "ontem"), "--as-of 'ontem' is no moment. Write it like 2026-11-20T15:30."),
        (("--tenant", "casa-lua", "--user", "charlie@casasol.example"), "casa-lua has nobody who signs in as 'charlie@casasol.example'."),
        (("--tenant", "casa-lua", "--user", "bob@casalua.example"), "Seu perfil não permite isto."),
        (("--tenant", "casa-lua", "--thread", "nothing"), "Não encontramos o que você pediu."),
    ],
)
def test_errors(arguments: tuple[str, ...], message: str) -> None:
    make_cast()
    result = run(QUESTION, *arguments)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {message}")


def test_a_tenant_of_nobody_who_may_ask() -> None:
    with unscoped_directory(reason="tests"):
        tenant = Tenant.objects.create(name="Casa Nova", slug="casa-nova")
        User.objects.create_user("bia@casanova.example", tenant=tenant, name="Bia", role=Role.OPERATOR)
    result = run(QUESTION, "--tenant", "casa-nova")
    assert (result.exit_code, result.output.splitlines()[0]) == (
        1,
        "Error: casa-nova has neither a manager nor an admin. Make one in the administration, at /admin/.",
    )
