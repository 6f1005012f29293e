"""Every sentence of Django admin and of the plain pages exists in Portuguese and Spanish, and what is compiled is what is written."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.project.environment import CHECKOUT

FUNCTIONS = {"_", "gettext", "gettext_lazy"}
LOCALES = ["pt_BR", "es"]


def find_sentences() -> set[str]:
    """What is passed to gettext in Python and to `translate` in templates."""
    found = set()
    for package in ("core", "assistant", "ingestion", "web", "bots"):
        for path in (CHECKOUT / package).rglob("*.py"):
            if {"migrations", "tests", "node_modules"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
                    found |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    for path in (CHECKOUT / "web" / "templates").rglob("*.html"):
        found |= set(re.findall(r'{% translate "(.*?)" %}', path.read_text(encoding="utf-8")))
    return {sentence for sentence in found if isinstance(sentence, str)}


def get_folder(locale: str) -> Path:
    return CHECKOUT / "core" / "locale" / locale / "LC_MESSAGES"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_translated_and_none_is_left_over(locale: str) -> None:
    with (get_folder(locale) / "django.po").open("rb") as file:
        translated = {message.id for message in read_po(file) if message.id and message.string}
    assert translated == find_sentences()


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    with (get_folder(locale) / "django.po").open("rb") as file:
        written = {str(message.id): message.string for message in read_po(file) if message.id}
    with (get_folder(locale) / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {sentence: compiled.gettext(sentence) for sentence in written} == written
