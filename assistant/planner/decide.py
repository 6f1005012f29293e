"""What kind of answer a question wants, and the plan of it."""

from assistant.plan import AssumedField, Dimension, Intent, MetricName, Order, Plan
from assistant.planner.compare import read_period
from assistant.planner.measure import pick_metrics
from assistant.planner.rank import SUPERLATIVES, find_limit, find_order, read_ranking
from assistant.planner.reading import Mention, Reading, get_dimension

# What may stand between "quais" and what is asked.
SMALL_VERBS = (["sao"], ["foram"], ["are"], ["were"], ["son"], ["fueron"], ["sao", "principais"], ["foram", "principais"])
SPLITTING = ("trend", "compare", "distribution", "ranking")


def decide_plan(reading: Reading) -> Plan | None:
    """The plan of a full question; None where nothing in it says what is wanted."""
    if reading.has_cue("why") and not _asks_for_topics(reading):
        return plan_explain(reading)
    if reading.has_cue("summary"):
        return plan_summary(reading)
    if _asks_for_themes(reading):
        return plan_themes(reading)
    listed = find_listed(reading)
    if listed is not None:
        return plan_list(reading, listed)
    if _asks_how_it_went(reading):
        return plan_summary(reading)
    return plan_numbers(reading)


# --- numbers ------------------------------------------------------------------------------------------------------------


def plan_numbers(reading: Reading) -> Plan | None:
    metrics = pick_metrics(reading)
    assumed: list[AssumedField] = []
    if not metrics:
        metrics = guess_metrics(reading)
        if not metrics:
            return None
        if not _is_said(reading):
            assumed.append("metrics")
    changes = reading.has_cue("change") and not reading.has_cue("trend")
    compares = changes or (reading.has_cue("compare") and not _compares_names(reading) and len(reading.by) < 2)
    when = read_period(reading, explains=False, compares=compares)
    ranking = read_ranking(reading, metrics=metrics, period=when.period)
    if ranking.is_assumed:
        assumed.append("group_by")
    filters = reading.make_filters()
    return Plan(
        intent="metric", metrics=metrics, period=when.period, compare_to=when.compare_to, group_by=ranking.group_by, filters=filters,
        search=get_search(reading), order=ranking.order, limit=ranking.limit, assumed=(*when.assumed, *assumed),
    )  # fmt: skip


def guess_metrics(reading: Reading) -> tuple[MetricName, ...]:
    """What is meant where no measure is named: "o pior atendente" is the least satisfying, "quem responde mais rápido" the quickest."""
    if reading.has_cue("fastest", "slowest"):
        return ("first_response_time",) if _says_attend(reading) else ("response_time",)
    ranked = reading.dimensions or reading.has_cue("who")
    if reading.has_cue("best", "worst") and (ranked or reading.has_names):
        return ("satisfaction",)
    if reading.has_cue("ranking") and ranked:
        return ("satisfaction",)
    if reading.has_cue("compare") and _compares_names(reading):
        return ("satisfaction",)
    if reading.has_cue("distribution") or reading.by:
        split = reading.by[0].value if reading.by else ""
        if split in ("sentiment", "emotion", "tone"):
            return ("messages",)
        return ("conversations",) if reading.has_cue("distribution") else ()
    if reading.has_cue("most", "least") and reading.dimensions:
        feeling = reading.dimensions[0].value in ("sentiment", "emotion", "tone")
        return ("messages",) if feeling or reading.has_feeling else ("conversations",)
    return ()


def _is_said(reading: Reading) -> bool:
    """Whether the measure that was guessed is one that the words leave no doubt of."""
    return not reading.has_cue("best", "worst", "compare") and not (reading.has_cue("ranking") and not reading.has_cue("most", "least"))


def _says_attend(reading: Reading) -> bool:
    return any(
        token.norm.startswith(("atend", "atiend")) and token.norm not in ("atendente", "atendentes") for token in reading.tagged.tokens
    )


def _compares_names(reading: Reading) -> bool:
    """Two agents or channels are compared, not two periods."""
    return any(len(names) > 1 for names in (reading.agents, reading.channels, reading.contacts, reading.themes)) and len(reading.times) < 2


# --- explain ------------------------------------------------------------------------------------------------------------


def plan_explain(reading: Reading) -> Plan | None:
    measured = bool(reading.metrics) or reading.has_cue("count")
    metrics = pick_metrics(reading)
    assumed: tuple[AssumedField, ...] = ()
    if reading.satisfaction == (None, 2) and not measured and metrics != ("complaints",):
        # "Por que estão tão insatisfeitos": not how many they are, but that they are.
        reading.satisfaction = None
        metrics = ("dissatisfaction",)
    if not metrics:
        if not (reading.has_cue("change", "best", "worst", "least", "most") or reading.has_filters or reading.times):
            return None
        metrics, assumed = ("satisfaction",), ("metrics",)
    when = read_period(reading, explains=True, compares=True)
    return Plan(
        intent="explain", metrics=metrics, period=when.period, compare_to=when.compare_to, group_by=get_split(reading),
        filters=reading.make_filters(), search=get_search(reading), assumed=(*when.assumed, *assumed),
    )  # fmt: skip


# --- themes -------------------------------------------------------------------------------------------------------------


