"""How corrected themes change the next choice, on our own conversations: python -m core.ai.embedded.measure_corrections

Each sector is a tenant whose list the weights have not seen. A person reads so many of its conversations, in an order drawn at random,
and puts right those whose theme is wrong by what was learned until then; the theme of the ten that nobody read is counted. With a share
of slips, a person names any theme of the list instead. Needs what training needs (`make heads`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import click
import numpy as np

from core.ai.embedded.corrections import Learned, Seen, learn
from core.ai.embedded.embedder import DIMENSIONS, EmbeddedEmbedder
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.heads import load_heads
from core.ai.embedded.messages import Reading, hash_masked, normalise_masked
from core.ai.embedded.service_talk import LabelledTalk, read_service_talk
from core.ai.embedded.talk import TalkHeads, load_talk
from core.ai.embedded.themes import TalkWords, choose_theme, collect_words, see_talk
from core.ai.embedded.train_themes import SECTORS_AT_ONCE, fit_themes
from core.ai.roles import CorrectedTheme, ThemeInput, Vector
from core.privacy import mask

READ = (0, 5, 10, 20)  # conversations that a person has read
KEPT = 10  # of a sector that nobody reads
ROUNDS = 4  # orders in which a sector is read
SLIPS = (0.0, 0.25)


@dataclass(frozen=True, slots=True)
class _Case:
    talk: LabelledTalk
    words: TalkWords
    readings: tuple[Reading, ...]
    seen: Seen


@click.command()
def main() -> None:
    """Print the share of right themes after so many conversations read. Embedding takes some minutes."""
    centre = load_heads().centre[:DIMENSIONS]
    talks = read_service_talk()
    readings = _read(talks)
    names = list(dict.fromkeys(text for talk in talks for theme in talk.themes for text in (theme.name, *theme.examples)))
    theme_vectors = dict(zip(names, EmbeddedEmbedder().embed_passages(names), strict=True))
    cases = [case for talk in talks if (case := _lay(talk, readings, centre))]
    sectors = sorted({talk.sector for talk in talks})
    heads: dict[str, TalkHeads] = {}
    for begin in range(0, len(sectors), SECTORS_AT_ONCE):
        held = sectors[begin : begin + SECTORS_AT_ONCE]
        others = [talk for talk in talks if talk.sector not in held]
        weights, none = fit_themes(others, readings, theme_vectors=theme_vectors, centre=centre)
        heads |= dict.fromkeys(held, replace(load_talk(), theme_weights=weights, theme_none=none))
    for bare in (False, True):
        for slips in SLIPS:
            told = []
            for sector in sectors:
                own = [case for case in cases if case.talk.sector == sector]
                told += [
                    _play(own, heads[sector], bare=bare, slips=slips, seed=seed, theme_vectors=theme_vectors, centre=centre)
                    for seed in range(ROUNDS)
                ]
            means = np.array(told).mean(axis=0)
            figures = ", ".join(
                f"{read} read ({corrected:.1f} put right) {right:.3f}" for read, (right, corrected) in zip(READ, means, strict=True)
            )
            click.echo(f"{'bare names' if bare else 'with examples'}, {slips:.0%} slips: {figures}")


def _read(talks: Sequence[LabelledTalk]) -> dict[str, Reading]:
    masked = {turn.text: mask(turn.text).text for talk in talks for turn in talk.turns if turn.author == "customer"}
    texts = {text: normalise_masked(hidden) for text, hidden in masked.items()}
    distinct = list(dict.fromkeys(texts.values()))
    vectors = dict(zip(distinct, EmbeddedEmbedder().embed_passages(distinct), strict=True))
    nothing = np.zeros(0, np.float32)
    return {text: Reading(masked[text], plain, hash_masked(masked[text]), vectors[plain], nothing) for text, plain in texts.items()}


def _lay(talk: LabelledTalk, readings: Mapping[str, Reading], centre: Vector) -> _Case | None:
    said = [readings[turn.text] for turn in talk.turns if turn.author == "customer"]
    telling = tuple(reading for reading in said if not is_formula(reading.text))
    if not telling:
        return None
    words = collect_words([reading.text for reading in said], [turn.text for turn in talk.turns if turn.author == "agent"])
    return _Case(talk, words, telling, see_talk(words, np.stack([reading.vector for reading in telling]), centre))


def _play(
    cases: Sequence[_Case], heads: TalkHeads, *, bare: bool, slips: float, seed: int, theme_vectors: Mapping[str, Vector], centre: Vector
) -> list[tuple[float, int]]:
    """Share right of what nobody read, and corrections, at each step of READ."""
    themes = tuple(ThemeInput(name=theme.name) for theme in cases[0].talk.themes) if bare else cases[0].talk.themes
    chance = np.random.default_rng(seed)
    order = [cases[place] for place in chance.permutation(len(cases))]
    kept, waiting = order[:KEPT], order[KEPT:]
    seen: dict[CorrectedTheme, Seen] = {}
    learned: Learned | None = None

    def choose(case: _Case) -> str | None:
        return choose_theme(
            themes, heads, talk=case.words, readings=case.readings, theme_vectors=theme_vectors, centre=centre, learned=learned
        )

    told: list[tuple[float, int]] = []
    for place, case in enumerate([*waiting[: max(READ)], None]):
        if place in READ or (case is None and len(told) < len(READ)):
            told.append((float(np.mean([choose(one) == one.talk.theme for one in kept])), len(seen)))
        if case is None:
            break
        wrong = choose(case)
        right = themes[int(chance.integers(len(themes)))].name if chance.random() < slips else case.talk.theme
        if right != wrong:
            seen[CorrectedTheme(texts=(case.talk.id,), right=right, wrong=wrong)] = case.seen
            learned = learn(themes, list(seen), seen)
    return told


if __name__ == "__main__":
    main()
