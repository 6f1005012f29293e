"""Personal data that is planted in messages, each value once in the world, and how it is found again however it was written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from core.privacy import Kind

Road = Literal["imported", "imported reply", "live", "live reply"]

# Kind, the sentence, and its value by each road: written by a customer in an imported chat, by an agent there, by a customer and by
# an agent in a chat that comes live. Documents have valid check digits but for the one that is mistyped; all are drawn at random.
# fmt: off
_TABLE: tuple[tuple[Kind, str, str, str, str, str], ...] = (
    ("cpf", "meu cpf é {}", "550.090.028-50", "701.640.911-22", "626.884.553-62", "401.112.529-62"),
    ("cpf", "confirma aí: {}", "21169367135", "74690444269", "83700889372", "79315122356"),
    ("document", "o cpf do meu pai é {}", "648.328.368-71", "526.308.686-59", "833.429.330-57", "796.431.715-69"),
    ("cnpj", "nota no cnpj {}", "63.785.031/4773-53", "83.595.020/3947-06", "94.380.978/3301-29", "58.282.447/4462-78"),
    ("card", "passa no cartão {}", "4539 7993 7419 3232", "5274 8106 8117 5485", "4716 4668 2514 3118", "5412 4197 2536 0682"),
    ("card_code", "o cvv é {}", "4107", "8266", "5391", "7742"),
    ("phone", "me liga no {}", "(11) 99471-6877", "(21) 94733-9145", "(31) 95341-3208", "(85) 90458-1672"),
    ("phone", "meu fixo: {}", "11 3270-1281", "21 3114-8075", "31 3568-5955", "85 3135-1914"),
    ("email", "manda no {}", "lina.pires@exemplo.com.br", "otto_farias@exemplo.net", "bia.moura77@exemplo.org", "caio.neves@exemplo.com"),
    ("email", "e-mail: {} arroba gmail ponto com", "zilda ponto prado", "ivo ponto leme", "nara ponto luz", "tito ponto reis"),
    ("cep", "meu CEP: {}", "80420-130", "69020-170", "40140-110", "90035-190"),
    ("address", "entrega na {}", "Rua Marapuama, 9607", "Rua Cupixi, 6652", "Rua Jatobazeiro, 6757", "Rua Tanajura, 6926"),
    ("rg", "meu rg é {}", "23.778.532-3", "73.503.855-4", "41.014.194-3", "09.456.151-2"),
    ("birth_date", "nasci em {}", "17/09/1983", "23/11/1979", "04/06/1991", "28/02/1968"),
    ("bank_account", "deposita: agência {}", "9158 conta 08705-2", "0726 conta 63815-9", "8893 conta 28833-2", "0980 conta 05448-4"),
    ("password", "a senha do site é {}", "Tucano88sol", "Capim47azul", "Brisa63mar", "Pedra29lua"),
    ("pix_key", "chave pix {}", "08827099-1e09-77a9-b0ef-84f341cad352", "1a0f00c8-a1b2-bc85-db19-ba31309bd333",
     "9147698b-4cf1-2a2d-166e-d9a1d7ab0180", "462ab97c-4a8f-b801-776a-642b748349df"),
    ("plate", "a placa do carro é {}", "CJJ9E19", "VQP1E78", "AWP1D01", "URS5H00"),
    ("nis", "meu PIS {}", "884.62205.76-6", "416.07844.08-3", "494.54705.19-3", "125.70618.44-8"),
    ("cnh", "cnh {}", "83670917248", "25153923374", "26283437720", "08504729063"),
    ("cns", "cartão sus {}", "716 4132 7677 5368", "789 2658 6507 2832", "785 1279 8931 9457", "755 8161 6267 4007"),
    ("voter_id", "título de eleitor {}", "960122281619", "711122741210", "079673430213", "533241101430"),
    ("court_case", "o processo é {}", "2935552-21.1488.4.72.2409", "1098484-84.2690.8.30.2217", "2690346-45.3236.7.58.1759",
     "6532869-47.6557.8.97.3170"),
)
# fmt: on

# Values of single roads: a message that was edited, an edit whose message has not come yet, a line of a file that is no message, a
# webhook that is no JSON, and a CPF that a manager asks for.
EDITED, EARLY_EDIT, UNREADABLE, MALFORMED, ASKED = "353.942.253-62", "046.730.393-27", "001.191.503-01", "457.591.928-41", "925.628.606-83"
# Values inside of messages that are no plain text: what of the gateway's content each stands in.
INSIDE = {
    "caption": "653.269.484-35", "name on a card": "104.332.181-00", "name of a place": "042.751.797-49", "poll": "688.126.340-60",
    "quoted": "467.414.501-57",
}  # fmt: skip
FILE, PUSHED = "160.993.829-17", "516.879.548-01"  # in the name of a file, and in the name that a customer gave themselves


@dataclass(frozen=True, slots=True)
class Planted:
    """One value in one message. `road` is how the message came."""

    kind: Kind
    text: str
    value: str
    road: str

    @property
    def name(self) -> str:
        """How the value is told of."""
        return f"{self.road}: {self.value}"

    @property
    def mark(self) -> str:
        """What is looked for: the value, with its sentence where four digits alone would be found by chance."""
        return squeeze(self.value if len(self.value) > 4 else self.text)


def plant() -> list[Planted]:
    """Every line of the table by every road."""
    return [
        Planted(kind, text.format(value), value, road)
        for kind, text, *values in _TABLE
        for road, value in zip(get_args(Road), values, strict=True)
    ]


def plant_singles() -> list[Planted]:
    """The values of single roads."""
    named = {"edited": EDITED, "early edit": EARLY_EDIT, "unreadable line": UNREADABLE, "malformed webhook": MALFORMED, "question": ASKED}
    named |= INSIDE | {"file name": FILE, "pushed name": PUSHED}
    return [Planted("cpf", f"meu cpf é {value}", value, road) for road, value in named.items()]


def squeeze(text: str) -> str:
    """Letters and digits alone, in lower case: "529.982.247-25" is found as 52998224725 too."""
    return "".join(character for character in text.casefold() if character.isalnum())


class Finder:
    """Looks for planted values in texts."""

    def __init__(self, planted: Iterable[Planted]) -> None:
        planted = list(planted)
        self._by_mark = {one.mark: one for one in planted}
        assert all(len(mark) >= 7 for mark in self._by_mark), "shorter ones are found by chance"
        self._pattern = re.compile("|".join(self._by_mark))
        # Four digits that stand alone: no part of a longer number, an id, an hour or a sum.
        self._short = {one.value: one for one in planted if len(one.value) <= 4}
        self._alone = re.compile(rf"(?<![\w.,:+\-/\\])(?:{'|'.join(self._short)})(?![\w\-/]|[.,:]\d)") if self._short else None

    def find(self, text: str) -> set[str]:
        """The names of the planted values in a text."""
        found = {self._by_mark[mark].name for mark in self._pattern.findall(squeeze(text))}
        return found | {self._short[value].name for value in self._alone.findall(text)} if self._alone else found
