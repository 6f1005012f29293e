"""Conversations whose subjects a reader can tell: invoices, parking, and people who talk about something each."""

import uuid
from collections.abc import Sequence

import numpy as np

from core.discovery import Told

INVOICE = (
    "preciso da nota fiscal da minha compra",
    "vocês emitem nota fiscal no cnpj da empresa?",
    "não recebi a nota fiscal por e-mail",
    "a nota fiscal veio com o endereço errado",
    "como eu baixo a nota fiscal?",
    "meu contador pediu a nota fiscal de março",
)
PARKING = (
    "tem estacionamento aí na loja?",
    "o estacionamento é pago?",
    "cabe uma van no estacionamento de vocês",
    "onde fica a entrada do estacionamento",
    "o estacionamento fecha que horas?",
    "estacionamento coberto ou descoberto?",
)
OTHERS = (
    "meu cachorro comeu o puxador",
    "toca violão na loja de manhã, que música é essa",
    "vim elogiar a moça do pacote",
    "qual a voltagem da panela de arroz",
)
# The direction of each subject's vectors; who talks about something of their own has one of their own.
DIRECTIONS = {"invoice": 0, "parking": 1}
DIMENSIONS = 16


def make_talk(number: int, text: str, *, subject: str | None, customer: object = None) -> Told:
    """A conversation of one message. Its id, its customer and its message are numbered."""
    return Told(
        id=uuid.UUID(int=number),
        customer=number if customer is None else customer,
        texts=(text,),
        vectors=make_vector(number, subject)[None, :],
        message_ids=(uuid.UUID(int=1000 + number),),
    )


def make_vector(number: int, subject: str | None) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """Length 1: along its subject's direction, and a little along one of its own."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[2 + number % (DIMENSIONS - 2)] = 0.5
    if subject is not None:
        vector[DIRECTIONS[subject]] = 1.0
    return vector / np.linalg.norm(vector)


def make_crowd(*, begin: int = 1) -> list[Told]:
    """Six about invoices, six about parking, four about something each: in this order, numbered from `begin`."""
    said: Sequence[tuple[str, str | None]] = (
        *((text, "invoice") for text in INVOICE),
        *((text, "parking") for text in PARKING),
        *((text, None) for text in OTHERS),
    )
    return [make_talk(begin + place, text, subject=subject) for place, (text, subject) in enumerate(said)]
