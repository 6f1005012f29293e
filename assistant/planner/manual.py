"""The page "What you can ask", written from the planner's own tables, in three languages; every example on it is asked by a test."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from assistant.planner.builtin import plan_question
from assistant.planner.catalogue import Catalog
from assistant.planner.lexicon import LANGUAGES, Language, read_sections, read_table
from assistant.planner.question import PastTurn, Planned
from assistant.planner.text import fold
from core.metrics import METRICS
from core.periods import Period

Kind = Literal["intent", "metric", "dimension", "filter", "also", "time"]
MOST_WORDS = 6  # ways to say something that are shown
# Measures that are said by a noun or a condition: where their words are.
COUNTED = {
    "conversations": ("cues", "noun.conversations"),
    "contacts": ("cues", "noun.contacts"),
    "messages": ("cues", "noun.messages"),
    "unanswered": ("filters", "status=unanswered"),
}
NAMES: dict[Language, str] = {"pt": "Português", "en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Example:
    """A question of the page. `kind` and `name` are what it stands under: "metric" and "csat", "filter" and "emotion=anger"."""

    kind: Kind
    name: str
    language: Language
    question: str


def find_examples() -> Iterator[Example]:
    """Every example that stands under something, in the order of tables/manual.toml."""
    table = read_table("manual")
    for language in LANGUAGES:
        for name, asked in table["intent"].items():
            yield from (Example("intent", name, language, question) for question in asked[language][1:])
        yield from (Example("metric", name, language, asked[language]) for name, asked in table["metric"].items())
        yield from (Example("dimension", name, language, asked[language]) for name, asked in table["dimension"].items())
        yield from (Example("filter", name, language, asked[language]) for name, asked in table["filter"].items())
        yield from (Example("also", name, language, asked[language][1]) for name, asked in table["also"].items())
        yield from (Example("time", name, language, f"CSAT {said[language]}") for name, said in table["time"].items())


def find_threads() -> dict[Language, list[str]]:
    """A thread of questions a language, each going on from the one before."""
    return {language: list(read_table("manual")["going_on"][language]) for language in LANGUAGES}


def find_left_out() -> Iterator[tuple[Language, str, str]]:
    """A question for each condition that no plan holds, with its kind."""
    for kind, asked in read_table("manual")["left_out"].items():
        yield from ((language, kind, asked[language]) for language in LANGUAGES)


def find_repairs() -> Iterator[tuple[Language, str, str]]:
    """Questions with a correction in them, and what is left of them."""
    for language in LANGUAGES:
        yield from ((language, said, meant) for said, meant in read_table("manual")["repair"][language])


def plan_example(question: str, *, language: Language, history: Sequence[PastTurn] = ()) -> Planned:
    """What the planner makes of a question of the page, asked in the sample shop on the sample day."""
    sample = read_table("manual")["sample"]
    clock = datetime.combine(sample["on"], datetime.min.time(), tzinfo=ZoneInfo(sample["time_zone"])).replace(hour=12)
    return plan_question(question, history=history, catalog=_read_sample(), clock=clock, language=language)


def _read_sample() -> Catalog:
    return Catalog.from_dict({key: value for key, value in read_table("manual")["sample"].items() if key != "on"})


def write_manual() -> str:
    """The page, in Markdown. Raises KeyError where a metric, dimension or filter of the tables has no example."""
    links = " · ".join(f"[{NAMES[language]}](#{NAMES[language].lower()})" for language in LANGUAGES)
    return "\n\n".join(["# " + read_table("manual")["en"]["title"], links, *(_write_language(language) for language in LANGUAGES)]) + "\n"


def _write_language(language: Language) -> str:
    table, words = read_table("manual"), read_table("manual")[language]
    sample = {key: ", ".join(names) for key, names in table["sample"].items() if isinstance(names, list)}
    parts = [
        f"## {NAMES[language]}",
        f"**{words['title']}.** {words['intro'].format(**sample)}",
        f"### {words['intents']}",
        _write_table(words["columns"], [[said[language][0], _quote(said[language][1:])] for said in table["intent"].values()]),
        f"### {words['metrics']}\n\n{words['metrics_note']}",
        _write_table(words["metric_columns"], [_write_metric(slug, language) for slug in METRICS]),
        f"### {words['dimensions']}\n\n{words['dimensions_note']}",
        _write_table(words["said_columns"], list(_list_dimensions(language))),
        f"### {words['filters']}\n\n{words['filters_note']}",
        _write_table(words["said_columns"], [*_list_filters(language), *_list_also(language)]),
        f"### {words['times']}\n\n{words['times_note']}",
        _write_table(words["time_columns"], [_write_time(said[language], language) for said in table["time"].values()]),
        f"### {words['going_on']}\n\n{words['going_on_note']} {' → '.join(_quote([said]) for said in table['going_on'][language])}",
        f"### {words['repair']}\n\n{words['repair_note']} {_quote(said for said, _ in table['repair'][language])}",
        f"### {words['left_out']}\n\n{words['left_out_note']} {_quote([asked[language] for asked in table['left_out'].values()])}",
        f"### {words['names']}\n\n{words['names_note']}",
    ]
    return "\n\n".join(parts)


def _write_metric(slug: str, language: Language) -> list[str]:
    metric = METRICS[slug]
    said = _list_words(*COUNTED.get(slug, ("metrics", slug)), language)
    label = metric.labels[language]
    also = ", ".join(word for word in said if fold(word) != fold(label))
    return [f"**{label}**", metric.definitions[language], also, _quote([read_table("manual")["metric"][slug][language]])]


def _list_dimensions(language: Language) -> Iterator[list[str]]:
    for section in read_sections("dimensions", None):
        kind, _, name = section.partition(".")
        if kind == "dim":
            yield [", ".join(_list_words("dimensions", section, language)), _quote([read_table("manual")["dimension"][name][language]])]


def _list_filters(language: Language) -> Iterator[list[str]]:
    for section in read_sections("filters", "filter"):
        yield [", ".join(_list_words("filters", section, language)), _quote([read_table("manual")["filter"][section][language]])]


def _list_also(language: Language) -> Iterator[list[str]]:
    for said in read_table("manual")["also"].values():
        yield [said[language][0], _quote(said[language][1:])]


def _write_time(said: str, language: Language) -> list[str]:
    plan = plan_example(f"CSAT {said}", language=language).plan
    beside = f" {read_table('manual')[language]['versus']} {_write_days(plan.compare_to, language)}" if plan.compare_to else ""
    return [said, f"{_write_days(plan.period, language)}{beside}"]


def _write_days(period: Period | None, language: Language) -> str:
    assert period is not None, "every expression of time has days"
    days = dict.fromkeys((period.start, period.end))
    return " – ".join(_write_day(day, language) for day in days)


def _write_day(day: date, language: Language) -> str:
    return f"{day:%m/%d/%Y}" if language == "en" else f"{day:%d/%m/%Y}"


def _list_words(table: str, section: str, language: Language) -> list[str]:
    """The first ways that a table has to say something: whole words before stems, one word before several."""
    kinds: dict[str, str | None] = {"metrics": "metric", "filters": "filter"}
    entries = read_sections(table, kinds.get(table)).get(section, ("", {}))[1]
    written = [phrase for phrase in (*entries.get("any", ()), *entries.get(language, ())) if "{" not in phrase and "..." not in phrase]
    said = sorted(map(_write_phrase, written), key=lambda words: ("…" in words, " " in words))
    return list({fold(words): words for words in reversed(said)}.values())[::-1][:MOST_WORDS]


def _write_phrase(phrase: str) -> str:
    """A phrase of a table as somebody would say it: the first of several words, without what may be missing."""
    parts = [part.split("|")[0].replace("_", " ").replace("*", "…") for part in phrase.split() if not part.endswith("?")]
    return " ".join(parts)


def _quote(questions: Iterator[str] | Sequence[str]) -> str:
    return " · ".join(f"*{question}*" for question in questions)


def _write_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
