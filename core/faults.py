"""What is wrong with a value that a program sent, in words of the caller's language. The values themselves are never repeated."""

from collections.abc import Mapping
from typing import Any

from core.errors import Lang

UNKNOWN_NAME: dict[Lang, str] = {
    "pt": "esta operação não tem este parâmetro",
    "en": "this operation has no such parameter",
    "es": "esta operación no tiene este parámetro",
}
NO_OBJECT: dict[Lang, str] = {
    "pt": "o corpo precisa ser um objeto JSON",
    "en": "the body has to be a JSON object",
    "es": "el cuerpo debe ser un objeto JSON",
}
OTHER: dict[Lang, str] = {
    "pt": "veja na documentação da API o que cabe aqui",
    "en": "see the API's documentation for what fits here",
    "es": "mira en la documentación de la API qué cabe aquí",
}
# Kinds of Pydantic's errors (https://docs.pydantic.dev/latest/errors/validation_errors/) by how they begin, the first that fits.
# Names in braces are of the error's context.
FAULTS: tuple[tuple[tuple[str, ...], dict[Lang, str]], ...] = (
    (("missing",), {"pt": "falta este campo", "en": "this field is missing", "es": "falta este campo"}),
    (("extra_forbidden",), UNKNOWN_NAME),
    (
        ("int_", "float_", "decimal_", "finite_number"),
        {"pt": "precisa ser um número", "en": "has to be a number", "es": "debe ser un número"},
    ),
    (("bool_",), {"pt": "precisa ser true ou false", "en": "has to be true or false", "es": "debe ser true o false"}),
    (
        ("date_", "datetime_", "timezone_", "time_"),
        {
            "pt": "precisa ser uma data ISO 8601, como 2026-11-30 ou 2026-11-30T15:30:00-03:00",
            "en": "has to be a date of ISO 8601, such as 2026-11-30 or 2026-11-30T15:30:00-03:00",
            "es": "debe ser una fecha ISO 8601, como 2026-11-30 o 2026-11-30T15:30:00-03:00",
        },
    ),
    (("literal_error", "enum"), {"pt": "precisa ser {expected}", "en": "has to be {expected}", "es": "debe ser {expected}"}),
    (("greater_than_equal",), {"pt": "no mínimo {ge}", "en": "at least {ge}", "es": "como mínimo {ge}"}),
    (("greater_than",), {"pt": "mais que {gt}", "en": "more than {gt}", "es": "más que {gt}"}),
    (("less_than_equal",), {"pt": "no máximo {le}", "en": "at most {le}", "es": "como máximo {le}"}),
    (("less_than",), {"pt": "menos que {lt}", "en": "less than {lt}", "es": "menos que {lt}"}),
    (
        ("string_too_long",),
        {"pt": "até {max_length} caracteres", "en": "up to {max_length} characters", "es": "hasta {max_length} caracteres"},
    ),
    (
        ("string_too_short",),
        {"pt": "no mínimo {min_length} caracteres", "en": "at least {min_length} characters", "es": "como mínimo {min_length} caracteres"},
    ),
    (("too_long",), {"pt": "até {max_length} itens", "en": "up to {max_length} items", "es": "hasta {max_length} elementos"}),
    (
        ("too_short",),
        {"pt": "no mínimo {min_length} itens", "en": "at least {min_length} items", "es": "como mínimo {min_length} elementos"},
    ),
    (
        ("string_", "uuid_"),
        {
            "pt": "precisa ser um texto da forma pedida",
            "en": "has to be a text of the form asked for",
            "es": "debe ser un texto de la forma pedida",
        },
    ),
    (("list_", "set_", "tuple_"), {"pt": "precisa ser uma lista", "en": "has to be a list", "es": "debe ser una lista"}),
    (("dict_", "model_", "mapping_"), {"pt": "precisa ser um objeto", "en": "has to be an object", "es": "debe ser un objeto"}),
)


def describe_fault(error: Mapping[str, Any]) -> dict[Lang, str]:
    """The sentence of one of Pydantic's errors (its `type` and `ctx`) in each language."""
    kind, context = str(error["type"]), error.get("ctx") or {}
    for beginnings, sentences in FAULTS:
        if kind.startswith(beginnings):
            try:
                return {language: sentence.format(**context) for language, sentence in sentences.items()}
            except KeyError:  # an error without the limits that its kind has elsewhere
                return OTHER
    return OTHER
