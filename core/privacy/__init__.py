"""Personal data is masked before anything else reads a text: a model, a vector, a log, a prompt.

What is masked: CPF, CNPJ, cards, phones, e-mail addresses, CEP, streets with a house number, RG, birth dates, bank accounts,
passwords, Pix keys and the other identifiers of `core.privacy.kinds`. Names of people are not: nothing but a list tells "Rosa" the
customer from "rosa" the colour, and managers ask for people by name. `evosense eval masking` says how well each kind is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.privacy.detect import find_spans
from core.privacy.kinds import PLACEHOLDERS, Kind, Span

__all__ = ["Kind", "Masked", "Span", "find_spans", "mask", "mask_for_log"]

# Fields whose value is never written to a log, whatever it is.
_SECRET_FIELDS = ("password", "senha", "secret", "token", "authorization", "cookie", "api_key", "apikey", "private_key", "credential")
HIDDEN = "[hidden]"
MAX_LOG_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data. `spans` are the places of the values in the text as it was."""

    text: str
    spans: tuple[Span, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of data that the text held."""
        return frozenset(span.kind for span in self.spans)


def mask(text: str) -> Masked:
    """Replace each piece of personal data by a word for its kind: "meu CPF é 529.982.247-25" → "meu CPF é [CPF]".

    Masking a masked text changes nothing. Never raises.
    """
    spans = find_spans(text)
    if not spans:
        return Masked(text, ())
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += (text[end : span.start], PLACEHOLDERS[span.kind])
        end = span.end
    parts.append(text[end:])
    return Masked("".join(parts), tuple(spans))


def mask_for_log(value: object, *, field: str = "", depth: int = 0) -> object:
    """The value as a log may show it: texts masked, secrets hidden by the name of their field, structure kept."""
    if field and any(word in field.lower() for word in _SECRET_FIELDS):
        return HIDDEN
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        written = str(value)
        masked = mask(written).text
        return value if masked == written else masked
    if isinstance(value, str):
        return mask(value).text
    if depth >= MAX_LOG_DEPTH:
        return mask(str(value)).text
    if isinstance(value, Mapping):
        return {str(key): mask_for_log(item, field=str(key), depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_for_log(item, depth=depth + 1) for item in value]
    return mask(str(value)).text
