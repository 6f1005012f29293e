"""What customers talk about: whether a question asks for themes, of which conversations, and how many."""

from assistant.plan import MetricName, Order, Plan
from assistant.planner.compare import read_period
from assistant.planner.moved import ranks_change
from assistant.planner.rank import find_limit, find_order, is_led_by_superlative
from assistant.planner.reading import Reading

# Measures whose reasons are themes: "motivos de reclamação", "main reason for dissatisfaction".
OPINIONS: tuple[MetricName, ...] = ("complaints", "compliments", "dissatisfaction")
# What may stand between "quais" and what is asked.
SMALL_VERBS = (["sao"], ["foram"], ["are"], ["were"], ["son"], ["fueron"], ["sao", "principais"], ["foram", "principais"])


def asks_for_topics(reading: Reading) -> bool:
    """ "Por quais motivos os clientes reclamam": the reasons are themes, unless something moved."""
    if reading.has_cue("change"):
        return False
    said = reading.find_cues("reasons")
    return bool(said) and (reading.has_metric(*OPINIONS) or reading.has_cue("complained", "praised"))


def asks_for_themes(reading: Reading) -> bool:
    if reading.by and reading.by[0].value == "theme":
        return False
    if reading.has_cue("topics", "complained_of", "praised_of"):
        return not (reading.has_subject and not reading.has_cue("complained_of", "praised_of") and not names_themes(reading))
    if reading.has_cue("reasons") and asks_for_topics(reading):
        return not _is_ranked(reading)
    if _asks_which_complaints(reading):
        return True
    return names_themes(reading) and not _is_ranked(reading)


def _asks_which_complaints(reading: Reading) -> bool:
    """ "Quais as reclamações de ontem": what they were about, not how many."""
    if reading.by or reading.has_cue("count", "trend", "compare", "change", "show") or len(reading.metrics) != 1:
        return False
    metric = reading.metrics[0]
    leads = [span for span in reading.find_cues("which", "main") if span.end <= metric.place]
    asked = any(
        not reading.words_between(span.end, metric.place) or reading.words_between(span.end, metric.place) in SMALL_VERBS for span in leads
    )
    return metric.value in ("complaints", "compliments") and asked and metric.is_plural


def names_themes(reading: Reading) -> bool:
    return any(mention.value == "theme" for mention in reading.dimensions)


def _is_ranked(reading: Reading) -> bool:
    """ "Qual tema tem mais reclamações": a superlative of a measure, right before it."""
    if not reading.metrics and not (reading.nouns and reading.has_cue("count")):
        counted = [noun for noun in reading.nouns if noun.value in ("messages", "conversations")]
        return any(is_led_by_superlative(reading, noun) for noun in counted)
    if any(metric.value not in OPINIONS for metric in reading.metrics):
        return True
    if reading.has_cue("best", "worst", "ranking"):
        return True
    # "O maior motivo de insatisfação": it is the theme that the superlative leads.
    led = [span.end for span in reading.find_cues("most", "least")]
    themed = any(mention.value == "theme" and mention.place in led for mention in reading.dimensions)
    return not themed and any(is_led_by_superlative(reading, metric) for metric in reading.metrics)


def plan_themes(reading: Reading) -> Plan:
    if reading.has_metric("complaints", "dissatisfaction") or reading.has_cue("complained_of", "complained"):
        reading.limit_satisfaction(None, 2)
    elif reading.has_metric("compliments") or reading.has_cue("praised_of", "praised"):
        reading.limit_satisfaction(5, None)
    when = read_period(reading, explains=False, compares=reading.has_cue("change") or reading.has_cue("compare"))
    order, limit = rank_themes(reading)
    return Plan(
        intent="themes", period=when.period, compare_to=when.compare_to, group_by=reading.get_split(),
        filters=reading.make_filters(), search=reading.get_search(), order=order, limit=limit, assumed=when.assumed,
    )  # fmt: skip


def rank_themes(reading: Reading) -> tuple[Order | None, int | None]:
    """ "Top 5" and "o principal" rank; "os principais" with no number is how themes come anyway."""
    if ranks_change(reading):
        return None, None  # what grew most is no matter of what is largest
    limit = find_limit(reading)
    ranks = reading.has_cue("top", "main", "most", "least", "best", "worst")
    if limit is not None:
        return (find_order(reading, ()) if ranks else None), limit
    single = [mention for mention in reading.dimensions if mention.value == "theme" and not mention.is_plural]
    if ranks and single and not reading.has_cue("complained_of", "praised_of"):
        return find_order(reading, ()), 1
    return None, None
