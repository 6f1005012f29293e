"""Order, limit and dimension: who is ranked by what, which end is the worst, and what a figure is split by."""

from dataclasses import dataclass

from assistant.plan import Dimension, MetricName, Order
from assistant.planner.measure import LOWER_IS_BETTER
from assistant.planner.reading import Mention, Reading, get_dimension
from core.periods import Period, pick_step

SUPERLATIVES = ("best", "worst", "most", "least", "fastest", "slowest", "top")
WHOLE = ("ranking", "best_first", "worst_first", "descending", "ascending")  # all of them, in order
# Dimensions that a question names as a noun rather than as what is ranked.
NAMED: tuple[Dimension, ...] = ("agent", "channel", "contact", "theme")
# "Temas que mais aparecem nas mensagens": where they appear, not what there is most of.
WHERE = frozenset("em na nas no nos in on en with com con among entre".split())
# "Qual dos atendentes", "which one of the agents": one of them, however many they are.
ONE = frozenset("qual quem which who cual quien".split())
OF = frozenset("de do da dos das del of among entre dentre".split())
SEVERAL = frozenset("have are were".split())  # "Which of the agents have …"
PEOPLE_CUES = ("complained", "praised", "sent")


@dataclass(frozen=True, slots=True)
class Ranking:
    """How rows are split and ordered. `is_assumed` where the step of a trend was nobody's word."""

    group_by: Dimension | None = None
    order: Order | None = None
    limit: int | None = None
    is_assumed: bool = False


def read_ranking(reading: Reading, *, metrics: tuple[MetricName, ...], period: Period) -> Ranking:
    """The split, order and limit of a question for numbers."""
    order = find_order(reading, metrics)
    limit = find_limit(reading)
    if reading.by:
        group_by = get_dimension(reading.by[0])
        if limit is None and asks_one_of(reading, reading.by[0]):
            limit = 1
        return Ranking(group_by, order, limit if order else None)
    if reading.has_cue("trend"):
        return Ranking(pick_step(period), None, None, is_assumed=True)
    named = find_compared_names(reading)
    if named is not None:
        return Ranking(named, order, 1 if order else None)
    if order is None and not reading.has_cue("ranking", "who"):
        return Ranking(_find_listed(reading))
    ranked = find_ranked(reading, metrics)
    if ranked is None:
        return Ranking(None)
    dimension, plural = ranked
    if limit is None and order is not None and not plural and not reading.has_cue(*WHOLE):
        limit = 1
    return Ranking(dimension, order, limit)


def _find_listed(reading: Reading) -> Dimension | None:
    """ "Quais atendentes têm csat …": nothing is ranked, but one row each is wanted."""
    for mention in reading.dimensions:
        which = [span for span in reading.find_cues("which") if span.end <= mention.place]
        if (
            which
            and not reading.words_between(which[-1].end, mention.place)
            and mention.value in (*NAMED, "weekday", "hour", "day", "month", "week")
        ):
            return get_dimension(mention) if mention.value != "contact" or reading.metrics else None
    return None


def find_order(reading: Reading, metrics: tuple[MetricName, ...]) -> Order | None:
    """From the highest or the lowest; "best" and "worst" depend on what is measured."""
    lower_is_better = bool(metrics) and metrics[0] in LOWER_IS_BETTER
    best: Order = "asc" if lower_is_better else "desc"
    worst: Order = "desc" if lower_is_better else "asc"
    cues: tuple[tuple[str, Order], ...] = (
        ("best_first", best), ("worst_first", worst), ("descending", "desc"), ("ascending", "asc"), ("worst", worst), ("best", best),
        ("fastest", "asc"), ("slowest", "desc"), ("least", "asc"), ("most", "desc"), ("top", "desc"), ("main", "desc"), ("ranking", "desc"),
    )  # fmt: skip
    for cue, order in cues:
        if reading.has_cue(cue):
            return order
    return None


