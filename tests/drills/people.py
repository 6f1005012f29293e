"""The customers of a drill and what they say: every way in which WhatsApp names one person, mixed in one script with a known truth.

A customer is one of
- plain:   always the same phone
- ninth:   a Brazilian phone written with and without its ninth digit
- alias:   phone and `@lid` together in some messages, the `@lid` alone in others
- hidden:  the `@lid` alone until, half-way, a message tells the phone too

The truth is who said which message and with which words it ends; a drill compares it with what was stored.
"""

import random
from dataclasses import dataclass, field
from typing import Literal

from tests.gateway import messages
from tests.gateway.steps import Edited, Revoked, Said, Step

Kind = Literal["plain", "ninth", "alias", "hidden"]
KINDS: tuple[Kind, ...] = ("plain", "plain", "plain", "ninth", "ninth", "alias", "hidden")
REPLIES_EVERY = 4
EDITED_SHARE, REVOKED_SHARE = 0.02, 0.01


@dataclass(frozen=True, slots=True)
class Customer:
    """One person. `phone` has the ninth digit."""

    number: int
    kind: Kind
    phone: str
    lid: str


@dataclass(slots=True)
class Told:
    """What must be there of one message in the end."""

    customer: int
    from_me: bool
    text: str
    is_edited: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class Script:
    """Steps in the order in which they happen, and the truth by message id."""

    steps: list[Step] = field(default_factory=list)
    truth: dict[str, Told] = field(default_factory=dict)


def write_script(count: int, *, start: int, seconds: int, seed: int = 11, customers: int = 150) -> Script:
    """`count` messages spread over `seconds` from the Unix second `start`; the same for the same arguments."""
    rng = random.Random(seed)
    people = [_make_customer(number) for number in range(customers)]
    script = Script()
    for number in range(count):
        person = people[rng.randrange(customers)]
        from_me = number % REPLIES_EVERY == REPLIES_EVERY - 1
        message_id = f"3EB0{rng.getrandbits(72):018X}"
        words = f"{'resposta' if from_me else 'pergunta'} {number} sobre o pedido {rng.randrange(1000, 9999)}"
        at = start + number * seconds // count
        phone, lid = _name(person, is_late=number > count // 2, rng=rng)
        script.steps.append(
            Said(
                content=messages.text(words), phone=phone, lid=lid, name=f"Cliente {person.number}",
                from_me=from_me, message_id=message_id, at=at,
            )
        )  # fmt: skip
        told = script.truth[message_id] = Told(customer=person.number, from_me=from_me, text=words)
        chance = rng.random()
        if chance < EDITED_SHARE:
            told.text, told.is_edited = f"{words}, corrigido", True
            script.steps.append(Edited(message_id=message_id, text=told.text, at=at + 1))
        elif chance < EDITED_SHARE + REVOKED_SHARE:
            told.text, told.is_deleted = "", True
            script.steps.append(Revoked(message_id=message_id, at=at + 1))
    # Every hidden customer is told with the phone at least once, or nobody could know that the two are one.
    for person in people:
        if person.kind in ("alias", "hidden"):
            message_id = f"3EB0{rng.getrandbits(72):018X}"
            words = f"meu número é este, cliente {person.number}"
            script.steps.append(
                Said(
                    content=messages.text(words), phone=person.phone, lid=person.lid, name=f"Cliente {person.number}",
                    message_id=message_id, at=start + seconds,
                )
            )  # fmt: skip
            script.truth[message_id] = Told(customer=person.number, from_me=False, text=words)
    return script


def _make_customer(number: int) -> Customer:
    area = ("11", "31", "85", "51")[number % 4]
    return Customer(
        number=number, kind=KINDS[number % len(KINDS)], phone=f"55{area}9{87_000_000 + number}", lid=f"{204_886_317_000_000 + number}"
    )


def _name(person: Customer, *, is_late: bool, rng: random.Random) -> tuple[str | None, str | None]:
    """Phone and `@lid` as this message carries them."""
    if person.kind == "plain":
        return person.phone, None
    if person.kind == "ninth":
        return (person.phone if rng.random() < 0.5 else person.phone[:4] + person.phone[5:]), None
    if person.kind == "alias":
        return (person.phone, person.lid) if rng.random() < 0.5 else (None, person.lid)
    return (person.phone, person.lid) if is_late else (None, person.lid)
