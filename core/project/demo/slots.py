"""The small things that differ from one conversation to the next: goods, days, sums, addresses, well-formed invented personal data."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.project.demo.draw import Draw
from core.project.demo.people import Person

# Masculine, because scripts say "um {produto}" and "do {produto}".
_GOODS = (
    "sofá retrátil", "sofá de 3 lugares", "guarda-roupa de casal", "rack de TV", "painel de TV", "colchão de casal", "colchão queen",
    "tapete de sala", "espelho redondo", "criado-mudo", "jogo de panelas", "fogão de 4 bocas", "micro-ondas", "armário de cozinha",
    "balcão de pia", "conjunto de mesa e cadeiras", "escritório em L", "ventilador de coluna", "puff baú", "beliche", "lustre", "aspirador",
    "filtro de água", "aparador", "buffet", "jogo de jantar", "faqueiro", "edredom", "carrinho de chá",
)  # fmt: skip
_COLOURS = ("areia", "grafite", "verde-musgo", "terracota", "azul-marinho", "bege", "cinza", "off-white", "mostarda", "rosé")
_CARRIERS = ("Translitoral", "Via Serra", "Rodomax", "LogVale", "Ligeirinha Cargas")
_STREETS = (
    "Rua das Acácias", "Rua Sete de Setembro", "Rua do Ipê", "Avenida Brasil", "Travessa São Jorge", "Rua Padre Anchieta", "Rua Tiradentes",
    "Rua Dona Francisca", "Avenida das Palmeiras", "Rua Santa Rita", "Rua Coronel Dutra", "Rua dos Sabiás", "Rua Marechal Rondon",
)  # fmt: skip
_PRICES = (
    "89,90", "129,90", "159,00", "189,90", "219,90", "249,00", "289,90", "329,00", "389,90", "459,00", "529,90", "649,00", "789,90",
    "899,00", "1.049,00", "1.189,90", "1.289,00", "1.549,90", "1.899,00", "2.349,00", "2.790,00", "3.190,00",
)  # fmt: skip
_COUPONS = ("AURORA10", "CASA15", "VOLTEI10", "PRIMEIRA5", "AURORA20", "LAR12")
_WEEKDAYS = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the slots of one conversation depend on. `started_at` is local time."""

    key: str
    person: Person
    agent: str
    started_at: datetime


def _coming_day(scene: Scene, draw: Draw) -> str:
    day = scene.started_at + timedelta(days=draw.whole(1, 4))
    return _WEEKDAYS[0 if day.weekday() == 6 else day.weekday()]


def _days_ago(scene: Scene, draw: Draw, low: int, high: int) -> datetime:
    return scene.started_at - timedelta(days=draw.whole(low, high))


def _clock_before(scene: Scene, draw: Draw) -> str:
    moment = scene.started_at - timedelta(minutes=draw.whole(20, 90))
    return f"{moment.hour}h{moment.minute:02d}"


def _cpf(draw: Draw) -> str:
    digits = [draw.whole(0, 9) for _ in range(9)]
    for _ in range(2):
        rest = sum(digit * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1), strict=True)) * 10 % 11
        digits.append(rest % 10)
    bare = "".join(map(str, digits))
    return draw.one((bare, f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}"))


def _phone(scene: Scene, draw: Draw) -> str:
    digits = scene.person.phone[2:]
    return draw.one((f"({digits[:2]}) {digits[2:7]}-{digits[7:]}", f"{digits[:2]} {digits[2:7]}-{digits[7:]}", digits))


def _email(scene: Scene, draw: Draw) -> str:
    words = strip_accents(scene.person.name).lower().replace("'", "").split()
    return f"{words[0]}{draw.one(('.', '_', ''))}{words[-1]}{draw.one(('', '', str(draw.whole(70, 99))))}@correio.example"


# Slot → how it is filled. The sum and the day have a second form, after "R$" and after "dia" (see `fill_slots`).
SLOTS: dict[str, Callable[[Scene, Draw], str]] = {
    "cliente": lambda scene, draw: scene.person.given_name,
    "agente": lambda scene, draw: scene.agent.split()[0],
    "produto": lambda scene, draw: draw.one(_GOODS),
    "pedido": lambda scene, draw: str(draw.whole(41000, 69999)),
    "dia": _coming_day,
    "data": lambda scene, draw: f"{_days_ago(scene, draw, 13, 19):%d/%m}",
    "prazo": lambda scene, draw: f"{_days_ago(scene, draw, 2, 5):%d/%m}",
    "hora": _clock_before,
    "valor": lambda scene, draw: f"R$ {draw.one(_PRICES)}",
    "cor": lambda scene, draw: draw.one(_COLOURS),
    "transportadora": lambda scene, draw: draw.one(_CARRIERS),
    "cupom": lambda scene, draw: draw.one(_COUPONS),
    "rastreio": lambda scene, draw: f"CA{draw.whole(100000000, 999999999)}BR",
    "bairro": lambda scene, draw: draw.one(scene.person.city.districts),
    "cidade": lambda scene, draw: scene.person.city.name,
    "rua": lambda scene, draw: f"{draw.one(_STREETS)}, {draw.whole(12, 980)}",
    "cep": lambda scene, draw: f"{scene.person.city.postcode}{draw.whole(100, 999)}-{draw.whole(0, 99) * 10:03d}",
    "cpf": lambda scene, draw: _cpf(draw),
    "telefone": _phone,
    "email": _email,
}


# Pasted rather than typed, so everybody's look the same.
_COPIED = ("cupom", "rastreio", "valor")
_PERSONAL = ("bairro", "rua", "cep", "cpf", "email", "telefone")


def choose_hand(texts: Iterable[str]) -> Callable[[str], str]:
    """How the writer of these texts would write a name: as it is, in bare small letters, or all in capitals."""
    letters = [letter for text in texts for letter in re.sub(r"\{\w+\}", "", text) if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) >= 20 and capitals > 0.9 * len(letters):
        return str.upper
    if len(letters) >= 20 and capitals < 0.02 * len(letters) and all(letter.isascii() for letter in letters):
        return lambda value: strip_accents(value).lower()
    return str


def fill_slots(text: str, *, scene: Scene, hand: Callable[[str], str] = str) -> str:
    """The text with its slots filled, the same value for the same slot all through one conversation.

    `{dia}` is a coming weekday, but "dia {dia}" the number of a past day; `{valor}` brings its "R$" unless that is written.
    `hand` writes the values as the author of the text would (see `choose_hand`).
    """

    def fill(found: re.Match[str]) -> str:
        before, name = found[1] or "", found[2]
        # What belongs to a person stays the same in all of their conversations.
        draw = Draw("person" if name in _PERSONAL else scene.key, scene.person.phone, name)
        if name == "dia" and before.lower() == "dia ":
            value = str(_days_ago(scene, draw, 13, 19).day)
        else:
            value = SLOTS[name](scene, draw)
        if name == "valor" and before.lower() == "r$ ":
            value = value.removeprefix("R$ ")
        return before + (value if name in _COPIED else hand(value))

    return re.sub(r"((?:\bdia |R\$ ))?\{(\w+)\}", fill, text)


def strip_accents(text: str) -> str:
    """The text with its letters bare."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
