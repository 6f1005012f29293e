"""What kind of answer a question wants, and the plan of it."""

from dataclasses import replace

from assistant.plan import AssumedField, Dimension, MetricName, Plan
from assistant.planner.compare import read_period
from assistant.planner.left_out import find_split
from assistant.planner.listing import find_listed, plan_list
from assistant.planner.measure import pick_metrics
from assistant.planner.moved import find_moved
from assistant.planner.rank import Ranking, find_ranked, read_ranking
from assistant.planner.reading import Reading
from assistant.planner.topics import asks_for_themes, asks_for_topics, plan_themes


def decide_plan(reading: Reading) -> Plan | None:
    """The plan of a full question; None where nothing in it says what is wanted."""
    if reading.has_cue("why") and not asks_for_topics(reading):
        return plan_explain(reading)
    if reading.has_cue("summary"):
        return plan_summary(reading)
    if asks_for_themes(reading):
        return plan_themes(reading)
    listed = find_listed(reading)
    if listed is not None:
        return plan_list(reading, listed)
    if _asks_how_it_went(reading):
        return plan_summary(reading)
    return plan_numbers(reading)


# --- numbers ------------------------------------------------------------------------------------------------------------


def plan_numbers(reading: Reading) -> Plan | None:
    moved = find_moved(reading)
    metrics: tuple[MetricName, ...] = ("messages",) if _ranks_feelings(reading) and not moved else pick_metrics(reading)
    if metrics == ("contacts",) and reading.has_cue("fastest", "slowest") and not reading.has_cue("count"):
        metrics = ()  # "Who took the longest to reply to customers": they are not what is counted
    assumed: list[AssumedField] = []
    if not metrics:
        metrics = moved.metrics if moved else guess_metrics(reading)
        if not metrics:
            return None
        if moved or not _is_said(reading):
            assumed.append("metrics")
    changes = reading.has_cue("change") and not reading.has_cue("trend")
    compares = (
        bool(moved)
        or changes
        or (reading.has_cue("compare") and not (_compares_names(reading) or _compares_metrics(reading)) and len(reading.by) < 2)
    )
    when = read_period(reading, explains=False, compares=compares)
    # Who moved most is no matter of who is highest: the plan compares, and has no order of its own.
    ranking = Ranking(moved.group_by) if moved else read_ranking(reading, metrics=metrics, period=when.period)
    if ranking.group_by is None and ranking.order is None and (split := find_split(reading)) is not None:
        ranking = replace(ranking, group_by=split)
    if ranking.is_assumed:
        assumed.append("group_by")
    filters = reading.make_filters()
    return Plan(
        intent="metric", metrics=metrics, period=when.period, compare_to=when.compare_to, group_by=ranking.group_by, filters=filters,
        search=reading.get_search(), order=ranking.order, limit=ranking.limit, assumed=(*when.assumed, *assumed),
    )  # fmt: skip


def _ranks_feelings(reading: Reading) -> bool:
    """ "Qual a emoção mais comum", "que sentimento predominou": the one that most messages hold."""
    ranked = any(mention.value in ("emotion", "tone", "sentiment") for mention in reading.dimensions)
    others = [metric for metric in reading.metrics if metric.value != "sentiment"]
    named = any(mention.value in ("agent", "channel", "theme", "weekday", "hour") for mention in reading.dimensions)
    return ranked and reading.has_cue("most", "least", "main") and not (others or named or reading.by or reading.has_cue("count"))


def guess_metrics(reading: Reading) -> tuple[MetricName, ...]:
    """What is meant where no measure is named: "o pior atendente" is the least satisfying, "quem responde mais rápido" the quickest."""
    if reading.has_cue("fastest", "slowest"):
        return ("first_response_time",) if _says_attend(reading) else ("response_time",)
    ranked = reading.dimensions or reading.has_cue("who")
    if _counts_subject(reading):
        return ("conversations",)
    if reading.has_cue("count") and reading.status is not None:
        return ("conversations",)  # "Quantas resolvidas"
    if reading.has_cue("change") and reading.has_subject:
        return ("conversations",)  # "Troca aumentou ou diminuiu?"
    if reading.has_cue("count") and reading.has_feeling and not ranked:
        return ("contacts",)  # "Quantos insatisfeitos"
    if reading.has_cue("best", "worst") and (ranked or reading.by or reading.has_names):
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
    if reading.has_cue("most", "least") and (reading.dimensions or (reading.has_cue("who") and reading.status)):
        feeling = bool(reading.dimensions) and reading.dimensions[0].value in ("sentiment", "emotion", "tone")
        return ("messages",) if feeling or reading.has_feeling else ("conversations",)
    return ()