def _asks_for_topics(reading: Reading) -> bool:
    """ "Por quais motivos os clientes reclamam": the reasons are themes, unless something moved."""
    if reading.has_cue("change"):
        return False
    said = reading.find_cues("reasons")
    return bool(said) and (reading.has_metric("complaints", "compliments") or reading.has_cue("complained", "praised"))


def _asks_for_themes(reading: Reading) -> bool:
    if reading.by and reading.by[0].value == "theme":
        return False
    if reading.has_cue("topics", "complained_of", "praised_of"):
        return not (reading.has_subject and not reading.has_cue("complained_of", "praised_of") and not _names_themes(reading))
    if reading.has_cue("reasons") and _asks_for_topics(reading):
        return not _is_ranked(reading)
    if _asks_which_complaints(reading):
        return True
    return _names_themes(reading) and not _is_ranked(reading)


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


def _names_themes(reading: Reading) -> bool:
    return any(mention.value == "theme" for mention in reading.dimensions)


def _is_ranked(reading: Reading) -> bool:
    """ "Qual tema tem mais reclamações": a superlative of a measure, right before it."""
    if not reading.metrics and not (reading.nouns and reading.has_cue("count")):
        counted = [noun for noun in reading.nouns if noun.value in ("messages", "conversations")]
        return any(_is_led_by_superlative(reading, noun) for noun in counted)
    if any(metric.value not in ("complaints", "compliments") for metric in reading.metrics):
        return True
    return reading.has_cue("best", "worst") or any(_is_led_by_superlative(reading, metric) for metric in reading.metrics)


def _is_led_by_superlative(reading: Reading, mention: Mention) -> bool:
    leads = reading.find_cues("best", "worst", "most", "least", "count")
    return any(
        span.end <= mention.place and len(reading.words_between(span.end, mention.place)) <= 1 and mention.place - span.end <= 3
        for span in leads
    )


def plan_themes(reading: Reading) -> Plan:
    if reading.has_metric("complaints") or reading.has_cue("complained_of", "complained"):
        reading.limit_satisfaction(None, 2)
    elif reading.has_metric("compliments") or reading.has_cue("praised_of", "praised"):
        reading.limit_satisfaction(5, None)
    when = read_period(reading, explains=False, compares=reading.has_cue("change") or reading.has_cue("compare"))
    order, limit = rank_themes(reading)
    return Plan(
        intent="themes", period=when.period, compare_to=when.compare_to, group_by=get_split(reading),
        filters=reading.make_filters(), search=get_search(reading), order=order, limit=limit, assumed=when.assumed,
    )  # fmt: skip


def rank_themes(reading: Reading) -> tuple[Order | None, int | None]:
    """ "Top 5" and "o principal" rank; "os principais" with no number is how themes come anyway."""
    limit = find_limit(reading)
    ranks = reading.has_cue("top", "main", "most", "least", "best", "worst")
    if limit is not None:
        return (find_order(reading, ()) if ranks else None), limit
    single = [mention for mention in reading.dimensions if mention.value == "theme" and not mention.is_plural]
    if ranks and single and not reading.has_cue("complained_of", "praised_of"):
        return find_order(reading, ()), 1
    return None, None


# --- lists and summaries ------------------------------------------------------------------------------------------------


def find_listed(reading: Reading) -> Intent | None:
    """Whether messages or conversations are to be read or opened, rather than counted."""
    if reading.has_cue("said"):
        return "messages"
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
    if reading.has_cue("who") and reading.has_cue(*SUPERLATIVES):
        return None
    if heads and reading.has_cue("most", "least") and (reading.by or reading.dimensions) and _is_ranking_of(reading, heads[0]):
        return None
    if heads:
        narrowed = reading.has_feeling or reading.has_subject or reading.status is not None or reading.author is not None
        return _name_list(heads) if shown or narrowed or reading.has_cue("said") else None
    if reading.has_cue(*SUPERLATIVES):
        return None
    if reading.status is not None and (shown or reading.has_cue("who") or not reading.nouns):
        return "conversations"
    people = reading.has_noun("contacts") and (reading.has_feeling or reading.has_cue("complained", "praised"))
    return "conversations" if people and shown else None


def find_topics_of(reading: Reading) -> bool:
    return reading.has_cue("topics") and not reading.has_subject


def _is_ranking_of(reading: Reading, head: Mention) -> bool:
    """ "Que dia tem mais mensagens": what is ranked stands before what is counted."""
    return any(
        (mention.place < head.place and mention.value != "contact") or mention.is_plural for mention in reading.dimensions
    ) and _is_led_by_superlative(reading, head)


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
        intent=intent, period=when.period, filters=reading.make_filters(), search=get_search(reading), order=order,
        limit=find_limit(reading), assumed=when.assumed,
    )  # fmt: skip


def _asks_how_it_went(reading: Reading) -> bool:
    return reading.has_cue("how") and not reading.metrics and not reading.nouns and not reading.unread and not reading.has_feeling


def plan_summary(reading: Reading) -> Plan:
    when = read_period(reading, explains=False, compares=False)
    filters, search = reading.make_filters(), get_search(reading)
    return Plan(intent="summary", period=when.period, compare_to=when.compare_to, filters=filters, search=search, assumed=when.assumed)


def get_split(reading: Reading) -> Dimension | None:
    """What figures are split by, where that was said."""
    return get_dimension(reading.by[0]) if reading.by else None


def get_search(reading: Reading) -> str | None:
    """The subject that no theme covers, as typed."""
    return " ".join(dict.fromkeys(reading.search)) or None
