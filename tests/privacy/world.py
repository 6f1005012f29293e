"""A shop through which every planted value goes: imported, told live, analysed by each kind of analyser, embedded, and asked about."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from bots.hear import hear_waiting
from bots.outbox import send_due
from bots.tests.conftest import Road, make_road
from core.ai.embedded.conversations import judge_conversation
from core.ai.embedded.embedder import EmbeddedEmbedder
from core.ai.embedded.messages import judge_messages
from core.ai.embedded.themes import choose_theme
from core.hook_tokens import make_hook_token
from core.models import MessageAnalysis, ProviderSetting
from core.project.cli import main
from core.sessions import begin_session
from core.tenancy import scope
from ingestion.tasks import task_analyse, task_process_inbox
from ingestion.vectors import fill_vectors
from tests.gateway.faults import Options
from tests.gateway.receiver import WebhookReceiver
from tests.gateway.server import Gateway
from tests.gateway.steps import Edited, Said, make_id
from tests.model_servers.n8n import FakeN8n
from tests.model_servers.ollama import FakeOllama
from tests.model_servers.server import ModelServer
from tests.privacy.elsewhere import ask_elsewhere
from tests.privacy.places import hear_logs, log_everything
from tests.privacy.planted import ASKED, EARLY_EDIT, EDITED, FILE, INSIDE, MALFORMED, PUSHED, UNREADABLE, Planted, plant

DAVI, ELISA, NINA, ALICE = "5511988880001", "5511988880002", "5511988880003", "551177776666"
ASKED_BY_WEB = (
    "mostre as mensagens de clientes dos últimos 7 dias",
    "mensagens sobre cartão nos últimos 7 dias",
    "quem falou em entrega nos últimos 7 dias?",
    "por que a satisfação mudou esta semana?",
    "quais conversas estão sem resposta?",
    "resuma as conversas de Davi Reis",
)
# A question, and what the reply offers by number.
ASKED_BY_PHONE = ("quais os principais temas nos últimos 7 dias?", "Ver as mensagens", "Ver a conversa de")


@dataclass
class World:
    """What was read by whom: prompts that servers were sent, texts that went into the embedded models, lines of the log."""

    road: Road
    prompts: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    faces: dict[str, str] = field(default_factory=dict)  # what each other way to ask gave
    logs: list[str] = field(default_factory=list)

    @property
    def tenant_id(self) -> str:
        return str(self.road.tenant.id)

    def count_analyses(self) -> dict[str, int]:
        """Messages by who analysed them."""
        with scope(self.tenant_id):
            rows = MessageAnalysis.objects.exclude(analyser="test").values_list("analyser").annotate(count=Count("id"))
            return dict(rows.order_by("analyser"))

    def read_logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.logs]

    def analyse(self) -> None:
        """By whom the tenant chose, until nothing waits."""
        while task_analyse(self.tenant_id):
            pass

    def choose(self, server: ModelServer | None = None, **fields: Any) -> None:
        """Let this model server, and no other, do what is said."""
        with scope(self.tenant_id):
            ProviderSetting.objects.all().delete()
            if server is not None:
                ProviderSetting.objects.create(**{"base_url": server.url, "model": "qwen3:4b"} | fields)


@dataclass
class Line:
    """The gateway's webhooks on their way in, as Django's routes and Celery's doors take them."""

    world: World
    receiver: WebhookReceiver
    taken: int = 0

    @property
    def address(self) -> str:
        road = self.world.road
        return f"/hooks/evolution/{make_hook_token(tenant_id=road.tenant.id, channel_id=road.channel.id, nonce='nonce')}"

    def tell(self, *steps: Said | Edited) -> None:
        self.world.road.gateway.deliver(self.world.road.instance, *steps)
        self.take()

    def take(self) -> None:
        self.world.road.gateway.wait_until_idle()
        for hook in self.receiver.hooks[self.taken :]:
            self.post(json.dumps(hook.body))
            self.taken += 1
        task_process_inbox(self.world.tenant_id, str(self.world.road.channel.id))

    def post(self, body: str) -> None:
        assert Client().post(self.address, body, content_type="application/json").status_code == 200

    def lose(self, step: Said) -> None:
        """Something happens of which we are told nothing."""
        self.world.road.gateway.deliver(self.world.road.instance, step)
        self.world.road.gateway.wait_until_idle()
        self.taken = len(self.receiver.hooks)


