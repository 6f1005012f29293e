"""How fast the webhook keeps and acknowledges an event, against an operation of the API that is empty but for its sign-in.

Both are asked in turns on one web process of ours over real HTTP, by as many connections that are kept open. No worker runs, so that
both have the machine to themselves: what was stored waits, as it does behind any backlog, and is counted at the end. Events are a
gateway's, signed, each another message; what is asked for otherwise is `GET /api/v1/ping`, the smallest operation there is, which
passes the same door as every other one.
"""

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import jwt

from core.models import RawEvent
from core.project.bench.chats import list_customer_texts
from core.project.bench.pairs import Pair, Tell, describe, describe_share
from core.project.bench.processes import running_processes
from core.project.bench.report import Bar, Report
from core.project.bench.shop import INSTANCE, OWNER_PHONE, Shop, open_shop
from core.tenancy import scope

CONNECTIONS = 8
TURN_SECONDS = 4.0
WARM_UP_SECONDS = 2.0
LEAST_SHARE = 0.6
# A gateway that nobody listens to: no bytes leave for it.
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it is sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None


def bench_hooks(*, repetitions: int, turn_seconds: float = TURN_SECONDS, connections: int = CONNECTIONS, tell: Tell) -> Report:
    """Measure `repetitions` pairs of turns. Raises RuntimeError where an answer is none of 200, or an acknowledged event is not there."""
    with open_shop(gateway_url=NOWHERE, token="", uses_socket=False) as shop, running_processes(tell=tell, with_work=False) as running:
        events = write_event_calls(shop, running.address)
        pings = itertools.repeat(Call(method="GET", url=f"{running.address}/api/v1/ping", headers=shop.headers))
        acknowledged = 0

        def post_events(seconds: float) -> float:
            nonlocal acknowledged
            done, took = asyncio.run(send(events, seconds=seconds, connections=connections))
            acknowledged += done
            return took / done

        def ping(seconds: float) -> float:
            done, took = asyncio.run(send(pings, seconds=seconds, connections=connections))
            return took / done

        post_events(min(WARM_UP_SECONDS, turn_seconds))
        ping(min(WARM_UP_SECONDS, turn_seconds))
        pairs = [measure(post_events, ping, number, seconds=turn_seconds, tell=tell) for number in range(repetitions)]
        running.check()
        with scope(shop.tenant.id):
            stored = RawEvent.objects.count()
        if stored != acknowledged:
            raise RuntimeError(f"{acknowledged} events were acknowledged and {stored} are stored")
    return Report(
        name="hooks",
        title=f"a gateway's events stored and acknowledged, over {connections} connections, against an empty operation behind the sign-in",
        figures=(
            describe("events acknowledged", [1 / pair.subject for pair in pairs], unit="requests/s"),
            describe("empty operation", [1 / pair.reference for pair in pairs], unit="requests/s"),
            describe_share("acknowledged / empty", pairs, bar=Bar(limit=LEAST_SHARE)),
        ),
        notes=(f"{acknowledged} different events acknowledged, and as many stored.",),
    )


def measure(subject: Callable[[float], float], reference: Callable[[float], float], number: int, *, seconds: float, tell: Tell) -> Pair:
    """One turn of each, every other time the reference first; seconds a request."""
    if number % 2:
        reference_seconds, subject_seconds = reference(seconds), subject(seconds)
    else:
        subject_seconds, reference_seconds = subject(seconds), reference(seconds)
    tell(f"turn {number + 1}: {1 / subject_seconds:.0f} requests/s against {1 / reference_seconds:.0f}")
    return Pair(subject=subject_seconds, reference=reference_seconds)


async def send(calls: Iterator[Call], *, seconds: float, connections: int) -> tuple[int, float]:
    """Send for so long over so many connections, each waiting for its answer; how many were answered with 200, and in how many seconds.

    Raises RuntimeError for any other answer.
    """
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections), trust_env=False) as session:
        began = time.perf_counter()
        end = began + seconds

        async def send_on() -> int:
            done = 0
            while time.perf_counter() < end:
                call = next(calls)
                async with session.request(call.method, call.url, headers=call.headers, data=call.body) as answer:
                    body = await answer.read()
                    if answer.status != 200:
                        raise RuntimeError(f"{call.method} was answered with {answer.status}: {body[:200]!r}")
                done += 1
            return done

        counts = await asyncio.gather(*(send_on() for _ in range(connections)))
        return sum(counts), time.perf_counter() - began


def write_event_calls(shop: Shop, address: str) -> Iterator[Call]:
    """The calls of a gateway, each telling another message, without end."""
    issued = int(time.time())
    claims = {"iat": issued, "exp": issued + 600, "app": "evolution", "action": "webhook"}
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "axios/1.13.2",
        "Authorization": f"Bearer {jwt.encode(claims, shop.webhook_key, algorithm='HS256')}",
    }
    url = f"{address}{shop.hook_path}"
    for number, text in enumerate(itertools.cycle(list_customer_texts())):
        event = write_event(number, text, at=issued, destination=url)
        yield Call(method="POST", url=url, headers=headers, body=json.dumps(event, ensure_ascii=False).encode())


def write_event(number: int, text: str, *, at: int, destination: str) -> dict[str, object]:
    """`messages.upsert` of version 2.3.7 as its webhook tells it; `at` in Unix seconds."""
    phone = f"55119{80_000_000 + number % 500}@s.whatsapp.net"
    bytes_as_json = {str(place): (number * 31 + place * 7) % 256 for place in range(32)}
    return {
        "event": "messages.upsert",
        "instance": INSTANCE,
        "data": {
            "key": {
                "remoteJid": phone,
                "fromMe": False,
                "id": f"AC{uuid.uuid4().hex[:30].upper()}",
                "addressingMode": "lid",
                "remoteJidAlt": phone,
            },
            "pushName": f"Cliente {number % 500}",
            "status": "DELIVERY_ACK",
            "message": {
                "conversation": text,
                "messageContextInfo": {
                    "deviceListMetadata": {"senderTimestamp": str(at), "recipientTimestamp": str(at)},
                    "deviceListMetadataVersion": 2,
                    "messageSecret": bytes_as_json,
                },
            },
            "contextInfo": None,
            "messageType": "conversation",
            "messageTimestamp": at,
            "instanceId": "a43bdd0b-c55b-486f-b7c4-d8a549d0cdda",
            "source": "android",
        },
        "destination": destination,
        "date_time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "sender": f"{OWNER_PHONE}@s.whatsapp.net",
        "server_url": NOWHERE,
        "apikey": None,
    }
