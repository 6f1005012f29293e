"""The built-in planner: question, history, catalogue and clock in, plan out; no language model, no network, no database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from assistant.plan import Plan
from assistant.planner.catalogue import Catalog
from assistant.planner.choice import restate
from assistant.planner.continuing import is_follow_up
from assistant.planner.decide import decide_plan, points_at_nobody
from assistant.planner.follow import edit_plan, find_last_plan
from assistant.planner.guard import is_about_conversations, judge
from assistant.planner.language import detect_language
from assistant.planner.left_out import list_left_out
from assistant.planner.lexicon import Language, load_lexicon
from assistant.planner.moments import Clock
from assistant.planner.question import Missing, PastTurn, Planned
from assistant.planner.read import read_question
from assistant.planner.reading import Doubt, Reading
from assistant.planner.repair import MOST_CORRECTIONS, drop_taken_back
from assistant.planner.spelling import Speller
from assistant.planner.tag import tag_question
from assistant.planner.text import read_tokens
from core.periods import get_today

DAY_DOUBTS = ("no_day", "not_begun")
ANY_DAY = date(2024, 1, 1)  # where words alone are looked at


def plan_question(
    question: str, *, history: Sequence[PastTurn] = (), catalog: Catalog, clock: datetime, language: Language | None = None
) -> Planned:
    """What a question means.

    `history` are the earlier turns of the thread, oldest first; `clock` is the aware instant that the question is asked at;
    `language` is detected where it is not given. Never raises on the words of a question.
    """
    language = language or detect_language(question, history=[turn.question for turn in history])
    day = Clock(get_today(clock, time_zone=catalog.time_zone), language)
    asked, before = restate(question, history=history, read=lambda words: _take_apart(words, catalog=catalog, clock=day))
    planned = _plan(asked, before, catalog=catalog, clock=day)
    return planned if asked == question else replace(planned, is_follow_up=True)


def _plan(question: str, history: Sequence[PastTurn], *, catalog: Catalog, clock: Clock) -> Planned:
    language = clock.language
    reading = _take_apart(question, catalog=catalog, clock=clock)
    last = find_last_plan([turn.plan for turn in history])
    verdict = judge(reading, last=last)
    if verdict is not None:
        intent = Plan(intent="refuse" if verdict.refusal else "help")
        return Planned(plan=intent, language=language, refusal=verdict.refusal, topic=verdict.topic)
    doubt = find_not_begun(reading) or next(iter(reading.doubts), None)
    if doubt is not None:
        missing: Missing = "day" if doubt.kind in DAY_DOUBTS else "name"
        return Planned(plan=Plan(intent="clarify"), language=language, missing=missing, doubt=doubt)
    guesses = tuple(reading.guesses)
    if last is not None and is_follow_up(reading):
        # A reading is used up by planning: each attempt takes the question apart anew.
        edited = edit_plan(last, _take_apart(question, catalog=catalog, clock=clock))
        if edited is not None:
            left_out = list_left_out(reading, intent=edited.intent, metrics=edited.metrics)
            return Planned(plan=edited, language=language, is_follow_up=True, guesses=guesses, left_out=left_out)
    plan = None if last is None and points_at_nobody(reading) else decide_plan(reading)
    if plan is not None:
        left_out = list_left_out(reading, intent=plan.intent, metrics=plan.metrics)
        return Planned(plan=plan, language=language, guesses=guesses, left_out=left_out)
    return _give_up(reading, language)


def find_not_begun(reading: Reading) -> Doubt | None:
    """The first time of a question that begins after today: nothing can be told of it."""
    for time in reading.times:
        if time.moment.period.start > reading.clock.today:
            return reading.make_doubt("not_begun", time.places, ())
    return None


def find_asked_words(question: str, *, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """The words that a question is asked in: folded, written out, slips corrected, politeness left out. Two that are equal ask the same."""
    lexicon, speller = load_lexicon(language), _get_speller(language, catalog)
    tokens = speller.correct(read_tokens(question, abbreviations=lexicon.abbreviations))
    tagged = tag_question(question, tokens, lexicon=lexicon, catalog=catalog, speller=speller, clock=Clock(ANY_DAY, language))
    polite = {place for span in tagged.spans if span.has("filler", "polite") for place in span.places}
    return tuple(token.norm for place, token in enumerate(tagged.tokens) if token.kind != "mark" and place not in polite)


def _give_up(reading: Reading, language: Language) -> Planned:
    """Nothing to measure, list or tell: another subject where it has words of its own, else a question back."""
    if _is_greeting(reading):
        return Planned(plan=Plan(intent="help"), language=language, topic="abilities")
    asks = reading.has_cue("which", "who", "how", "count", "why")
    foreign = len(reading.unread) >= 2 or (reading.unread and asks and not reading.has_cue("deictic", "go_on"))
    if foreign and not is_about_conversations(reading) and not reading.has_names and not reading.has_subject:
        return Planned(plan=Plan(intent="refuse"), language=language, refusal="off_topic")
    return Planned(plan=Plan(intent="clarify"), language=language, missing="subject")


def _is_greeting(reading: Reading) -> bool:
    """ "Oi, bom dia!" and nothing else."""
    spans = reading.tagged.spans
    return bool(spans) and not reading.unread and all(span.has("filler", "polite") for span in spans)


def _take_apart(question: str, *, catalog: Catalog, clock: Clock) -> Reading:
    lexicon = load_lexicon(clock.language)
    speller = _get_speller(clock.language, catalog)
    tokens = speller.correct(read_tokens(question, abbreviations=lexicon.abbreviations))
    tagged = tag_question(question, tokens, lexicon=lexicon, catalog=catalog, speller=speller, clock=clock)
    for _ in range(MOST_CORRECTIONS):
        kept = drop_taken_back(tagged)
        if kept is None:
            break
        tagged = tag_question(question, kept, lexicon=lexicon, catalog=catalog, speller=speller, clock=clock)
    return read_question(tagged, catalog=catalog, clock=clock)


@lru_cache(maxsize=64)
def _get_speller(language: Language, catalog: Catalog) -> Speller:
    return Speller(load_lexicon(language), catalog)