@contextmanager
def play(folder: Path) -> Iterator[World]:
    """The whole story, told once; it commits."""
    with ExitStack() as stack:
        gateway = stack.enter_context(Gateway(options=Options(ack_delay_seconds=0.01, delay_scale=0.0)))
        receiver = stack.enter_context(WebhookReceiver())
        ollama, n8n = stack.enter_context(FakeOllama()), stack.enter_context(FakeN8n())
        world = World(make_road(gateway), logs=stack.enter_context(hear_logs()))
        gateway.create_instance(world.road.instance, token=f"chave-{world.road.instance}", webhook_url=receiver.url)
        line = Line(world, receiver)
        planted = plant()
        stack.enter_context(watch_embedded(world))
        world.choose()
        import_chat(folder, planted)
        log_everything()
        world.analyse()
        world.choose(n8n, kind="n8n", base_url=n8n.hook_url, analyses=True)
        tell_live(line, planted, phone=DAVI, name="Davi Reis")
        world.analyse()
        world.choose(ollama, analyses=True)
        tell_live(line, planted, phone=ELISA, name="Elisa Motta")
        tell_oddities(line)
        tell_inside(line)
        world.analyse()
        world.choose(ollama, model="qwen3-embedding:0.6b", embeds=True)
        while fill_vectors(world.tenant_id):
            pass
        ollama.mind = speak
        world.choose(ollama, phrases=True)
        ask_by_web(world, *ASKED_BY_WEB)
        ask_by_phone(line)
        world.faces = ask_elsewhere(world.road.alice, world.tenant_id, ASKED_BY_WEB[0])
        world.choose(ollama, plans=True, phrases=True)
        ask_by_web(world, "mostre o que os clientes disseram esta semana", f"mostre as mensagens que dizem “{ASKED}”")
        world.prompts = [json.dumps(request.body, ensure_ascii=False) for request in (*ollama.requests, *n8n.requests)]
        yield world


@contextmanager
def watch_embedded(world: World) -> Iterator[None]:
    """Note every text that goes into the embedded models, and let it through."""
    embed_passages, embed_query = EmbeddedEmbedder.embed_passages, EmbeddedEmbedder.embed_query

    def note_passages(self: EmbeddedEmbedder, texts: Any) -> Any:
        world.embedded.extend(texts)
        return embed_passages(self, texts)

    def note_query(self: EmbeddedEmbedder, text: str) -> Any:
        world.embedded.append(text)
        return embed_query(self, text)

    def note_judged(turns: Any, *given: Any, **more: Any) -> Any:
        world.judged.extend(turn.text for turn in turns if turn.author == "agent")
        return judge_conversation(turns, *given, **more)

    def note_theme(themes: Any, *given: Any, talk: Any, readings: Any, **more: Any) -> Any:
        world.judged.extend([talk.customer, talk.agent, *(reading.text for reading in readings)])
        return choose_theme(themes, *given, talk=talk, readings=readings, **more)

    def note_placed(placed: Any, readings: Any, talk: Any) -> Any:
        world.judged.extend(turn.text for one in placed for turn in one.before if turn.author == "agent")
        world.judged.extend(text for reading in readings.values() for text in (reading.text, reading.masked_text))
        return judge_messages(placed, readings, talk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddedEmbedder, "embed_passages", note_passages)
        patch.setattr(EmbeddedEmbedder, "embed_query", note_query)
        patch.setattr("core.ai.embedded.analyser.judge_conversation", note_judged)
        patch.setattr("core.ai.embedded.analyser.choose_theme", note_theme)
        patch.setattr("core.ai.embedded.analyser.judge_messages", note_placed)
        yield


def import_chat(folder: Path, planted: list[Planted]) -> None:
    """A chat of yesterday in a file, with a line in it that is no message."""
    day = timezone.now() - timedelta(days=1)
    lines = [f"31/02/{day:%Y} 08:59 - Rui Prado: meu cpf é {UNREADABLE}"]
    for minute, one in enumerate(one for one in planted if one.road.startswith("imported")):
        author = "Casa Lua" if one.road.endswith("reply") else "Rui Prado"
        lines.append(f"{day:%d/%m/%Y} {9 + minute // 60:02}:{minute % 60:02} - {author}: {one.text}")
    file = folder / "Conversa do WhatsApp com Rui Prado.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(
        main,
        ["import", str(file), "--tenant", "casa-lua", "--channel", "Balcão", "--self", "Casa Lua", "--no-wait"],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output


