"""How long a customer's message takes until a page that is open shows it with its analysis: through the gateway, on both roads.

A stand-in gateway (the tests' own, as a process: `python -m tests.gateway`) is told of messages at an even rate. It emits each over
Socket.IO, which the listener hears, and posts it to the webhook, as a gateway does that is set up for both; so every message comes
twice. Web, worker, listener and beat run as in `evosense demo`. The page is a client that signed in on `/ws/live/`: whenever an event
says that conversations were analysed, it asks `GET /api/v1/conversations/{id}` once for each, and a message counts as seen when an
answer holds it with a sentiment. Time runs from before the gateway is told until that answer is there. All texts are different, so that
each is computed; of what customers really write, four in ten were written before.

Everything runs on this machine, the gateway and the page too. What others do on it meanwhile is told with the figures, because a machine
that is not ours for the most part says nothing about two cores.
"""

import asyncio
import itertools
import json
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from core.models import GatewayConnection, MessageAnalysis, RawEvent
from core.project.bench.chats import list_customer_texts
from core.project.bench.gateway import StandIn, is_here, running_stand_in
from core.project.bench.pairs import Tell
from core.project.bench.processes import Running, running_processes, wait_until
from core.project.bench.processor import read_usage, write_usage
from core.project.bench.report import Bar, Figure, Report
from core.project.bench.shop import INSTANCE, OWNER_PHONE, Shop, open_shop
from core.project.embedded.home import get_home
from core.tenancy import scope
from ingestion.evolution.client import make_client

RATE = 20.0  # messages a second
SECONDS = 60.0
CUSTOMERS = 300
MOST_SECONDS = 3.0
WARM_UP_MESSAGES = 40
WARM_UP_SECONDS = 90
# Whoever is not seen by then counts as lost.
PATIENCE_SECONDS = 120
TITLE = "from a customer's message to its analysis on an open page, over both roads"
TOKEN = "bench-key"  # noqa: S105  (of a stand-in that lives as long as the bench)


@dataclass(slots=True)
class Sent:
    """A message: when it was sent, by two clocks, and when a page showed it analysed."""

    text: str
    provider_id: str = ""
    sent_at: float = 0.0  # time.perf_counter()
    sent_at_unix: float = 0.0
    seen_at: float | None = None

    @property
    def seconds(self) -> float:
        """From sent to seen. Only for those that were seen."""
        assert self.seen_at is not None
        return self.seen_at - self.sent_at


@dataclass(slots=True)
class Page:
    """What a page waits for, by text, and what became of it: how often it asked for a conversation."""

    waiting: dict[str, Sent] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)  # what is measured
    asked: int = 0
    usage: str = ""  # whose processor time it was meanwhile
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)


def bench_live(*, rate: float = RATE, seconds: float = SECONDS, warm_up_messages: int = WARM_UP_MESSAGES, tell: Tell) -> Report:
    """Send `rate` messages a second for so many seconds. Raises RuntimeError where one of them is never seen."""
    if not is_here():
        return Report(name="live", title=TITLE, notes=("This checkout has no tests, and so no stand-in gateway to send messages.",))
    with (
        running_stand_in(get_home()) as stand_in,
        open_shop(gateway_url=stand_in.url, token=TOKEN, uses_socket=True) as shop,
        running_processes(tell=tell, with_work=True) as running,
    ):
        connect(shop, stand_in, running.address)
        page = asyncio.run(measure(shop, stand_in, running, count=round(rate * seconds), rate=rate, warm_up=warm_up_messages, tell=tell))
        running.check()
        wait_until(stand_in.is_idle, seconds=30, what="the webhooks that wait")
        return write_report(shop, page, rate=rate)


def connect(shop: Shop, stand_in: StandIn, address: str) -> None:
    """Set the gateway up for both roads by the same calls as Django admin does."""
    stand_in.create_instance(INSTANCE, token=TOKEN, owner=OWNER_PHONE)
    with scope(shop.tenant.id):
        connection = GatewayConnection.objects.get()
    client = make_client(connection)
    client.set_websocket()
    client.set_webhook(f"{address}{shop.hook_path}", shop.webhook_key)


