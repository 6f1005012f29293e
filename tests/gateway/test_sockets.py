"""The stand-in's Socket.IO road is the real gateway's: who may come in, which namespaces there are, what an event looks like."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
import socketio
from socketio.exceptions import ConnectionError as RefusedError

from tests.gateway import messages
from tests.gateway.faults import Options
from tests.gateway.receiver import Listener
from tests.gateway.server import Gateway
from tests.gateway.steps import Said


def say(gateway: Gateway, words: str, **more: object) -> None:
    gateway.deliver("loja-1", Said(content=messages.text(words), **more))  # type: ignore[arg-type]


async def test_a_namespace_is_there_after_the_first_emission_which_is_lost(gateway: Gateway) -> None:
    early = Listener(gateway)
    refusals: list[object] = []
    early.client.on("connect_error", refusals.append, namespace="/loja-1")
    with pytest.raises(RefusedError):
        await early.connect()
    assert refusals == [{"message": "Invalid namespace"}]
    say(gateway, "perdida")
    async with Listener(gateway) as listener:
        say(gateway, "ouvida")
        await listener.wait_for(1)
    assert [data["message"] for data in listener.find_data("messages.upsert")] == [{"conversation": "ouvida"}]
    assert gateway.get_tally()["socket"]["lost_to_namespace"] == 1


async def test_an_event_has_the_envelope_of_the_real_gateway(gateway: Gateway) -> None:
    say(gateway, "primeira")
    async with Listener(gateway) as listener:
        say(gateway, "oi, tudo bem?", message_id="3EB0AB12CD34EF56AB12CD", at=1_795_400_000)
        [(event, payload)] = await listener.wait_for(1)
    date_time, instance_id = payload.pop("date_time"), payload["data"].pop("instanceId")
    assert date_time.endswith("Z")
    assert len(instance_id) == 36
    assert (event, payload) == (
        "messages.upsert",
        {
            "event": "messages.upsert",
            "instance": "loja-1",
            "data": {
                "key": {
                    "remoteJid": "5511988887777@s.whatsapp.net",
                    "fromMe": False,
                    "id": "3EB0AB12CD34EF56AB12CD",
                    "addressingMode": "pn",
                },
                "pushName": "Mariana Alves",
                "status": "DELIVERY_ACK",
                "message": {"conversation": "oi, tudo bem?"},
                "messageType": "conversation",
                "messageTimestamp": 1_795_400_000,
                "source": "web",
            },
            "server_url": gateway.url,
            "sender": f"{messages.OWNER}@s.whatsapp.net",
            "apikey": None,
        },
    )


async def test_bytes_come_as_bytes(gateway: Gateway) -> None:
    say(gateway, "primeira")
    async with Listener(gateway) as listener:
        gateway.deliver("loja-1", Said(content=messages.image("chegou quebrado")))
        [(_, payload)] = await listener.wait_for(1)
    assert payload["data"]["message"]["imageMessage"]["mediaKey"] == messages.SECRET
    with pytest.raises(TypeError, match="bytes is not JSON serializable"):
        json.dumps(payload)


@pytest.mark.parametrize(("key", "message"), [("", "apiKey is required"), ("errada", "Invalid global token")])
async def test_a_handshake_without_a_key_is_refused_by_status_403(gateway: Gateway, key: str, message: str) -> None:
    say(gateway, "primeira")
    listener = Listener(gateway, key=key)
    with pytest.raises(RefusedError):
        await listener.connect(transports=["websocket"])
    answer = httpx.get(f"{gateway.url}/socket.io/?EIO=4&transport=polling", headers={"apikey": key}, trust_env=False)
    assert (answer.status_code, answer.json()) == (403, {"code": 4, "message": message})


async def test_a_key_counts_in_the_header_and_in_the_query_and_not_in_the_auth_payload(gateway: Gateway) -> None:
    say(gateway, "primeira")
    client = socketio.AsyncClient()
    await client.connect(f"{gateway.url}?apikey=chave-loja-1", namespaces=["/loja-1"], transports=["websocket"])
    await client.disconnect()
    with pytest.raises(RefusedError):
        await client.connect(gateway.url, namespaces=["/loja-1"], auth={"apikey": "chave-loja-1"}, transports=["websocket"])


async def test_the_key_of_another_instance_opens_a_namespace_too(gateway: Gateway) -> None:
    gateway.create_instance("loja-2")
    say(gateway, "primeira")
    async with Listener(gateway, key="chave-loja-2") as listener:
        say(gateway, "segredo")
        await listener.wait_for(1)


async def test_polling_works_as_well(gateway: Gateway) -> None:
    say(gateway, "primeira")
    listener = Listener(gateway)
    await listener.connect(transports=["polling"])
    gateway.deliver("loja-1", Said(content=messages.image()))
    await listener.wait_for(1)
    await listener.client.eio.disconnect(abort=True)  # else the client waits for its last poll to end


async def test_only_subscribed_events_come(gateway: Gateway) -> None:
    gateway.create_instance("loja-2", events=["MESSAGES_DELETE"])
    said = [Said(content=messages.text(words)) for words in ("uma", "duas")]
    gateway.deliver("loja-2", *said)
    gateway.revoke("loja-2", said[0].message_id)
    async with Listener(gateway, "loja-2") as listener:
        gateway.revoke("loja-2", said[1].message_id)
        await listener.wait_for(1)
    assert [event for event, _ in listener.heard] == ["messages.delete"]


async def test_global_mode_tells_everything_of_everyone_on_the_root() -> None:
    with Gateway(options=Options(global_socket=True, exposes_tokens=True)) as gateway:
        for name in ("loja-1", "loja-2"):
            gateway.create_instance(name, events=["CALL"])
        async with Listener(gateway, namespace="/") as listener:
            for name in ("loja-1", "loja-2"):
                gateway.deliver(name, Said(content=messages.text("oi")))
            await listener.wait_for(4)
    told = [(event, payload["instance"], payload["apikey"]) for event, payload in listener.heard]
    assert told == [(event, name, f"chave-{name}") for name in ("loja-1", "loja-2") for event in ("messages.upsert", "contacts.upsert")]


async def test_after_a_restart_a_client_comes_back_once_something_was_emitted(tmp_path: Path) -> None:
    with Gateway(state=tmp_path, options=Options(tells_contacts=False)) as gateway:
        gateway.create_instance("loja-1")
        say(gateway, "primeira")
        async with Listener(gateway) as listener:
            await asyncio.to_thread(gateway.restart)
            # Until it noticed, it is still in the namespace that is gone.
            async with asyncio.timeout(30):
                while "/loja-1" in listener.client.namespaces:
                    await asyncio.sleep(0.01)
            say(gateway, "perdida")
            async with asyncio.timeout(30):
                while "/loja-1" not in listener.client.namespaces:
                    await asyncio.sleep(0.01)
            say(gateway, "ouvida")
            await listener.wait_for(1)
    assert [data["message"]["conversation"] for data in listener.find_data("messages.upsert")] == ["ouvida"]


async def test_cut_connections_come_back_by_themselves(gateway: Gateway) -> None:
    say(gateway, "primeira")
    async with Listener(gateway) as listener:
        gateway.cut_sockets()
        async with asyncio.timeout(30):
            while not listener.heard:
                say(gateway, "ainda aí?")
                await asyncio.sleep(0.1)
