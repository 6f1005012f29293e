"""`make drill`: thousands of WhatsApp messages over both roads while everything breaks, and then each of them counted.

Of the events of both roads 5 % are dropped, 5 % doubled and 5 % told late. The gateway is killed twice, which loses its namespaces
and the webhooks that wait; a worker, the listener and Valkey are killed with -9 once each; PostgreSQL is stopped for a while. What
must hold in the end: no message lost, none doubled, none with another customer, edits and deletions as they were made, and a ledger
that says so itself.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from tests.drills.installation import Installation, running_installation, wait_until
from tests.drills.people import Script, write_script
from tests.gateway.faults import Faults, Options
from tests.gateway.server import GatewayProcess
from tests.gateway.steps import Step

if TYPE_CHECKING:
    from core.models import Channel, Tenant

INSTANCE = "loja-1"
SHARE = 0.05
# As the product does it, only sooner, so that a drill need not last an hour.
SETTINGS = {"READ_BACK_MINUTES": "1", "LOG_LEVEL": "WARNING"}
SETTLE_SECONDS = 900
# Without any change for this long nothing more will come.
STILL_SECONDS = 150
# How often reading back is asked for while we wait, sooner than the product does by itself.
ASK_SECONDS = 20


@dataclass(slots=True)
class Outcome:
    """What a drill found. Everything in `wrong` must be 0."""

    messages: int
    seconds: float
    wrong: dict[str, int]
    figures: dict[str, int | float] = field(default_factory=dict)

    @property
    def has_passed(self) -> bool:
        return not any(self.wrong.values())

    def to_lines(self) -> list[str]:
        facts = {"messages": self.messages, "seconds until all was there": round(self.seconds, 1), **self.figures}
        return [
            *(f"  {name:<44} {value:>9}" for name, value in facts.items()),
            *(f"  {name:<44} {n:>9}  must be 0" for name, n in self.wrong.items()),
        ]


def run_drill(count: int, *, rate: float, postgres_seconds: float = 0.0, tell: Callable[[str], None]) -> Outcome:
    """Run the whole drill on an installation of its own. Raises TimeoutError where it never settles."""
    with running_installation(settings=SETTINGS) as installation:
        tenant, channel, address = make_channel(installation)
        folder = installation.home.path / "gateway"
        folder.mkdir(exist_ok=True)
        for left in folder.iterdir():
            left.unlink()
        with GatewayProcess(state=folder, options=Options(version="2.3.7", webhook_timeout_seconds=5)) as gateway:
            connect(tenant, channel, gateway=gateway, address=address)
            seconds = max(60, count // 5)
            script = write_script(count, start=int(time.time()) - seconds - 120, seconds=seconds)
            faults = Faults.both(drop=SHARE, duplicate=SHARE, reorder=SHARE, repeat=0.01)
            gateway.set_faults(faults)
            began = time.monotonic()
            for number, (part, damage) in enumerate(plan_damage(script, installation, gateway, postgres_seconds=postgres_seconds), 1):
                gateway.play(INSTANCE, part, rate=rate)
                if damage.while_playing is not None:
                    time.sleep(len(part) / rate / 2)
                    tell(f"part {number}: {damage.what}")
                    damage.while_playing()
                wait_until(lambda: gateway.get_state()["playing"] == 0, seconds=60 + 3 * len(part) / rate, what="the part's end")
                if damage.afterwards is not None:
                    tell(f"part {number}: {damage.what}")
                    damage.afterwards()
                    gateway.set_faults(faults)
            wait_until(lambda: gateway.get_state()["pending"] == 0, seconds=900, what="the webhooks that wait")
            gateway.set_faults(Faults())
            played = time.monotonic() - began
            tell(f"played in {played:.0f} s; waiting until everything is there")
            settle(tenant, channel, script, tell=tell)
            outcome = Outcome(messages=len(script.truth), seconds=time.monotonic() - began, wrong=compare(tenant, script))
            outcome.figures = {
                "seconds of playing": round(played, 1),
                **count_ledger(tenant),
                "starts after a death": len(installation.told),
            }
            check_ledger(outcome)
            return outcome


@dataclass(frozen=True, slots=True)
class Damage:
    """What breaks in one part of the script, in its middle or at its end."""

    what: str = ""
    while_playing: Callable[[], None] | None = None
    afterwards: Callable[[], None] | None = None


def plan_damage(
    script: Script, installation: Installation, gateway: GatewayProcess, *, postgres_seconds: float
) -> "list[tuple[list[Step], Damage]]":
    """The script in parts, each with what breaks in it."""

    def stop_postgres() -> None:
        from django.db import connections

        with installation.without_postgres():
            time.sleep(postgres_seconds)
        # Ours was cut as well.
        connections.close_all()

    damages = [
        Damage("the worker is killed", while_playing=lambda: installation.kill("worker")),
        Damage("the gateway is killed, with the webhooks that wait", afterwards=gateway.restart),
        Damage("the listener is killed", while_playing=lambda: installation.kill("listener")),
        Damage("Valkey is killed", while_playing=lambda: installation.kill("valkey")),
        Damage("the gateway is killed again", afterwards=gateway.restart),
        *([Damage(f"PostgreSQL is stopped for {postgres_seconds:.0f} s", while_playing=stop_postgres)] if postgres_seconds else []),
        Damage(),
    ]
    size = -(-len(script.steps) // len(damages))
    return [(list(script.steps[number * size : (number + 1) * size]), damage) for number, damage in enumerate(damages)]


def make_channel(installation: Installation) -> "tuple[Tenant, Channel, str]":
    """A new tenant with a live channel; also the address of its webhook."""
    import uuid

    from core.hook_tokens import make_hook_token
    from core.models import Channel, GatewayConnection, Tenant
    from core.tenancy import scope, unscoped_directory

    name = f"drill-{uuid.uuid4().hex[:10]}"
    with unscoped_directory(reason="a drill"):
        # A drill that was killed left a tenant whose gateway is gone.
        old = list(Tenant.objects.filter(slug__startswith="drill-"))
        tenant = Tenant.objects.create(name=name, slug=name)
    for one in old:
        with scope(one.id):
            GatewayConnection.objects.all().delete()
            Channel.objects.update(is_active=False)
    with scope(tenant.id):
        channel = Channel.objects.create(name="Loja", kind=Channel.Kind.EVOLUTION)
    token = make_hook_token(tenant_id=tenant.id, channel_id=channel.id, nonce="drill")
    return tenant, channel, f"{installation.address}/hooks/evolution/{token}"


def connect(tenant: "Tenant", channel: "Channel", *, gateway: GatewayProcess, address: str) -> None:
    """Make the instance at the gateway and our link to it."""
    from core.models import GatewayConnection
    from core.tenancy import scope

    token = gateway.create_instance(INSTANCE, webhook_url=address)
    with scope(tenant.id):
        connection = GatewayConnection(channel=channel, base_url=gateway.url, instance=INSTANCE, hook_nonce="drill", state="open")
        connection.token = token
        connection.save()


def settle(tenant: "Tenant", channel: "Channel", script: Script, *, tell: Callable[[str], None]) -> None:
    """Wait until everything is there and right, or nothing has changed for a while."""
    from core.models import RawEvent
    from core.tenancy import scope
    from ingestion.evolution.tasks import task_read_back

    began = asked_at = changed_at = time.monotonic()
    last: tuple[int, dict[str, int]] | None = None
    while time.monotonic() - began < SETTLE_SECONDS and time.monotonic() - changed_at < STILL_SECONDS:
        with scope(tenant.id):
            waiting = RawEvent.objects.filter(state=RawEvent.State.WAITING).count()
        found = waiting, compare(tenant, script)
        if not waiting and not any(found[1].values()):
            return
        if found != last:
            changed_at, last = time.monotonic(), found
            tell(f"{waiting} events wait; {', '.join(f'{name} {count}' for name, count in found[1].items() if count)}")
        if time.monotonic() - asked_at > ASK_SECONDS:
            asked_at = time.monotonic()
            task_read_back.delay(str(tenant.id), str(channel.id))
        time.sleep(5)


def compare(tenant: "Tenant", script: Script) -> dict[str, int]:
    """The truth against what is stored, counted by kind of mistake."""
    from core.models import Message, RawEvent
    from core.tenancy import scope

    with scope(tenant.id):
        rows = list(
            Message.objects.values_list(
                "provider_id", "author", "text", "is_edited", "is_deleted", "conversation__contact_id", "contact_id"
            )
        )
        failed = RawEvent.objects.filter(state=RawEvent.State.FAILED).count()
    stored = {row[0] for row in rows}
    contacts_of: dict[int, set[object]] = defaultdict(set)
    customers_of: dict[object, set[int]] = defaultdict(set)
    wrong = {"lost": len(script.truth.keys() - stored), "doubled": len(rows) - len(stored), "invented": len(stored - script.truth.keys())}
    wrong |= {"of the wrong side": 0, "with other words": 0, "not marked as edited or deleted": 0}
    for provider_id, author, text, is_edited, is_deleted, chat_contact, sender in rows:
        told = script.truth.get(provider_id)
        if told is None:
            continue
        wrong["of the wrong side"] += (author == "agent") is not told.from_me
        wrong["with other words"] += text != told.text
        wrong["not marked as edited or deleted"] += (is_edited, is_deleted) != (told.is_edited, told.is_deleted)
        for contact in {chat_contact, sender} - {None}:
            contacts_of[told.customer].add(contact)
            customers_of[contact].add(told.customer)
    wrong["customers with more than one contact"] = sum(len(found) > 1 for found in contacts_of.values())
    wrong["contacts with more than one customer"] = sum(len(found) > 1 for found in customers_of.values())
    wrong["events not understood"] = failed
    return wrong


def count_ledger(tenant: "Tenant") -> dict[str, int | float]:
    """What the ledger says, summed over its days."""
    from django.db.models import Sum

    from core.models import ChannelDay
    from core.tenancy import scope

    names = ("expected", "received", "recovered", "missing", "duplicates", "failed")
    with scope(tenant.id):
        found = ChannelDay.objects.aggregate(**{name: Sum(name) for name in names})
    return {f"ledger: {name}": found[name] or 0 for name in names}


def check_ledger(outcome: Outcome) -> None:
    """The ledger must agree with the truth."""
    said = {name.removeprefix("ledger: "): value for name, value in outcome.figures.items()}
    outcome.wrong["ledger: expected is not what was sent"] = int(said["expected"] != outcome.messages)
    outcome.wrong["ledger: received and recovered are not that sum"] = int(said["received"] + said["recovered"] != outcome.messages)
    outcome.wrong["ledger: missing"] = int(said["missing"])
    outcome.wrong["ledger: not understood"] = int(said["failed"])


@click.command()
@click.option("--messages", default=20_000, show_default=True, type=click.IntRange(50))
@click.option("--rate", default=150.0, show_default=True, help="Steps a second.")
@click.option("--postgres-seconds", default=20.0, show_default=True, help="How long PostgreSQL is stopped; 0: not at all.")
def main(messages: int, rate: float, postgres_seconds: float) -> None:
    """Run the drill and print what was found; exit code 1 where anything is wrong."""
    outcome = run_drill(messages, rate=rate, postgres_seconds=postgres_seconds, tell=lambda text: click.echo(f"  {text}", err=True))
    click.echo("\n".join(outcome.to_lines()))
    if not outcome.has_passed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