def _counts_subject(reading: Reading) -> bool:
    """ "Quantos cancelamentos": conversations about it."""
    return reading.has_cue("count") and reading.has_subject


def _is_said(reading: Reading) -> bool:
    """Whether the measure that was guessed is one that the words leave no doubt of."""
    if reading.has_cue("fastest", "slowest"):
        return True
    return not reading.has_cue("best", "worst", "compare") and not (reading.has_cue("ranking") and not reading.has_cue("most", "least"))


def _says_attend(reading: Reading) -> bool:
    return any(
        token.norm.startswith(("atend", "atiend")) and token.norm not in ("atendente", "atendentes") for token in reading.tagged.tokens
    )


def _compares_names(reading: Reading) -> bool:
    """Two agents or channels are compared, not two periods."""
    return any(len(names) > 1 for names in (reading.agents, reading.channels, reading.contacts, reading.themes)) and len(reading.times) < 2


def _compares_metrics(reading: Reading) -> bool:
    """ "Complaints vs compliments": two measures side by side, not two periods."""
    places = [mention.place for mention in reading.metrics]
    ends = [mention.end for mention in reading.metrics]
    return any(
        any(not reading.words_between(end, span.start) and end <= span.start for end in ends)
        and any(not reading.words_between(span.end, place) and span.end <= place for place in places)
        for span in reading.find_cues("compare")
    )


# --- explain ------------------------------------------------------------------------------------------------------------


def plan_explain(reading: Reading) -> Plan | None:
    measured = bool(reading.metrics) or reading.has_cue("count")
    metrics = pick_metrics(reading)
    assumed: tuple[AssumedField, ...] = ()
    if reading.satisfaction == (None, 2) and not measured and metrics != ("complaints",):
        # "Por que estão tão insatisfeitos": not how many they are, but that they are.
        reading.satisfaction = None
        metrics = ("dissatisfaction",)
    if metrics == ("sentiment",):
        reading.sentiments.clear()  # "Por que o sentimento está negativo"
    if not metrics:
        if not (reading.has_cue("change", "best", "worst", "least", "most") or reading.has_filters or reading.times):
            return None
        metrics, assumed = ("satisfaction",), ("metrics",)
    when = read_period(reading, explains=True, compares=True)
    return Plan(
        intent="explain", metrics=metrics, period=when.period, compare_to=when.compare_to,
        group_by=reading.get_split() or _find_ranked_before(reading), filters=reading.make_filters(), search=reading.get_search(),
        assumed=(*when.assumed, *assumed),
    )  # fmt: skip


def _find_ranked_before(reading: Reading) -> Dimension | None:
    """ "Quem é o pior atendente e por quê": why, told agent by agent; "por que a Ana é a pior" is of Ana."""
    why = reading.find_cues("why")[-1].start
    ranked = None if reading.has_names else find_ranked(reading, ())
    tops = [span for span in reading.find_cues("best", "worst") if span.end <= why]
    return ranked[0] if ranked and tops else None


# --- summaries


def points_at_nobody(reading: Reading) -> bool:
    """ "E a dela, como está?" with nobody named in the question, nor before it."""
    people = any(mention.value in ("agent", "contact") for mention in (*reading.dimensions, *reading.by))
    named = reading.has_names or people or reading.has_noun("contacts", "agents") or reading.has_cue("who")
    return reading.has_cue("whose") and not named


def _asks_how_it_went(reading: Reading) -> bool:
    looked_at = any(noun.value != "agents" for noun in reading.nouns)  # "Como a equipe foi"
    return reading.has_cue("how") and not (reading.metrics or looked_at or reading.unread or reading.has_feeling)


def plan_summary(reading: Reading) -> Plan:
    when = read_period(reading, explains=False, compares=False)
    filters, search = reading.make_filters(), reading.get_search()
    return Plan(intent="summary", period=when.period, compare_to=when.compare_to, filters=filters, search=search, assumed=when.assumed)
