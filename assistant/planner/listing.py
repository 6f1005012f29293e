"""Messages to read and conversations to open: whether a question lists rather than counts, and what."""

from assistant.plan import Intent, Plan
from assistant.planner.compare import read_period
from assistant.planner.rank import SUPERLATIVES, find_limit, find_order, is_led_by_superlative
from assistant.planner.reading import Mention, Reading
from assistant.planner.topics import names_themes

LISTED_BY = ("length", "age")  # conditions of single conversations: "conversas mais longas" are to be opened, not counted
SPLITTING = ("trend", "compare", "distribution", "ranking")


def find_listed(reading: Reading) -> Intent | None:
    """Whether messages or conversations are to be read or opened, rather than counted."""
    if reading.has_cue("said") or (reading.has_cue("topics") and reading.has_subject and not names_themes(reading)):
        return "messages"  # "O que falaram sobre troca": to be read
    if reading.has_cue("count", "share", "change", *SPLITTING) or reading.by or find_topics_of(reading):
        return None
    shown = reading.has_cue("show", "which")
    if reading.metrics:
        counts = all(mention.value in ("complaints", "compliments") for mention in reading.metrics)
        if not (counts and (reading.has_cue("show") or reading.nouns)) or reading.has_cue(*SUPERLATIVES):
            return None
        heads = [noun for noun in reading.nouns if noun.value in ("messages", "conversations")]
        if heads and not shown:
            return None
        return _name_list(heads) or "conversations"
    heads = [noun for noun in reading.nouns if noun.value in ("messages", "replies", "conversations")]
    if (reading.has_cue("who") and reading.has_cue(*SUPERLATIVES)) or _asks_which(reading):
        return None
    if heads and _is_best_or_worst(reading, heads[0]):
        return _name_list(heads)
    if heads and reading.has_cue("most", "least") and (reading.by or reading.dimensions) and _is_ranking_of(reading, heads[0]):
        return None
    if heads:
        narrowed = reading.has_feeling or reading.has_subject or reading.status is not None or reading.author is not None
        narrowed = narrowed or any(left.kind in LISTED_BY for left in reading.left_out)
        return _name_list(heads) if shown or narrowed or reading.has_cue("said") else None
    if reading.has_cue(*SUPERLATIVES):
        return None
    if reading.has_cue("show") and reading.has_subject and not reading.has_feeling and reading.status is None:
        return "messages"  # "Mostra o que os clientes falam sobre troca"
    if reading.status is not None and (shown or reading.has_cue("who") or not reading.nouns):
        return "conversations"
    if reading.has_noun("contacts") and reading.status == "unanswered":
        return "conversations"
    people = reading.has_noun("contacts") and (reading.has_feeling or reading.has_cue("complained", "praised"))
    return "conversations" if people and (shown or reading.has_cue("who")) else None


def _is_best_or_worst(reading: Reading, head: Mention) -> bool:
    """ "As 5 piores conversas": to be opened, the worst first."""
    before = [span.end for span in reading.find_cues("best", "worst") if span.end <= head.place]
    return bool(before) and head.is_plural and len(reading.words_between(before[-1], head.place)) <= 1 and not reading.by


def _asks_which(reading: Reading) -> bool:
    """ "Quais canais têm conversas abertas": one row a channel, not the conversations."""
    asked = [span.end for span in reading.find_cues("which")]
    return any(mention.value in ("agent", "channel") and mention.place in asked for mention in reading.dimensions)


def find_topics_of(reading: Reading) -> bool:
    return reading.has_cue("topics") and not reading.has_subject


def _is_ranking_of(reading: Reading, head: Mention) -> bool:
    """What is ranked stands before what is counted: "que dia tem mais mensagens", "qual cliente mandou mais mensagens"."""
    asked = [span.end for span in reading.find_cues("which")]
    ranked = [mention for mention in reading.dimensions if mention.place < head.place]
    leading = [span.start for span in reading.find_cues("most", "least")]
    named = any(
        mention.value != "contact" or mention.is_plural or mention.place in asked or any(0 <= at - mention.end <= 1 for at in leading)
        for mention in ranked
    )
    return named and is_led_by_superlative(reading, head)


def _name_list(heads: list[Mention]) -> Intent | None:
    if not heads:
        return None
    return "conversations" if heads[0].value == "conversations" else "messages"


def plan_list(reading: Reading, intent: Intent) -> Plan:
    for metric, low, high in (("complaints", None, 2), ("compliments", 5, None)):
        if any(mention.value == metric for mention in reading.metrics):
            reading.limit_satisfaction(low, high)
    if reading.has_cue("complained"):
        reading.limit_satisfaction(None, 2)
    elif reading.has_cue("praised"):
        reading.limit_satisfaction(5, None)
    when = read_period(reading, explains=False, compares=False)
    order = find_order(reading, ()) if reading.has_cue("best", "worst") else None
    return Plan(
        intent=intent, period=when.period, filters=reading.make_filters(), search=reading.get_search(), order=order,
        limit=find_limit(reading), assumed=when.assumed,
    )  # fmt: skip
