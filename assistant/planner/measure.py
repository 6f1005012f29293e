"""Which measures a question asks for, and which of its words only narrow what is measured."""

from dataclasses import replace
from typing import cast

from assistant.plan import Filters, MetricName
from assistant.planner.reading import Mention, Reading

# What "better" means for each measure; a higher count of conversations is neither, and counts as more.
LOWER_IS_BETTER: frozenset[MetricName] = frozenset(
    {"dissatisfaction", "complaints", "negative_share", "first_response_time", "response_time", "unanswered"}
)
NOTED: dict[MetricName, tuple[int | None, int | None]] = {"complaints": (None, 2), "compliments": (5, None)}
JOINED = ([","], ["e"], ["y"], ["and"], [",", "e"], [",", "y"], [",", "and"])
COUNTED_NOUNS: dict[str, MetricName] = {
    "conversations": "conversations",
    "contacts": "contacts",
    "messages": "messages",
    "replies": "messages",
    "times": "conversations",
}


def get_own_condition(metrics: tuple[MetricName, ...], filters: Filters) -> Filters:
    """The filters of what a count counts: complaints have a note up to 2, compliments 5, the unanswered no answer."""
    for metric, (low, high) in NOTED.items():
        if metrics == (metric,):
            return replace(filters, satisfaction_min=low, satisfaction_max=high)
    return replace(filters, status="unanswered") if metrics == ("unanswered",) else filters


def pick_metrics(reading: Reading) -> tuple[MetricName, ...]:
    """The measures asked for, in the order of the words; empty where only names, times or lists are spoken of."""
    metrics = _pick_shares(reading)
    if metrics:
        return tuple(dict.fromkeys(metrics))
    _turn_linked_counts_into_filters(reading)
    found = [(mention.place, cast(MetricName, mention.value)) for mention in reading.metrics]
    found += [(noun.place, COUNTED_NOUNS[noun.value]) for noun in _find_counted_nouns(reading)]
    metrics = [metric for _, metric in sorted(found)]
    if reading.status == "unanswered" and not reading.metrics and _counts_unanswered(reading, metrics):
        reading.status = None
        metrics = ["unanswered"]
    elif reading.status == "unanswered" and "conversations" in metrics and reading.has_cue("count"):
        reading.status = None  # "Quantas sem resposta e qual o tempo de resposta"
        metrics = ["unanswered" if metric == "conversations" else metric for metric in metrics]
    if not reading.metrics:
        _read_complaining(reading, metrics)
    return tuple(dict.fromkeys(metrics))


def _pick_shares(reading: Reading) -> list[MetricName]:
    """ "Percentual de mensagens negativas": a feeling of which a share is asked is the measure, not a filter."""
    if not reading.has_cue("share"):
        return []
    others = [cast(MetricName, mention.value) for mention in reading.metrics]
    if reading.sentiments and not reading.has_metric("sentiment"):
        shares: list[MetricName] = [cast(MetricName, f"{sentiment}_share") for sentiment in reading.sentiments]
        reading.sentiments.clear()
        return [*shares, *others]
    if others:
        return []
    if reading.status == "resolved":
        reading.status = None
        return ["resolution_rate"]
    if reading.satisfaction in ((4, None), (None, 2)):
        metric: MetricName = "csat" if reading.satisfaction == (4, None) else "dissatisfaction"
        reading.satisfaction = None
        return [metric]
    return []


def _turn_linked_counts_into_filters(reading: Reading) -> None:
    """ "O tempo de resposta das reclamações", "conversas com reclamação": complaints are which conversations, not how many."""
    kept: list[Mention] = []
    for mention in reading.metrics:
        noted = NOTED.get(cast(MetricName, mention.value))
        if noted and _is_linked(reading, mention, [*kept, *reading.nouns]):
            reading.limit_satisfaction(*noted)
        else:
            kept.append(mention)
    reading.metrics[:] = kept


def _is_linked(reading: Reading, mention: Mention, heads: list[Mention]) -> bool:
    tagged = reading.tagged
    for head in heads:
        between = tagged.tokens[head.end : mention.place]
        if head.end < mention.place and between and all(token.norm in tagged.glue and token.kind == "word" for token in between):
            return True
    return False


