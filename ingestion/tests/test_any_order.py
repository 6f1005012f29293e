"""The same happenings give the same rows, in whatever order and batches they come and however often."""

import random as random_module
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.models import Channel
from ingestion.evolution.types import ContactSeen, DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.tests.live import NOON, Told, empty, react, take_in, tell, write_everything

# Name, phone, the same phone without its ninth digit, lid. Ana's two ids may be linked, Davi's too; Eva has a lid alone.
PEOPLE = [("Ana", "5531988887777", "553188887777", "111111111111111"), ("Davi", "5521977776666", "552177776666", "222222222222222"),
          ("Eva", None, None, "333333333333333")]  # fmt: skip
TEXTS = ["oi", "chegou quebrado", "tchau", "obrigada!", "5", "De 1 a 5, que nota você dá?", "vou verificar", "trocamos"]


def address(person: int, form: int) -> dict[str, Any]:
    """One of the ways in which versions of the gateway say whose chat it is."""
    _, phone, short, lid = PEOPLE[person]
    ways: list[dict[str, Any]] = [{"chat": f"lid:{lid}"}]
    if phone is not None:
        ways += [{"chat": phone}, {"chat": short}, {"chat": phone, "chat_lid": lid}, {"chat": short, "chat_lid": lid}]
    return ways[form % len(ways)]


def address_in_group(person: int, form: int) -> dict[str, Any]:
    """The same where the person writes in a group."""
    way = address(person, form)
    lid = way.get("chat_lid") or (PEOPLE[person][3] if way["chat"].startswith("lid:") else None)
    return GROUP | {"sender_lid": lid, "sender_phone": None if way["chat"].startswith("lid:") else way["chat"]}


KINDS = "edit edit2 read_back delete read failed react react2 unreact".split()
GROUP: dict[str, Any] = {"chat": "1203630@g.us", "is_group": True, "chat_name": "Prédio"}


@st.composite
def happenings(draw: st.DrawFn) -> list[Told]:
    """Up to twelve messages, each told by one or two ways, and what became of them. A step is 37 minutes."""
    told: list[Told] = []
    for number in range(draw(st.integers(1, 12))):
        person, who, text = draw(st.integers(0, 2)), draw(st.sampled_from("cca")), draw(st.sampled_from(TEXTS))
        minutes = draw(st.integers(0, 60)) * 37 + number / 100
        name = draw(st.sampled_from([PEOPLE[person][0], "", "123456789"] if who == "c" else ["Você", ""]))
        ours: dict[str, Any] = {"agent_name": "Rita", "delivery": "sent"} if who == "a" else {}
        forms = draw(st.lists(st.integers(0, 4), min_size=1, max_size=2))
        reach = draw(st.sampled_from([address, address, address_in_group]))
        facts = {"chat_name": name, "sender_name": name if who == "c" else "", **ours}
        told += [tell(minutes, who, text, id=f"m{number}", **facts | reach(person, form)) for form in forms]
        told += [make_change(kind, number, person, minutes, who, reach) for kind in draw(st.lists(st.sampled_from(KINDS), max_size=3))]
    linked, named = draw(st.lists(st.integers(0, 1), max_size=2)), draw(st.lists(st.integers(0, 2), max_size=1))
    told += [ContactSeen(phone=PEOPLE[person][1 + number], lid=PEOPLE[person][3]) for number, person in enumerate(linked)]
    told += [ContactSeen(lid=PEOPLE[person][3], name=PEOPLE[person][0] or "") for person in named]
    told += draw(st.sampled_from([[], [DeliveryChanged(provider_id="gone", delivery="read"), MessageDeleted(provider_id="gone")]]))
    return told


def make_change(kind: str, number: int, person: int, minutes: float, who: str, reach: Callable[[int, int], dict[str, Any]]) -> Told:
    """What became of the message of this number."""
    of = f"m{number}"
    at = NOON + timedelta(minutes=minutes + 5)
    changes: dict[str, Told] = {
        "edit": MessageEdited(provider_id=of, text="era isso, tchau", edited_at=at),
        "edit2": MessageEdited(provider_id=of, text="mudei de ideia", edited_at=at + timedelta(minutes=1)),
        # The gateway's own store gives an edited message the time of its edit.
        "read_back": tell(minutes + 6, who, "mudei de ideia", id=of, is_edited=True, source="recovered", **reach(person, number)),
        "delete": MessageDeleted(provider_id=of),
        "read": DeliveryChanged(provider_id=of, delivery="read"),
        "failed": DeliveryChanged(provider_id=of, delivery="error"),
        "react": react(minutes + 6, "c", "👍", id=f"r{number}", to=of, **reach(person, number)),
        "react2": react(minutes + 7, "c", "❤️", id=f"rr{number}", to=of, **reach(person, number + 1)),
        "unreact": react(minutes + 8, "c", "", id=f"u{number}", to=of, **reach(person, number + 2)),
    }
    return changes[kind]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(happenings(), st.randoms(use_true_random=False), st.integers(1, 8))
def test_any_order_and_any_batches_give_the_same_rows(
    channel: Channel, told: list[Told], random: random_module.Random, pieces: int
) -> None:
    empty()
    take_in(channel, told)
    at_once = write_everything()
    empty()
    again = told + random.sample(told, k=len(told) // 2)
    random.shuffle(again)
    for number in range(pieces):
        take_in(channel, again[number::pieces])
    assert write_everything() == at_once