def tell_live(line: Line, planted: list[Planted], *, phone: str, name: str) -> None:
    """A chat that comes by webhook, with the tenant's replies from their phone; the customer says the last word."""
    now = int(timezone.now().timestamp())
    said = [
        Said(content={"conversation": one.text}, phone=phone, name=name, from_me=one.road.endswith("reply"), at=now - 300 + place)
        for place, one in enumerate(one for one in reversed(planted) if one.road.startswith("live"))
    ]
    line.tell(*said)


def tell_oddities(line: Line) -> None:
    """A message that is changed, a change before its message, and what is no JSON."""
    changed, unknown = make_id(), make_id()
    line.tell(
        Said(content={"conversation": "um momento"}, phone=ELISA, name="Elisa Motta", message_id=changed),
        Edited(message_id=changed, text=f"meu cpf é {EDITED}"),
    )
    line.lose(Said(content={"conversation": "só um instante"}, phone=ELISA, name="Elisa Motta", message_id=unknown))
    line.tell(Edited(message_id=unknown, text=f"meu cpf é {EARLY_EDIT}"))
    line.post(f"meu cpf é {MALFORMED}")
    line.take()


def tell_inside(line: Line) -> None:
    """Messages that are no plain text, each with a value in it, by somebody with one in their name."""
    value = {name: f"meu cpf é {value}" for name, value in INSIDE.items()}
    image, quoted = {"mimetype": "image/jpeg", "caption": value["caption"]}, {"quotedMessage": {"conversation": value["quoted"]}}
    contents: tuple[dict[str, Any], ...] = (
        {"imageMessage": image},
        {"contactMessage": {"displayName": value["name on a card"], "vcard": f"BEGIN:VCARD\nFN:{value['name on a card']}\nEND:VCARD"}},
        {"locationMessage": {"degreesLatitude": -23.5, "degreesLongitude": -46.6, "name": value["name of a place"]}},
        {"pollCreationMessage": {"name": value["poll"], "options": [{"optionName": "sim"}, {"optionName": "não"}]}},
        {"documentMessage": {"mimetype": "application/pdf", "fileName": f"meu cpf é {FILE}.pdf", "caption": "segue o documento"}},
        {"extendedTextMessage": {"text": "isso mesmo", "contextInfo": {"stanzaId": make_id(), **quoted}}},
    )
    at = int(timezone.now().timestamp()) - 60
    name = f"Nina meu cpf é {PUSHED}"
    line.tell(*(Said(content=content, phone=NINA, name=name, at=at + place) for place, content in enumerate(contents)))


def speak(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
    """Plans to show the last messages, and phrases an answer in its own words."""
    if isinstance(data, dict) and "question" in data:
        start, end = data["periods"]["últimos 7 dias"]
        none = dict.fromkeys(("compare_to", "group_by", "search", "order", "limit"))
        return {"intent": "messages", "metrics": [], "period": {"start": start, "end": end}, "filters": {}, "assumed": [], **none}
    return {"text": " ".join(data["answer"])}


def ask_by_web(world: World, *questions: str) -> None:
    """Each question in a thread of its own."""
    client = Client(headers={"Authorization": f"Bearer {begin_session(world.road.alice).access}"})
    for question in questions:
        answered = client.post("/api/v1/ask", json.dumps({"question": question}), content_type="application/json")
        assert answered.status_code == 200, answered.content
        world.answers.append(answered.content.decode())


def ask_by_phone(line: Line) -> None:
    world = line.world
    for text in ASKED_BY_PHONE:
        offered = re.search(rf"\*(\d)\* {text}", world.sent[-1]) if world.sent else None
        line.tell(Said(content={"conversation": offered[1] if offered else text}, phone=ALICE, name="Alice"))
        hear_waiting(world.tenant_id)
        send_due(world.tenant_id, now=lambda: timezone.now() + timedelta(seconds=1))
        line.take()
        world.sent = [words for _, words in world.road.find_sent()]