def find_limit(reading: Reading) -> int | None:
    """How many are wanted, where a number was said."""
    return min((int(number.value) for number in reading.numbers[:1]), default=1 if reading.has_cue("first_one") else None)


def find_compared_names(reading: Reading) -> Dimension | None:
    """ "Ana ou Bruno, quem …", "Ana e Bruno, cada um", "loja norte vs loja centro": the dimension that both are of."""
    for dimension in NAMED:
        if len(reading.find_named(dimension)) < 2:
            continue
        asked = reading.has_cue("each", "who", "compare") or (reading.has_cue("either") and reading.has_cue("which", *SUPERLATIVES))
        if asked or (dimension != "theme" and reading.has_cue(*SUPERLATIVES) and reading.has_cue("either", "between")):
            return dimension
    return None


def find_ranked(reading: Reading, metrics: tuple[MetricName, ...]) -> tuple[Dimension, bool] | None:
    """What is ranked, and whether several are asked for: "os piores canais", "quem", "que dia da semana"."""
    candidates = [mention for mention in reading.dimensions if not _is_measured(reading, mention, metrics)]
    who = reading.find_cues("who")
    if who:
        timed = reading.has_cue("fastest", "slowest")  # "Who took longest to reply to customers": not which customer
        ranked = [mention for mention in candidates if mention.value in NAMED and not (timed and mention.value == "contact")]
        if ranked:
            return get_dimension(ranked[0]), ranked[0].is_plural and not asks_one_of(reading, ranked[0])
        dimension: Dimension = "contact" if reading.has_cue(*PEOPLE_CUES) and not reading.agents else "agent"
        plural = any(word in ("sao", "foram", "are", "were", "son", "fueron") for word in reading.words_between(who[0].end, who[0].end + 1))
        return dimension, plural
    if not candidates:
        return None
    first = candidates[0]
    hours = first.value == "hour" and reading.has_cue("which")  # "que horas" is one hour
    return get_dimension(first), first.is_plural and not hours and not asks_one_of(reading, first)


def asks_one_of(reading: Reading, mention: Mention) -> bool:
    """ "Qual dos canais", "which of our agents had", "o pior dos canais": one of several; "which of the agents have" asks for more."""
    tokens = reading.tagged.tokens
    lead, start = find_which_of(reading, mention.place)
    if start == mention.place or reading.has_cue(*WHOLE):
        return False
    follows = tokens[mention.end].norm if mention.end < len(tokens) else ""
    superlative = any(start in span.places for span in reading.find_cues(*SUPERLATIVES)) and not lead.endswith(("es", "os", "as"))
    return superlative or (lead in ONE and follows not in SEVERAL)


def find_which_of(reading: Reading, place: int) -> tuple[str, int]:
    """The word of asking that "of the" leads back to from a place, and where it stands; the place itself where there is none."""
    tokens = reading.tagged.tokens
    at = place - 1
    while at >= 0 and (tokens[at].norm in reading.tagged.glue or tokens[at].norm in OF or tokens[at].norm in ("one", "uno", "una")):
        at -= 1
    told = at >= 0 and any(token.norm in OF for token in tokens[at + 1 : place])
    return (tokens[at].norm, at) if told else ("", place)


def _is_measured(reading: Reading, mention: Mention, metrics: tuple[MetricName, ...]) -> bool:
    """A word that is also what is counted or measured ("clientes" in "quantos clientes", "satisfação") is not ranked."""
    if mention.value in ("satisfaction", "sentiment"):
        return mention.value in metrics or metrics != ("messages",)
    return mention.value == "contact" and metrics == ("contacts",)


def is_led_by_superlative(reading: Reading, mention: Mention) -> bool:
    leads = reading.find_cues("best", "worst", "most", "least", "count")
    return any(
        span.end <= mention.place
        and len(reading.words_between(span.end, mention.place)) <= 1
        and mention.place - span.end <= 3
        and not any(token.norm in WHERE for token in reading.tagged.tokens[span.end : mention.place])
        for span in leads
    )
