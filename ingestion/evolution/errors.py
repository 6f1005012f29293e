"""What can go wrong between us and a gateway, in kinds that code acts on and one sentence that a person reads. Pure."""

from collections.abc import Iterator
from typing import Any, Literal

GatewayErrorKind = Literal[
    "unreachable",  # nothing was done: no connection, or a proxy with nobody behind it
    "refused_key",  # the key opens nothing
    "unlicensed",  # the gateway waits until its licence is activated (2.4)
    "not_found",  # no such instance, or no gateway at this address
    "number_unknown",  # the number is not on WhatsApp
    "rejected",  # asked again in the same way, it would be refused again
    "uncertain",  # a send that may have happened: look for it before sending again
    "server",  # the gateway's own trouble, which passes: worth another try
]
LONGEST_SENTENCE = 300


class GatewayError(Exception):
    """A call to a gateway that did not do what it should. Its text is one sentence without keys, tokens or customers' numbers."""

    def __init__(self, kind: GatewayErrorKind, sentence: str, *, status: int | None = None) -> None:
        super().__init__(shorten(sentence))
        self.kind = kind
        self.status = status


def shorten(text: str) -> str:
    """The text on one line, cut to what a health page shows."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SENTENCE else line[: LONGEST_SENTENCE - 1] + "…"


def read_sentence(body: Any) -> str:
    """The gateway's error in one sentence, from whichever of its shapes: a text, or texts and objects in lists in lists. "" for none."""
    if not isinstance(body, dict):
        return ""
    response = body.get("response")
    told = response.get("message") if isinstance(response, dict) else body.get("message")
    texts = list(dict.fromkeys(_read_texts(told))) or list(_read_texts(body.get("error")))
    return "; ".join(texts)


def names_unknown_number(body: Any) -> bool:
    """Whether the error says that a number is not on WhatsApp."""
    response = body.get("response") if isinstance(body, dict) else None
    told = response.get("message") if isinstance(response, dict) else None
    return isinstance(told, list) and any(isinstance(item, dict) and item.get("exists") is False for item in told)


def _read_texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told.strip()
    elif isinstance(told, list):
        for item in told:
            yield from _read_texts(item)
    elif isinstance(told, dict) and told.get("exists") is False:
        # The object holds that number, which is a customer's: it is not repeated.
        yield "this number is not on WhatsApp"
    elif isinstance(told, dict):
        yield from _read_texts(told.get("message") or told.get("error"))