def _find_counted_nouns(reading: Reading) -> list[Mention]:
    """The nouns that are counted: behind "quantas", else the first where nothing else is measured."""
    nouns = [noun for noun in reading.nouns if noun.value in COUNTED_NOUNS]
    counts = reading.find_cues("count")
    counted = [noun for noun in nouns if any(_is_next(reading, count.end, noun.place) for count in counts)]
    if counted or reading.metrics:
        listed = list(counted)
        for noun in nouns:
            joined = any(_is_joined(reading, other, noun) for other in listed)
            if noun not in listed and (joined or _stands_in_list(reading, noun)):
                listed.append(noun)
        return listed
    return _pick_head(reading, nouns)


def _pick_head(reading: Reading, nouns: list[Mention]) -> list[Mention]:
    """The first noun; what it is said of ("mensagens de clientes") is not counted, nor is who is ranked by it."""
    if reading.has_cue("count") and nouns:
        first = reading.find_cues("count")[0]
        behind = [noun for noun in nouns if noun.place >= first.end]
        nouns = behind or nouns
    ranked = [noun for noun in nouns if noun.value != "contacts"]
    if ranked and nouns[0].value == "contacts" and (reading.has_cue("most", "least", "top", "best", "worst", "which", "who") or reading.by):
        return ranked[:1]
    listed = nouns[:1]
    for noun in nouns[1:]:
        if not _is_joined(reading, listed[-1], noun):
            break
        listed.append(noun)
    return listed


def _is_next(reading: Reading, start: int, place: int) -> bool:
    """Whether only articles, prepositions or adjectives of counting stand between."""
    if any(start <= noun.place < place for noun in reading.nouns if noun.value in COUNTED_NOUNS):
        return False
    return start <= place and len(reading.words_between(start, place)) <= (0 if place - start > 3 else 1) and place - start <= 4


def _stands_in_list(reading: Reading, noun: Mention) -> bool:
    """ "Satisfação e conversas por canal": set beside a measure by "e" or a comma, or before one."""
    tokens = reading.tagged.tokens
    place = noun.place
    while place and tokens[place - 1].norm in reading.tagged.glue:
        place -= 1
    before = tokens[place - 1].norm if place else ""
    after = tokens[noun.end].norm if noun.end < len(tokens) else ""
    joining = ("e", "y", "and", ",")
    if noun.value == "contacts":
        return before == "," and after in joining  # "Messages, customers and complaints"
    metrics_before = any(mention.end <= noun.place for mention in reading.metrics)
    starts = place == 0 or before == ":"
    return (before in joining and metrics_before) or (after in joining and starts and any(m.place > noun.place for m in reading.metrics))


def _is_joined(reading: Reading, one: Mention, other: Mention) -> bool:
    """ "O total de conversas, de clientes e de mensagens": a comma or an "and" between them, and nothing else."""
    if one.end == other.place and one.is_plural and other.is_plural and one.value != "contacts":
        return True  # dictated: "conversas mensagens e clientes"
    return one.end <= other.place and reading.words_between(one.end, other.place) in JOINED


def _counts_unanswered(reading: Reading, metrics: list[MetricName]) -> bool:
    counted = (
        reading.has_cue("count", "share")
        or bool(reading.by)
        or reading.has_cue("trend", "compare", "change", "most", "least", "why", "which")
    )
    return counted and set(metrics) <= {"conversations", "messages"}


def _read_complaining(reading: Reading, metrics: list[MetricName]) -> None:
    """ "Quantos clientes reclamaram": people who complained. "Quem mais reclamou", "quantas vezes reclamaram": complaints."""
    for cue, metric in (("complained", "complaints"), ("praised", "compliments")):
        if not reading.has_cue(cue):
            continue
        noted = NOTED[cast(MetricName, metric)]
        if metrics and not reading.has_cue("most", "least") and not reading.has_noun("times"):
            reading.limit_satisfaction(*noted)
        elif reading.has_cue("count") and not reading.has_cue("most", "least") and not reading.has_noun("times"):
            metrics.append("contacts")
            reading.limit_satisfaction(*noted)
        else:
            metrics[:] = [cast(MetricName, metric)]