async def measure(shop: Shop, stand_in: StandIn, running: Running, *, count: int, rate: float, warm_up: int, tell: Tell) -> Page:
    """Open a page, send until both roads and the analyser are warm, then send what is measured and wait until all of it was seen."""
    page, words = Page(), write_texts()
    async with aiohttp.ClientSession(headers=shop.headers, trust_env=False) as session:
        looking = asyncio.create_task(look(session, page, running.address))
        try:
            await asyncio.wait_for(page.is_ready.wait(), timeout=30)
            began = time.perf_counter()
            while time.perf_counter() - began < WARM_UP_SECONDS:
                await send(session, page, stand_in, texts=itertools.islice(words, warm_up), rate=rate)
                await wait_until_seen(page, looking, running)
                if await asyncio.to_thread(is_heard_on_both_roads, shop):
                    break
            else:
                raise RuntimeError("the listener heard nothing from the stand-in gateway")
            tell(f"warm after {time.perf_counter() - began:.0f} s")
            page.asked = 0
            roots = {"the stand-in gateway": stand_in.process_id, "this bench": os.getpid()} | running.find_process_ids()
            before = read_usage(roots)
            page.sent = await send(session, page, stand_in, texts=itertools.islice(words, count), rate=rate)
            page.usage = write_usage(before, read_usage(roots))
            tell(f"{len(page.sent)} messages sent, {len(page.sent) - len(page.waiting)} seen by then. {page.usage}")
            await wait_until_seen(page, looking, running)
        finally:
            looking.cancel()
    return page


async def look(session: aiohttp.ClientSession, page: Page, address: str) -> None:
    """Be the page: hear what is new, and ask for each conversation that was analysed."""
    asking: set[asyncio.Task[None]] = set()
    async with session.ws_connect(f"{address}/ws/live/", origin=address) as socket:
        async for frame in socket:
            event = json.loads(frame.data)
            if event["type"] == "ready":
                page.is_ready.set()
            elif event["type"] == "conversations.analysed":
                for conversation_id in event["data"]["conversation_ids"]:
                    task = asyncio.create_task(ask(session, page, f"{address}/api/v1/conversations/{conversation_id}"))
                    asking.add(task)
                    task.add_done_callback(asking.discard)


async def ask(session: aiohttp.ClientSession, page: Page, url: str) -> None:
    """Ask for a conversation once, and note which of the awaited messages it shows analysed."""
    page.asked += 1
    async with session.get(url) as answer:
        body = await answer.json()
    now = time.perf_counter()
    for message in body.get("messages", ()):
        if message["sentiment"] is not None and (found := page.waiting.pop(message["text"], None)) is not None:
            found.seen_at = now


async def send(session: aiohttp.ClientSession, page: Page, stand_in: StandIn, *, texts: Iterable[str], rate: float) -> list[Sent]:
    """Have customers write at an even rate, however long the gateway takes to hear each. Returns the messages in their order."""
    began, sent, telling = time.perf_counter(), [], []
    for number, text in enumerate(texts):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        message = Sent(text=text, provider_id=f"AC{time.time_ns():030d}", sent_at=time.perf_counter(), sent_at_unix=time.time())
        page.waiting[text] = message
        sent.append(message)
        telling.append(asyncio.create_task(deliver(session, stand_in, message, customer=number % CUSTOMERS)))
    await asyncio.gather(*telling)
    return sent


async def deliver(session: aiohttp.ClientSession, stand_in: StandIn, message: Sent, *, customer: int) -> None:
    """Let a customer say it."""
    step = {
        "kind": "said",
        "content": {"conversation": message.text},
        "phone": f"55119{80_000_000 + customer}",
        "name": f"Cliente {customer}",
        "message_id": message.provider_id,
        "at": int(message.sent_at_unix),
    }
    body = json.dumps({"instance": INSTANCE, "steps": [step]})
    async with session.post(f"{stand_in.url}/__control__/deliver", data=body) as answer:
        if answer.status != 200:
            raise RuntimeError(f"the stand-in gateway did not take a message: {answer.status}")


