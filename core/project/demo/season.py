"""Who plays what in which week: the season of the demo shop, the same whatever day it is shown on.

Weeks are counted from the one that holds today: 0 is that week, −1 the one before, in which a channel fails. Everything here
depends on the scripts, the people and the seed; `story.py` lays it over real days.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.project.demo.draw import Draw
from core.project.demo.people import Person
from core.project.demo.scripts import Script
from core.project.demo.shop import AGENTS, CHANNELS, FAILING_CHANNEL, LEARNER
from core.project.demo.voices import Voice

FIRST_WEEK = -13
FAILING_WEEK = -1
# Week → how much of the usual comes in; the shop grows by a quarter over the season.
_QUIET_WEEKS = {-10: 0.85, -7: 0.7, -3: 0.92}
# What the failing channel brings in the week of the failure and in the one after, and how satisfied its customers are.
_FAILURE_VOLUME, _FAILURE_SATISFACTION = 28, 1.3
_RECOVERY_VOLUME, _RECOVERY_SATISFACTION = 14, 3.3
_REST_WEEKS = 3  # before a script is used again
Pick = tuple[str, int, str, Script]  # key, week, channel, script
_SALE_THEMES = ("Preço e promoções", "Disponibilidade de produto", "Pagamento e Pix", "Site e aplicativo", "Atraso na entrega")
SALE_VOLUME = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One conversation to be: a script with its cast. `key` names its draws."""

    key: str
    week: int
    channel: str
    script: Script
    person: Person
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """`roles` fill fourteen whole weeks, the current one included; `sale` is what a Black Friday brings, if one falls into them."""

    roles: tuple[Role, ...]
    sale: tuple[Role, ...]


def plan_season(scripts: Sequence[Script], people: Sequence[Person], *, seed: int) -> Season:
    """The whole cast of the season, weeks in order."""
    picks = _pick_scripts(scripts, seed=seed)
    sale = _pick_sale(scripts, seed=seed)
    return Season(roles=_cast(picks, people, seed=seed), sale=_cast(sale, people[::-1], seed=seed))


def _cast(picks: Sequence[Pick], people: Sequence[Person], *, seed: int) -> tuple[Role, ...]:
    cast = _cast_people([(key, week, script) for key, week, _, script in picks], people, seed=seed)
    return tuple(
        Role(
            key=key,
            week=week,
            channel=channel,
            script=script,
            person=cast[key],
            agent=_choose_agent(script, channel, week, Draw(key, "agent")),
        )
        for key, week, channel, script in picks
    )


def _pick_sale(scripts: Sequence[Script], *, seed: int) -> list[Pick]:
    """The further conversations of a Black Friday; they stand in week 0 until it is known in which week it falls."""
    fitting = [script for script in scripts if script.phase is None and script.theme in _SALE_THEMES and not script.voice.is_foreign]
    picks: list[Pick] = []
    for index, script in enumerate(Draw(seed, "sale").shuffled(fitting)[:SALE_VOLUME]):
        key = f"{seed}/sale/{index}"
        picks.append((key, 0, Draw(key, "channel").one(script.channels), script))
    return picks


def measure_progress(week: int) -> float:
    """How far the season has come: 0 in its first week, 1 in the current one."""
    return (week - FIRST_WEEK) / -FIRST_WEEK


def _find_volume(channel: str, week: int) -> int:
    if channel == FAILING_CHANNEL and week >= FAILING_WEEK:
        return _FAILURE_VOLUME if week == FAILING_WEEK else _RECOVERY_VOLUME
    return round(CHANNELS[channel].weekly * (0.88 + 0.24 * measure_progress(week)) * _QUIET_WEEKS.get(week, 1.0))


def _find_target(channel: str, week: int, *, seed: int) -> float:
    if channel == FAILING_CHANNEL and week >= FAILING_WEEK:
        return _FAILURE_SATISFACTION if week == FAILING_WEEK else _RECOVERY_SATISFACTION
    # No shop is as even as a plan.
    return CHANNELS[channel].satisfaction + Draw(seed, week, channel, "mood").between(-0.2, 0.2)


def _pick_scripts(scripts: Sequence[Script], *, seed: int) -> list[Pick]:
    """(key, week, channel, script) of every conversation: seldom used scripts first, each week of a channel near its usual note."""
    uses: Counter[str] = Counter()
    last_week: dict[str, int] = {}
    picks: list[Pick] = []
    for week in range(FIRST_WEEK, 1):
        for channel in Draw(seed, week, "channels").shuffled(list(CHANNELS)):
            total, count, target = 0, 0, _find_target(channel, week, seed=seed)
            for index in range(_find_volume(channel, week)):
                key = f"{seed}/{week}/{channel}/{index}"
                resting = {name for name, used_in in last_week.items() if week - used_in < _REST_WEEKS}
                allowed = [
                    script
                    for script in scripts
                    if channel in script.channels and script.name not in resting and _may_play(script, channel, week)
                ]
                script = _pick_one(allowed, uses=uses, wanted=target * (count + 1) - total, draw=Draw(key, "script"))
                picks.append((key, week, channel, script))
                uses[script.name] += 1
                last_week[script.name] = week
                total, count = total + script.note, count + 1
    return picks


