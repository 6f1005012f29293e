"""The stand-in's webhooks are the real gateway's: what is sent, what is sent again, and what is given up."""

from pathlib import Path

import jwt

from tests.gateway import messages
from tests.gateway.faults import Options
from tests.gateway.receiver import Hook, WebhookReceiver
from tests.gateway.server import Gateway
from tests.gateway.steps import Said

SECRET = "um segredo bem comprido de teste"


def say(gateway: Gateway, words: str, *, instance: str = "loja-1") -> None:
    gateway.deliver(instance, Said(content=messages.text(words)))


def read_words(hook: Hook) -> str:
    return str(hook.body["data"]["message"]["conversation"])


def test_a_webhook_is_the_envelope_with_its_destination(gateway: Gateway, receiver: WebhookReceiver) -> None:
    say(gateway, "oi")
    [hook] = receiver.wait_for(1)
    assert hook.path == "/hook"
    assert set(hook.body) == {"event", "instance", "data", "destination", "date_time", "sender", "server_url", "apikey"}
    assert (hook.body["destination"], hook.body["data"]["message"]) == (receiver.url, {"conversation": "oi"})


def test_bytes_are_objects_of_numbers(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.deliver("loja-1", Said(content=messages.image()))
    [hook] = receiver.wait_for(1)
    assert hook.body["data"]["message"]["imageMessage"]["mediaKey"] == {str(number): 64 + number for number in range(32)}


def test_headers_are_sent_and_the_secret_becomes_a_token(gateway: Gateway, receiver: WebhookReceiver) -> None:
    headers = {"x-loja": "lua", "jwt_key": SECRET, "authorization": "Bearer fixo"}
    gateway.create_instance("loja-2", webhook_url=receiver.url, webhook_headers=headers)
    say(gateway, "oi", instance="loja-2")
    hook = receiver.wait_for(1)[0]
    lowered = {name.lower(): value for name, value in hook.headers.items()}
    assert (lowered["x-loja"], "jwt_key" in lowered) == ("lua", False)
    claims = jwt.decode(lowered["authorization"].removeprefix("Bearer "), SECRET, algorithms=["HS256"])
    assert claims == {"iat": claims["iat"], "exp": claims["iat"] + 600, "app": "evolution", "action": "webhook"}


def test_by_events_each_event_has_a_path(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.create_instance("loja-2", webhook_url=receiver.url, by_events=True)
    say(gateway, "oi", instance="loja-2")
    gateway.emit("loja-2", "group-participants.update", {"id": messages.GROUP})
    paths = {hook.path for hook in receiver.wait_for(2)}
    assert paths == {"/hook/messages-upsert", "/hook/group-participants-update"}


def test_media_come_along_where_the_webhook_asks_for_them(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.create_instance("loja-2", webhook_url=receiver.url, with_base64=True)
    gateway.deliver("loja-2", Said(content=messages.audio(), media=messages.encode_media(b"som")))
    [hook] = receiver.wait_for(1)
    assert hook.body["data"]["message"]["base64"] == "c29t"


def test_what_failed_is_sent_again_and_later_ones_do_not_wait(receiver: WebhookReceiver) -> None:
    """The first is refused until the second is there: were it waited for, none would ever get through."""
    receiver.refuses = lambda hook: read_words(hook) == "primeira" and "segunda" not in map(read_words, receiver.hooks)
    with Gateway(options=Options(tells_contacts=False, webhook_attempts=1000)) as gateway:
        gateway.create_instance("loja-1", webhook_url=receiver.url)
        say(gateway, "primeira")
        receiver.wait_for(1)
        say(gateway, "segunda")
        gateway.wait_until_idle()
        tally = gateway.get_tally()["webhook"]
    words = [read_words(hook) for hook in receiver.hooks]
    assert (words[0], words[-1], words.count("segunda")) == ("primeira", "primeira", 1)
    assert [tally[name] for name in ("offered", "delivered", "given_up")] == [2, 2, 0]


def test_some_statuses_are_given_up_at_once_and_others_after_the_last_attempt(gateway: Gateway, receiver: WebhookReceiver) -> None:
    hard, soft = [400, 401, 403, 404, 422], [500, 503, 429, 408]
    receiver.answer_with(hard)
    for status in hard:
        say(gateway, str(status))
    gateway.wait_until_idle()
    assert len(receiver.hooks) == 5
    receiver.answer_with(soft)
    say(gateway, "quatro vezes")
    gateway.wait_until_idle()
    tally = gateway.get_tally()["webhook"]
    assert [tally[name] for name in ("offered", "delivered", "refused", "retried", "given_up")] == [6, 0, 5, 3, 1]


def test_a_slow_success_is_sent_again(receiver: WebhookReceiver) -> None:
    receiver.delay_seconds = 0.3
    with Gateway(options=Options(tells_contacts=False, webhook_timeout_seconds=0.1, webhook_attempts=2)) as gateway:
        gateway.create_instance("loja-1", webhook_url=receiver.url)
        say(gateway, "oi")
        receiver.wait_for(2)


def test_a_restart_loses_what_waits_and_keeps_what_is_stored(receiver: WebhookReceiver, tmp_path: Path) -> None:
    with Gateway(state=tmp_path, options=Options(tells_contacts=False, webhook_first_delay_seconds=3600)) as gateway:
        gateway.create_instance("loja-1", webhook_url=receiver.url)
        receiver.answer_with([503])
        say(gateway, "perdida")
        receiver.wait_for(1)
        gateway.restart()
        say(gateway, "depois")
        # It would not be idle for an hour, had it kept what waited.
        gateway.wait_until_idle()
        words = [hook.body["data"]["message"]["conversation"] for hook in receiver.hooks]
    assert words == ["perdida", "depois"]


def test_newer_gateways_name_the_event_in_headers(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.set_version("2.4.0")
    say(gateway, "oi")
    [hook] = receiver.wait_for(1)
    assert (hook.headers["X-Instance-Name"], hook.headers["X-Event-Type"]) == ("loja-1", "messages.upsert")