async def wait_until_seen(page: Page, looking: "asyncio.Task[None]", running: Running) -> None:
    """Wait until nothing is awaited. Raises RuntimeError where that takes too long, or where the page's socket ended."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while page.waiting:
        running.check()
        if looking.done():
            looking.result()
            raise RuntimeError("the page's socket was closed")
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{len(page.waiting)} messages were not seen within {PATIENCE_SECONDS} s")
        await asyncio.sleep(0.02)


def write_texts() -> Iterator[str]:
    """What customers write, without end, no text like another: the demo's different ones, and then the same ones with a number."""
    texts = list(dict.fromkeys(list_customer_texts()))
    yield from texts
    for number in itertools.count(1000):
        yield from (f"{text} (pedido {number})" for text in texts)


def is_heard_on_both_roads(shop: Shop) -> bool:
    """Whether the listener and the webhook have both brought an event first."""
    with scope(shop.tenant.id):
        return {"socket", "webhook"} <= set(RawEvent.objects.values_list("road", flat=True)) or RawEvent.objects.filter(
            copies__gt=1
        ).exists()


def write_report(shop: Shop, page: Page, *, rate: float) -> Report:
    """The report, with how long each leg took: stored in the inbox, analysed, seen."""
    stored, analysed, roads = read_times(shop)
    legs: tuple[tuple[str, Callable[[Sent], float]], ...] = (
        ("until it is stored", lambda one: stored[one.provider_id] - one.sent_at_unix),
        ("until it is analysed", lambda one: analysed[one.provider_id] - one.sent_at_unix),
        ("until a page shows it", lambda one: one.seconds),
    )
    figures: list[Figure] = []
    for name, read in legs:
        values = [read(one) for one in page.sent]
        is_last = name == legs[-1][0]
        figures += describe_spread(name, values, bar=Bar(limit=MOST_SECONDS, is_upper=True) if is_last else None)
    by_road = ", ".join(f"{count} first by {road}" for road, count in sorted(roads.items()))
    return Report(
        name="live",
        title=f"{TITLE}, {rate:g} a second",
        figures=tuple(figures),
        notes=(
            f"{len(page.sent)} messages with different texts, all of them seen. Of the inbox's events {by_road}.",
            f"The page asked for a conversation {page.asked} times.",
            page.usage,
        ),
    )


def read_times(shop: Shop) -> tuple[dict[str, float], dict[str, float], dict[str, int]]:
    """By message: when it was stored and when it was analysed, in Unix seconds; and how many events each road brought first."""
    with scope(shop.tenant.id):
        events = RawEvent.objects.filter(name="messages.upsert").values_list("body__data__key__id", "received_at", "road")
        stored: dict[str, float] = {}
        roads: dict[str, int] = {}
        for provider_id, received_at, road in events:
            stored[provider_id] = min(stored.get(provider_id, float("inf")), received_at.timestamp())
            roads[road] = roads.get(road, 0) + 1
        rows: Any = MessageAnalysis.objects.filter(is_current=True).values_list("message__provider_id", "analysed_at")
        analysed = {provider_id: analysed_at.timestamp() for provider_id, analysed_at in rows}
    return stored, analysed, roads


def describe_spread(name: str, values: Sequence[float], *, bar: Bar | None) -> list[Figure]:
    """The median with the lowest and highest, and the 95th percentile, of seconds."""
    p95 = statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return [
        Figure(name=f"{name}, median", unit="s", median=statistics.median(values), low=min(values), high=max(values)),
        Figure(name=f"{name}, p95", unit="s", median=p95, low=p95, high=p95, bar=bar),
    ]