def _may_play(script: Script, channel: str, week: int) -> bool:
    if script.phase is not None:
        return week == (FAILING_WEEK if script.phase == "failure" else 0)
    if channel == FAILING_CHANNEL and week == FAILING_WEEK:
        return script.note <= 2
    # The learner's clumsy conversations lie in his first weeks.
    return script.agent != LEARNER or (script.note <= 2) == (week < -5)


def _pick_one(allowed: Sequence[Script], *, uses: Counter[str], wanted: float, draw: Draw) -> Script:
    """The script that brings the mean where it is wanted, those of the story and those seldom used before others."""

    def cost(script: Script) -> float:
        return 1.1 * uses[script.name] + 0.8 * abs(script.note - wanted) - (6 if script.phase else 0) + draw.fraction()

    return min(allowed, key=cost)


def _choose_agent(script: Script, channel: str, week: int, draw: Draw) -> str:
    if script.agent is not None:
        return script.agent
    names = [name for name, agent in AGENTS.items() if script.voice.agent_gender in (None, "woman" if agent.is_woman else "man")]
    weights = [AGENTS[name].desks[channel] * find_tilt(name, week) ** (script.note - 3) for name in names]
    return draw.weighted(names, weights)


def find_tilt(agent: str, week: int) -> float:
    """Above 1 an agent's conversations end better than others'. The learner's climbs through the season."""
    return 0.45 + 1.25 * measure_progress(week) if agent == LEARNER else AGENTS[agent].tilt


def find_pace(agent: str, week: int) -> float:
    """What stretches an agent's replies. The learner becomes quicker through the season."""
    return 2.0 - 1.15 * measure_progress(week) if agent == LEARNER else AGENTS[agent].pace


def _cast_people(parts: Sequence[tuple[str, int, Script]], people: Sequence[Person], *, seed: int) -> dict[str, Person]:
    """Key → customer. A third of the customers come two to five times, those marked as regulars five times."""
    quota = {person.name: _find_quota(person, seed) for person in people}
    weeks: dict[str, list[int]] = {person.name: [] for person in people}
    cast: dict[str, Person] = {}

    def give(key: str, week: int, person: Person) -> None:
        cast[key] = person
        weeks[person.name].append(week)

    # Those of a region first, while there are still people of that region.
    order = sorted(Draw(seed, "people").shuffled(parts), key=lambda part: part[2].voice.home is None)
    for person in people:
        if person.is_regular:
            # One of their visits falls into the week of the failure.
            fitting = sorted(
                (part for part in order if part[0] not in cast and _fits(person, part[2])), key=lambda part: part[1] != FAILING_WEEK
            )
            for key, week, _ in fitting:
                if len(weeks[person.name]) < quota[person.name] and _is_apart(week, weeks[person.name]):
                    give(key, week, person)
    fitting_people: dict[Voice, list[Person]] = {}
    for key, week, script in order:
        if key not in cast:
            voice = script.voice
            if voice not in fitting_people:
                fitting_people[voice] = [person for person in people if not person.is_regular and _fits(person, script)]
            apart = [person for person in fitting_people[voice] if _is_apart(week, weeks[person.name])]
            unspent = [person for person in apart if len(weeks[person.name]) < quota[person.name]]
            at_home = [person for person in unspent if voice.home in (None, person.home)]
            give(key, week, Draw(key, "person").one(at_home or unspent or apart or fitting_people[voice]))
    return cast


def _find_quota(person: Person, seed: int) -> int:
    draw = Draw(seed, "quota", person.name)
    if person.is_regular:
        return 5
    return draw.weighted((2, 3, 4, 5), (15, 25, 30, 30)) if draw.fraction() < 0.3 else 1


def _fits(person: Person, script: Script) -> bool:
    if script.voice.gender not in (None, person.gender):
        return False
    if script.voice.is_foreign or person.home in ("es", "en"):
        return person.home == script.voice.home
    # Someone who talks like a region comes from there; regulars of São Paulo have no other's words.
    return script.voice.home in (None, person.home) if person.is_regular else True


def _is_apart(week: int, others: Sequence[int]) -> bool:
    return all(abs(week - other) >= 2 for other in others)
