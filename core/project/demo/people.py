"""The customers of the demo shop: who they are, where they live, and a phone that no one has."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from core.project.demo.draw import Draw
from core.project.demo.voices import Gender, Home

PEOPLE = Path(__file__).parent / "people.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    name: str
    area_code: str
    postcode: str  # first two digits
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer. `phone` has the country code and no plus; after the area code comes 90, which Brazil gives to no subscriber."""

    name: str
    given_name: str
    gender: Gender
    home: Home
    is_regular: bool
    phone: str
    city: City


_SAO_PAULO = (
    City(
        name="São Paulo", area_code="11", postcode="04", districts=("Vila Mariana", "Santana", "Tatuapé", "Jabaquara", "Butantã", "Penha")
    ),
    City(name="Guarulhos", area_code="11", postcode="07", districts=("Gopoúva", "Macedo", "Vila Galvão", "Cumbica")),
    City(name="Santo André", area_code="11", postcode="09", districts=("Vila Assunção", "Campestre", "Parque das Nações")),
    City(name="Osasco", area_code="11", postcode="06", districts=("Bela Vista", "Km 18", "Jaguaribe")),
    City(name="Campinas", area_code="19", postcode="13", districts=("Cambuí", "Taquaral", "Barão Geraldo")),
)
_CITIES: dict[Home, tuple[City, ...]] = {
    "paulista": _SAO_PAULO,
    "es": _SAO_PAULO,
    "en": _SAO_PAULO,
    "rio": (
        City(name="Rio de Janeiro", area_code="21", postcode="20", districts=("Méier", "Tijuca", "Madureira", "Campo Grande")),
        City(name="Niterói", area_code="21", postcode="24", districts=("Icaraí", "Fonseca", "Santa Rosa")),
    ),
    "minas": (
        City(name="Belo Horizonte", area_code="31", postcode="30", districts=("Santa Tereza", "Padre Eustáquio", "Venda Nova")),
        City(name="Juiz de Fora", area_code="32", postcode="36", districts=("São Mateus", "Benfica", "Granbery")),
        City(name="Uberlândia", area_code="34", postcode="38", districts=("Santa Mônica", "Martins", "Luizote")),
    ),
    "nordeste": (
        City(name="Recife", area_code="81", postcode="50", districts=("Boa Viagem", "Casa Amarela", "Várzea")),
        City(name="Salvador", area_code="71", postcode="40", districts=("Brotas", "Itapuã", "Cabula")),
        City(name="Fortaleza", area_code="85", postcode="60", districts=("Messejana", "Aldeota", "Parangaba")),
        City(name="Campina Grande", area_code="83", postcode="58", districts=("Catolé", "Bodocongó", "Prata")),
    ),
    "sul": (
        City(name="Porto Alegre", area_code="51", postcode="90", districts=("Partenon", "Menino Deus", "Restinga")),
        City(name="Caxias do Sul", area_code="54", postcode="95", districts=("São Pelegrino", "Ana Rech", "Cruzeiro")),
        City(name="Curitiba", area_code="41", postcode="80", districts=("Portão", "Boqueirão", "Santa Felicidade")),
        City(name="Joinville", area_code="47", postcode="89", districts=("América", "Aventureiro", "Glória")),
    ),
    "norte": (
        City(name="Belém", area_code="91", postcode="66", districts=("Marco", "Pedreira", "Guamá")),
        City(name="Manaus", area_code="92", postcode="69", districts=("Adrianópolis", "Cidade Nova", "Compensa")),
    ),
}


def load_people(path: Path = PEOPLE) -> list[Person]:
    """Every customer, in the order of the file. Raises ValueError where two have the same name."""
    people: list[Person] = []
    home, gender = "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if title := re.match(r"\[(\w+) (woman|man)\]$", line):
            home, gender = title[1], title[2]
        elif line and not line.startswith("#"):
            for entry in filter(None, (part.strip() for part in line.split(","))):
                people.append(_make_person(entry, home=cast(Home, home), gender=cast(Gender, gender), number=len(people)))
    names = [person.name for person in people]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{path.name}: these names are there twice: {', '.join(twice)}")
    return people


def _make_person(entry: str, *, home: Home, gender: Gender, number: int) -> Person:
    draw = Draw("person", entry)
    city = draw.one(_CITIES[home])
    name = entry.removeprefix("*")
    return Person(
        name=name.replace("~", " "),
        given_name=name.split()[0].replace("~", " "),
        gender=gender,
        home=home,
        is_regular=entry.startswith("*"),
        phone=f"55{city.area_code}90{draw.whole(1000, 9999)}{number:03d}",
        city=city,
    )
